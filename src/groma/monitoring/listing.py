"""All alarms of a design as an answer: what each watches, from where it fires and why, what is to be done."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from groma.answers import Alarm, Composite, Expression, Metric
from groma.architecture import Architecture
from groma.errors import InputError
from groma.monitoring.alarms import alarms, composites
from groma.monitoring.entries import Entry, cost_limits, entries, groups, label
from groma.monitoring.evaluate import Rule
from groma.monitoring.wording import unit_of
from groma.words import Table, Words

COLUMNS = ("alarm", "fires at", "for")


@dataclass(frozen=True, slots=True)
class Listing:
    """The alarms of a design, by its name; what its regions have alike is one entry.

    `costs` are what budgets tell of, and why from there on.
    """

    name: str
    alarms: tuple[Alarm, ...]
    composites: tuple[Composite, ...]
    entries: tuple[Entry, ...]
    costs: tuple[tuple[str, str], ...]

    def words(self) -> Words:
        """A table of what each kind does, of what is told of costs, and of why it does it there."""
        tables = tuple(_table(title, found) for title, found in groups(self.entries))
        if self.costs:
            tables += (Table("Costs of the account: tickets", ("above", "why there"), self.costs),)
        why = tuple((label(each, self.entries), each.derived_from) for each in self.entries)
        lines = (
            "--of NAME says all of one: what it means, what to look at, what to do; --json all of all",
            "--test FILE runs cases of your own",
        )
        number = len(self.alarms) + len(self.composites)
        return Words(f"{self.name}: {number} alarms", (*tables, Table("Why there", ("", ""), why)), lines)

    def document(self) -> object:
        """For machines."""
        return {
            "name": self.name,
            "alarms": [_document(alarm) for alarm in self.alarms],
            "composites": [asdict(each) for each in self.composites],
            "costs": [{"above": above, "derived_from": because} for above, because in self.costs],
        }

    def of(self, name: str) -> Closer:
        """The alarms of a name, with or without that of the stack or the region, or all whose names begin so.

        Raises:
            InputError: there is none.
        """
        known = {each: (each.id, *each.names, *_whole(each)) for each in self.entries}
        found = [each for each, names in known.items() if name in names]
        if name and not found:
            found = [each for each, names in known.items() if any(n.startswith(name) for n in names)]
        if not found:
            hint = f"there are {', '.join(dict.fromkeys(each.id for each in self.entries))}"
            raise InputError(f"there is no alarm {name!r}", hint=hint)
        ids = {id_ for each in found for id_ in _whole(each)}
        every: tuple[Alarm | Composite, ...] = (*self.composites, *self.alarms)
        return Closer(self.name, tuple(found), tuple(each for each in every if each.id in ids))


@dataclass(frozen=True, slots=True)
class Closer:
    """Everything about some alarms of a design."""

    name: str
    entries: tuple[Entry, ...]
    alarms: tuple[Alarm | Composite, ...]

    def words(self) -> Words:
        """A table for each, what somebody needs at night first."""
        return Words(
            "", tuple(Table(label(each, self.entries), ("", ""), each.rows()) for each in self.entries)
        )

    def document(self) -> object:
        """For machines."""
        return {
            "name": self.name,
            "alarms": [_document(each) if isinstance(each, Alarm) else asdict(each) for each in self.alarms],
        }


def listing(architecture: Architecture) -> Listing:
    """The answer about the alarms of a design."""
    found = alarms(architecture), composites(architecture)
    return Listing(architecture.name, *found, entries(architecture), cost_limits(architecture))


def _table(title: str, found: tuple[Entry, ...]) -> Table:
    """What each of a kind does; below it, of which of them silence is told."""
    rows = tuple((each.id, each.fires if each.window else each.lasting, each.window) for each in found)
    notes = tuple(
        f"silence is a {told} of {', '.join(ids)}"
        for told in ("page", "ticket")
        if (ids := [each.id for each in found if each.silence_told == told])
    )
    return Table(title, COLUMNS, rows, notes=notes)


def _whole(each: Entry) -> tuple[str, ...]:
    """Its ids in the whole architecture."""
    return tuple(f"{region}/{each.id}" for region in each.regions) or (each.id,)


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
        "unit": unit_of(alarm),
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
