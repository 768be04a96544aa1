"""What is watched of a function: its failures, what is turned away, how long it takes, calls by the clock."""

from __future__ import annotations

import math
from typing import Protocol

from groma.answers import Alarm, Expression, Metric, Missing, Ref, Runbook
from groma.architecture import Architecture
from groma.components.error_budget import Failing
from groma.components.schedule import Schedule
from groma.components.watching import EVENTS, alarm
from groma.sizing.values import FunctionSize

MOST_OF_TIMEOUT = 0.8
MOST_OF_CONCURRENCY = 0.9
LEAST_CALLS = 20
"""So many calls in five minutes before their p90 says something: AWS's recommendation takes the p90."""
ROUNDS = 3
"""Calls of a clock in the window that its function is watched by."""
BETWEEN_CALLS = Missing("notBreaching", "nothing is published while nobody calls, and nobody waits then")


class Function(Protocol):
    """What is asked of a function."""

    @property
    def id(self) -> str:
        """Of the component."""

    @property
    def label(self) -> str:
        """For people."""

    @property
    def size(self) -> FunctionSize:
        """What it was given."""

    @property
    def name(self) -> str:
        """Its role."""

    @property
    def module_name(self) -> str:
        """Its call in Terraform."""

    @property
    def purpose(self) -> str:
        """What it does, one sentence."""

    @property
    def answers(self) -> bool:
        """Whether a request waits for it."""

    @property
    def error_budget(self) -> float:
        """Share of calls that may fail."""

    @property
    def timeout_s(self) -> int:
        """After which a call is broken off."""

    @property
    def most_at_once(self) -> int:
        """Calls at once that it is allowed."""


def function_alarms(function: Function, architecture: Architecture) -> tuple[Alarm, ...]:
    """By the rate at which calls come: those of a clock are far between.

    A worker that does as many messages at once as its peak needs, and no more, is not watched for it: what
    waits is seen in the age of its queue.
    """
    every_s = _every_s(function, architecture)
    if every_s is not None:
        return (_rounds_failed(function, every_s), _throttles(function, every_s), _late(function, every_s),
                _silent(function, every_s))  # fmt: skip
    found = (_errors(function), _throttles(function, None), _duration(function))
    most = max(1, round(MOST_OF_CONCURRENCY * function.most_at_once))
    if most <= function.size.concurrency_high:
        return found
    return (*found, _concurrency(function, most))


def _every_s(function: Function, architecture: Architecture) -> int | None:
    """Seconds between two calls by the clock; None for a function that something else calls."""
    clocks = [each for each in architecture.of_type(Schedule) if each.function == function.module_name]
    return clocks[0].every_s if clocks else None


def _errors(function: Function) -> Alarm:
    return Failing(
        id=f"{function.id}-errors",
        component=function.id,
        what=f"calls of the {function.label}",
        error_budget=function.error_budget,
        metrics={
            "errors": _metric(function, "Errors", "Sum"),
            "calls": _metric(function, "Invocations", "Sum"),
        },
        failed="FILL(errors, 0)",
        asked="FILL(calls, 0)",
        runbook=_failed(function),
    ).cause()


def _failed(function: Function) -> Runbook:
    return Runbook(
        "Users get errors from the API."
        if function.answers
        else "What it does is late: it is tried again, and after that lies among the dead letters.",
        f"The log group /aws/lambda/…-{function.name}: the newest lines with ERROR, and traces in X-Ray. "
        "Missing permissions and time-outs are named there.",
        "Go back to the release before, if there was one (`groma up` with its archive).",
    )


def _throttles(function: Function, every_s: int | None) -> Alarm:
    periods, period_s = (5, 60) if every_s is None else (1, ROUNDS * every_s)
    return alarm(
        function.id,
        "throttles",
        f"calls of the {function.label} are turned away",
        f"0 may be: {function.most_at_once:,} at once are enough for the high peak",
        _metric(function, "Throttles", "Sum", period_s),
        (">", 0, periods),
        EVENTS,
        Runbook(
            "Users get errors from the API."
            if function.answers
            else "Nothing is lost; what it does is late.",
            "ConcurrentExecutions of this function and of the account: more calls than planned, or slower "
            "ones?",
            "If they are slower, look at what they wait for. If there are more, `groma up` with the new "
            "load; the account's quota: `groma doctor`.",
        ),
    )


