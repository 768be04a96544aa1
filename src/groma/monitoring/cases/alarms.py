"""An alarm as a file of cases states it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import get_args

from groma.answers import Alarm, Comparison, Expression, Metric
from groma.monitoring.cases.notation import NUMBER, NotationError, points, seconds
from groma.monitoring.cases.parts import GUIDE, Part
from groma.monitoring.evaluate import TREATMENTS, Band, Limit, Rule, Sample, Sliding, WallClock
from groma.monitoring.evaluate.points import SIMPLE, is_statistic
from groma.monitoring.evaluate.rule import Beyond, LowSamples
from groma.monitoring.evaluate.windows import HIGH_RESOLUTION_S, Window, time_zone

KEYS = (
    *("when", "datapoints", "period", "statistic", "missing"),
    *("low_samples", "window", "namespace", "expression", "band"),
)
WHEN = re.compile(rf"(?P<comparison>[<>]=?)\s*(?P<threshold>{NUMBER})")
DATAPOINTS = re.compile(r"(?P<m>\d+)\s+of\s+(?P<n>\d+)")
OfDesign = Callable[[], Mapping[str, Alarm]]
"""The alarms of the design, by their ids."""


def rule(part: Part, names: tuple[str, ...], start_s: int) -> Rule:
    """The rule that a part of the file states.

    Args:
        part: the definition of the alarm.
        names: the ids of the metrics that its expression may use.
        start_s: when a band begins.

    Raises:
        InputError: a key is not known, missing, or says what cannot be.
    """
    part.allow(*KEYS)
    period_s = part.read("period", _period, "1m")
    m, n = part.read("datapoints", _datapoints, "1 of 1")
    try:
        return Rule(
            watches=_watched(part, names, period_s),
            limit=_limit(part, period_s, start_s),
            evaluation_periods=n,
            datapoints=m,
            missing=part.one_of("missing", TREATMENTS) if part.has("missing") else None,
            low_samples=part.one_of("low_samples", get_args(LowSamples), "evaluate"),
            window=part.read("window", _window, "sliding"),
        )
    except ValueError as error:
        raise part.error(str(error), GUIDE) from None


def _watched(part: Part, names: tuple[str, ...], period_s: int) -> Metric | Expression:
    namespace = part.text("namespace", "Test")
    statistic = part.read("statistic", _statistic, "Average")
    if not part.has("expression"):
        return Metric(namespace, "metric", statistic, {}, period_s)
    metrics = {name: Metric(namespace, name, statistic, {}, period_s) for name in names}
    return Expression("result", part.text("expression"), metrics)


def _limit(part: Part, period_s: int, start_s: int) -> Limit | Band:
    sides: tuple[Beyond, ...] = get_args(Beyond)
    for side in sides:
        if part.text("when") == side:
            band = part.part("band")
            band.allow("lower", "upper")
            return Band(side, *(_edge(band, key, period_s, start_s) for key in ("lower", "upper")))
    if part.has("band"):
        raise part.error("a band has a side", f"write when: {' or '.join(sides)}", "when")
    comparison, threshold = part.read("when", _compared)
    return Limit(comparison, threshold)


def _edge(band: Part, key: str, period_s: int, start_s: int) -> tuple[Sample, ...]:
    """The lower or upper threshold of each period."""
    steps = enumerate(band.read(key, points))
    return tuple(Sample(start_s + step * period_s, value) for step, item in steps for value, _ in item)


def _compared(text: str) -> tuple[Comparison, float]:
    if found := WHEN.fullmatch(text):
        for comparison in get_args(Comparison):
            if comparison == found["comparison"]:
                return comparison, float(found["threshold"].replace("_", ""))
    raise NotationError(f"{text!r} is no comparison", 'write "> 80", ">= 1", "< 2", "<= 0" in quotes')


def _datapoints(text: str) -> tuple[int, int]:
    found = DATAPOINTS.fullmatch(text)
    if found is None:
        raise NotationError(f"{text!r} are no datapoints", "write 3 of 5")
    return int(found["m"]), int(found["n"])


def _period(text: str) -> int:
    period_s = seconds(text)
    if period_s not in HIGH_RESOLUTION_S and (period_s % 60 or not period_s):
        raise NotationError(f"no alarm has periods of {text}", "write 10s, 20s, 30s or whole minutes")
    return period_s


def _statistic(text: str) -> str:
    if not is_statistic(text):
        hint = f"{', '.join(SIMPLE)}, a percentile such as p99, or a count such as TC(0.3:)"
        raise NotationError(f"{text!r} is no statistic", hint)
    return text


def _window(text: str) -> Window:
    if text == "sliding":
        return Sliding()
    clock, _, zone = text.partition("wall clock")
    if clock or not text:
        raise NotationError(
            f"{text!r} is no window", "write sliding, wall clock, or wall clock Europe/Berlin"
        )
    time_zone(zone.strip() or "UTC")
    return WallClock(zone.strip() or "UTC")
