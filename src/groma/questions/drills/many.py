"""What came of many drills of one design: a row for each, and which alarms nothing has tried."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from groma.questions.drills.answer import Drill, minutes
from groma.questions.drills.watching import Guard
from groma.words import Cell, Mark, Table, Words


@dataclass(frozen=True, eq=False)
class Drills:
    """Many drills of one design.

    Attributes:
        name: of the stack; where: whose alarms were asked.
        drills: each; left_out: faults that cannot happen to it, and why.
        guards: all alarms; whole: whether every fault was tried, so that silence of an alarm means something.
    """

    name: str
    where: str
    drills: tuple[Drill, ...]
    left_out: tuple[tuple[str, str], ...]
    guards: tuple[Guard, ...]
    whole: bool = True

    @property
    def ok(self) -> bool:
        """Whether all are as promised."""
        return all(each.ok for each in self.drills)

    @cached_property
    def untried(self) -> tuple[str, ...]:
        """Alarms that nothing has set off, neither for themselves nor as part of another, and that have told
        of no silence.
        """
        every = (turned for each in self.drills for turned in each.turned)
        fired = {turned.guard.id for turned in every if turned.state == "ALARM" or turned.is_call}
        return tuple(each.id for each in self.guards if each.id not in fired)

    @cached_property
    def unnoticed(self) -> tuple[str, ...]:
        """Alarms that are set off, and without which every drill is as promised: others tell as well."""
        good = [each for each in self.drills if each.ok]
        fired = [each.id for each in self.guards if each.id not in self.untried]
        return tuple(each for each in fired if all(drill.without(each).ok for drill in good))

    def words(self) -> Words:
        """A row for each drill, and what is wrong below it."""
        heads = ("", "fault", "told by", "as", "after", "mails", "hurt")
        notes = ("mails: pages + tickets; hurt: users whose requests failed or were slow",)
        table = Table("", heads, tuple(map(_row, self.drills)), right=heads[4:], notes=notes)
        good = sum(each.ok for each in self.drills)
        lines = [f"{each.fault.name}: {text}" for each in self.drills for text in each.wrong]
        lines.append(f"{good} of {len(self.drills)} as promised")
        if self.whole and self.untried:
            lines.append(f"set off by none of them: {', '.join(self.untried)}")
        if self.whole and self.unnoticed:
            lines.append(f"others tell what these tell as well: {', '.join(self.unnoticed)}")
        if self.left_out:
            lines.append(f"cannot happen here: {', '.join(name for name, _ in self.left_out)}")
        return Words(f"{self.name}: fire drills, {self.where}", (table,), tuple(lines))

    def document(self) -> dict[str, object]:
        """For machines, with the matrix of faults and alarms."""
        return {
            "stack": self.name,
            "alarms": self.where,
            "ok": self.ok,
            "drills": [each.document() for each in self.drills],
            "matrix": {each.fault.name: self._fired(each) for each in self.drills},
            "untried": list(self.untried) if self.whole else [],
            "unnoticed": list(self.unnoticed) if self.whole else [],
            "left_out": dict(self.left_out),
        }

    def _fired(self, drill: Drill) -> Mapping[str, str]:
        """Alarms that were on after a fault began, in the design's order, and as what each told of it."""
        found: dict[str, str] = {}
        for each in drill.turned:
            if each.at_s > drill.begin_s and each.state != "OK" and (each.state == "ALARM" or each.is_call):
                found[each.guard.id] = each.told or found.get(each.guard.id, "")
        return {each.id: found[each.id] for each in self.guards if each.id in found}


def _row(drill: Drill) -> tuple[Cell, ...]:
    first = drill.caught or next(iter(drill.calls), None)
    by, told, after = "–", "–", "–"
    if first is not None:
        by, told, after = first.guard.id, str(first.told), minutes(first.at_s - drill.begin_s)
    return (
        _ok_mark(drill),
        drill.fault.name.replace("@", " of "),
        by,
        told,
        after,
        " + ".join(f"{count}" for count in drill.mails.values()),
        _users(drill),
    )


def _users(drill: Drill) -> str:
    return f"{drill.hurt.users:,}" if drill.fault.is_simulated else "–"


def _ok_mark(drill: Drill) -> Mark:
    return Mark("ok", "good") if drill.ok else Mark("no", "bad")
