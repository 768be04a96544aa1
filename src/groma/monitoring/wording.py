"""What an alarm does, in a few words: what it watches, from where it fires, how long, what silence means."""

from __future__ import annotations

from groma.answers import Alarm, Composite, Expression
from groma.monitoring.evaluate import Rule
from groma.monitoring.units import unit

BYTES = (("GiB", 2**30), ("MiB", 2**20), ("KiB", 2**10))
WITHOUT_PLURAL = ("", "%", "ms", "s")


def threshold(alarm: Alarm) -> str:
    """From where it fires, in the metric's unit: `> 80 %`, `< 2 GiB`."""
    of = unit_of(alarm)
    if of == "bytes":
        name, size = next((each for each in BYTES if alarm.threshold >= each[1]), ("bytes", 1))
        return f"{alarm.comparison} {alarm.threshold / size:,.4g} {name}"
    if alarm.threshold == 1 and of not in WITHOUT_PLURAL:
        of = of.removesuffix("s")
    return f"{alarm.comparison} {alarm.threshold:,.10g} {of}".rstrip()


def condition(alarm: Alarm) -> str:
    """What is compared with what: `CPUUtilization > 80 %`."""
    watches = alarm.watches
    name = watches.label.rpartition(", ")[0] if isinstance(watches, Expression) else watches.name
    return f"{name} {threshold(alarm)}"


def window(alarm: Alarm) -> str:
    """For how long: `3 × 5 min`, or `1 of 5 × 1 min` where not all datapoints have to."""
    rule = Rule.of(alarm)
    some = "" if rule.datapoints == rule.evaluation_periods else f"{rule.datapoints} of "
    return f"{some}{rule.evaluation_periods} × {duration(rule.period_s)}"


def watched(alarm: Alarm) -> str:
    """What it looks at: a metric and its statistic, or what its expression computes."""
    if isinstance(alarm.watches, Expression):
        return f"{alarm.watches.label}: {alarm.watches.expression}"
    return f"{alarm.watches.name} of {alarm.watches.namespace}, {alarm.watches.statistic}"


def silence(alarm: Alarm) -> str:
    """What no data mean, and why."""
    told = f"; told as a {alarm.missing.told} when data stop" if alarm.missing.told else ""
    return f"{alarm.missing.treatment}: {alarm.missing.because}{told}"


def quiet(alarm: Composite) -> str:
    """While what a composite alarm says nothing; empty for one that always tells."""
    found = alarm.suppressed
    return f"while {found.by} is on and for {duration(found.extension_s)} after it" if found else ""


def since(alarm: Alarm) -> str:
    """When what it tells began, seen from its mail."""
    rule = Rule.of(alarm)
    if rule.datapoints == 1:
        return f"within the {duration(spans_s(alarm))} before this mail"
    return f"at least {duration(rule.datapoints * rule.period_s)} before this mail"


def spans_s(alarm: Alarm) -> int:
    """How far it looks back."""
    rule = Rule.of(alarm)
    return rule.evaluation_periods * rule.period_s


def duration(seconds: int) -> str:
    """`15 min`."""
    for size, name in ((86_400, "d"), (3600, "h"), (60, "min")):
        if seconds % size == 0:
            return f"{seconds // size} {name}"
    return f"{seconds} s"


def unit_of(alarm: Alarm) -> str:
    """The unit of what it watches; of an expression, the end of its label."""
    if isinstance(alarm.watches, Expression):
        return alarm.watches.label.rpartition(", ")[2]
    return unit(alarm.watches)
