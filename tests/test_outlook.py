"""Ranges: the design of least regret regrets least, by the rule that is stated."""

from __future__ import annotations

import pytest

from groma.demand import draws
from groma.outlook import DRAWS, MISSED, _regret, outlook

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def seen(example):
    return outlook(example)


def test_the_least_regret_is_the_least(seen):
    assert seen.least_regret.mean_regret_usd == min(row.mean_regret_usd for row in seen.rows)
    assert seen.draws == DRAWS


def test_low_and_high_ends_are_there_and_the_high_one_keeps_more(seen):
    by_name = {row.name: row for row in seen.rows}
    assert by_name["low end (p10)"].kept < by_name["high end (p90)"].kept
    assert all(0 <= row.kept <= 1 for row in seen.rows)


def test_regret_by_hand():
    assert _regret((120.0, True), [(120.0, True), (100.0, True)]) == 20
    assert _regret((90.0, False), [(90.0, False), (100.0, True)]) == MISSED * 100
    assert _regret((90.0, False), [(90.0, False)]) == MISSED * 90


def test_draws_are_always_the_same_and_lie_in_the_ranges(example):
    first = draws(example, 30)
    assert first == draws(example, 30)
    share = [each.active_users.likely / example.users.total for each in first]
    assert all(0.3 <= value <= 0.6 for value in share)
    assert len(set(share)) > 20


def test_the_outlook_is_deterministic(example, seen):
    assert outlook(example) == seen
