"""What hangs on guesses: the ranking is that of brute force, and every range says how it is measured."""

from __future__ import annotations

import math
from dataclasses import replace
from functools import cache
from typing import get_type_hints

import pytest

from groma.bill import bill
from groma.design import Design, design
from groma.design.elsewhere import Elsewhere
from groma.errors import Infeasible
from groma.quantity import Range
from groma.questions.guesses import FEW, Guess, Ranking, guesses
from groma.questions.sensitivity import sensitivity
from groma.workload import Load, RequestClass, Users, Workload, parse
from groma.workload.uncertain import Path, dearer_end, origin, taken_as, uncertain, written_down
from told import must_be_told
from workloads import SHOP, designed_example

AT_ONCE = "name: live\nblueprint: three-tier\nusers: {concurrent: 40_000}\nslo: {p99_ms: 300}\n"
SERVERLESS = (
    "name: chirp\nblueprint: serverless\ndomain: app.acme.dev\nusers: {total: 50_000}\n"
    "slo: {p99_ms: 400, availability: 0.998}\n"
)
WORLDWIDE = (
    "name: chirp\nblueprint: worldwide\ndomain: app.acme.dev\nusers: {concurrent: 100_000}\n"
    "load: {database_hot_gib_per_million_users: [1, 10, 700]}\n"
)
"""Of whose database little is known, so that larger ones may be needed in every region."""
SPOT = "name: spot\nblueprint: three-tier\nusers: {total: 300_000}\nmachines: {spot: true}\n"
HABITS = ("users.active_daily", "users.requests_per_active_day", "load.burst_to_peak_hour")
TRIED = {
    SHOP: (
        *HABITS,
        "load.database_hot_gib_per_million_users",
        *("load.app_working_gib", "load.browser_hit_share", "load.response_kib", "load.scv"),
        *("load.item_kib", "requests.home_timeline.app_ms"),
    ),
    AT_ONCE: (*HABITS, "users.think_s", "load.peak_hour_to_mean", "requests.compose.query_ms"),
    SERVERLESS: (
        *("users.active_daily", "load.followers", "load.picture_cpu_ms", "load.function_idle_min"),
        *("load.scv", "load.web_working_gib", "requests.compose.app_ms"),
    ),
    SPOT: (*HABITS, "load.app_working_gib", "load.peak_hour_to_mean", "requests.compose.app_ms"),
    WORLDWIDE: (
        *("users.think_s", "load.cache_hit_share", "load.followers"),
        "load.database_hot_gib_per_million_users",
    ),
}
"""Of each workload the ranges that are left in it: the others are taken as likely, to be quick."""
NAMES = ("shop", "at once", "serverless", "spot", "worldwide")
EVERY = pytest.mark.parametrize(
    "text",
    [
        pytest.param(text, id=name, marks=[pytest.mark.slow] if name == "worldwide" else [])
        for text, name in zip(TRIED, NAMES, strict=True)
    ],
)


def key(path: Path) -> str:
    return ".".join(path)


@cache
def made(text: str) -> Design:
    stated = parse(text)
    rest = {path: value.likely for path, value in uncertain(stated) if key(path) not in TRIED[text]}
    return design(taken_as(stated, rest), reasons=False)


@cache
def ranking(text: str) -> Ranking:
    return Ranking(made(text))


def least(workload: Workload) -> float:
    """What the cheapest design costs, made from nothing; infinite where there is none."""
    try:
        return bill(design(workload, reasons=False).architecture).monthly_usd.likely
    except Infeasible:
        return math.inf


@cache
def brute(text: str) -> dict[Path, tuple[float, float]]:
    """What the cheapest designs cost at both ends of each range, each design made by itself."""
    workload = made(text).workload
    return {
        path: (least(taken_as(workload, {path: value.low})), least(taken_as(workload, {path: value.high})))
        for path, value in uncertain(workload)
    }


def swing(ends: tuple[float, float], now: float) -> float:
    return max(*ends, now) - min(*ends, now)


@pytest.mark.slow
@EVERY
def test_the_ranking_is_that_of_brute_force(text: str):
    """The first few, every end of every range, the bounds by which most are passed over, what is missed."""
    found, now = ranking(text), least(made(text).workload)
    by_hand = {path: swing(ends, now) for path, ends in brute(text).items()}
    best = sorted((each for each in by_hand.values() if each > 0.005), reverse=True)[:FEW]
    first, every = found.first(FEW), found.every()
    assert [each.swing(now) for each in first] == pytest.approx(best)
    assert [by_hand[each.path] for each in first] == pytest.approx(best)
    unasked = Ranking(made(text)).elsewhere
    for each in every:
        shown = tuple(math.inf if usd is None else usd for usd in each.usd)
        assert shown == pytest.approx(brute(text)[each.path]), each.key
        must_lie_within_bounds(unasked, each)
        must_cost_more_at_its_dearer_end(made(text).workload, each)
    assert set(found.missing()) == {each.key for each in every if each.misses}


