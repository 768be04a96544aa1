"""What drills are asked for, and how they are answered: one fault, some, or all of them and a normal week."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from groma.design import Design
from groma.errors import InputError
from groma.questions.drills.answer import Drill, promise
from groma.questions.drills.drilling import WEEK, calm_evening, drill, normal_week
from groma.questions.drills.fault import Fault
from groma.questions.drills.many import Drills
from groma.questions.drills.reading import built_in, load
from groma.questions.drills.stage import applies, expanded, stage_of, suited
from groma.questions.drills.watching import Guard
from groma.words import Table, Words, abridged

MOST_SEED, MOST_WEEKS = 2**32 - 1000, 1000


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked.

    Attributes:
        names: of faults; none for all of them.
        own: a file of faults of one's own, which are asked for as well.
        seed: of everything that is drawn.
        weeks: how many normal weeks, each drawn by another seed.
    """

    names: Sequence[str] = ()
    own: Path | None = None
    seed: int = 1
    weeks: int = 1


@dataclass(frozen=True, slots=True)
class FaultList:
    """The faults that are known, each with why it cannot happen to a design; empty where it can."""

    name: str
    faults: tuple[tuple[Fault, str], ...]

    def words(self) -> Words:
        """A table of those that can happen, and the names of the others."""
        shown = [fault for fault, why in self.faults if not why]
        rows = tuple((each.name, each.what, promise(each).removeprefix("promised: ")) for each in shown)
        table = Table("", ("fault", "what happens", "promised"), rows)
        others = [f"{fault.name} ({why})" for fault, why in self.faults if why]
        lines = [f"cannot happen here: {', '.join(others)}"] if others else []
        return Words(f"{self.name}: faults to drill", (table,), tuple(lines))

    def document(self) -> object:
        """For machines."""
        return [
            {
                "name": fault.name,
                "what": fault.what,
                "told": fault.told,
                "within_s": fault.within_s,
                "because": fault.because,
                "do": fault.do,
                "applies": not why,
                "why_not": why,
            }
            for fault, why in self.faults
        ]


def fault_list(design: Design, own: Path | None = None) -> FaultList:
    """All faults that are known, and which can happen to a design. Raises InputError, Infeasible."""
    stage = stage_of(design, (), 1)
    known = (suited(each, stage) for each in (*_known(own).values(), WEEK))
    faults = tuple((each, applies(each, stage)) for each in known)
    return FaultList(design.workload.name, faults)


def drilled(
    design: Design, guards: Sequence[Guard], where: str, asked: Asked, step: Callable[[str], None]
) -> Drills:
    """Drill a design.

    Args:
        guards: its alarms; where: whose they are, in a few words.
        step: told what is done next.

    Raises:
        InputError: a fault is not known, or cannot happen to the design.
        Infeasible: it has no traffic that could be simulated.
    """
    if not 0 <= asked.seed <= MOST_SEED:
        raise InputError(f"{asked.seed} is out of bounds", where="--seed", hint=f"from 0 to {MOST_SEED:,}")
    if not 1 <= asked.weeks <= MOST_WEEKS:
        raise InputError(f"{asked.weeks} is out of bounds", where="--seeds", hint=f"from 1 to {MOST_WEEKS}")
    stage = stage_of(design, guards, asked.seed)
    chosen, left_out = [suited(each, stage) for each in _chosen(asked)], []
    with_week = not asked.names or WEEK.name in asked.names
    calm, found = None, []
    for fault in chosen:
        why = applies(fault, stage)
        if why and not asked.names:
            left_out.append((fault.name, why))
            continue
        for each in expanded(fault, stage):
            if calm is None and not each.is_simulated:
                calm = calm_evening(stage)
            step(each.name)
            found.append(drill(stage, each, calm))
    if with_week:
        found += _weeks(design, guards, asked, step)
    return Drills(
        design.workload.name, where, tuple(found), tuple(left_out), tuple(guards), whole=not asked.names
    )


def _weeks(
    design: Design, guards: Sequence[Guard], asked: Asked, step: Callable[[str], None]
) -> Iterator[Drill]:
    """Normal weeks; several are named by their seeds, and of each only what was told is kept."""
    for seed in range(asked.seed, asked.seed + asked.weeks):
        several = asked.weeks > 1
        name = f"{WEEK.name}@{seed}" if several else WEEK.name
        step(name)
        week = normal_week(stage_of(design, guards, seed))
        yield replace(week, fault=replace(week.fault, name=name), series={} if several else week.series)


def _known(own: Path | None) -> dict[str, Fault]:
    known = {each.name: each for each in built_in()}
    for each in load(own) if own else ():
        known[each.name] = each
    return known


def _chosen(asked: Asked) -> tuple[Fault, ...]:
    """The faults that are named, in the order of the names; all, or all of one's own, where none is."""
    known = _known(asked.own)
    if not asked.names:
        return tuple(known.values())
    found = []
    for name in asked.names:
        if name == WEEK.name:
            continue
        if name not in known:
            raise InputError(
                f"there is no fault {abridged(name)}", where="--fault", hint="groma drill --list names all"
            )
        found.append(known[name])
    return tuple(found)
