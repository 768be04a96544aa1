"""What a design would come to if some of its quantities turned out otherwise; nothing is done twice.

Two questions are asked of each value. What the cheapest design for it costs: whoever measures before building
would build that. And how the design as it is stands there: whoever builds before measuring has that. Most
quantities change no size, so that their bill is made with the sizes that there are; a search is bounded from
both sides before it is made.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from groma.architecture import Architecture
from groma.bill import Bill, bill
from groma.blueprints import BLUEPRINTS
from groma.components.global_database import GlobalDatabase
from groma.design.making import Design, as_stated, cheapest
from groma.errors import Infeasible
from groma.sizing.functions import keeps_with, with_choice
from groma.sizing.ranked import least_usd
from groma.sizing.standing import Break, carried, mended, standing
from groma.sizing.units import FunctionUnit, ServerTiers, Unit, counted, tiers_of, with_servers
from groma.sizing.values import Plan, Size, Tier
from groma.workload import Workload
from groma.workload.demand import Demand, demand
from groma.workload.uncertain import Path, taken_as

Values = dict[Path, float]
CENT = 0.01
SLACK_USD, SLACK = 5.0, 0.1
"""How far a bound of a bill may be off: what comes with machines beside their own price, such as alarms."""
MOST_SAVED = 0.9
"""By Spot, by which no size is chosen: "up to a 90% discount"
(https://aws.amazon.com/blogs/compute/best-practices-to-optimize-your-amazon-ec2-spot-instances-usage/, read
2026-11-29)."""


@dataclass(frozen=True)
class Stands:
    """How the sizes of a design stand: the p99, and what breaks first; None when every goal is kept."""

    p99_ms: float
    breaks: Break | None


@dataclass(frozen=True)
class _Case:
    """The design's workload with other values."""

    workload: Workload
    demand: Demand
    units: tuple[Unit, ...]

    @cached_property
    def is_possible(self) -> bool:
        """Whether each of its functions by itself can keep its goal."""
        return all(unit.is_possible for unit in self.units if isinstance(unit, FunctionUnit))


