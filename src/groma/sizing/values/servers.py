"""Rows of equal machines: what is asked of each, what it may be made of, and what it was given."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, NamedTuple

from groma.terms import Buying

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
        writes: of the visits those that are made at the one machine that takes writes, and are away for that
            time.
    """

    name: str
    share: float
    visits: float
    service_s: float
    scv: float
    hit_share: float = 0.0
    away_s: float = 0.0
    writes: float = 0.0


class Bursts(NamedTuple):
    """How requests come within ten seconds.

    Attributes:
        at_once: that come at the same moment, on average; their number is geometric.
        swing: standard deviation of the rate of ten seconds over its mean.
    """

    at_once: float = 1.0
    swing: float = 0.0


POISSON = Bursts()


@dataclass(frozen=True, slots=True)
class Choice:
    """A machine that a tier may be made of.

    Attributes:
        name: instance type or database class.
        speed: work of one vCPU relative to the reference family; the low end of what was measured.
        baseline: share of each vCPU that a burstable type may use for ever; None when not burstable.
        usd_per_hour: one machine as it runs, with its volume, metrics and address; None when unknown.
        extra_usd_per_hour: what of that comes with it, which no reservation covers.
        reserved_usd_per_hour: one machine by reservation, paid in every hour; None when unknown.
        buying: how it is bought.
        stand_in: whether its prices are those of another region, since its own are unknown: for comparing
            machines, never to be shown.
        ebs_iops, ebs_mbps: what the machine can do to its volumes for ever, in operations per second and
            Mbit/s.
        max_connections: connections that a database of this class accepts; None for other machines.
        stands: whether it is of somebody else's who pays for it: its price is for comparing machines alone.
        fails_over_s: seconds until another takes over by itself where the machine that writes is lost, or it
            is made anew; None where that is said elsewhere, or somebody has to see to it.
        family: what it is a size of; empty where its name says that: m7g of m7g.large.
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
    stand_in: bool = False
    stands: bool = False
    fails_over_s: float | None = None
    family: str = ""

    def __hash__(self) -> int:
        """Of little, since what is kept is kept by long rows of choices."""
        return hash(self.name)

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
        writers: groups as large as `clients` that also keep a pool to one machine, which takes the writes of
            all of them; 0 when writes have no pool of their own.
        most: machines that it may grow to.
        steady: whether all of them stand day and night, for a crowd that comes within minutes.
        each: whether the goal is one for each class of requests, not for all together.
        copies: instances of a database that has several replicas, in turn over the zones: the first takes the
            writes, the others the reads; 0 where one machine at least stands in each zone.
        bursts: how requests come; visits of `clients` do not come at once, since these are not done at once.
        start_s: from when a machine is asked for until it is sent requests; None as servers of EC2 are.
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
    writers: int = 0
    most: float = math.inf
    steady: bool = False
    each: bool = False
    bursts: Bursts = POISSON
    start_s: float | None = None
    copies: int = 0

    @property
    def apart(self) -> bool:
        """Whether a machine is a queue for each processor: as many processes as it has processors, each with
        one interpreter lock, and connections that are kept open and stick to one of them.

        A database shares all of its processors among the connections that it accepts.
        """
        return not self.clients and self.discipline == "processor-sharing"

    @property
    def writes_share(self) -> float:
        """The share of the visits that are writes."""
        visits = sum(each.share * each.visits * (1 - each.hit_share) for each in self.work)
        return sum(each.share * each.writes for each in self.work) / visits if visits else 0.0

    def as_many_as(self, instances: int) -> float:
        """How many evenly busy machines would each be as busy as the busiest of so many instances of a
        database: with w the share of writes, 1 / max(w, (1 - w) / (instances - 1)), and 1 of a single one.
        """
        writes = self.writes_share
        return 1 / max(writes, (1 - writes) / (instances - 1)) if instances > 1 else 1.0


@dataclass(frozen=True, slots=True)
class Size:
    """What a tier was given.

    Attributes:
        min, desired, max: machines in all zones together; a group whose `min` is `desired` only grows.
        mean: machines running on average over the day; what is paid for.
        cpu_target_percent: what target tracking holds, or what is reached at peak for a fixed tier.
        utilisation_at_peak: share of CPU busy at peak with all zones.
        utilisation_zone_lost: the same after the loss of a zone.
        usd_per_month: the machines alone, for comparing sizes; see `known_usd_per_month`.
        pool: connections that each machine of the client tier keeps to each machine of this one.
        write_pool: those that it keeps besides for writes; 0 when these have no pool of their own.
        most_busy: share of CPU busy beyond which the p99 goal is missed, while the other tiers are as busy as
            at peak with a zone lost.
        goal_share: of the p99 of a request what this tier and those behind it take.
        working_gib: memory that each machine needs.
        bound_by: the limit beside CPU and times that keeps it from every machine that is a little cheaper;
            empty where the load itself does.
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
    write_pool: int = 0
    most_busy: float = 0.95
    goal_share: float = 1.0
    working_gib: float = 0.0
    bound_by: str = ""

    @property
    def known_usd_per_month(self) -> float | None:
        """What the machines cost where they stand; None where their price is not known there, and nothing of
        what its owner pays.
        """
        if self.choice.stands:
            return 0.0
        return None if self.choice.stand_in else self.usd_per_month

    @property
    def made_of(self) -> str:
        """What its machines are, for people: `m7g.large`; of what exists what it has to do as well as."""
        return f"like {self.choice.name}" if self.choice.stands else self.choice.name
