"""One kind of thing to be sized, whatever it is: servers, a function, a table, a gateway.

A blueprint states its units in the order in which they are sized. Each adds its own size to the plan, and can
say which neighbours of that size were rejected; so nobody has to ask of what kind a blueprint is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from groma.catalog import TieredPrice
from groma.quantity import Range
from groma.sizing.capacity import size_gateway, size_table
from groma.sizing.functions import fitting, short_list, size_function, why_function
from groma.sizing.search import cheapest, counts, eased, less_busy, p99_of, size, why
from groma.sizing.values import FunctionTier, Plan, Rejected, TableTier, Tier


class Unit(Protocol):
    """Something to be sized, and its sizer."""

    @property
    def names(self) -> tuple[str, ...]:
        """What of it has a size that can be asked about: `web`, `app`, `database`, or a function's name."""

    def sized(self, plan: Plan, *, reasons: bool) -> Plan:
        """The plan with this unit sized, for the least money that keeps its goals.

        Raises:
            Infeasible: nothing in the catalog keeps them.
        """

    def why(self, plan: Plan, name: str) -> tuple[Rejected, ...]:
        """The rejected neighbours of the size that one of `names` has in a plan."""


@dataclass(frozen=True)
class ServerTiers:
    """The tiers that a request passes one after the other, sized together.

    Attributes:
        tiers: at the likely peak.
        p99_ms: the goal for the 99th percentile of their summed time.
        headroom: how many times the peak they are sized for. Target tracking knows only the load that there
            is, and would take a reserve away: with one, groups keep their size day and night, and are paid
            so.
    """

    tiers: tuple[Tier, ...]
    p99_ms: float
    headroom: float = 1.0

    @property
    def names(self) -> tuple[str, ...]:
        """The tiers."""
        return tuple(tier.name for tier in self.tiers)

    def sized(self, plan: Plan, *, reasons: bool) -> Plan:
        """Sizes and latencies; those of the latencies are at the peak, whatever the headroom."""
        made = size(self._loaded, self.p99_ms, reasons=reasons)
        if self.headroom != 1:
            made = eased(self.tiers, made, self.p99_ms, self.headroom)
        return with_servers(plan, made)

    def counted(self, plan: Plan) -> Plan:
        """The same as far as a bill can tell: types and numbers of machines. Raises Infeasible."""
        made = counts(self._loaded, self.p99_ms)
        if self.headroom != 1:
            made = less_busy(self.tiers, made, self.headroom)
        return with_servers(plan, made)

    def answered_ms(self, plan: Plan) -> float:
        """The p99 at the peak on a plan's machines, whatever the headroom, in ms."""
        return p99_of(self.tiers, plan, self.p99_ms)

    @property
    def machines(self) -> tuple[tuple[str, int], ...]:
        """Type and number of the machines of each tier that a plan would have. Raises Infeasible."""
        return tuple((each.choice.name, each.machines) for each in cheapest(self._loaded, self.p99_ms))

    @property
    def _loaded(self) -> tuple[Tier, ...]:
        """The tiers under the load that they are sized for."""
        return tuple(_loaded(tier, self.headroom) for tier in self.tiers)

    def why(self, plan: Plan, name: str) -> tuple[Rejected, ...]:
        """Other counts, sizes, families and cheaper ones, under the load that they are sized for."""
        return why(self._loaded, plan, self.p99_ms, name)


