"""The quick answers of `standing` against the whole one."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from groma.blueprints import BLUEPRINTS
from groma.design import server_tiers
from groma.questions.growth import at_users
from groma.sizing import size
from groma.sizing.standing import carried, first_break, outcome, standing
from groma.sizing.units import ServerTiers, machines_of
from groma.sizing.values import NO_WISH, Plan, Tier
from groma.workload import Workload, parse
from groma.workload.demand import demand

FACTORS = (0.5, 0.9, 1, 1.1, 1.25, 1.4, 1.6, 1.9, 2.3, 3, 5, 20)


def workload(p99_ms: int = 400) -> Workload:
    return parse(f"name: chirp\nblueprint: three-tier\nusers: {{total: 50000}}\nslo: {{p99_ms: {p99_ms}}}\n")


def tiers_at(given: Workload, users: int) -> tuple[Tier, ...]:
    now = at_users(given, users)
    return server_tiers(now, demand(now))


def cases(p99_ms: int) -> Iterator[tuple[tuple[Tier, ...], tuple[Tier, ...], Plan]]:
    """The plan of a workload under other numbers of users."""
    given = workload(p99_ms)
    then = tiers_at(given, 50_000)
    plan = size(then, p99_ms, reasons=False)
    for factor in FACTORS:
        yield then, tiers_at(given, round(50_000 * factor)), plan


@pytest.mark.parametrize("p99_ms", [80, 150, 400])
def test_what_breaks_first_is_what_the_whole_standing_says(p99_ms):
    found = [
        (first_break(*each, p99_ms), standing(*each, p99_ms).breaks, outcome(*each, p99_ms))
        for each in cases(p99_ms)
    ]
    assert all(quick == whole for quick, whole, _ in found)
    assert all(kept == (whole is None) for _, whole, (_, kept) in found)
    assert {whole is None for _, whole, _ in found} == {True, False}


def test_what_is_carried_is_the_sizes_of_the_standing_and_whether_it_breaks():
    for each in cases(150):
        whole = standing(*each, 150)
        assert carried(*each, 150) == (whole.sizes, whole.breaks is None)


BILLED = ("tier", "choice", "min", "desired", "mean", "usd_per_month", "pool", "write_pool", "working_gib")


@pytest.mark.parametrize("headroom", [1.0, 1.5])
def test_what_is_counted_for_a_bill_is_what_the_plan_has(headroom):
    unit = ServerTiers(tiers_at(workload(), 50_000), 400, headroom)
    whole, counted = unit.sized(Plan(), reasons=False), unit.counted(Plan())
    for own, quick in zip(whole.sizes, counted.sizes, strict=True):
        assert [getattr(own, name) for name in BILLED] == [getattr(quick, name) for name in BILLED]
        assert own.desired < own.max <= quick.max or own.desired == own.max == quick.max


def test_an_outcome_costs_what_the_machines_of_the_standing_do():
    for each in cases(400):
        usd, _ = outcome(*each, 400)
        assert usd == sum(size.usd_per_month for size in standing(*each, 400).sizes)


def test_the_machines_of_units_are_those_of_the_plan():
    given = workload()
    units = BLUEPRINTS["three-tier"].units(given, demand(given), NO_WISH)
    plan = Plan()
    for unit in units:
        plan = unit.sized(plan, reasons=False)
    assert machines_of(units) == tuple((size.choice.name, size.desired) for size in plan.sizes)