class Elsewhere:
    """The cheapest design of a workload for its likely values, nothing bought by `spend`, and others."""

    def __init__(self, made: Design) -> None:
        plain = as_stated(made).model_copy(update={"sizing": "likely", "spend": None})
        usual = made.spent is None and made.workload.sizing == "likely"
        self.made = made if usual else cheapest(plain, reasons=False)
        self._workload, self._terms = plain, made.architecture.terms
        self._bounded: dict[frozenset[tuple[Path, float]], tuple[float, float]] = {}
        self._least: dict[frozenset[tuple[Path, float]], float] = {}
        self._grown_sizes: dict[int, tuple[tuple[Size, ...], bool]] = {}
        self._cases: dict[frozenset[tuple[Path, float]], _Case | None] = {}

    @cached_property
    def usd_per_month(self) -> float:
        """What the design itself costs."""
        return self._bill(self._now, self.made.plan).monthly_usd.likely

    @cached_property
    def at_least(self) -> bool:
        """Whether a price of it is unknown, so that there is more to its bill."""
        return bool(self._bill(self._now, self.made.plan).unknown)

    @cached_property
    def _now(self) -> _Case:
        return self._case_of(self._workload)

    def least(self, values: Values) -> float | None:
        """What the cheapest design costs there, in USD a month; None where there is none."""
        key = frozenset(values.items())
        if key not in self._least:
            low, high = self.bounds(values)
            self._least[key] = low if low == high else self._searched(values)
        usd = self._least[key]
        return None if math.isinf(usd) else usd

    def _searched(self, values: Values) -> float:
        case = self._at(values)
        assert case is not None, "what cannot be is bounded by infinity"
        try:
            return _usd(self._architecture(case, self._sized(case)))
        except Infeasible:
            return math.inf

    def known(self, values: Values) -> tuple[float, float]:
        """Between what `least` lies as far as anybody has asked: twice that itself once it was found."""
        usd = self._least.get(frozenset(values.items()))
        return self.bounds(values) if usd is None else (usd, usd)

    def bounds(self, values: Values) -> tuple[float, float]:
        """Between what `least` lies, in USD a month, found without a search.

        The second is infinite where nobody knows, both where no design is possible.
        """
        key, case = frozenset(values.items()), self._at(values)
        if case is None or not case.is_possible:
            return math.inf, math.inf
        if key not in self._bounded:
            self._bounded[key] = self._bounds(case)
        return self._bounded[key]

    def at_most(self, values: Values) -> float:
        """What `least` does not exceed, in USD a month, found without a search: some design costs as much.

        Infinite where none is found so.
        """
        high, case = self.known(values)[1], self._at(values)
        if math.isfinite(high) or case is None or not case.is_possible or self._servers(case) is None:
            return high
        sizes = mended(*self._asked(case))
        if sizes is None:
            return math.inf
        plan = replace(self._grown(case), sizes=sizes)
        architecture = self._architecture(case, plan)
        return _usd(architecture) + self._slack(plan) * _times(architecture)

    def cannot_be(self, values: Values) -> bool:
        """Whether no design is possible, as far as that is known without any bill."""
        case = self._at(values)
        return case is None or not case.is_possible

    def _bounds(self, case: _Case) -> tuple[float, float]:
        plan = self._grown(case)
        architecture = self._architecture(case, plan)
        usd, times = _usd(architecture), _times(architecture)
        if self._servers(case) is None:
            return usd, usd
        machines, kept = _machines_usd(plan), self._carried(case)[1]
        more = _steady_usd(plan) - machines
        if kept and more < CENT and self._is_harder(case, plan):
            return usd, usd
        least = self._least_machines(case)
        if kept and more < CENT and machines <= least + CENT:
            return usd, usd
        slack = self._slack(plan) * times
        low = usd - max(machines - least, 0.0) * times - slack
        return low, usd + more * times + slack if kept else math.inf

    def _slack(self, plan: Plan) -> float:
        """How far the bill with the machines of a plan may be from what is said of it, in each region.

        A standby has some of the same machines: fewer or smaller ones at home may be dearer there, by no more
        than those at home cost.
        """
        machines_usd = _machines_usd(plan)
        spot = MOST_SAVED * machines_usd if self._workload.machines.spot else 0.0
        standby = machines_usd if self.made.wish.standby else 0.0
        return SLACK_USD + SLACK * machines_usd + spot + standby

    def _is_harder(self, case: _Case, plan: Plan) -> bool:
        """Whether nothing is asked less: what was the cheapest and still does is the cheapest there, too."""
        if [each.desired for each in plan.sizes] != [each.desired for each in self.made.plan.sizes]:
            return False
        pairs = zip(tiers_of(self._now.units), tiers_of(case.units), strict=True)
        return all(_asks_no_less(now, then) for then, now in pairs)

    def stands(self, values: Values) -> Stands | None:
        """How the sizes that there are stand there; None where the load itself is beyond everything."""
        case = self._at(values)
        return None if case is None else self._stand(case)

    def keeps(self, values: Values) -> bool:
        """Whether the sizes that there are keep every goal there; it takes no p99."""
        case = self._at(values)
        if case is None:
            return False
        kept = self._servers(case) is None or self._carried(case)[1]
        functions = ((now.tier, self.made.plan.function(now.tier.name)) for now in self._functions(case))
        return kept and all(keeps_with(tier, size.choice) for tier, size in functions)

    def _stand(self, case: _Case) -> Stands:
        """How servers stand, and functions with the memory that they have."""
        p99_ms, breaks = self.made.plan.latency_ms.get("p99", 0.0), None
        if self._servers(case) is not None:
            found = standing(*self._asked(case))
            p99_ms, breaks = found.p99_ms, found.breaks
        for now in self._functions(case):
            if breaks is None:
                size, miss = with_choice(now.tier, self.made.plan.function(now.tier.name).choice)
                p99_ms = size.held_ms["p99"] if now.answers else p99_ms
                breaks = None if miss is None else Break(now.tier.name, *miss)
        return Stands(p99_ms, breaks)

    def _functions(self, case: _Case) -> Iterator[FunctionUnit]:
        """The functions that are asked something else there."""
        for unit, now in zip(self._now.units, case.units, strict=True):
            if isinstance(now, FunctionUnit) and unit != now:
                yield now

    def _servers(self, case: _Case) -> tuple[ServerTiers, ServerTiers] | None:
        """The servers as they were to be sized and as they are there; None where they are the same."""
        for unit, now in zip(self._now.units, case.units, strict=True):
            if isinstance(now, ServerTiers) and isinstance(unit, ServerTiers) and unit != now:
                return unit, now
        return None

    def _carried(self, case: _Case) -> tuple[tuple[Size, ...], bool]:
        """What auto scaling makes of servers that have another load, and whether they keep the goals."""
        if id(case) not in self._grown_sizes:
            self._grown_sizes[id(case)] = carried(*self._asked(case))
        return self._grown_sizes[id(case)]

    def _asked(self, case: _Case) -> tuple[Sequence[Tier], Sequence[Tier], Plan, float]:
        servers = self._servers(case)
        assert servers is not None, "asked of servers that have another load"
        then, now = servers
        return then.tiers, now.tiers, self.made.plan, now.p99_ms

    def _grown(self, case: _Case) -> Plan:
        """The plan with as many machines as auto scaling makes of it; all else sized anew."""
        plan = Plan()
        if case.units == self._now.units:
            return self.made.plan
        for unit, now in zip(self._now.units, case.units, strict=True):
            if not isinstance(now, ServerTiers):
                plan = counted(now, plan)
            elif unit == now:
                plan = with_servers(plan, self.made.plan)
            else:
                plan = with_servers(plan, replace(self.made.plan, sizes=self._carried(case)[0]))
        return plan

    def _least_machines(self, case: _Case) -> float:
        """The least that the machines of a case could cost, whatever their times."""
        return sum(least_usd(unit.tiers) for unit in case.units if isinstance(unit, ServerTiers))

    def _sized(self, case: _Case) -> Plan:
        """The cheapest plan there, as far as a bill can tell."""
        if case.units == self._now.units:
            return self.made.plan
        plan = Plan()
        for unit in case.units:
            plan = counted(unit, plan)
        return plan

    def _bill(self, case: _Case, plan: Plan) -> Bill:
        return bill(self._architecture(case, plan))

    def _architecture(self, case: _Case, plan: Plan) -> Architecture:
        blueprint = BLUEPRINTS[case.workload.blueprint]
        made = blueprint.to_be_billed(case.workload, case.demand, plan, self.made.wish)
        return replace(made, terms=self._terms)

    def _at(self, values: Values) -> _Case | None:
        """The case of some values; None where the load itself is beyond everything."""
        key = frozenset(values.items())
        if key not in self._cases:
            try:
                self._cases[key] = self._case_of(taken_as(self._workload, values))
            except Infeasible:
                self._cases[key] = None
        return self._cases[key]

    def _case_of(self, workload: Workload) -> _Case:
        load = demand(workload)
        return _Case(workload, load, self._units(workload, load))

    def _units(self, workload: Workload, load: Demand) -> tuple[Unit, ...]:
        return tuple(BLUEPRINTS[workload.blueprint].units(workload, load, self.made.wish))


def _usd(architecture: Architecture) -> float:
    return bill(architecture).monthly_usd.likely


def _times(architecture: Architecture) -> int:
    """How often the machines of a plan stand at the most: in each region, in each of several databases."""
    return max(len(architecture.regions), len(architecture.of_type(GlobalDatabase)))


def _machines_usd(plan: Plan) -> float:
    """What the machines of a plan cost a month."""
    return sum(size.usd_per_month for size in plan.sizes)


def _steady_usd(plan: Plan) -> float:
    """The same if no group shrank in the night, as some must not: no less than that."""
    return sum(size.usd_per_month * max(size.desired / size.mean, 1.0) for size in plan.sizes)


def _asks_no_less(now: Tier, then: Tier) -> bool:
    """Whether a tier asks at least as much of its machines as it did, in everything."""
    more = all(
        getattr(now, name) >= getattr(then, name)
        for name in ("working_gib", "gbps", "burst", "iops", "volume_mbps", "hourly")
    )
    loads = ((now.load, then.load), (now.high, then.high))
    busier = all(
        one.rate_per_s >= other.rate_per_s and one.service_s >= other.service_s and one.scv >= other.scv
        for one, other in loads
    )
    return more and busier
