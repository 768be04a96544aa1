"""What each of several regions must carry, so that any one of them may be lost.

With shares sᵣ of a load L, a region r meets two states that keep the goal:

    its own share with one of its z zones lost:        sᵣ·L on (z-1)/z of its machines
    the share it has left when region j is lost:       sᵣ/(1 - sⱼ)·L on all of its machines

since the users of j spread over the others in proportion to what these carry. Per machine the second is the
load sᵣ/(1 - sⱼ)·(z-1)/z with a zone lost, and p99 and utilisation only rise with the load of a machine. So a
tier that is sized for the larger of both,

    effective share = max over r and j ≠ r of  max( sᵣ, sᵣ/(1 - sⱼ)·(z-1)/z )

with a zone lost keeps the goal in both states, in every region. A zone and another region at once is not
promised.
For n equal regions of 3 zones it is max(1/n, 2/3/(n-1)): two thirds for two regions, one third for three.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

from groma.quantity import Range
from groma.workload import KINDS, RequestClass, Workload
from groma.workload.demand import Demand

ZONES = KINDS["worldwide"].zones


@dataclass(frozen=True)
class World:
    """The regions, the share of users that each serves, and how the reads of a request are answered.

    Attributes:
        shares: by region; they add up to 1.
        hit_share: of the reads that the cache answers when it is warm.
        key_value_share: of the reads that are of timelines and sessions.
    """

    shares: dict[str, float]
    hit_share: float
    key_value_share: float

    @classmethod
    def of(cls, workload: Workload) -> World:
        """The regions of a workload, equal shares where none are stated."""
        stated = workload.shares or (1 / len(workload.regions),) * len(workload.regions)
        load = workload.load
        shares = dict(zip(workload.regions, stated, strict=True))
        return cls(shares, load.cache_hit_share.likely, load.key_value_share.likely)

    def share_without(self, region: str, lost: str) -> float:
        """The share that a region carries when another is lost."""
        return self.shares[region] / (1 - self.shares[lost])

    @property
    def largest_without(self) -> float:
        """The largest share that any region carries when any other is lost."""
        return max(self.share_without(r, j) for r in self.shares for j in self.shares if r != j)

    @property
    def effective_share(self) -> float:
        """What every region is sized for with a zone lost; see the head of this file."""
        return max(*self.shares.values(), self.largest_without * (ZONES - 1) / ZONES)

    @property
    def cold_hit_share(self) -> float:
        """Hits just after the loss of a region: its users find nothing of theirs in the caches elsewhere.

        Of the load sᵣ/(1 - sⱼ) of a region the part 1 - sⱼ are its own users, who hit as before.
        """
        return self.hit_share * (1 - max(self.shares.values()))


def asked_of_database(request: RequestClass, world: World, hit_share: float) -> tuple[float, float]:
    """Queries of one request, and the share of them that the cache answers.

    Reads of timelines and sessions go to the key-value store, all other reads first to the cache. Writes are
    counted where they are made, though a secondary sends them on to the primary, which costs both.
    """
    reads = request.reads * (1 - world.key_value_share)
    queries = reads + request.writes
    return queries, reads * hit_share / queries if queries else 0.0


def queries_per_request(workload: Workload, world: World, hit_share: float) -> float:
    """Queries that reach the database, of an average request."""
    asked = ((c.share, *asked_of_database(c, world, hit_share)) for c in workload.requests.values())
    return sum(share * queries * (1 - hits) for share, queries, hits in asked)


def database_state(workload: Workload, world: World) -> tuple[float, float]:
    """The share of the load and the hits of the cache for which the readers are sized, with a zone lost.

    The larger of two states: the own share with a warm cache, and just after the loss of another region, all
    zones up, when the caches are cold for those who come.
    """
    lost = world.largest_without * (ZONES - 1) / ZONES
    states = [(max(world.shares.values()), world.hit_share), (lost, world.cold_hit_share)]
    return max(states, key=lambda state: state[0] * queries_per_request(workload, world, state[1]))


def scaled(demand: Demand, factor: float) -> Demand:
    """A part of a demand: all its rates and volumes."""
    return Demand(**{f.name: getattr(demand, f.name) * factor for f in fields(demand)})


def writes_per_request(workload: Workload) -> float:
    """Writes of an average request."""
    return sum(each.share * each.writes for each in workload.requests.values())


def write_busy(workload: Workload, demand: Demand) -> Range:
    """vCPUs of the reference family that the writes of all users keep busy at the peak."""
    per_request = sum(c.share * c.writes * c.query_ms.likely for c in workload.requests.values()) / 1000
    likely = demand.peak_per_s.likely * per_request
    return demand.database_busy * (likely / demand.database_busy.likely)
