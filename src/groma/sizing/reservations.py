"""How many machines to reserve, when they come and go with the hour."""

from __future__ import annotations

from collections.abc import Sequence


def cheapest_reserved(by_hour: Sequence[float], on_demand_usd: float, reserved_usd: float) -> int:
    """How many machines to reserve so that the day costs least.

    A reservation is paid in every hour. The n-th machine runs in those hours in which n or more run, so it is
    reserved when `share of hours · on-demand price > reserved price`; each further machine runs less.

    Args:
        by_hour: machines running in each hour of the day.
        on_demand_usd: one machine, one hour, paid as it runs.
        reserved_usd: the same by reservation.
    """
    count = 0
    while sum(running > count for running in by_hour) * on_demand_usd > len(by_hour) * reserved_usd:
        count += 1
    return count


def beyond(by_hour: Sequence[float], reserved: int) -> float:
    """Machines running on average over the day beyond those that are reserved."""
    return sum(max(0.0, running - reserved) for running in by_hour) / len(by_hour)
