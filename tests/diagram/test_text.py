"""Text is measured by the font's own widths."""

from __future__ import annotations

import pytest
from fontTools.ttLib import TTFont
from hypothesis import given
from hypothesis import strategies as st

from groma.diagram.text import font_faces, font_files, parts_number, width, wrap


@pytest.mark.parametrize(("semibold", "file"), list(enumerate(font_files())))
def test_widths_are_those_of_the_font(semibold: int, file: str) -> None:
    with TTFont(file) as font:
        advance = font["hmtx"]["m"][0] / font["head"].unitsPerEm
    assert width("mm", 10.0, bool(semibold)) == pytest.approx(20 * advance)


@given(st.text(st.characters(codec="ascii", categories=("L", "N", "Zs")), max_size=60), st.floats(40, 200))
def test_wrapped_lines_fit_and_keep_every_letter(words: str, most: float) -> None:
    lines = wrap(words, 12.0, most)
    assert " ".join(lines).split() == words.split(), "no word is broken"
    assert all(
        width(line, 12.0) <= most or len(line.split()) == 1 or parts_number(*line.split()) for line in lines
    )


def test_a_number_stays_with_its_unit_and_a_word_is_whole() -> None:
    assert wrap("HTTPS 10.9 k/s static", 12.0, 46.0, balanced=False) == ("HTTPS", "10.9 k/s", "static")
    assert wrap("gp3 20 GB", 12.0, 30.0) == ("gp3", "20 GB")
    assert wrap("asynchronous replication", 12.0, 20.0) == ("asynchronous", "replication")


def test_a_long_name_is_broken_after_its_joints_alone() -> None:
    lines = wrap("mail to somebody@chirp.example.com", 12.0, 60.0)
    assert lines == ("mail to", "somebody@", "chirp.", "example.", "com")


def test_lines_are_broken_at_separators_first_and_balanced() -> None:
    assert wrap("internal ALB · port 80", 12.0, 100.0) == ("internal ALB", "port 80")
    assert wrap("Application Load Balancer", 12.0, 110.0) == ("Application", "Load Balancer")
    assert wrap("HTTP 83/s static", 12.0, 70.0, balanced=False) == ("HTTP 83/s", "static")


def test_the_embedded_font_holds_the_letters_that_are_used_and_is_small() -> None:
    few, more = font_faces("abc"), font_faces("abcdefghijklmnop")
    assert font_faces("cabbac") == few
    assert len(few) < len(more) < 40_000
