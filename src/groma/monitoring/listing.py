"""All alarms of a design as an answer: what each watches, from where it fires, and what no data mean."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from groma.answers import Alarm, Expression, Metric
from groma.monitoring.evaluate import Rule
from groma.monitoring.units import unit
from groma.words import Table, Words

BYTES = (("GiB", 2**30), ("MiB", 2**20), ("KiB", 2**10))
COLUMNS = ("alarm", "watches", "fires at", "for", "no data")


@dataclass(frozen=True, slots=True)
class Listing:
    """The alarms of a design, by its name."""

    name: str
    alarms: tuple[Alarm, ...]

    def words(self) -> Words:
        """A table of what each does, and one of why it does it there."""
        rows = tuple(_row(alarm) for alarm in self.alarms)
        why = tuple((alarm.id, alarm.because) for alarm in self.alarms)
        tables = Table("", COLUMNS, rows), Table("Why there", ("", ""), why)
        lines = ("--json shows titles, metrics and dimensions; --test FILE runs cases of your own",)
        return Words(f"{self.name}: {len(rows)} alarms", tables, lines)

    def document(self) -> object:
        """For machines."""
        return {"name": self.name, "alarms": [_document(alarm) for alarm in self.alarms]}


def listing(name: str, alarms: Sequence[Alarm]) -> Listing:
    """The answer about the alarms of a design."""
    return Listing(name, tuple(alarms))


def threshold(alarm: Alarm) -> str:
    """From where it fires, in the metric's unit: `> 80 %`, `< 2 GiB`."""
    of = _unit(alarm)
    if of == "bytes":
        name, size = next((each for each in BYTES if alarm.threshold >= each[1]), ("bytes", 1))
        return f"{alarm.comparison} {alarm.threshold / size:,.4g} {name}"
    value = f"{alarm.threshold:,.10g}"
    return f"{alarm.comparison} {value} {of}".rstrip()


def _row(alarm: Alarm) -> tuple[str, ...]:
    rule = Rule.of(alarm)
    period = f"{rule.period_s // 60} min" if rule.period_s >= 60 else f"{rule.period_s} s"
    window = f"{rule.datapoints} of {rule.evaluation_periods} × {period}"
    return alarm.id, _watched(alarm), threshold(alarm), window, alarm.missing_data


def _watched(alarm: Alarm) -> str:
    if isinstance(alarm.watches, Expression):
        return alarm.watches.label
    return f"{alarm.watches.name}, {alarm.watches.statistic}"


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
        "because": alarm.because,
        "watches": _metric_math(alarm.watches)
        if isinstance(alarm.watches, Expression)
        else _metric(alarm.watches),
        "period_s": rule.period_s,
        "datapoints": alarm.datapoints,
        "evaluation_periods": alarm.evaluation_periods,
        "comparison": alarm.comparison,
        "threshold": alarm.threshold,
        "unit": _unit(alarm),
        "missing_data": alarm.missing_data,
        "mails_gaps": alarm.tells_gaps,
        "mails_its_end": alarm.tells_its_end,
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
