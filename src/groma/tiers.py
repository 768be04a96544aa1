"""What is to be sized, and the sizes: the values that blueprints and sizing hand to each other.

A blueprint states its tiers (`Tier`), sizing chooses for each one of its `Choice`s and a count (`Size`),
and the blueprint makes the architecture from the sizes. So no component ever exists without its size.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

from groma.catalog import TieredPrice
from groma.quantity import Range
from groma.terms import Buying

MIB_PER_VCPU = 1769
"""Memory with which a function gets one vCPU
(https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html, undated, read 2026-11-22)."""

Discipline = Literal["fifo", "processor-sharing"]
"""How a machine shares itself among its requests: one after the other, or all at once."""


@dataclass(frozen=True, slots=True)
class TierLoad:
    """The work that arrives at a tier, all of it together.

    Attributes:
        rate_per_s: visits per second (a request that makes four queries visits the database four times).
        service_s: mean time of one visit on one vCPU of the reference family (m6i), in seconds.
        scv: squared coefficient of variation of that time: 1 is exponential, more is heavier-tailed.
    """

    rate_per_s: float
    service_s: float
    scv: float

    @classmethod
    def of(cls, requests_per_s: float, work: Iterable[ClassWork]) -> TierLoad:
        """All classes together, each by its share of the visits: E[S²] = Σ w·m²·(1 + cs²) over weights w.

        Args:
            requests_per_s: requests of all classes per second.
            work: what each class asks of the tier.
        """
        parts = [(each.share * each.visits * (1 - each.hit_share), each) for each in work]
        weight = sum(w for w, _ in parts)
        mean = sum(w * each.service_s for w, each in parts) / weight
        square = sum(w * each.service_s**2 * (1 + each.scv) for w, each in parts) / weight
        return cls(requests_per_s * weight, mean, square / mean**2 - 1)

    @property
    def busy(self) -> float:
        """Offered load in Erlang: how many reference vCPUs the work keeps busy."""
        return self.rate_per_s * self.service_s


@dataclass(frozen=True, slots=True)
class ClassWork:
    """What one class of requests asks of a tier.

    Attributes:
        name: the class; all tiers know the same classes.
        share: of all requests; the shares of all classes add up to 1.
        visits: of one request, one after the other; of 2.3 the third is made by three requests in ten.
        service_s: mean time of one visit on one vCPU of the reference family, in seconds.
        scv: squared coefficient of variation of that time within the class.
        hit_share: share of the visits that a cache before the tier answers, which never reach it.
        away_s: time beside all visits that keeps no machine of the tier busy, such as the way to another
            region.
    """

    name: str
    share: float
    visits: float
    service_s: float
    scv: float
    hit_share: float = 0.0
    away_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Choice:
    """A machine that a tier may be made of.

    Attributes:
        name: instance type or database class.
        speed: work of one vCPU relative to the reference family; the low end of what was measured.
        baseline: share of each vCPU that a burstable type may use for ever; None when not burstable.
        usd_per_hour: one machine with all that is bought with it (volume, address), as it runs; None when
            unknown.
        extra_usd_per_hour: what of that is for volume and address, which no reservation covers.
        reserved_usd_per_hour: one machine by reservation, paid in every hour; None when unknown.
        buying: how it is bought.
        ebs_iops, ebs_mbps: what the machine can do to its volumes for ever, in operations per second and
            Mbit/s.
        max_connections: connections that a database of this class accepts; None for other machines.
    """

    name: str
    vcpu: int
    mem_gib: float
    speed: float
    network_gbps: float
    baseline: float | None
    usd_per_hour: float | None
    ebs_iops: float = math.inf
    ebs_mbps: float = math.inf
    max_connections: int | None = None
    extra_usd_per_hour: float = 0.0
    reserved_usd_per_hour: float | None = None
    buying: Buying = "on-demand"

    @property
    def priced(self) -> bool:
        """Whether every price is known that its purchase needs."""
        on_demand = self.usd_per_hour is not None or self.buying in ("reserved-1y", "reserved-3y")
        return on_demand and (self.reserved_usd_per_hour is not None or self.buying == "on-demand")


@dataclass(frozen=True, slots=True)
class Tier:
    """A row of equal machines spread evenly over zones, to be sized.

    Attributes:
        load: the likely load at peak, all classes together: those whom a request waits for.
        high: the load at peak at the high end of the ranges; machines that cannot be added in minutes
            must stand it, and auto-scaled ones must be allowed to grow to it.
        work: what each class of requests asks of this tier, in the same order in every tier.
        zones: number of zones; one of them may be lost at peak.
        working_gib: memory that each machine needs.
        gbps: traffic of the whole tier at peak, in and out.
        hourly: load of each hour of the day over the busiest hour's; each hour keeps room for its burst.
        burst: load at peak over that of the busiest hour.
        scales: whether machines come and go with the load; otherwise one stands in each zone.
        discipline: how a machine shares itself among its requests.
        iops, volume_mbps: what the whole tier asks of its volumes at peak, in operations/s and Mbit/s.
        storage_iops, storage_mbps: what the volume of one machine gives.
        clients: the tier whose machines each keep a pool of connections to every machine of this one.
    """

    name: str
    load: TierLoad
    high: TierLoad
    work: tuple[ClassWork, ...]
    zones: int
    working_gib: float
    gbps: float
    hourly: tuple[float, ...]
    burst: float
    scales: bool
    choices: tuple[Choice, ...]
    discipline: Discipline = "fifo"
    iops: float = 0.0
    volume_mbps: float = 0.0
    storage_iops: float = math.inf
    storage_mbps: float = math.inf
    clients: str = ""


@dataclass(frozen=True, slots=True)
class Size:
    """What a tier was given.

    Attributes:
        min, desired, max: machines in all zones together; a group whose `min` is `desired` only grows.
        mean: machines running on average over the day; what is paid for.
        cpu_target_percent: what target tracking holds, or what is reached at peak for a fixed tier.
        utilisation_at_peak: share of CPU busy at peak with all zones.
        utilisation_zone_lost: the same after the loss of a zone.
        usd_per_month: the machines alone, for comparing sizes.
        pool: connections that each machine of the client tier keeps to each machine of this one.
    """

    tier: str
    choice: Choice
    min: int
    desired: int
    max: int
    mean: float
    cpu_target_percent: int
    utilisation_at_peak: float
    utilisation_zone_lost: float
    usd_per_month: float
    pool: int = 0


@dataclass(frozen=True, slots=True)
class Wish:
    """What a design is asked to be beyond the cheapest that keeps the goals.

    Attributes:
        p99_ms: the goal for the p99 in the place of the workload's; None to keep that.
        load_factor: all tiers are sized for this many times the peak.
        nat_per_zone: a NAT gateway in every zone, so that no zone needs another to reach the internet.
        multi_az: a standby of the database master in another zone, which takes over by itself.
    """

    p99_ms: float | None = None
    load_factor: float = 1.0
    nat_per_zone: bool = False
    multi_az: bool = False


@dataclass(frozen=True, slots=True)
class Rejected:
    """A size that was not chosen, the goal that it misses (or that it only costs more), and its price.

    `differs` says how it differs from what was chosen; empty in the short list.
    """

    tier: str
    option: str
    misses: str
    by: str
    usd_per_month: float
    differs: str = ""


@dataclass(frozen=True, slots=True)
class FunctionWork:
    """What one kind of call asks of a function.

    Attributes:
        name: the class of requests, or what the function does.
        share: of all calls; the shares of a function add up to 1.
        cpu_s: CPU time on one vCPU of the reference family, in seconds.
        scv: squared coefficient of variation of that time.
        waits: what the call waits for, one after the other: (how often, seconds of one, its squared
            coefficient of variation); waiting takes time that is paid, and no CPU.
    """

    name: str
    share: float
    cpu_s: float
    scv: float
    waits: tuple[tuple[float, float, float], ...] = ()


@dataclass(frozen=True, slots=True)
class FunctionChoice:
    """A memory and a processor that a function may have; CPU grows with the memory.

    Attributes:
        processor: `arm64` or `x86_64`.
        speed: work of one vCPU of it relative to the reference family.
        request, gb_second: prices; None when unknown.
    """

    processor: str
    memory_mib: int
    speed: float
    request: TieredPrice | None
    gb_second: TieredPrice | None

    @property
    def name(self) -> str:
        """For people: `512 MB arm64`."""
        return f"{self.memory_mib:,} MB {self.processor}"

    @property
    def power(self) -> float:
        """Work that one thread does per second, in seconds of a vCPU of the reference family.

        speed · min(1, memory / 1,769 MB): a call computes in one thread.
        """
        return self.speed * min(1.0, self.memory_mib / MIB_PER_VCPU)


@dataclass(frozen=True, slots=True)
class FunctionTier:
    """A Lambda function to be sized.

    Attributes:
        work: what each kind of call asks of it.
        rate_per_s: calls per second at the likely peak.
        high_per_s: the same at the high end of the ranges.
        hour_per_s: calls per second on average over the busiest hour.
        per_month: calls in a month of 730 hours.
        goal_ms: the 99th percentile of a call's time, with what precedes it.
        before_s: what passes before the function is called, in seconds: a gateway, or a topic and a queue.
        cold_start_s: time that a new environment takes to start.
        idle_s: an environment that was not used for so long is gone.
        life_s: an environment is replaced after so long.
        working_mib: memory that it needs.
        waits_in_queue: whether calls that find all environments busy wait for one, as messages do, so that
            the number of environments is to be limited.
        by_the_clock: whether calls come evenly, one at a time.
    """

    name: str
    work: tuple[FunctionWork, ...]
    rate_per_s: float
    high_per_s: float
    hour_per_s: float
    per_month: Range
    goal_ms: float
    before_s: float
    cold_start_s: float
    idle_s: float
    life_s: float
    working_mib: float
    choices: tuple[FunctionChoice, ...]
    waits_in_queue: bool = False
    by_the_clock: bool = False


@dataclass(frozen=True, slots=True)
class FunctionSize:
    """What a function was given.

    Attributes:
        billed_ms: time of one call that is paid, on average over the day: cold starts included.
        cold_share: share of the calls at peak that start an environment.
        concurrency: calls at once at the likely peak, exceeded by one moment in a thousand.
        concurrency_high: the same at the high end of the ranges: what the function is allowed.
        latency_ms: p50, p95 and p99 at the likely peak, of all calls.
        latency_by_class_ms: the same of each kind of call.
        usd_per_month: calls and time, for comparing sizes.
    """

    name: str
    choice: FunctionChoice
    goal_ms: float
    billed_ms: float
    cold_share: float
    concurrency: int
    concurrency_high: int
    latency_ms: dict[str, float]
    latency_by_class_ms: dict[str, dict[str, float]]
    usd_per_month: float


@dataclass(frozen=True, slots=True)
class TableTier:
    """A DynamoDB table whose way of paying is to be chosen.

    Attributes:
        reads_per_s, writes_per_s: request units per second at peak.
        reads_per_month, writes_per_month: request units in a month of 730 hours.
        hourly: load of each hour of the day over the busiest hour's.
        standing: what bought capacity must stand over the likely peak: the burst at its high end over the
            likely one, for auto scaling takes minutes.
        hot_reads_per_s, hot_writes_per_s: request units per second of the busiest partition key.
        on_demand, provisioned: prices of a read and of a write; None when one is unknown.
    """

    name: str
    reads_per_s: Range
    writes_per_s: Range
    reads_per_month: Range
    writes_per_month: Range
    hourly: tuple[float, ...]
    standing: float
    hot_reads_per_s: float
    hot_writes_per_s: float
    on_demand: tuple[TieredPrice, TieredPrice] | None
    provisioned: tuple[TieredPrice, TieredPrice] | None


@dataclass(frozen=True, slots=True)
class TableSize:
    """How a table is paid for.

    Attributes:
        mode: by request, or capacity that auto scaling moves between two bounds.
        read_capacity, write_capacity: least and most units per second that provisioned capacity has or
            would have.
        mean_capacity: units of read and write capacity on average over the day, when provisioned.
        usd_per_month, other_usd_per_month: units alone, this way and the other; None when unknown.
    """

    mode: Literal["on-demand", "provisioned"]
    read_capacity: tuple[int, int]
    write_capacity: tuple[int, int]
    mean_capacity: tuple[float, float]
    usd_per_month: float | None
    other_usd_per_month: float | None


@dataclass(frozen=True, slots=True)
class GatewaySize:
    """Which kind of API is cheaper, and how many requests it takes.

    Attributes:
        kind: `HTTP` or `REST`.
        rate_per_s, burst: what the stage lets through.
        usd_per_month, other_usd_per_month: requests alone, this kind and the other; None when unknown.
    """

    kind: Literal["HTTP", "REST"]
    rate_per_s: int
    burst: int
    usd_per_month: float | None
    other_usd_per_month: float | None


@dataclass(frozen=True)
class Serverless:
    """What a blueprint without servers is made of, to be sized.

    The first function is the one that requests wait for.
    """

    functions: tuple[FunctionTier, ...]
    table: TableTier
    gateway_per_month: Range
    gateway_per_s: Range
    gateway_prices: tuple[TieredPrice | None, TieredPrice | None]


@dataclass(frozen=True)
class Plan:
    """The sizes of all tiers, and what they come to.

    `latency_ms` holds p50, p95 and p99 at the likely peak after the loss of a zone, which is the state
    in which the goal is kept; `latency_all_zones_ms` is the same peak with every zone up, and
    `latency_by_class_ms` the first of them for each class of requests. All are empty where nothing was to
    be sized.
    """

    sizes: tuple[Size, ...]
    latency_ms: dict[str, float]
    latency_all_zones_ms: dict[str, float]
    rejected: tuple[Rejected, ...]
    latency_by_class_ms: dict[str, dict[str, float]] = field(default_factory=dict)
    functions: tuple[FunctionSize, ...] = ()
    table: TableSize | None = None
    gateway: GatewaySize | None = None

    def of(self, tier: str) -> Size:
        """The size of one tier; KeyError when there is no such tier."""
        return {size.tier: size for size in self.sizes}[tier]

    def function(self, name: str) -> FunctionSize:
        """The size of one function; KeyError when there is no such function."""
        return {size.name: size for size in self.functions}[name]

    @property
    def kept_at(self) -> str:
        """The state in which the goals are kept: functions span the zones, servers may lose one."""
        return "at peak with a zone lost" if self.sizes else "at peak"

    @property
    def measured_at(self) -> str:
        """Where the goals are measured."""
        return "the load balancer" if self.sizes or not self.functions else "API Gateway"

    @property
    def machines(self) -> str:
        """For people: `2 × t4g.small, 2 × db.t4g.large`, one entry per tier or function."""
        servers = [f"{each.desired} × {each.choice.name}" for each in self.sizes]
        return ", ".join([*servers, *(f"{each.name} {each.choice.name}" for each in self.functions)])


@dataclass(frozen=True)
class Decision:
    """Something that was decided, and why."""

    about: str
    decided: str
    because: str
