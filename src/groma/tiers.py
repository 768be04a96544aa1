"""What is to be sized, and the sizes: the values that blueprints and sizing hand to each other.

A blueprint states its tiers (`Tier`), sizing chooses for each one of its `Choice`s and a count (`Size`),
and the blueprint makes the architecture from the sizes. So no component ever exists without its size.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

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

    @property
    def busy(self) -> float:
        """Offered load in Erlang: how many reference vCPUs the work keeps busy."""
        return self.rate_per_s * self.service_s


@dataclass(frozen=True, slots=True)
class Choice:
    """A machine that a tier may be made of.

    Attributes:
        name: instance type or database class.
        speed: work of one vCPU relative to the reference family; the low end of what was measured.
        baseline: share of each vCPU that a burstable type may use for ever; None when not burstable.
        usd_per_hour: one machine with all that is bought with it (volume, address); None when unknown.
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


@dataclass(frozen=True, slots=True)
class Tier:
    """A row of equal machines spread evenly over zones, to be sized.

    Attributes:
        load: the likely load at peak.
        high: the load at peak at the high end of the ranges; machines that cannot be added in minutes
            must stand it, and auto-scaled ones must be allowed to grow to it.
        visits: (share of requests, visits of such a request one after the other), shares adding up to 1.
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
    visits: tuple[tuple[float, int], ...]
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
        min, desired, max: machines in all zones together.
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
    """

    p99_ms: float | None = None
    load_factor: float = 1.0
    nat_per_zone: bool = False


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
