"""Workloads far beyond what machines can do: they are refused in words, and soon."""

from __future__ import annotations

import pytest

from groma.design import design
from groma.errors import Infeasible
from groma.workload import parse

WORLD = "name: chirp\nblueprint: worldwide\nusers: {total: 50_000}\ndomain: app.acme.dev\n"
WRITES = "requests: {browse: {share: 1, web_ms: 1, app_ms: 1, reads: 1, writes: 15, query_ms: 1}}\n"


@pytest.mark.parametrize("wrong", ["load: {region_round_trip_ms: 50_000}\n", WRITES])
def test_a_time_without_bound_is_out_of_reach_in_words(wrong: str) -> None:
    with pytest.raises(Infeasible, match="is out of reach") as error:
        design(parse(WORLD + wrong), reasons=False)
    assert "raise slo.p99_ms" in error.value.hint


@pytest.mark.slow
def test_where_nobody_accepts_what_clients_keep_no_more_of_them_are_tried() -> None:
    """It took minutes: each web tier was tried with each application tier. That more databases would not help
    is known, but not from one connection of each process alone, with which nothing would be tried.
    """
    with pytest.raises(Infeasible, match="accepts what the app tier keeps\n"):
        design(parse(WORLD.replace("50_000", "95_000_000")), reasons=False)
