"""Alarms as people read them: one entry for what several regions have alike, those to get up for first.

The terminal, `RUNBOOK.md` and the page show the same entries.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from groma.answers import Alarm, Composite, Runbook
from groma.architecture import Architecture
from groma.components.operations import Budget
from groma.monitoring.alarms import alarms, composites
from groma.monitoring.wording import condition, quiet, silence, since, spans_s, watched, window

Tells = Literal["page", "ticket", "nobody"]
HEADINGS: dict[Tells, str] = {
    "page": "Pages: somebody gets up",
    "ticket": "Tickets: for the hours of work",
    "nobody": "Told by a composite alarm",
}
"""In the order in which they are read."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One alarm, or the same one of several regions.

    Attributes:
        id: within its region: `web-cpu`.
        component: the id of what it watches, within its region.
        regions: those that have it; none for what stands outside of them, and in a design of one region.
        names: what CloudWatch calls it, one for each region.
        title: what it says when it fires.
        tells: as what.
        spoken_for: the composite alarm that speaks for it; empty for one that speaks for itself.
        fires: what has to be: `CPUUtilization > 80 %`.
        quiet: while what it says nothing; empty for what always tells.
        window: for how long: `3 × 5 min`; empty for a composite alarm.
        watches, silence: the metric, and what no data mean; empty for a composite alarm.
        silence_told: as what it is told that data have stopped; empty where it is not.
        since: when what it tells began.
        derived_from: the figures from which its threshold comes.
        runbook: what it means and what to do.
    """

    id: str
    component: str
    regions: tuple[str, ...]
    names: tuple[str, ...]
    title: str
    tells: Tells
    spoken_for: str
    fires: str
    quiet: str
    window: str
    watches: str
    silence: str
    silence_told: str
    since: str
    derived_from: str
    runbook: Runbook

    @property
    def lasting(self) -> str:
        """From where it fires and for how long."""
        if self.window:
            return f"{self.fires}, {self.window}"
        return f"while {self.fires} {'are' if ' and ' in self.fires else 'is'} on"

    @property
    def told(self) -> str:
        """As what it is told, or by whom."""
        return f"{self.tells}; {self.spoken_for} speaks for it" if self.spoken_for else self.tells

    def rows(self) -> tuple[tuple[str, str], ...]:
        """All of it, what somebody needs at night first."""
        found = (
            ("says", self.title),
            ("tells", self.told),
            ("since", self.since),
            ("means", self.runbook.means),
            ("look at", self.runbook.look),
            ("do", self.runbook.do),
            ("fires", self.lasting),
            ("quiet", self.quiet),
            ("derived", self.derived_from),
            ("watches", self.watches),
            ("no data", self.silence),
            ("in", ", ".join(self.regions)),
            ("named", ", ".join(self.names)),
        )
        return tuple(row for row in found if row[1])


def entries(architecture: Architecture) -> tuple[Entry, ...]:
    """All alarms, pages first, of each kind by where they are; what regions have alike is one entry."""
    found: dict[Entry, list[Entry]] = {}
    for each in _each(architecture):
        key = replace(each, regions=(), names=()) if each.regions else each
        found.setdefault(key, []).append(each)
    whole = [_together(alike) for alike in found.values()]
    wheres = list(dict.fromkeys(each.regions for each in whole))
    tells = list(HEADINGS)
    return tuple(sorted(whole, key=lambda each: (tells.index(each.tells), wheres.index(each.regions))))


def cost_limits(architecture: Architecture) -> tuple[tuple[str, str], ...]:
    """From which costs on the account's budgets mail a ticket, and why."""
    return tuple(row for budget in architecture.of_type(Budget) for row in budget.tells)


def groups(found: Sequence[Entry]) -> Iterator[tuple[str, tuple[Entry, ...]]]:
    """The entries by what they tell and where, each group under its heading."""
    keys = dict.fromkeys((each.tells, each.regions) for each in found)
    for tells, regions in keys:
        where = f", in {', '.join(regions)}" if regions else ""
        yield (
            f"{HEADINGS[tells]}{where}",
            tuple(each for each in found if (each.tells, each.regions) == (tells, regions)),
        )


def label(entry: Entry, among: Sequence[Entry]) -> str:
    """Its id, with its regions where another one has the same."""
    is_only = sum(other.id == entry.id for other in among) == 1
    return entry.id if is_only else f"{entry.id} ({', '.join(entry.regions) or 'outside of all regions'})"


def since_of(each: Alarm | Composite, all_alarms: Sequence[Alarm]) -> str:
    """When what it tells began; of a composite alarm, as of the alarm in it that is the soonest over."""
    if isinstance(each, Alarm):
        return since(each)
    if each.any_of:
        return "as the first of its alarms says"
    began = since(min((alarm for alarm in all_alarms if alarm.id in each.all_of), key=spans_s))
    return f"{began}, or since {each.suppressed.by} went on" if each.suppressed else began


def _each(architecture: Architecture) -> Iterator[Entry]:
    for part in architecture.parts:
        here = part.architecture
        own = alarms(here)
        every: tuple[Alarm | Composite, ...] = (*composites(here), *own)
        for each in every:
            regions, name = (part.scope,) if part.scope else (), f"{here.name}-{each.id}"
            yield _entry(each, since_of(each, own), regions, name)


def _together(alike: Sequence[Entry]) -> Entry:
    return replace(
        alike[0],
        regions=tuple(region for each in alike for region in each.regions),
        names=tuple(name for each in alike for name in each.names),
    )


def _entry(each: Alarm | Composite, began: str, regions: tuple[str, ...], name: str) -> Entry:
    whole = Entry(
        id=each.id,
        component=each.component,
        regions=regions,
        names=(name,),
        title=each.title,
        tells=each.severity,
        spoken_for="",
        fires="",
        quiet="",
        window="",
        watches="",
        silence="",
        silence_told="",
        since=began,
        derived_from=each.derived_from,
        runbook=each.runbook,
    )
    if isinstance(each, Composite):
        return replace(whole, fires=(" and " if each.all_of else " or ").join(each.parts), quiet=quiet(each))
    return replace(
        whole,
        tells="nobody" if each.part_of else each.severity,
        spoken_for=each.part_of,
        fires=condition(each),
        window=window(each),
        watches=watched(each),
        silence=silence(each),
        silence_told=each.missing.told or "",
    )
