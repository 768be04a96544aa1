"""Plots are pictures in the format asked for, the same each time, with what they are about on them."""

from __future__ import annotations

import pytest

from groma.errors import InputError
from groma.questions.alternatives import front
from groma.questions.growth import growth
from groma.report.plots import check_format, plot

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def found(example, example_candidates):
    return front(example, example_candidates[:8])


@pytest.fixture(scope="module")
def grown(example):
    return growth(example, 120_000)


def test_png_and_svg_are_what_they_say(found, grown):
    for answer in (found, grown):
        assert plot(answer, ".png").startswith(b"\x89PNG")
        assert b"<svg" in plot(answer, ".svg")[:1000]


def test_the_same_numbers_give_the_same_picture(found, grown):
    for answer in (found, grown):
        assert plot(answer, ".svg") == plot(answer, ".svg")


def test_other_formats_are_refused():
    check_format(".svg", where="a.svg")
    with pytest.raises(InputError, match=r"cannot plot to \.gif"):
        check_format(".gif", where="a.gif")