@dataclass(frozen=True)
class FunctionUnit:
    """A Lambda function.

    Attributes:
        answers: whether requests wait for it, so that its latency is that of the plan.
    """

    tier: FunctionTier
    answers: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        """The function."""
        return (self.tier.name,)

    @property
    def is_possible(self) -> bool:
        """Whether any memory keeps its goal."""
        return fitting(self.tier) is not None

    def sized(self, plan: Plan, *, reasons: bool) -> Plan:
        """Memory and processor; what waits for nothing else is the cheapest for itself."""
        made = size_function(self.tier)
        rejected = short_list(self.tier, made) if reasons else ()
        plan = replace(plan, functions=(*plan.functions, made), rejected=(*plan.rejected, *rejected))
        if not self.answers:
            return plan
        return replace(
            plan,
            latency_ms=made.held_ms,
            latency_all_zones_ms=made.held_ms,
            latency_by_class_ms=made.latency_by_class_ms,
            each=made.each,
        )

    def counted(self, plan: Plan) -> Plan:
        """The same as far as a bill can tell: its latencies are not worked out. Raises Infeasible."""
        return replace(plan, functions=(*plan.functions, size_function(self.tier, timed=False)))

    def why(self, plan: Plan, name: str) -> tuple[Rejected, ...]:
        """Every other memory of the processor, and the cheapest of the other one."""
        return why_function(self.tier, plan.function(name))


@dataclass(frozen=True)
class TableUnit:
    """A DynamoDB table."""

    tier: TableTier

    @property
    def names(self) -> tuple[str, ...]:
        """None: there are two ways of paying, and the plan names both."""
        return ()

    def sized(self, plan: Plan, *, reasons: bool) -> Plan:
        """By request or by capacity."""
        return replace(plan, table=size_table(self.tier))

    def why(self, plan: Plan, name: str) -> tuple[Rejected, ...]:
        """Nothing."""
        return ()


@dataclass(frozen=True)
class GatewayUnit:
    """An API, of either kind.

    Attributes:
        per_month, per_s: requests in a month and at peak.
        prices: of a request to an HTTP API and to a REST API; None when unknown.
    """

    per_month: Range
    per_s: Range
    prices: tuple[TieredPrice | None, TieredPrice | None]

    @property
    def names(self) -> tuple[str, ...]:
        """None: there are two kinds, and the plan names the price of both."""
        return ()

    def sized(self, plan: Plan, *, reasons: bool) -> Plan:
        """HTTP or REST."""
        return replace(plan, gateway=size_gateway(self.per_month, self.per_s, self.prices))

    def why(self, plan: Plan, name: str) -> tuple[Rejected, ...]:
        """Nothing."""
        return ()


def counted(unit: Unit, plan: Plan) -> Plan:
    """The plan with a unit sized as far as a bill can tell. Raises Infeasible."""
    if isinstance(unit, ServerTiers | FunctionUnit):
        return unit.counted(plan)
    return unit.sized(plan, reasons=False)


def with_servers(plan: Plan, made: Plan) -> Plan:
    """A plan with the servers of another: their sizes, their latencies, and what was rejected for them."""
    return replace(
        plan,
        sizes=made.sizes,
        latency_ms=made.latency_ms,
        latency_all_zones_ms=made.latency_all_zones_ms,
        latency_by_class_ms=made.latency_by_class_ms,
        each=made.each,
        rejected=(*plan.rejected, *made.rejected),
    )


def tiers_of(units: Sequence[Unit]) -> tuple[Tier, ...]:
    """The tiers of servers among some units, in the order in which a request passes them."""
    return tuple(tier for unit in units if isinstance(unit, ServerTiers) for tier in unit.tiers)


def machines_of(units: Sequence[Unit]) -> tuple[tuple[str, int], ...]:
    """Type and number of the machines of every tier of servers among some units. Raises Infeasible."""
    return tuple(each for unit in units if isinstance(unit, ServerTiers) for each in unit.machines)


def _loaded(tier: Tier, factor: float) -> Tier:
    """A tier with so many times its rates, which leaves the work of a request as it is."""
    if factor == 1:
        return tier
    return replace(
        tier,
        steady=True,
        load=replace(tier.load, rate_per_s=tier.load.rate_per_s * factor),
        high=replace(tier.high, rate_per_s=tier.high.rate_per_s * factor),
        gbps=tier.gbps * factor,
        iops=tier.iops * factor,
        volume_mbps=tier.volume_mbps * factor,
    )
