"""A design as the simulation sees it: in each region rows of servers, and what each class of requests asks.

Everything is read from the plan and from what was to be sized; what neither says is an assumption below.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from groma.blueprints.three_tier.standby import as_standby
from groma.blueprints.worldwide.load import World
from groma.components.server_group import ServerGroup
from groma.components.standby_database import StandbyDatabase
from groma.design import Design, server_tiers
from groma.errors import Infeasible
from groma.simulation.network import UNLIMITED, Kind, Routing, Tier, Visit
from groma.simulation.seen import Cast
from groma.simulation.shapes import Shape
from groma.sizing.starting import boot_s
from groma.sizing.values import ClassWork, Size
from groma.sizing.values import Tier as SizedTier

DRAINED_S = 30.0
"""How long a server that leaves still answers, as the server tier's module sets it."""
WARM_UP_S = 120.0
"""For which a new server counts for no metric, as the server tier's module sets it."""
THREADS_PER_CONNECTION, LEAST_THREADS = 4, 8
"""Requests that a process of the application works on at a time, for each connection that it keeps to a
database, and at least. Assumed for all applications, true of the built-in one."""
LISTEN_BACKLOG = 2048
"""Requests that wait for a process of the application; those beyond are refused. The default of gunicorn
(https://docs.gunicorn.org/en/stable/settings.html, `backlog`, read 2026-11-29)."""
MOST_CONNECTIONS = 8192
"""That a process of a web server holds, as the built-in application's nginx is told."""


@dataclass(frozen=True, slots=True)
class Row:
    """One tier of servers of a region.

    Attributes:
        size: what the plan gave it; zones: over which it is spread evenly.
        stations: queues of one server: its processes, where each works on what it was sent, else one.
        cores: processors of each station; shared: whether all inside share them evenly.
        scales: whether target tracking moves their number.
        pool: connections that each server of the row before keeps to each of these; None for any number.
        threads: requests that a station works on at a time; None for any number.
        backlog: requests that wait for one of these; those beyond are refused.
        routing: how one of them is chosen.
        baseline: share of a burstable processor that lasts for ever.
        start_s: from when one is asked for until it is sent requests; None as servers of EC2 are.
    """

    name: str
    size: Size
    zones: int
    stations: int
    cores: int
    speed: float
    shared: bool
    scales: bool
    pool: int | None = None
    threads: int | None = None
    backlog: int = LISTEN_BACKLOG
    routing: Routing = "random"
    baseline: float | None = None
    start_s: float | None = None

    @property
    def boot_s(self) -> float:
        """From the launch of one until it is sent requests."""
        return boot_s() if self.start_s is None else self.start_s

    @property
    def room(self) -> int:
        """Servers that there may be at once: those at the most, and as many that still drain."""
        return 2 * self.size.max if self.scales else self.size.desired

    def tier(self, servers: int, client_stations: int) -> Tier:
        """The row with so many servers at first, each of whose clients is split into so many stations."""
        pool = None if self.pool is None else max(1, round(self.pool / client_stations))
        return Tier(
            self.name,
            servers * self.stations,
            self.cores,
            self.speed,
            self.shared,
            room=self.room * self.stations,
            pool=pool,
            routing=self.routing,
            workers=UNLIMITED if self.threads is None else self.threads,
            backlog=self.backlog,
        )


@dataclass(frozen=True, slots=True)
class Scene:
    """A region of a design.

    Attributes:
        region: its name; share: of all requests that come to it.
        rows: in the order in which a request passes them; kinds: the classes of requests.
        goal_s: what 99 % of all requests are to keep.
        peak_per_s: requests of all regions at the likely peak; burst: that over the busiest hour.
    """

    region: str
    share: float
    rows: tuple[Row, ...]
    kinds: tuple[Kind, ...]
    goal_s: float
    peak_per_s: float
    burst: float

    @property
    def cast(self) -> Cast:
        """What is shown of it."""
        rows = tuple((row.name, row.size.choice.name) for row in self.rows)
        return Cast(self.region, self.goal_s, tuple(kind.name for kind in self.kinds), rows)

    @property
    def zones(self) -> int:
        """Zones over which the rows are spread."""
        return max(row.zones for row in self.rows)


@dataclass(frozen=True, slots=True)
class Assumed:
    """What is assumed where neither the workload nor the design says.

    Attributes:
        shape: the distribution of service times; None for that of the workload.
        routing: how load balancers choose.
        apart: whether a process of an application works only on what it was sent, so that a server is as many
            queues as it has processes: kept-open connections stick to a process, each of which has one
            interpreter lock.
    """

    shape: Shape | None = None
    routing: Routing = "random"
    apart: bool = True


