"""What differs between two designs, part by part: lines of the bill, alarms, elements, settings, keys."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from groma.answers import Alarm, BillLine, Composite
from groma.architecture import Architecture
from groma.bill import Bill, together
from groma.monitoring import alarms, composites
from groma.quantity import Range
from groma.terraform.calls import Call, alias, module_calls
from groma.workload import Workload

CENT = 0.005
Watched = Alarm | Composite


@dataclass(frozen=True)
class Line:
    """A line of the bill that differs; None where a side has no such line, or knows no price for it."""

    component: str
    item: str
    before_usd: Range | None
    now_usd: Range | None
    unknown: bool = False

    @property
    def more_usd(self) -> float:
        """How much more it likely costs a month, as far as that is known."""
        was, becomes = (0.0 if usd is None else usd.likely for usd in (self.before_usd, self.now_usd))
        return becomes - was

    def cells(self) -> tuple[str, ...]:
        """For people: what it is, what it costs on both sides and how much more."""
        none = "unknown" if self.unknown else "–"
        sides = (none if usd is None else f"{usd.likely:,.2f}" for usd in (self.before_usd, self.now_usd))
        return (
            f"{self.component}: {self.item}",
            *sides,
            "unknown" if self.unknown else f"{self.more_usd:+,.2f}",
        )


@dataclass(frozen=True)
class Set:
    """Names of what comes, of what goes and of what changes."""

    added: tuple[str, ...]
    removed: tuple[str, ...]
    changed: tuple[str, ...]

    @property
    def any(self) -> bool:
        """Whether there are any."""
        return bool(self.added or self.removed or self.changed)

    def lines(self, what: str) -> Iterator[str]:
        """For people: a line for each of the three that there are."""
        for sign, names in (("new", self.added), ("gone", self.removed), ("changed", self.changed)):
            if names:
                yield f"{what}, {sign}: {', '.join(names)}"


def bill_lines(before: Bill, after: Bill, regions: Collection[str]) -> tuple[Line, ...]:
    """The lines that differ, the largest difference first; those of several regions are added up."""
    then, now = (_by_item(together(each.lines, tuple(regions))) for each in (before, after))
    found = []
    for key in dict.fromkeys((*then, *now)):
        was, becomes = then.get(key), now.get(key)
        usd = [None if each is None else each.monthly_usd for each in (was, becomes)]
        unknown = any(each is not None and each.monthly_usd is None for each in (was, becomes))
        if _differ(usd[0], usd[1]) or (unknown and (was is None or becomes is None)):
            found.append(Line(*key, usd[0], usd[1], unknown))
    return tuple(sorted(found, key=lambda line: -abs(line.more_usd)))


def _by_item(lines: Iterable[BillLine]) -> dict[tuple[str, str], BillLine]:
    """Lines by component and item; two of one name, as of two storage classes, are told by their unit."""
    found: dict[tuple[str, str], BillLine] = {}
    for line in lines:
        key = (line.component, line.item)
        key = key if key not in found else (line.component, f"{line.item}, {line.unit}")
        number = 2
        while key in found:
            key, number = (line.component, f"{line.item}, {number}"), number + 1
        found[key] = line
    return found


def _differ(first: Range | None, second: Range | None) -> bool:
    if first is None or second is None:
        return (first is None) != (second is None) and _most(first or second) >= CENT
    pairs = ((first.low, second.low), (first.likely, second.likely), (first.high, second.high))
    return any(abs(was - becomes) >= CENT for was, becomes in pairs)


def _most(usd: Range | None) -> float:
    return 0.0 if usd is None else max(abs(usd.low), abs(usd.high))


def alarms_of(before: Architecture, after: Architecture) -> Set:
    """Alarms that come, go, and fire at something else."""
    return _sets(_rules(before), _rules(after))


def _rules(architecture: Architecture) -> dict[str, object]:
    every: tuple[Watched, ...] = (*alarms(architecture), *composites(architecture))
    return {each.id: _rule(each) for each in every}


def _rule(alarm: Watched) -> object:
    """From where it fires, for how long, and as what it is told."""
    if isinstance(alarm, Composite):
        return alarm.all_of, alarm.any_of, alarm.severity
    return (
        *(alarm.comparison, alarm.threshold, alarm.evaluation_periods, alarm.datapoints),
        *(alarm.severity, alarm.missing.treatment, alarm.missing.told, alarm.watches),
    )


def elements(before: Architecture, after: Architecture) -> Set:
    """Elements that come and go, by their labels; whoever only changes is told by what changes."""
    then, now = ({c.id: c.label for c in a.components} for a in (before, after))
    added, removed = (_told(one, other) for one, other in ((now, then), (then, now)))
    return Set(added, removed, ())


def _told(these: Mapping[str, str], others: Mapping[str, str]) -> tuple[str, ...]:
    """The labels of those whose ids the others lack."""
    return tuple(dict.fromkeys(label for id_, label in these.items() if id_ not in others))


def _sets(then: Mapping[str, object], now: Mapping[str, object]) -> Set:
    changed = [id_ for id_ in now if id_ in then and then[id_] != now[id_]]
    return Set(
        tuple(_short(id_ for id_ in now if id_ not in then)),
        tuple(_short(id_ for id_ in then if id_ not in now)),
        tuple(_short(changed)),
    )


def _short(ids: Iterable[str]) -> list[str]:
    """Each once, though it be in every region."""
    return list(dict.fromkeys(id_.rpartition("/")[2] for id_ in ids))


def in_place(before: Architecture, after: Architecture) -> tuple[str, ...]:
    """The calls of modules whose arguments differ, each by its name, once for all regions."""
    then, now = module_calls(before), module_calls(after)
    changed = [call for name, call in now.items() if name in then and then[name].arguments != call.arguments]
    return tuple(dict.fromkeys(_without_region(call, after) for call in changed))


def _without_region(call: Call, architecture: Architecture) -> str:
    found = (region for region in architecture.regions if call.name.endswith(f"_{alias(region)}"))
    return call.name.removesuffix(f"_{alias(next(found, ''))}").replace("_", " ")


def stated(before: Workload, after: Workload) -> Iterator[tuple[str, str, str]]:
    """Keys of the two files that differ, with both values."""
    then, now = (dict(_flat(each.model_dump(mode="json"))) for each in (before, after))
    for key in dict.fromkeys((*then, *now)):
        if then.get(key) != now.get(key):
            yield key, _value(then.get(key)), _value(now.get(key))


def _flat(values: Mapping[str, Any], above: str = "") -> Iterator[tuple[str, Any]]:
    """`users.total` for what lies in sections; ranges and lists are values."""
    for name, value in values.items():
        if isinstance(value, Mapping) and not {"low", "likely", "high"} <= value.keys():
            yield from _flat(value, f"{above}{name}.")
        else:
            yield f"{above}{name}", value


def _value(value: Any) -> str:
    if value is None:
        return "–"
    if isinstance(value, Mapping):
        cases = [value[case] for case in ("low", "likely", "high")]
        return f"{cases[1]:,g}" if cases[0] == cases[2] else " / ".join(f"{case:,g}" for case in cases)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
    return f"{value:,}" if isinstance(value, int) else f"{value:,g}"
