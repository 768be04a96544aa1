"""What is watched of a load balancer: who of its servers can serve, what fails, and how long it takes."""

from __future__ import annotations

import math
from typing import Protocol

from groma.answers import Alarm, Comparison, Metric, Missing, Ref, Runbook, Severity
from groma.architecture import Architecture
from groma.components.error_budget import Failing
from groma.components.machine_group import MachineGroup, machine_group
from groma.components.slow_answers import slow
from groma.components.watching import alarm, running

NAMESPACE = "AWS/ApplicationELB"
FAILED = "(FILL(target_5xx, 0) + FILL(balancer_5xx, 0))"
ASKED = "FILL(requests, 0)"
"""What found no server to go to is not counted as a request, only as an error of the balancer."""
STARTING = 0.01
"""Of the most servers of a group so many may start at any time, while it follows its load by the minute.

A guess: in 20 simulated weeks of a group of 447 it was one or two, for five minutes on end in one week.
"""


class Balancer(Protocol):
    """What is asked of a load balancer."""

    @property
    def id(self) -> str:
        """Of the component."""

    @property
    def group(self) -> str:
        """The id of the group behind it."""

    @property
    def internal(self) -> bool:
        """Whether servers alone call it."""

    @property
    def error_budget(self) -> float:
        """Share of requests that may fail."""

    @property
    def p99_ms(self) -> float:
        """The goal."""

    @property
    def goal_share(self) -> float:
        """What its servers and those behind them take of it."""


def balancer_alarms(balancer: Balancer, architecture: Architecture) -> tuple[Alarm, ...]:
    """Users come to the public one, so that its failures are theirs; those of an internal one are causes."""
    group = machine_group(architecture, balancer.group)
    errors = failing(balancer, group)
    return (
        _unhealthy(balancer, group),
        _healthy(balancer, group, max(len(architecture.zones_of(group)), 1)),
        *((errors.cause(),) if balancer.internal else errors.alarms()),
        _latency(balancer, group),
    )


def failing(balancer: Balancer, group: MachineGroup) -> Failing:
    """Answers with 5xx, of its servers or its own."""
    dimensions = {"LoadBalancer": _output(balancer, "load_balancer_arn_suffix")}
    counted = {
        "requests": "RequestCount",
        "target_5xx": "HTTPCode_Target_5XX_Count",
        "balancer_5xx": "HTTPCode_ELB_5XX_Count",
    }
    whose = "Users" if not balancer.internal else f"Callers of the {balancer.group} {group.noun}s"
    return Failing(
        id=f"{balancer.group}-5xx",
        component=balancer.id,
        what=f"requests to the {balancer.group} load balancer",
        error_budget=balancer.error_budget,
        metrics={name: Metric(NAMESPACE, metric, "Sum", dimensions) for name, metric in counted.items()},
        failed=FAILED,
        asked=ASKED,
        runbook=Runbook(
            f"{whose} get errors instead of answers.",
            "Which other alarms are on, and what was changed last (`groma status`)? Errors of the targets "
            f"are the application's: read {group.log}. Errors of the balancer itself: it has no "
            f"{group.noun} that answers.",
            f"Go back to the release before, if there was one; if {group.noun}s are missing or the database "
            "does not answer, mend that first.",
        ),
    )


def _unhealthy(balancer: Balancer, group: MachineGroup) -> Alarm:
    """Of a large group that follows its load by the minute, some start at any time."""
    noun, least = group.noun, 1 + math.floor(STARTING * group.size.max)
    few = f"a {noun}" if least == 1 else f"{least} {noun}s"
    return _hosts(
        balancer,
        "unhealthy-hosts",
        f"{few} of the {balancer.group} tier {'fails its' if least == 1 else 'fail their'} health check",
        "ticket",
        f"1 {noun} that fails in each of 5 min is not one that is starting"
        + (f", beside {STARTING:.0%} of {group.size.max:,} that may" if least > 1 else ""),
        "UnHealthyHostCount",
        ("Maximum", ">=", least, 5),
        Missing(
            "missing",
            f"published while {noun}s are registered; that none is, the alarm of the healthy tells",
        ),
        Runbook(
            f"Nothing yet: the balancer sends nothing to it, and {group.replaced_by} replaces it.",
            f"Targets of the target group: the reason of the health check, and whether a new {noun} fails "
            "alike.",
            f"If new ones fail, too, read {group.start_log}.",
        ),
    )


def _healthy(balancer: Balancer, group: MachineGroup, zones: int) -> Alarm:
    """Below what is left of the smallest group when a zone is lost."""
    least = max(1, math.ceil(group.size.min * max(zones - 1, 1) / zones))
    return _hosts(
        balancer,
        "healthy-hosts",
        f"too few {group.noun}s of the {balancer.group} tier can serve",
        "page",
        f"the group never has fewer than {group.size.min}, and {least} are left of these when one of {zones} "
        "zones is lost; fewer for three minutes is more than that",
        "HealthyHostCount",
        ("Minimum", "<", least, 3),
        running("page"),
        Runbook(
            f"Requests have too few {group.noun}s or none to go to; users get errors or wait.",
            f"Targets of the target group, with the reason of each health check, and {group.activity}. "
            f"No data at all: no {group.noun} is registered.",
            "If all fail alike, look at what they share: the database, the last release, the network. Else "
            f"let {group.replaced_by} replace them, and raise its minimum meanwhile.",
        ),
    )


def _latency(balancer: Balancer, group: MachineGroup) -> Alarm:
    dimensions = {"LoadBalancer": _output(balancer, "load_balancer_arn_suffix")}
    tier = balancer.group
    share = (
        f"; {tier} {group.noun}s and what is behind them take {balancer.goal_share:.0%} of it in this design"
    )
    return slow(
        id_=f"{tier}-latency",
        component=balancer.id,
        title=f"the {tier} {group.noun}s answer slowly",
        severity="ticket" if balancer.internal else "page",
        goal=round(balancer.p99_ms * balancer.goal_share / 1000, 3),
        unit="s",
        derived_from=f"the p99 that was promised is {balancer.p99_ms:g} ms"
        + (share if balancer.goal_share < 1 else ", measured here"),
        latency=Metric(NAMESPACE, "TargetResponseTime", "p99", dimensions),
        runbook=Runbook(
            "More than one request of a hundred takes longer than was promised to users."
            if not balancer.internal
            else "Most of what users wait for is spent here, and it is more than its part.",
            "CPU of this tier and of what is behind it, the database first: whose alarm is on?",
            "More load than planned: `groma up` with the new load. A heavier release: go back. A slow "
            "database: look at its longest queries.",
        ),
    )


def _hosts(
    balancer: Balancer,
    what: str,
    title: str,
    severity: Severity,
    derived_from: str,
    metric: str,
    limit: tuple[str, Comparison, float, int],
    missing: Missing,
    runbook: Runbook,
) -> Alarm:
    statistic, comparison, threshold, periods = limit
    dimensions = {
        "LoadBalancer": _output(balancer, "load_balancer_arn_suffix"),
        "TargetGroup": _output(balancer, "target_group_arn_suffix"),
    }
    watches = Metric(NAMESPACE, metric, statistic, dimensions)
    beyond = (comparison, threshold, periods)
    return alarm(
        balancer.id, what, title, derived_from, watches, beyond, missing, runbook, severity,
        begins=balancer.group,
    )  # fmt: skip


def _output(balancer: Balancer, name: str) -> Ref:
    return Ref(f"module.{balancer.group}.{name}")
