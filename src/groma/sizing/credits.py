"""CPU credits of burstable types, followed hour by hour over the day.

One credit is one vCPU for one minute. A machine earns `baseline` credits per vCPU and minute, spends what it
uses, and keeps at most what it earns in 24 hours (AWS documentation, burstable performance instances). Below
zero it is throttled to its baseline, or pays for more: both are what a design must not rely on.
"""

from __future__ import annotations

from collections.abc import Sequence

KEPT_HOURS = 24
BURST_HOURS = 5 / 60
LOST_HOURS_FIXED = 24
"""A database in a lost zone is not replaced by itself; its survivor carries the load for a day."""
LOST_HOURS_SCALED = 1
"""Auto scaling replaces servers in minutes, but others want machines at the same time: an hour is taken."""


def surplus_vcpu_hours(busy: float, baseline: float, vcpu: int) -> float:
    """vCPU-hours of a day beyond what a machine earns, which AWS bills in its unlimited mode.

    Credits are kept for a day, so that only what the whole day uses beyond its earnings is left to pay:
    max(0, busy - baseline) · 24 h · vCPU. RDS runs every burstable class so, and EC2 launches T3 and T4g so
    (RDS user guide, DB instance class types; EC2 user guide, unlimited mode; both read 2026-11).

    Args:
        busy: share of each vCPU that is busy on average over the day.
        baseline: share of each vCPU that is earned.
    """
    return max(0.0, busy - baseline) * KEPT_HOURS * vcpu


def least_balance(usual: Sequence[float], lost: Sequence[float], baseline: float, lost_hours: int) -> float:
    """The lowest balance of a machine, in hours of one whole vCPU, whenever a zone is lost.

    The machine begins with nothing, is given one usual day to settle, lives through another, and loses a
    zone at each hour of it in turn.

    Args:
        usual: share of each vCPU busy in each hour of the day, bursts included.
        lost: the same when the machine also carries its share of a lost zone.
        baseline: share of each vCPU that is earned.
        lost_hours: how long the zone stays away.
    """
    most = KEPT_HOURS * baseline
    hours = len(usual)
    balance, least = 0.0, 0.0
    for busy in usual:
        balance = max(min(balance + baseline - busy, most), 0.0)
    before: list[float] = []
    for busy in usual:
        before.append(balance)
        balance = min(balance + baseline - busy, most)
        least = min(least, balance)
    if max(lost) <= baseline:
        return least
    for start, begun in enumerate(before):
        balance = begun
        for hour in range(start, start + lost_hours):
            balance = min(balance + baseline - lost[hour % hours], most)
            least = min(least, balance)
    return least
