"""Zones that an account has instead of the usual ones."""

from __future__ import annotations

import pytest

from groma.design import design
from groma.errors import WorkloadError
from groma.workload import parse

STARTER = "name: first\nblueprint: starter\nregions: [us-west-1]\n"
THREE_TIER = "name: chirp\nblueprint: three-tier\nusers: {total: 50_000}\nregions: [us-east-1]\n"


def zones(text: str) -> list[str]:
    """The names of the zones in which a design stands."""
    drawn = design(parse(text, source="groma.yaml")).architecture
    return [place.name for place in drawn.places if place.kind == "zone"]


@pytest.mark.parametrize("text", [STARTER, THREE_TIER])
def test_a_design_stands_in_the_zones_that_are_named(text: str) -> None:
    region = "us-west-1" if "us-west-1" in text else "us-east-1"
    named = [f"{region}{letter}" for letter in "cf"]
    assert zones(text) == [f"{region}{letter}" for letter in "ab"]
    assert zones(f"{text}availability_zones: [{', '.join(named)}]\n") == named


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ("availability_zones: [us-west-2a, us-west-2b]", "us-west-2a is a zone of none of these regions"),
        ("availability_zones: [us-east-1c]", "needs 2 zones in us-east-1, not 1"),
        ("availability_zones: [us-east-1c, us-east-1c]", "needs 2 zones in us-east-1, not 1"),
    ],
)
def test_zones_that_cannot_be_are_refused_with_their_line(more: str, said: str) -> None:
    with pytest.raises(WorkloadError, match=said) as refused:
        zones(f"{THREE_TIER}{more}\n")
    assert refused.value.where.startswith("groma.yaml:5")


def test_who_stands_in_no_zones_is_told_so() -> None:
    text = "name: chirp\nblueprint: serverless\ndomain: chirp.example.com\nusers: {total: 50_000}\n"
    with pytest.raises(WorkloadError, match="AWS chooses the zones of everything in it"):
        parse(f"{text}availability_zones: [us-east-1a]\n")