def _duration(function: Function) -> Alarm:
    limit = MOST_OF_TIMEOUT * function.timeout_s * 1000
    asked = Expression(
        "p90 of the durations, ms",
        f"IF(calls >= {LEAST_CALLS}, duration, 0)",
        {
            "duration": _metric(function, "Duration", "p90", 300),
            "calls": _metric(function, "Invocations", "Sum", 300),
        },
    )
    return alarm(
        function.id,
        "duration",
        f"calls of the {function.label} take nearly as long as they may",
        f"{MOST_OF_TIMEOUT:.0%} of the {function.timeout_s} s after which a call is broken off; one of a "
        f"hundred takes {function.size.latency_ms['p99']:,.0f} ms in this design; from {LEAST_CALLS} calls "
        "in 5 min on",
        asked,
        (">", limit, 3),
        BETWEEN_CALLS,
        _slow(function),
    )


def _late(function: Function, every_s: int) -> Alarm:
    limit = MOST_OF_TIMEOUT * function.timeout_s * 1000
    return alarm(
        function.id,
        "duration",
        f"the {function.label} takes nearly as long as it may",
        f"{MOST_OF_TIMEOUT:.0%} of the {function.timeout_s} s after which a call is broken off, in each of "
        f"two windows of {ROUNDS} calls, which come every {every_s // 60} min",
        _metric(function, "Duration", "Maximum", ROUNDS * every_s),
        (">", limit, 2),
        BETWEEN_CALLS,
        _slow(function),
    )


def _slow(function: Function) -> Runbook:
    return Runbook(
        "Nothing yet; calls that are broken off have done half of their work, and fail.",
        "Traces in X-Ray: what does it wait for? A table or bucket that is slow, or much more to do than "
        "planned?",
        "Mend what it waits for; more to do: raise the load in the workload file and `groma up`.",
    )


def _concurrency(function: Function, most: int) -> Alarm:
    return alarm(
        function.id,
        "concurrency",
        f"the {function.label} has nearly as many calls at once as are allowed",
        f"{MOST_OF_CONCURRENCY:.0%} of {function.most_at_once:,}; the high peak needs "
        f"{function.size.concurrency_high:,}",
        _metric(function, "ConcurrentExecutions", "Maximum"),
        (">=", most, 5),
        BETWEEN_CALLS,
        Runbook(
            "Nothing yet; more calls than this are turned away.",
            "Invocations and Duration: more calls than planned, or slower ones?",
            "If slower, look at what they wait for; if more, `groma up` with the new load.",
        ),
    )


def _rounds_failed(function: Function, every_s: int) -> Alarm:
    least = math.ceil(ROUNDS / 2)
    return alarm(
        function.id,
        "errors",
        f"the {function.label} fails again and again",
        f"{least} of the {ROUNDS} calls that the clock makes in {ROUNDS * every_s // 60} min, one every "
        f"{every_s // 60} min: one by itself is tried again by the next",
        _metric(function, "Errors", "Sum", ROUNDS * every_s),
        (">=", least, 1),
        BETWEEN_CALLS,
        _failed(function),
    )


def _silent(function: Function, every_s: int) -> Alarm:
    return alarm(
        function.id,
        "silent",
        f"the {function.label} is not called by its clock",
        f"the clock calls it every {every_s // 60} min, {ROUNDS} times in {ROUNDS * every_s // 60} min; "
        "fewer than 2 twice in a row is a clock that stands",
        _metric(function, "Invocations", "Sum", ROUNDS * every_s),
        ("<", 2, 2),
        Missing("missing", "each call is counted, so that silence means there was none", "ticket"),
        Runbook(
            f"What it does is not done: {function.purpose[:1].lower()}{function.purpose[1:].rstrip('.')}.",
            "The schedule in EventBridge Scheduler: is it enabled, and may its role call the function?",
            "`groma verify` names what was changed, `groma up` mends it.",
        ),
    )


def _metric(function: Function, name: str, statistic: str, period_s: int = 60) -> Metric:
    dimensions = {"FunctionName": Ref(f"module.{function.module_name}.name")}
    return Metric("AWS/Lambda", name, statistic, dimensions, period_s)