def scenes_of(design: Design, assumed: Assumed) -> tuple[Scene, ...]:
    """The regions of a design of servers.

    Raises:
        Infeasible: the design has no servers that answer requests.
    """
    tiers = server_tiers(design.workload, design.demand, design.wish)
    if not tiers:
        raise Infeasible(
            f"{design.workload.blueprint} has no traffic that could be simulated",
            where=design.workload.where("blueprint"),
            hint="take a blueprint with users: three-tier, containers, serverless or worldwide",
        )
    whole = _scene(design, tiers, assumed)
    return tuple(replace(whole, region=name, share=share) for name, share in _shares(design, tiers).items())


def _scene(design: Design, tiers: tuple[SizedTier, ...], assumed: Assumed) -> Scene:
    """The home region of a design with these tiers, to which all requests come."""
    shape, peak = shape_of(design, assumed), design.demand.peak_per_s.likely
    return Scene(
        region=design.workload.regions[0],
        share=1.0,
        rows=tuple(_row(design, tiers, position, assumed) for position in range(len(tiers))),
        kinds=tuple(_kind(design, tiers, number, shape) for number in range(len(tiers[0].work))),
        goal_s=design.workload.slo.p99_ms / 1000,
        peak_per_s=peak,
        burst=peak / design.demand.peak_hour_per_s.likely,
    )


def standby_of(design: Design, assumed: Assumed) -> Scene | None:
    """The standby of a design as it stands while nobody comes; None where it has none."""
    region = design.architecture.standby
    if not region:
        return None
    part = next(each.architecture for each in design.architecture.parts if each.scope == region)
    groups = [each.size for each in part.of_type(ServerGroup)]
    alone = [replace(each.size, min=1, desired=1, max=1, mean=1.0) for each in part.of_type(StandbyDatabase)]
    small = replace(design, plan=replace(design.plan, sizes=(*groups, *alone)))
    tiers = server_tiers(as_standby(design.workload, region), design.demand)
    return replace(_scene(small, tiers, assumed), region=region, share=0.0)


def shape_of(design: Design, assumed: Assumed) -> Shape:
    """The distribution of service times that a design is simulated with."""
    return assumed.shape or design.workload.load.service_distribution


def _shares(design: Design, tiers: tuple[SizedTier, ...]) -> dict[str, float]:
    if len(design.workload.regions) < 2:
        return {design.workload.regions[0]: 1.0}
    return World.of(design.workload).shares


def _row(design: Design, tiers: tuple[SizedTier, ...], position: int, assumed: Assumed) -> Row:
    tier = tiers[position]
    size, choice = design.plan.of(tier.name), design.plan.of(tier.name).choice
    database = bool(tier.clients)
    behind = next((each for each in tiers if each.clients == tier.name), None)
    processes = choice.vcpu if assumed.apart and tier.apart else 1
    threads = None if database else MOST_CONNECTIONS * choice.vcpu
    if behind is not None:
        kept = THREADS_PER_CONNECTION * design.plan.of(behind.name).pool / processes
        threads = max(LEAST_THREADS * (choice.vcpu // processes), round(kept))
    routing: Routing = assumed.routing
    if database:
        routing = "random" if tier.scales else "by-role"
    return Row(
        name=tier.name,
        size=size,
        zones=tier.zones,
        stations=processes,
        cores=choice.vcpu // processes,
        speed=choice.speed,
        shared=tier.discipline == "processor-sharing",
        scales=tier.scales,
        pool=size.pool or None,
        threads=threads,
        routing=routing,
        baseline=choice.baseline,
        start_s=tier.start_s,
    )


def _kind(design: Design, tiers: tuple[SizedTier, ...], number: int, shape: Shape) -> Kind:
    """A class of requests: what it asks of each tier, and how often that asks the next."""
    own = [tier.work[number] for tier in tiers]
    asked = [*own[1:], None]
    visits = tuple(_visit(mine, following, shape) for mine, following in zip(own, asked, strict=True))
    return Kind(own[0].name, own[0].share, visits)


def _visit(work: ClassWork, following: ClassWork | None, shape: Shape) -> Visit:
    """One visit. Of the next tier's visits those are writes that it says; a cache answers reads alone."""
    if following is None:
        return Visit(work.service_s, work.scv, shape)
    writes = min(following.writes, following.visits)
    reads = following.visits - writes
    hits = min(1.0, following.hit_share * following.visits / reads) if reads else 0.0
    away_s = following.away_s / writes if writes else 0.0
    return Visit(work.service_s, work.scv, shape, reads=reads, writes=writes, hits=hits, away_s=away_s)
