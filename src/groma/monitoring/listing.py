"""All alarms of a design as an answer: what each watches, from where it fires and why, what is to be done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from groma.answers import Alarm, Composite, Expression, Metric
from groma.errors import InputError
from groma.monitoring.evaluate import Rule
from groma.monitoring.units import unit
from groma.words import Table, Words

BYTES = (("GiB", 2**30), ("MiB", 2**20), ("KiB", 2**10))
COLUMNS = ("alarm", "tells", "silence", "fires at", "for")
TOLD_BY_ANOTHER = "–"
"""Of an alarm that says nothing itself."""


@dataclass(frozen=True, slots=True)
class Listing:
    """The alarms of a design, by its name."""

    name: str
    alarms: tuple[Alarm, ...]
    composites: tuple[Composite, ...]

    @property
    def every(self) -> tuple[Alarm | Composite, ...]:
        """Those of several first, since they speak."""
        return (*self.composites, *self.alarms)

    def words(self) -> Words:
        """A table of what each does, and one of why it does it there."""
        rows = (*map(_composite_row, self.composites), *map(_row, self.alarms))
        why = tuple((each.id, each.derived_from) for each in self.every)
        tables = Table("", COLUMNS, rows), Table("Why there", ("", ""), why)
        lines = (
            "--of NAME says all of one: what it watches, what it means, what to do; --json all of all",
            "--test FILE runs cases of your own",
        )
        return Words(f"{self.name}: {len(rows)} alarms", tables, lines)

    def document(self) -> object:
        """For machines."""
        return {
            "name": self.name,
            "alarms": [_document(alarm) for alarm in self.alarms],
            "composites": [asdict(each) for each in self.composites],
        }

    def of(self, name: str) -> Closer:
        """The alarms of a name, with or without that of the stack, or all whose names begin so.

        Raises:
            InputError: there is none.
        """
        short = name.removeprefix(f"{self.name}-")
        found = [each for each in self.every if each.id == short]
        found = found or [each for each in self.every if each.id.startswith(short)]
        if not found:
            hint = f"there are {', '.join(each.id for each in self.every)}"
            raise InputError(f"there is no alarm {name!r}", hint=hint)
        return Closer(self.name, tuple(found))


@dataclass(frozen=True, slots=True)
class Closer:
    """Everything about some alarms of a design."""

    name: str
    alarms: tuple[Alarm | Composite, ...]

    def words(self) -> Words:
        """A table for each, what to do last."""
        tables = tuple(Table(f"{self.name}-{alarm.id}", ("", ""), _full(alarm)) for alarm in self.alarms)
        return Words("", tables, ())

    def document(self) -> object:
        """For machines."""
        return {
            "name": self.name,
            "alarms": [_document(each) if isinstance(each, Alarm) else asdict(each) for each in self.alarms],
        }


def listing(name: str, alarms: Sequence[Alarm], composites: Sequence[Composite] = ()) -> Listing:
    """The answer about the alarms of a design."""
    return Listing(name, tuple(alarms), tuple(composites))


def threshold(alarm: Alarm) -> str:
    """From where it fires, in the metric's unit: `> 80 %`, `< 2 GiB`."""
    of = _unit(alarm)
    if of == "bytes":
        name, size = next((each for each in BYTES if alarm.threshold >= each[1]), ("bytes", 1))
        return f"{alarm.comparison} {alarm.threshold / size:,.4g} {name}"
    value = f"{alarm.threshold:,.10g}"
    return f"{alarm.comparison} {value} {of}".rstrip()


def window(alarm: Alarm) -> str:
    """For how long: `3 of 3 × 5 min`."""
    rule = Rule.of(alarm)
    return f"{rule.datapoints} of {rule.evaluation_periods} × {_duration(rule.period_s)}"


def watched(alarm: Alarm) -> str:
    """What it looks at: a metric and its statistic, or what its expression computes."""
    if isinstance(alarm.watches, Expression):
        return alarm.watches.label
    return f"{alarm.watches.name}, {alarm.watches.statistic}"


def silence(alarm: Alarm) -> str:
    """What no data mean, and why, in words."""
    told = f"; told as a {alarm.missing.told} when data stop" if alarm.missing.told else ""
    return f"{alarm.missing.treatment}: {alarm.missing.because}{told}"


def _duration(seconds: int) -> str:
    for size, name in ((86_400, "d"), (3600, "h"), (60, "min")):
        if seconds % size == 0:
            return f"{seconds // size} {name}"
    return f"{seconds} s"


def _row(alarm: Alarm) -> tuple[str, ...]:
    tells = TOLD_BY_ANOTHER if alarm.part_of else alarm.severity
    name = (
        alarm.watches.label.rpartition(", ")[0]
        if isinstance(alarm.watches, Expression)
        else alarm.watches.name
    )
    return alarm.id, tells, alarm.missing.told or "", f"{name} {threshold(alarm)}", window(alarm)


def _composite_row(alarm: Composite) -> tuple[str, ...]:
    return alarm.id, alarm.severity, "", f"{' and '.join(alarm.all_of)} on", ""


def _full(alarm: Alarm | Composite) -> tuple[tuple[str, str], ...]:
    runbook, tells = alarm.runbook, str(alarm.severity)
    watches: tuple[tuple[str, str], ...]
    if isinstance(alarm, Composite):
        watches = (("fires", f"while {' and '.join(alarm.all_of)} are on"),)
    else:
        tells = f"nobody; {alarm.part_of} does" if alarm.part_of else tells
        watches = (
            ("watches", watched(alarm)),
            ("fires", f"{threshold(alarm)}, {window(alarm)}"),
            ("no data", silence(alarm)),
        )
    return (
        ("says", alarm.title),
        ("tells", tells),
        *watches,
        ("derived", alarm.derived_from),
        ("means", runbook.means),
        ("look at", runbook.look),
        ("do", runbook.do),
    )


def _unit(alarm: Alarm) -> str:
    """The unit of what it watches; of an expression, the end of its label."""
    if isinstance(alarm.watches, Expression):
        return alarm.watches.label.rpartition(", ")[2]
    return unit(alarm.watches)


def _document(alarm: Alarm) -> dict[str, object]:
    rule = Rule.of(alarm)
    return {
        "id": alarm.id,
        "component": alarm.component,
        "title": alarm.title,
        "severity": alarm.severity,
        "derived_from": alarm.derived_from,
        "watches": _metric_math(alarm.watches)
        if isinstance(alarm.watches, Expression)
        else _metric(alarm.watches),
        "period_s": rule.period_s,
        "datapoints": alarm.datapoints,
        "evaluation_periods": alarm.evaluation_periods,
        "comparison": alarm.comparison,
        "threshold": alarm.threshold,
        "unit": _unit(alarm),
        "missing_data": asdict(alarm.missing),
        "runbook": asdict(alarm.runbook),
        "part_of": alarm.part_of,
        "region": alarm.region,
    }


def _metric_math(watched: Expression) -> dict[str, object]:
    metrics = {name: _metric(metric) for name, metric in watched.metrics.items()}
    return {"label": watched.label, "expression": watched.expression, "metrics": metrics}


def _metric(metric: Metric) -> dict[str, object]:
    dimensions = {
        name: value if isinstance(value, str) else value.expression
        for name, value in metric.dimensions.items()
    }
    return {
        "namespace": metric.namespace,
        "metric": metric.name,
        "statistic": metric.statistic,
        "dimensions": dimensions,
    }
