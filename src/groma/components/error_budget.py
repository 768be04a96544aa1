"""How many errors are too many: the shares of failed requests at which an error budget burns too fast."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from groma.answers import Alarm, Composite, Expression, Metric, Missing, Runbook, Severity, Suppressed
from groma.components.chance import LEFT_TO_CHANCE, share_surely

FAST_BURN, SLOW_BURN = 14.4, 6.0
"""A budget of 30 days that burns so fast is used up in two days, or in five (Site Reliability Workbook,
"Alerting on SLOs", https://sre.google/workbook/alerting-on-slos/, read 2026-11)."""
LEAST_FAILED = 5
"""So many must have failed before their share of a budget means anything: one of thirty is chance."""
NOTHING_ASKED = Missing("notBreaching", "nothing is published while nobody asks, and nobody is hurt then")


@dataclass(frozen=True)
class TooMany:
    """The share of requests beyond which an alarm says that too many fail, and why it is that share."""

    share: float
    because: str

    @property
    def percent(self) -> float:
        """The same in percent."""
        return round(100 * self.share, 4)


def too_many(error_budget: float, burn: float = FAST_BURN) -> TooMany:
    """The share at which the budget burns so fast, at most halfway from it to everything.

    With budget b and burn r it is min(r·b, (1 + b) / 2): a goal below 93 % would otherwise be watched by an
    alarm above 100 % of all requests, which nothing can reach.

    Args:
        error_budget: share of requests that may fail, above 0 and below 1.
        burn: over the speed at which the budget lasts for 30 days.
    """
    fast, half = burn * error_budget, (1 + error_budget) / 2
    if fast <= half:
        used = "two" if burn == FAST_BURN else f"{30 / burn:.0f}"
        return TooMany(fast, f"{burn:g} times the error budget of {error_budget:.2%}, used up in {used} days")
    return TooMany(half, f"half of what is promised fails beside the error budget of {error_budget:.2%}")


def share_failed(failed: str, asked: str, least: int) -> str:
    """Metric math: the share of what was asked for that failed, in percent; 0 if fewer failed than `least`.

    Args:
        failed: an expression that always has a value: `FILL(errors, 0)`.
        asked: the same of what was asked for. Some services do not count there what they turn away at once,
            so that all fails where more fails than was asked for.
    """
    share = f"IF({failed} > {asked}, 100, 100 * {failed} / {asked})"
    return f"IF({failed} >= {least}, {share}, 0)"


def _length(seconds: int) -> str:
    return f"{seconds // 60} min" if seconds < 3600 else f"{seconds // 3600} h"


@dataclass(frozen=True, slots=True)
class Window:
    """A window of a burn.

    Attributes:
        name: how its alarm's id ends; period_s: how long it is.
        holds: while a budget burnt too fast in any of so many such windows, its alarm is on.
        least_failed: so many must have failed in it; None where its share must be no chance.
    """

    name: str
    period_s: int
    holds: int = 1
    least_failed: int | None = LEAST_FAILED

    @property
    def words(self) -> str:
        """For people: `5 min`, `1 h`, `any 30 min of the last 2 h`."""
        own = _length(self.period_s)
        return own if self.holds == 1 else f"any {own} of the last {_length(self.holds * self.period_s)}"


@dataclass(frozen=True, slots=True)
class Burn:
    """A speed at which a budget burns; what is seen both in a short and in a long window is no hiccup.

    `lasts` says for how long a month's budget lasts at that speed.
    """

    name: str
    speed: float
    severity: Severity
    lasts: str
    windows: tuple[Window, Window]


NOW = Window("", 300, least_failed=None)
"""How fast it burns at present: an estimate, where the longer windows tell what is used up."""
FAST = Burn("fast", FAST_BURN, "page", "two days", (NOW, Window("-1h", 3600)))
STILL = Window("-30m", 1800, holds=4, least_failed=1)
"""That it goes on: where few ask, half an hour may pass without an error that six hours are full of."""
SLOW = Burn("slow", SLOW_BURN, "ticket", "five days", (STILL, Window("-6h", 21_600, holds=2)))
BURNS = (FAST, SLOW)
WAIT_S = 120
"""What burns fast is seen in five minutes before it is seen in thirty; alarms are looked at each minute."""
WAIT_FOR_A_PAGE_S = 600
"""On a stack younger than six hours a fast burn is seen as a slow one some minutes before it pages."""
SETTLED_S = 300
"""So much later than the last error an alarm over five minutes may still be on."""


@dataclass(frozen=True, slots=True)
class Failing:
    """What is counted of a service's requests, and what to do when too many fail.

    Attributes:
        id: how its alarms' ids begin: `web-5xx`.
        component: the id of the component.
        what: what fails, for people: `requests to the web load balancer`.
        error_budget: share that may fail.
        metrics: the metrics by the names that the expressions use, with any period.
        failed, asked: see `share_failed`.
        runbook: what to do.
    """

    id: str
    component: str
    what: str
    error_budget: float
    metrics: Mapping[str, Metric]
    failed: str
    asked: str
    runbook: Runbook

    def alarms(self) -> tuple[Alarm, ...]:
        """An alarm for each window, which say nothing themselves."""
        return tuple(
            self._alarm(window, burn.severity, too_many(self.error_budget, burn.speed))
            for burn in BURNS
            for window in burn.windows
        )

    def cause(self) -> Alarm:
        """One alarm, for those whose failures others see as theirs."""
        return self._alarm(NOW, "ticket", too_many(self.error_budget))

    def composites(self, *, tells_its_end: bool = False) -> tuple[Composite, ...]:
        """What is told when both windows of a burn agree.

        What burns fast burns slowly, too. So the slow one is quiet while the fast one pages, and after that
        for as long as its own short windows still hold what burned: a fault of an hour is one page, and what
        goes on burning slowly is a ticket. Bursts that do not page keep nothing quiet.

        Args:
            tells_its_end: whether the end of a fast burn is told as well.
        """
        return tuple(
            Composite(
                id=f"{self.id}-{burn.name}",
                component=self.component,
                title=f"more than {too_many(self.error_budget, burn.speed).percent:g}% of {self.what} fail: "
                f"the month's error budget is gone in {burn.lasts}",
                severity=burn.severity,
                derived_from=f"over {burn.windows[0].words} and over {burn.windows[1].words}: "
                f"{too_many(self.error_budget, burn.speed).because}",
                all_of=tuple(f"{self.id}{window.name}" for window in burn.windows),
                runbook=self.runbook,
                tells_its_end=tells_its_end and burn.severity == "page",
                suppressed=None if burn is FAST else self._quiet(burn),
            )
            for burn in BURNS
        )

    def _quiet(self, burn: Burn) -> Suppressed:
        own = burn.windows[0]
        extension_s = own.holds * own.period_s + SETTLED_S
        return Suppressed(f"{self.id}-{FAST.name}", WAIT_FOR_A_PAGE_S, extension_s)

    def _alarm(self, window: Window, severity: Severity, burnt: TooMany) -> Alarm:
        if window.least_failed is None:
            share, because, surely = share_surely(self.failed, self.asked), LEFT_TO_CHANCE, "surely "
        else:
            share = share_failed(self.failed, self.asked, window.least_failed)
            because, surely = f"from {window.least_failed} failed on", ""
        metrics = {
            name: Metric(each.namespace, each.name, each.statistic, each.dimensions, window.period_s)
            for name, each in self.metrics.items()
        }
        return Alarm(
            id=f"{self.id}{window.name}",
            component=self.component,
            title=f"too many {self.what} fail",
            severity=severity,
            derived_from=f"over {window.words}: {burnt.because}; {because}",
            watches=Expression(f"share that {surely}fails, %", share, metrics),
            comparison=">",
            threshold=burnt.percent,
            evaluation_periods=window.holds,
            datapoints=1,
            missing=NOTHING_ASKED,
            runbook=self.runbook,
        )
