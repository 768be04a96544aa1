"""Text is measured by the font's own widths."""

from __future__ import annotations

import pytest
from fontTools.ttLib import TTFont
from hypothesis import given
from hypothesis import strategies as st

from groma.diagram.text import font_faces, font_files, width, wrap


@pytest.mark.parametrize(("semibold", "file"), list(enumerate(font_files())))
def test_widths_are_those_of_the_font(semibold: int, file: str) -> None:
    with TTFont(file) as font:
        advance = font["hmtx"]["m"][0] / font["head"].unitsPerEm
    assert width("mm", 10.0, bool(semibold)) == pytest.approx(20 * advance)


@given(st.text(st.characters(codec="ascii", categories=("L", "N", "Zs")), max_size=60), st.floats(40, 200))
def test_wrapped_lines_fit_and_keep_every_letter(words: str, most: float) -> None:
    lines = wrap(words, 12.0, most)
    assert all(width(line, 12.0) <= most for line in lines)
    assert "".join("".join(lines).split()) == "".join(words.split())


def test_lines_are_broken_at_separators_first_and_balanced() -> None:
    assert wrap("internal ALB · port 80", 12.0, 100.0) == ("internal ALB", "port 80")
    assert wrap("Application Load Balancer", 12.0, 110.0) == ("Application", "Load Balancer")
    assert wrap("HTTP 83/s static", 12.0, 70.0, balanced=False) == ("HTTP 83/s", "static")


def test_the_embedded_font_holds_the_letters_that_are_used_and_is_small() -> None:
    few, more = font_faces("abc"), font_faces("abcdefghijklmnop")
    assert font_faces("cabbac") == few
    assert len(few) < len(more) < 40_000
