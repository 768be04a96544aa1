"""What alarms of several services have in common: what silence means, CPU credits."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from groma.answers import Alarm, Comparison, Expression, Metric, Missing, Ref, Runbook, Severity

EVENTS = Missing("notBreaching", "published only when it happens: no data are good news")
AGENT = Missing(
    "missing",
    "its agent reports every minute, so that silence means the agent or its server is gone",
    "ticket",
)
MEASURED = Missing(
    "missing",
    "its agent reports it with the memory, whose alarm tells that the agent is silent: one fault, one mail",
)
ELSEWHERE = Missing("missing", "published while it runs; that it does not, another alarm of it tells")
CREDITS_PER_VCPU_HOUR = 60
BOOT_MIN = 5
"""A server that ends young owes the credits of its boot, which takes about so long: an assumption."""
HOUR_S = 3600


def running(told: Severity) -> Missing:
    """Of what is published as long as a thing runs, and tells by its silence that it does not."""
    return Missing("missing", "published every minute while it runs, so that silence means it does not", told)


def alarm(
    component: str,
    what: str,
    title: str,
    derived_from: str,
    watches: Metric | Expression,
    limit: tuple[Comparison, float, int],
    missing: Missing,
    runbook: Runbook,
    severity: Severity = "ticket",
    *,
    begins: str = "",
) -> Alarm:
    """An alarm that is on once so many periods in a row are beyond its limit.

    Args:
        component: the id of the component.
        what: how the alarm's id ends.
        limit: how the value is compared, with what, and in how many periods.
        begins: how its id begins, where that is not the component's id.
    """
    comparison, threshold, periods = limit
    return Alarm(
        id=f"{begins or component}-{what}",
        component=component,
        title=title,
        severity=severity,
        derived_from=derived_from,
        watches=watches,
        comparison=comparison,
        threshold=threshold,
        evaluation_periods=periods,
        datapoints=periods,
        missing=missing,
        runbook=runbook,
    )


@dataclass(frozen=True, slots=True)
class Burstable:
    """A machine, or several alike, that spend CPU credits, in unlimited mode.

    The modules state it of EC2's machines; RDS has no other. In it nothing is slowed; what is spent beyond
    what was saved up is charged.

    Attributes:
        component: the id of the component.
        name: of the machine's type or class.
        namespace, dimensions: where its metrics are.
        vcpu: of each machine.
        baseline: share of each vCPU that is earned.
        busiest: share of each vCPU busy at peak with a zone lost.
        charged_per_hour: surplus credits an hour that the bill counts on.
    """

    component: str
    name: str
    namespace: str
    dimensions: Mapping[str, str | Ref]
    vcpu: int
    baseline: float
    busiest: float
    charged_per_hour: float = 0.0

    def alarms(self) -> tuple[Alarm, ...]:
        """Credits below an hour of peak, where a peak spends any, and charges that nobody counted on."""
        spent = (self.busiest - self.baseline) * self.vcpu * CREDITS_PER_VCPU_HOUR
        return (self._surplus(),) if spent <= 0 else (self._balance(spent), self._surplus())

    def _balance(self, spent: float) -> Alarm:
        """It begins with none, and is given the hours in which it earns as much, and two more."""
        earned = self.baseline * self.vcpu * CREDITS_PER_VCPU_HOUR
        hours = math.ceil(spent / earned) + 2
        return self._alarm(
            "balance",
            f"{self.name}: the CPU credits do not last for an hour of peak",
            f"an hour at {self.busiest:.0%} busy, as at peak with a zone lost, spends {spent:,.0f} credits "
            f"more than {self.name} earns at its baseline of {self.baseline:.0%}; after a start it has "
            f"earned them in {hours - 2} h",
            Metric(self.namespace, "CPUCreditBalance", "Minimum", self.dimensions, HOUR_S),
            ("<", round(spent, 1), hours),
        )

    def _surplus(self) -> Alarm:
        counted = self.charged_per_hour
        least = BOOT_MIN * self.vcpu
        because = (
            f"the bill counts on {counted:,.0f} an hour at its high end"
            if counted > least
            else f"the bill counts on none; {least} are the boot of {BOOT_MIN} min of a machine that ends "
            "young"
        )
        return self._alarm(
            "surplus",
            f"{self.name}: CPU credits are charged that nobody counted on",
            f"{self.name} runs in unlimited mode: beyond its baseline of {self.baseline:.0%} "
            f"and what it has saved up it is not slowed but charged; {because}",
            Metric(self.namespace, "CPUSurplusCreditsCharged", "Sum", self.dimensions, HOUR_S),
            (">", math.ceil(max(counted, least)), 1),
        )

    def _alarm(
        self, what: str, title: str, because: str, metric: Metric, limit: tuple[Comparison, float, int]
    ) -> Alarm:
        runbook = Runbook(
            "Nobody is slowed down, in unlimited mode, but more CPU is used than was planned and paid for.",
            "CPUUtilization of the last day: is it the load, or a process that does not end?",
            "If it is the load, raise it in the workload file and run `groma plan`: it may choose a type "
            "that does not burst.",
        )
        return alarm(self.component, what, title, because, metric, limit, ELSEWHERE, runbook)