def must_lie_within_bounds(unasked: Elsewhere, each: Guess) -> None:
    """By a design elsewhere that has searched nothing: what was searched bounds itself."""
    for end, usd in zip((each.value.low, each.value.high), each.usd, strict=True):
        low, high = unasked.bounds({each.path: end})
        exact = math.inf if usd is None else usd
        assert low - 1e-6 <= exact <= high + 1e-6, each.key
        assert exact <= unasked.at_most({each.path: end}) + 1e-6, each.key


def test_a_bound_takes_no_group_to_shrink_that_must_stay():
    """At a load in which the goal leaves the application's group no target, it stands day and night."""
    stated = parse(
        "name: shop\nblueprint: containers\nusers: {daily: 136_922}\nprofile: web-shop\nslo: {p99_ms: 300}\n"
        "database: {replicas: 0}\nload: {database_hot_gib_per_million_users: [1, 10, 200]}\n"
        "application: {web: {image: 'acme/w:1', port: 8080, health: /h}, "
        "app: {image: 'acme/s:1', port: 8000, health: /u}}\n"
    )
    unasked = Ranking(design(stated, reasons=False)).elsewhere
    busy = {("load", "peak_hour_to_mean"): 3.0}
    _, high = unasked.bounds(busy)
    least = unasked.least(busy)
    assert least is not None
    assert least <= high


def must_cost_more_at_its_dearer_end(workload: Workload, each: Guess) -> None:
    dearer = dearer_end(workload, each.path)
    if dearer is not None:
        low, high = (math.inf if usd is None else usd for usd in each.usd)
        cheap, dear = (low, high) if dearer == "high" else (high, low)
        assert cheap <= dear * 1.001, each.key


def test_the_shop_hangs_on_rows_that_nobody_has_counted():
    shop = made(SHOP)
    found = guesses(shop)
    assert found is not None
    must_be_told(found)
    first = found.rows[0]
    assert (first.key, first.origin) == ("load.database_hot_gib_per_million_users", "guess")
    assert first.swing(found.usd_per_month) > 0.6 * found.usd_per_month
    assert "pg_statio_user_tables" in first.measure
    assert "load.database_hot_gib_per_million_users" in found.missing
    assert found.document()["first"][0]["monthly_usd_at_low"] == pytest.approx(first.usd[0], abs=0.01)


def test_a_value_that_a_file_states_exactly_is_no_guess():
    text = SHOP.replace("load: {", "load: {database_hot_gib_per_million_users: 20, ")
    workload = parse(text)
    assert ("load", "database_hot_gib_per_million_users") not in dict(uncertain(workload))
    same = taken_as(parse(SHOP), {("load", "database_hot_gib_per_million_users"): 20.0})
    assert same.model_dump() == workload.model_dump()


def test_where_a_quantity_is_known_from():
    workload = parse(SHOP)
    assert origin(workload, ("users", "active_daily")) == "stated"
    assert origin(workload, ("load", "page_objects")) == "published"
    assert origin(workload, ("load", "scv")) == origin(workload, ("requests", "compose", "app_ms")) == "guess"


def test_users_at_once_are_counted_anew_when_a_habit_is_known():
    path = ("users", "active_daily")
    stated = parse(AT_ONCE.replace("40_000", "40_000, active_daily: 0.6"))
    assert taken_as(parse(AT_ONCE), {path: 0.6}).model_dump() == stated.model_dump()


def test_every_range_of_a_workload_says_how_it_is_measured():
    ranges = {
        f"{section}.{name}"
        for section, part in (("users", Users), ("load", Load), ("requests.*", RequestClass))
        for name, kind in get_type_hints(part).items()
        if kind is Range
    }
    assert written_down() == ranges


def test_nothing_hangs_on_ranges_where_nothing_is_sized():
    assert guesses(designed_example("starter")) is None


def test_a_plan_of_least_regret_hangs_on_what_the_cheapest_design_does():
    usual = made(SHOP)
    cautious = replace(usual, workload=usual.workload.model_copy(update={"sizing": "least-regret"}))
    (found,), (usually,) = Ranking(cautious).first(1), ranking(SHOP).first(1)
    assert found.document() == usually.document()


def test_sensitivity_shows_every_range_once():
    found = sensitivity(made(SHOP))
    must_be_told(found)
    assert {each.key for each in found.rows} == set(TRIED[SHOP])
    told = [row[0] for row in found.words().tables[0].rows]
    assert told == [each.key for each in found.moving]
    assert any("load.item_kib" in line for line in found.words().lines)
    assert told[0] == "load.database_hot_gib_per_million_users"
