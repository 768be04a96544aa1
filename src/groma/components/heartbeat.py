"""The alarm on what is due again and again: that it was not done, or that nobody tried."""

from __future__ import annotations

import math
from dataclasses import replace

from groma.answers import Alarm, Metric, Missing, Runbook
from groma.components.watching import alarm

FINE_S, COARSE_S = 300, 3600
FINE_UNTIL_S = 2 * 3600
LATE_PERIODS = 2
"""So many periods later than it was due an alarm takes it for missed: it begins within one, and CloudWatch
may be told of it in the next."""
MOST_PERIODS = 7 * 24
"""Of an hour that one alarm may look back on: a week (PutMetricAlarm, EvaluationPeriods, of the API reference
of CloudWatch, from memory of the page)."""


def periods(longest_gap_s: float) -> tuple[int, int] | None:
    """The period and how many an alarm waits for what comes at least so often; None for too seldom."""
    period_s = FINE_S if longest_gap_s <= FINE_UNTIL_S else COARSE_S
    number = math.ceil(longest_gap_s / period_s) + LATE_PERIODS
    return None if number > MOST_PERIODS else (period_s, number)


def missed(
    component: str, run: str, metric: Metric, longest_gap_s: float, every: str, title: str, runbook: Runbook
) -> Alarm | None:
    """The alarm on a heartbeat that is 1 where it was done and 0 where it failed; None where it comes too
    seldom to be waited for.

    Args:
        run: what is due, as it is called.
        longest_gap_s: the longest time between two of them.
        every: what comes when, in words with a figure.
    """
    waited = periods(longest_gap_s)
    if waited is None:
        return None
    period_s, number = waited
    silent_min = period_s * number // 60
    made = alarm(
        component,
        f"{run}-missed" if run else "missed",
        title,
        f"{every}, {longest_gap_s / 3600:.3g} h apart at most; nothing for {silent_min:,} min is one missed",
        replace(metric, period_s=period_s),
        ("<", 1, number),
        Missing("missing", "each time is counted, so that silence means it was left out", "ticket"),
        runbook,
    )
    return replace(made, datapoints=1)
