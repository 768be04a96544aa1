"""CPU credits over the day: earned, spent, kept for 24 hours."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from groma.sizing.credits import LOST_HOURS_FIXED, least_balance, surplus_vcpu_hours

IDLE = (0.05,) * 24


def test_at_the_baseline_nothing_is_ever_spent():
    assert least_balance((0.2,) * 24, (0.2,) * 24, 0.2, 0) >= -1e-9


def test_above_the_baseline_all_day_the_credits_run_out():
    assert least_balance((0.25,) * 24, (0.25,) * 24, 0.2, 0) < 0


def test_a_night_pays_for_an_evening():
    """Twelve idle hours earn 12 · (0.2 - 0.05) = 1.8; four hours at 0.5 spend 4 · (0.5 - 0.2) = 1.2."""
    day = (*(0.05,) * 12, *(0.2,) * 8, *(0.5,) * 4)
    assert least_balance(day, day, 0.2, 0) >= 0
    longer = (*(0.05,) * 12, *(0.2,) * 4, *(0.5,) * 8)
    assert least_balance(longer, longer, 0.2, 0) < 0


def test_no_more_is_kept_than_a_day_earns():
    """A lost zone for a day at 0.5 spends 24 · 0.3 = 7.2 of the 24 · 0.2 = 4.8 that can be kept."""
    assert least_balance(IDLE, (0.5,) * 24, 0.2, LOST_HOURS_FIXED) < 0
    assert least_balance(IDLE, (0.3,) * 24, 0.2, LOST_HOURS_FIXED) >= 0


@given(st.lists(st.floats(0, 1), min_size=24, max_size=24), st.floats(0, 0.5), st.sampled_from([1, 4, 24]))
def test_more_load_never_leaves_more_credits(day, more, hours):
    busier = [busy + more for busy in day]
    assert least_balance(busier, busier, 0.3, hours) <= least_balance(day, day, 0.3, hours) + 1e-9


@given(st.floats(0, 1), st.floats(0.05, 0.6), st.integers(1, 64))
def test_what_is_used_beyond_the_earnings_of_a_day_is_surplus(busy, baseline, vcpu):
    surplus = surplus_vcpu_hours(busy, baseline, vcpu)
    assert surplus == (0 if busy <= baseline else (busy - baseline) * 24 * vcpu)
