"""What binds a tier whose machines are idle is said, with the key that it follows from."""

from __future__ import annotations

from functools import cache

import pytest

from groma.design import Design, design
from groma.workload import parse

START = (
    "name: shop\nblueprint: three-tier\nusers: {total: %s, active_daily: 0.05, requests_per_active_day: %s}\n"
)


@cache
def made(users: int, requests: int, load: str = "{}") -> Design:
    return design(parse(START % (users, requests) + f"load: {load}\n"), reasons=False)


def reason(found: Design, tier: str) -> str:
    return next(each.because for each in found.decisions if each.about == f"{tier} tier")


@pytest.mark.parametrize(
    ("tier", "key"),
    [("database", "load.database_hot_gib_per_million_users"), ("app", "load.app_working_gib")],
)
def test_memory_binds_a_tier_that_is_idle(tier: str, key: str):
    found = made(200_000, 20, "{app_working_gib: 7}")
    assert found.plan.of(tier).utilisation_zone_lost < 0.1
    assert found.plan.of(tier).bound_by == "memory"
    assert f"bound by memory and not by load: `{key}`" in reason(found, tier)


def test_less_of_that_key_takes_a_cheaper_machine():
    usd = made(200_000, 20).plan.of("database").usd_per_month
    less = made(200_000, 20, "{database_hot_gib_per_million_users: 20}").plan.of("database").usd_per_month
    assert less < usd / 2


def test_a_tier_of_many_machines_is_bound_by_its_load():
    found = made(5_000_000, 400)
    assert found.plan.of("app").desired > 2
    assert found.plan.of("app").bound_by == ""
    assert "bound by" not in reason(found, "app")
