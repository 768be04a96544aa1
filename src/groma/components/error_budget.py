"""How many errors are too many: the share of failed requests at which an error budget burns too fast."""

from __future__ import annotations

from dataclasses import dataclass

FAST_BURN = 14.4
"""A budget of 30 days that burns so fast is used up in two (Site Reliability Workbook, "Alerting on SLOs",
https://sre.google/workbook/alerting-on-slos/, read 2026-11)."""


@dataclass(frozen=True)
class TooMany:
    """The share of requests beyond which an alarm says that too many fail, and why it is that share."""

    share: float
    because: str

    @property
    def percent(self) -> float:
        """The same in percent."""
        return round(100 * self.share, 4)


def too_many(error_budget: float) -> TooMany:
    """The share at which the budget is used up in two days, at most halfway from it to everything.

    With budget b it is min(14.4·b, (1 + b) / 2): a goal below 93 % would otherwise be watched by an alarm
    above 100 % of all requests, which nothing can reach.

    Args:
        error_budget: share of requests that may fail, above 0 and below 1.
    """
    fast, half = FAST_BURN * error_budget, (1 + error_budget) / 2
    if fast <= half:
        return TooMany(fast, f"{FAST_BURN} times the error budget of {error_budget:.2%}, used up in two days")
    return TooMany(half, f"half of what is promised fails beside the error budget of {error_budget:.2%}")
