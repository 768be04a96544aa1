"""What else could be built: cheaper, faster and safer designs.

All of them come from one fixed set of designs: the cheapest for each p99 of a ladder and each headroom, with
and without a standby of the database master, with one NAT gateway and with one per zone. The set does not
depend on the budget, and a design is only ever passed over because it costs too much; so a bigger budget
never gives a worse one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain
from typing import Any, Literal

from groma.blueprints import BLUEPRINTS
from groma.components.nat_gateway import NatGateway
from groma.design import Design, cheapest, rebuilt
from groma.design.outlined import Outline, outline_of, outlined
from groma.errors import Infeasible
from groma.installation.processors import together
from groma.questions.asking import Report, must_have_servers, silent
from groma.questions.bound import Bound, bound
from groma.questions.bound import beside as bounds_beside
from groma.sizing.units import machines_of
from groma.sizing.values import Plan, Wish
from groma.words import Table, Words
from groma.workload import Workload
from groma.workload.demand import Demand, demand

LADDER = 0.75
LONGEST_LADDER = 16
RELAXED = (1.25, 1.6, 2.0)
Kind = Literal["cheaper", "design", "faster", "safer", "independent"]
REMARKS: Mapping[Kind, str] = {
    "cheaper": "cheaper ones miss the p99 goal of the workload",
    "safer": "safer ones have a standby of the database master (Multi-AZ), which takes over by itself",
    "independent": "the independent one has a NAT gateway per zone, which agreements do not count",
}
"""What is said of the kinds whose names do not say it."""
UNSPENT = "the design is the cheapest here: what `spend` buys beyond it is told by `groma plan`"
MEASURES = ("$/month", "p99 ms", "availability", "peak ×", "Multi-AZ", "NAT")


@dataclass(frozen=True)
class Alternative:
    """A design that was asked for something, and what it comes to.

    Attributes:
        outline: what is known of it; most are passed over without being made.
        usd_per_month: the likely bill; at least, where a price is unknown.
        p99_ms: at the likely peak with a zone lost.
        availability: at the load balancer, by agreements.
        carries: how many times the likely peak its servers are sized for.
        multi_az: whether the database master has a standby that takes over by itself.
        nat_per_zone: whether every zone has its own way out.
        keeps_goals: whether it keeps the goals of the workload.
    """

    outline: Outline
    usd_per_month: float
    p99_ms: float
    availability: float
    carries: float
    multi_az: bool
    nat_per_zone: bool
    keeps_goals: bool

    @property
    def design(self) -> Design:
        """The whole design."""
        return self.outline.design

    @property
    def machines(self) -> str:
        """For people: `2 × t4g.small, 2 × db.t4g.large`, one entry per tier."""
        return _machines(self.outline.plan)

    @property
    def worth(self) -> tuple[float, bool, float, float]:
        """What a budget buys, in this order: availability, independent zones, headroom, a lower p99."""
        return (self.availability, self.nat_per_zone, self.carries, -self.p99_ms)

    def cells(self) -> tuple[str, ...]:
        """For people: its `MEASURES`, then its machines."""
        return (
            f"{self.usd_per_month:,.2f}",
            f"{self.p99_ms:g}",
            f"{self.availability:.4%}",
            f"{self.carries:g}",
            "yes" if self.multi_az else "–",
            str(len(self.outline.architecture.of_type(NatGateway))),
            self.machines,
        )

    def document(self, kind: str) -> dict[str, Any]:
        """For machines, as one of a kind."""
        return {
            "kind": kind,
            "monthly_usd": round(self.usd_per_month, 2),
            "p99_ms": self.p99_ms,
            "availability": self.availability,
            "carries": self.carries,
            "multi_az": self.multi_az,
            "nat_per_zone": self.nat_per_zone,
            "keeps_goals": self.keeps_goals,
            "sizes": self.design.plan.chosen,
        }


@dataclass(frozen=True)
class Alternatives:
    """Designs that none beats in cost, p99 and availability at once, cheapest first, each with its kind.

    `bound` are designs with other values of what binds a tier that its load does not.
    """

    workload: Workload
    rows: tuple[tuple[Kind, Alternative], ...]
    bound: tuple[Bound, ...] = ()

    def words(self) -> Words:
        """One row each, and what the kinds mean."""
        title = "Alternatives: none of these is beaten in cost, p99 and availability at once"
        kinds = {kind for kind, _ in self.rows}
        lines = [meaning for kind, meaning in REMARKS.items() if kind in kinds or kind == "independent"]
        lines += [UNSPENT] if self.workload.spend is not None else []
        others = (bounds_beside(self.bound),) if self.bound else ()
        return Words(tables=(beside(title, self.rows), *others), lines=tuple(lines))

    def document(self) -> list[dict[str, Any]]:
        """The same as plain values."""
        return [each.document(kind) for kind, each in self.rows] + [each.document() for each in self.bound]


def beside(title: str, rows: Iterable[tuple[str, Alternative]]) -> Table:
    """Designs in a table, each under a name."""
    cells = tuple((name, *each.cells()) for name, each in rows)
    return Table(title, ("", *MEASURES, "web, app, database"), cells, right=MEASURES)


def alternatives(workload: Workload, report: Report = silent) -> Alternatives:
    """What else could be built for a workload.

    Args:
        workload: what the user states.
        report: is told what is being done.

    Raises:
        Infeasible: not even the cheapest design exists.
        InputError: its blueprint has no servers to exchange.
    """
    found = candidates(workload, report)
    report("relaxing the goal, and varying what binds")
    bounds, rows = together(lambda: bound(found[0].design), lambda: front(workload, found))
    return replace(rows, bound=bounds)


def candidates(workload: Workload, report: Report = silent) -> tuple[Alternative, ...]:
    """All designs that keep the goals: every rung of p99, every headroom, with and without what is safer.

    The first is the design of the workload, with nothing bought by `spend`; the others are sized for the
    likely values.

    Raises:
        Infeasible: not even the cheapest design exists.
        InputError: its blueprint has no servers to exchange.
    """
    must_have_servers(workload)
    report("designing for every headroom and p99")
    made = cheapest(workload, reasons=False)
    usual = outline_of(made)
    found = [_priced(usual), _with_nats(usual)]
    likely = workload.model_copy(update={"sizing": "likely"})
    standbys = _standbys(made)

    def of(factor: float) -> list[list[Alternative]]:
        """Of a headroom; designs with and without a standby have the same times, which are kept."""
        wishes = (Wish(load_factor=factor, multi_az=multi_az) for multi_az in standbys)
        return [list(_rungs(likely, wish, found[0])) for wish in wishes]

    for rungs in zip(*together(*(partial(of, factor) for factor in _headrooms(made))), strict=True):
        found += chain(*rungs)
    return tuple(found)


def _standbys(usual: Design) -> tuple[bool, ...]:
    """With and without a standby of the database master, where there may be one and may be none."""
    if usual.wish.multi_az:
        return (True,)
    other = rebuilt(usual, replace(usual.wish, multi_az=True))
    return (False,) if other.architecture == usual.architecture else (False, True)


def _rungs(workload: Workload, wish: Wish, usual: Alternative) -> Iterator[Alternative]:
    """The designs down the ladder of p99, each with one NAT gateway and with one per zone."""
    before = (usual.machines, usual.multi_az, usual.carries)
    load, same = demand(workload), None
    for rung in range(LONGEST_LADDER):
        asked = replace(wish, p99_ms=workload.slo.p99_ms * LADDER**rung)
        machines = _machines_for(workload, load, asked)
        if machines == same and machines is not None:
            continue
        made = None if machines is None else _outlined(workload, asked)
        if made is None:
            return
        same = machines
        now = (_machines(made.plan), made.wish.multi_az, made.wish.load_factor)
        if now != before:
            yield _priced(made)
            yield _with_nats(made)
        before = now


def front(workload: Workload, found: Sequence[Alternative]) -> Alternatives:
    """The designs that none beats in cost, p99 and availability at once, cheapest first.

    Those that are cheaper than the design of the workload miss its p99 goal and say so. The design with a
    NAT gateway per zone is added as the one of independent zones: an agreement does not count it.
    """
    relaxed = (_relaxed(workload, factor) for factor in RELAXED)
    every = [*found, *(each for each in relaxed if each is not None)]
    best = pareto(every)
    usual = found[0]
    rows: list[tuple[Kind, Alternative]] = [(_kind(each, usual), each) for each in best]
    if all(kind != "design" for kind, _ in rows):
        rows.append(("design", usual))
    if found[1].nat_per_zone != usual.nat_per_zone:
        rows.append(("independent", found[1]))
    ordered = sorted(rows, key=lambda row: (row[1].usd_per_month, row[1].p99_ms))
    return Alternatives(workload, tuple(ordered))


def pareto(found: Iterable[Alternative]) -> list[Alternative]:
    """Those that none beats in one of cost, p99 and availability without being worse in another."""
    kept: list[Alternative] = []
    for each in sorted(found, key=lambda a: (a.usd_per_month, a.p99_ms, -a.availability, a.carries)):
        if not any(k.p99_ms <= each.p99_ms and k.availability >= each.availability for k in kept):
            kept.append(each)
    return kept


def _machines(plan: Plan) -> str:
    return ", ".join(f"{each.desired} × {each.made_of}" for each in plan.sizes)


def _headrooms(cheapest: Design) -> tuple[float, ...]:
    """No more than the likely peak, half-way to its high end, and the high end."""
    peak = cheapest.demand.peak_per_s
    most = peak.high / peak.likely
    return (1.0,) if most < 1.05 else (1.0, round(most**0.5, 2), round(most, 2))


def _machines_for(workload: Workload, load: Demand, wish: Wish) -> tuple[tuple[str, int], ...] | None:
    """The machines of the design for a wish, before anything else of it is made; None when there is none."""
    try:
        return machines_of(BLUEPRINTS[workload.blueprint].units(workload, load, wish))
    except Infeasible:
        return None


def _outlined(workload: Workload, wish: Wish) -> Outline | None:
    try:
        return outlined(workload, wish)
    except Infeasible:
        return None


def _priced(made: Outline, *, keeps_goals: bool = True) -> Alternative:
    return Alternative(
        outline=made,
        usd_per_month=made.usd_per_month,
        p99_ms=made.p99_ms,
        availability=made.availability,
        carries=made.wish.load_factor,
        multi_az=made.wish.multi_az,
        nat_per_zone=_independent(made),
        keeps_goals=keeps_goals,
    )


def _independent(made: Outline) -> bool:
    """Whether every zone has a NAT gateway of its own."""
    architecture = made.architecture
    zones = sum(place.kind == "zone" for place in architecture.places)
    return zones > 0 and len(architecture.of_type(NatGateway)) >= zones


def _with_nats(made: Outline) -> Alternative:
    return _priced(made.rebuilt(replace(made.wish, nat_per_zone=True)))


def _relaxed(workload: Workload, factor: float) -> Alternative | None:
    """The cheapest design for a p99 above the goal; None when it keeps the goal all the same."""
    likely = workload.model_copy(update={"sizing": "likely"})
    made = _outlined(likely, Wish(workload.slo.p99_ms * factor))
    if made is None or made.p99_ms <= workload.slo.p99_ms:
        return None
    return _priced(made, keeps_goals=False)


def _kind(each: Alternative, usual: Alternative) -> Kind:
    if not each.keeps_goals:
        return "cheaper"
    if each.availability > usual.availability:
        return "safer"
    return "design" if each is usual else "faster"
