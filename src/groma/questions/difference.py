"""What changes between two designs: sizes, goals, bill, alarms, what binds and breaks first, who notices."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any

from groma.bill import SMALL_USD, Bill, bill
from groma.design import Design
from groma.design.making import as_stated
from groma.questions.changed_parts import Line, Set, alarms_of, bill_lines, elements, in_place, stated
from groma.questions.growth import carried
from groma.terraform.effects import Effect, effects
from groma.words import Cell, Mark, Table, Words

AHEAD = 100
"""How many times its users a design is followed to see what breaks first."""
CENT = 0.005
MONEY = ("before", "now", "±")
SIDE_BY_SIDE = "two stacks side by side: neither becomes the other"
NOTHING_NOTICED = "nothing restarts, is replaced or loses data"


@dataclass(frozen=True)
class Fact:
    """One thing that both designs have, in words, and by how much it differs where that is a number."""

    about: str
    before: str
    now: str
    by: str = ""


@dataclass(frozen=True)
class Difference:
    """A design beside another.

    Attributes:
        names: what the two are called, the earlier one first: `HEAD~1`, `groma.yaml`.
        before, after: the designs, with what was rejected of each.
        refused: why the one cannot become the other in place; empty where it can.
        effects: what users or data notice on the way, the worst first.
        facts: sizes and goals, those that are the same, too.
        lines: lines of the bill that differ.
        alarms, elements: ids of alarms, and labels of elements, that come, go and change.
        in_place: elements whose settings change without anybody noticing.
        stated: keys of the workload that differ.
        side_by_side: whether they are two environments, of which neither becomes the other.
    """

    names: tuple[str, str]
    before: Design
    after: Design
    refused: str
    effects: tuple[Effect, ...]
    facts: tuple[Fact, ...]
    lines: tuple[Line, ...]
    alarms: Set
    elements: Set
    in_place: tuple[str, ...]
    stated: tuple[Fact, ...]
    side_by_side: bool = False

    @property
    def changes(self) -> bool:
        """Whether anything is to be changed in a cloud, or in what it costs or reaches."""
        moved = any(fact.before != fact.now for fact in self.facts)
        sets = (self.refused, self.effects, self.lines, self.in_place, self.alarms.any, self.elements.any)
        return moved or any(sets)

    @property
    def interrupts(self) -> tuple[Effect, ...]:
        """What users or data notice."""
        return tuple(effect for effect in self.effects if effect.interrupts)

    @cached_property
    def bills(self) -> tuple[Bill, Bill]:
        """Both bills."""
        return bill(self.before.architecture), bill(self.after.architecture)

    @property
    def more_usd(self) -> Mapping[str, float]:
        """How much more it costs a month: low, likely and high, each case against its own."""
        then, now = (priced.monthly_usd for priced in self.bills)
        cases = {
            "low": (then.low, now.low),
            "likely": (then.likely, now.likely),
            "high": (then.high, now.high),
        }
        return {case: round(after - before, 2) for case, (before, after) in cases.items()}

    def summary(self) -> tuple[str, ...]:
        """The difference in a few lines: the money, the p99, and what is noticed."""
        if not self.changes:
            return ("nothing changes",)
        return (self._money(), *self._noticed())

    def _money(self) -> str:
        more, unknown = self.more_usd, any(priced.unknown for priced in self.bills)
        usd = f"{signed(more['likely'])} a month (low {signed(more['low'])}, high {signed(more['high'])})"
        without = "; prices that are not known are left out" if unknown else ""
        p99 = next((fact for fact in self.facts if fact.about == "p99"), None)
        reached = "" if p99 is None else f"; p99 {p99.before} → {p99.now}" if p99.by else f"; p99 {p99.now}"
        return f"{usd}{reached}{without}"

    def _noticed(self) -> Iterator[str]:
        if self.refused:
            yield self.refused
        for effect in self.interrupts:
            yield f"{effect.kind}: {effect.element}, {effect.what}"
        if not (self.interrupts or self.refused):
            yield SIDE_BY_SIDE if self.side_by_side else NOTHING_NOTICED

    def words(self) -> Words:
        """The sum first, then who notices, sizes and goals, the bill by the line, and the rest."""
        heading = f"{self.after.architecture.name}: {self.names[1]} against {self.names[0]}"
        if not self.changes:
            return Words(heading, lines=("nothing changes",))
        return Words("\n".join((heading, *self._heading())), tuple(self._tables()), tuple(self._rest()))

    def _heading(self) -> Iterator[str]:
        yield self._money()
        if self.refused:
            yield self.refused
        elif not self.interrupts:
            yield SIDE_BY_SIDE if self.side_by_side else NOTHING_NOTICED

    def _tables(self) -> Iterator[Table]:
        if self.effects:
            rows: tuple[tuple[Cell, ...], ...] = tuple(
                (Mark(e.kind, "bad" if e.interrupts else "good"), e.element, e.what) for e in self.effects
            )
            yield Table("What happens on the way", ("", "", ""), rows)
        if self.stated:
            yield Table(
                "Stated", ("", "before", "now"), tuple((f.about, f.before, f.now) for f in self.stated)
            )
        yield Table(
            "Sizes and goals",
            ("", *MONEY),
            tuple((f.about, f.before, "same" if f.before == f.now else f.now, f.by) for f in self.facts),
        )
        if self.lines:
            lines = (*self._lines(), self._total())
            columns, last = ("", *MONEY), len(lines) - 1
            title = "Bill, $ a month: the lines that change"
            yield Table(title, columns, lines, right=MONEY, bold=(last,))

    def _lines(self) -> Iterator[tuple[str, ...]]:
        """The lines that differ; those that differ by little together."""
        small = [line for line in self.lines if not line.unknown and abs(line.more_usd) < SMALL_USD]
        yield from (line.cells() for line in self.lines if line not in small)
        if small:
            more = sum(line.more_usd for line in small)
            what = f"{len(small)} lines that differ by less than ${SMALL_USD:.2f}"
            yield what, "", "", f"{more:+,.2f}"

    def _total(self) -> tuple[str, ...]:
        least = ("at least " if priced.unknown else "" for priced in self.bills)
        sums = (
            f"{each}{priced.monthly_usd.likely:,.2f}" for each, priced in zip(least, self.bills, strict=True)
        )
        return ("total, all lines", *sums, f"{self.more_usd['likely']:+,.2f}")

    def _rest(self) -> Iterator[str]:
        yield from self.elements.lines("elements")
        yield from self.alarms.lines("alarms")
        if self.in_place:
            yield f"changed in place: {', '.join(self.in_place)}"

    def document(self) -> dict[str, Any]:
        """The same as plain values."""
        priced = [each.monthly_usd for each in self.bills]
        return {
            "before": self.names[0],
            "now": self.names[1],
            "changes": self.changes,
            "refused": self.refused,
            "effects": [asdict(effect) for effect in self.effects],
            "facts": [asdict(fact) for fact in self.facts],
            "stated": [asdict(fact) for fact in self.stated],
            "bill": {
                "before_usd": asdict(priced[0]),
                "now_usd": asdict(priced[1]),
                "more_usd": dict(self.more_usd),
                "unknown": [len(each.unknown) for each in self.bills],
                "lines": [asdict(line) for line in self.lines],
            },
            "alarms": asdict(self.alarms),
            "elements": asdict(self.elements),
            "in_place": list(self.in_place),
        }


def difference(
    before: Design, after: Design, names: tuple[str, str], *, side_by_side: bool = False
) -> Difference:
    """What changes when a design takes the place of another.

    Args:
        before: what is, made with its reasons.
        after: what is to be, made with its reasons.
        names: what the two are called.
        side_by_side: whether they are two environments, of which neither becomes the other.
    """
    then, now = before.architecture, after.architecture
    refused = "" if side_by_side else _refused(before, after)
    apart = side_by_side or bool(refused)
    found = () if apart else effects(then, now)
    return Difference(
        names=names,
        before=before,
        after=after,
        refused=refused,
        effects=found,
        facts=tuple(_facts(before, after)),
        lines=bill_lines(bill(then), bill(now), {*then.regions, *now.regions}),
        alarms=alarms_of(then, now),
        elements=elements(then, now),
        in_place=() if apart else in_place(then, now),
        stated=tuple(Fact(*row) for row in stated(as_stated(before), as_stated(after))),
        side_by_side=side_by_side,
    )


def _refused(before: Design, after: Design) -> str:
    """Why a stack is not turned into the other, as `groma up` has it."""
    then, now = before.architecture, after.architecture
    if then.name != now.name:
        return f"another stack: {now.name} is made beside {then.name}"
    if then.blueprint != now.blueprint or then.region != now.region or set(then.regions) - set(now.regions):
        was, is_now = (f"{each.blueprint} in {', '.join(each.regions)}" for each in (then, now))
        return (
            f"{was} is not turned into {is_now}: `groma down` comes first, and takes what users have put in"
        )
    return ""


def _facts(before: Design, after: Design) -> Iterator[Fact]:
    both = _sizes(before), _sizes(after)
    for about in dict.fromkeys((*both[0], *both[1])):
        yield Fact(about, *(each.get(about, "–") for each in both))
    yield from _measured(before, after)
    yield from _fact("what binds", _binds(before), _binds(after))
    yield from _fact("breaks first", _breaks(before), _breaks(after))


def _sizes(made: Design) -> dict[str, str]:
    """Tier, function or table → its size."""
    plan = made.plan
    found = {each.tier: f"{each.desired} × {each.made_of} ({each.min}–{each.max})" for each in plan.sizes}
    found |= {each.name: each.choice.name for each in plan.functions}
    found |= {} if plan.table is None else {"table": plan.table.mode}
    return found | ({} if plan.gateway is None else {"API": plan.gateway.kind})


def _measured(before: Design, after: Design) -> Iterator[Fact]:
    """The p99 and the availability, where they are promised."""
    p99 = [made.plan.latency_ms.get("p99") for made in (before, after)]
    if p99[0] is not None and p99[1] is not None:
        by = p99[1] - p99[0]
        yield Fact("p99", f"{p99[0]:g} ms", f"{p99[1]:g} ms", f"{by:+.1f} ms" if by else "")
    else:
        yield from _fact("p99", *("none" if each is None else f"{each:g} ms" for each in p99))
    shares = [f"{m.availability.value:.4%}" if m.availability.parts else "" for m in (before, after)]
    yield from _fact("availability", *shares)


def _fact(about: str, before: str, now: str) -> Iterator[Fact]:
    if before or now:
        yield Fact(about, before or "–", now or "–")


def _binds(made: Design) -> str:
    """Why no tier is smaller: what the next cheaper size of each would miss."""
    found: dict[str, str] = {}
    for option in made.plan.rejected:
        if option.tier not in found and option.misses not in ("price", "nothing"):
            found[option.tier] = option.misses
    return ", ".join(f"{tier}: {misses}" for tier, misses in found.items())


def _breaks(made: Design) -> str:
    """What breaks first as users grow; empty where functions come with the load."""
    if not made.plan.sizes:
        return ""
    users, breaks = carried(made, made.workload.users.total * AHEAD)
    if breaks is None:
        return f"nothing up to {users:,} users"
    return f"{breaks.tier} beyond {users:,} users: {breaks.limit}"


def signed(usd: float) -> str:
    """`+$12` or `-$3.50`; less than ten dollars with cents."""
    amount = abs(usd)
    text = f"{amount:,.2f}" if CENT <= amount < 10 else f"{amount:,.0f}"
    return f"{'-' if usd <= -CENT else '+' if usd >= CENT else '±'}${text}"
