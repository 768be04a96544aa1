"""A network of servers as plain values, and the arrays that are made of it."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Literal

import numpy as np

from groma.simulation.kernels import state
from groma.simulation.kernels.state import NOBODY, Ints, Network, Records
from groma.simulation.shapes import Shape, table_of

Routing = Literal["random", "round-robin", "least-outstanding", "by-role"]
ROUTINGS: dict[Routing, int] = {
    "random": state.RANDOM,
    "round-robin": state.ROUND_ROBIN,
    "least-outstanding": state.LEAST_OUTSTANDING,
    "by-role": state.BY_ROLE,
}
UNLIMITED = 1 << 50
FIRST_SLOTS = 4096
SAVED_AT_FIRST = 10.0
"""Retries that may be made before any answer has paid for one (as the AWS SDKs' standard mode, which holds
a bucket of tokens: https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html, undated)."""


@dataclass(frozen=True, slots=True)
class Tier:
    """A row of equal servers.

    Attributes:
        servers: that serve at first; room: for how many there is in all.
        cores: processors of each; speed: work that one does in a second.
        shared: whether all requests inside share the processors evenly.
        workers: requests that a server works on at a time, those included that wait for the tier behind.
        backlog: requests that may wait for a worker.
        pool: connections that each server of the tier before keeps to each of these; None for any number.
    """

    name: str
    servers: int
    cores: int
    speed: float = 1.0
    shared: bool = False
    room: int | None = None
    workers: int = UNLIMITED
    backlog: int = UNLIMITED
    pool: int | None = None
    routing: Routing = "random"

    @property
    def places(self) -> int:
        """Servers that there may be."""
        return max(self.room or 0, self.servers)


@dataclass(frozen=True, slots=True)
class Visit:
    """What a request of a class asks of a tier each time, and how often it asks the next one.

    Attributes:
        work_s: mean work; scv: its squared coefficient of variation; shape: its distribution.
        reads, writes: visits to the next tier; of 2.3 the third is made by three requests in ten.
        hits: share of the reads that a cache answers; away_s: time of each write beside its visit.
    """

    work_s: float
    scv: float = 1.0
    shape: Shape = "hyperexponential"
    reads: float = 0.0
    writes: float = 0.0
    hits: float = 0.0
    away_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Kind:
    """A class of requests: its share of all, and its visits, one for each tier."""

    name: str
    share: float
    visits: tuple[Visit, ...]


@dataclass(frozen=True, slots=True)
class Behaviour:
    """How clients behave.

    Attributes:
        timeout_s: how long one waits for an answer.
        retries: how often it asks again, after pauses of up to `backoff_s`, twice that, and so on.
        budget: retries that each good answer pays for; infinity when retries are not limited so.
        think_s: the mean pause until a closed client asks the next; 0 when requests come from outside.
        stride: the number of closed clients.
    """

    timeout_s: float = math.inf
    retries: int = 0
    backoff_s: float = 0.1
    budget: float = math.inf
    think_s: float = 0.0
    stride: int = 0


def network(
    tiers: Sequence[Tier],
    kinds: Sequence[Kind],
    behaviour: Behaviour = Behaviour(),
    *,
    seed: int = 1,
    logged: int = 0,
) -> Network:
    """The arrays of a network in which nothing has happened yet.

    Args:
        logged: of how many of the first requests it is noted when they ended.

    Raises:
        ValueError: a class has not one visit for each tier.
    """
    if any(len(kind.visits) != len(tiers) for kind in kinds):
        raise ValueError(f"each class of requests must say what it asks of all {len(tiers)} tiers")
    servers = sum(tier.places for tier in tiers)
    leaves = 1 << max(servers - 1, 1).bit_length()
    links = sum(_links(tiers))
    shapes: dict[tuple[Shape, float], int] = {("hyperexponential", 1.0): 0}
    for visit in (visit for kind in kinds for visit in kind.visits):
        shapes.setdefault((visit.shape, visit.scv), len(shapes))
    shares = np.array([kind.share for kind in kinds])
    queues = np.full(2 * servers + links, NOBODY, np.int64)
    return Network(
        tiers=_tiers(tiers),
        work=_work(kinds, shapes),
        servers=_servers(tiers),
        queues=np.array(list(zip(queues, queues, strict=True)), state.QUEUE),
        requests=state.new_requests(FIRST_SLOTS),
        visits=np.zeros((FIRST_SLOTS, len(tiers)), state.STAGE),
        heads=_heads(behaviour, seed),
        upto=np.cumsum(shares / shares.sum()),
        tables=np.array([table_of(shape, scv) for shape, scv in shapes]),
        serving=_serving(tiers),
        used=np.zeros(links, np.int64),
        due=np.full(2 * leaves, math.inf),
        soonest=np.tile(np.arange(leaves), 2),
        log=np.full(logged, math.nan),
        **_counters(len(kinds), len(tiers)),
    )


def _counters(kinds: int, tiers: int) -> dict[str, Any]:
    whole = {
        "asked": kinds,
        "felt": (kinds, state.BINS),
        "outcomes": (kinds, len(state.OUTCOMES)),
        "attempts": len(state.OUTCOMES),
        "stayed": (tiers, state.BINS),
        "visited": tiers,
        "retried": 1,
    }
    return {name: np.zeros(shape, np.int64) for name, shape in whole.items()} | {"sums": np.zeros(kinds)}


def first_servers(tiers: Sequence[Tier]) -> tuple[int, ...]:
    """The number of the first server of each tier."""
    counts = [tier.places for tier in tiers]
    return tuple(sum(counts[:position]) for position in range(len(counts)))


def _tiers(tiers: Sequence[Tier]) -> Records:
    made = np.zeros(len(tiers), state.TIER)
    made["links"] = np.cumsum(_links(tiers)) - _links(tiers)
    for row, first, tier in zip(made, first_servers(tiers), tiers, strict=True):
        row["first"], row["room"], row["listed"], row["turn"] = first, tier.places, tier.servers, -1
        row["cores"], row["shared"], row["pool"] = tier.cores, tier.shared, tier.pool or 0
        row["workers"], row["backlog"] = tier.workers, tier.backlog
        row["routing"] = ROUTINGS[tier.routing]
    return made


def _links(tiers: Sequence[Tier]) -> tuple[int, ...]:
    """For each tier, the pairs of a server before it and one of it between which connections are counted."""
    return (0, *(before.places * tier.places if tier.pool else 0 for before, tier in pairwise(tiers)))


def _serving(tiers: Sequence[Tier]) -> Ints:
    made = np.zeros((len(tiers), max(tier.places for tier in tiers)), np.int64)
    for row, first, tier in zip(made, first_servers(tiers), tiers, strict=True):
        row[: tier.servers] = np.arange(first, first + tier.servers)
    return made


def _servers(tiers: Sequence[Tier]) -> Records:
    made = np.zeros(sum(tier.places for tier in tiers), state.SERVER)
    made["heap"] = NOBODY
    made["stamp"] = np.arange(-made.size, 0)
    for number, (first, tier) in enumerate(zip(first_servers(tiers), tiers, strict=True)):
        own = made[first : first + tier.places]
        own["tier"], own["speed"] = number, tier.speed
        own["state"][: tier.servers] = state.SERVING
    return made


def _work(kinds: Sequence[Kind], shapes: Mapping[tuple[Shape, float], int]) -> Records:
    rows = [
        [(shapes[v.shape, v.scv], v.work_s, v.reads, v.writes, v.hits, v.away_s) for v in kind.visits]
        for kind in kinds
    ]
    return np.array(rows, state.WORK)


def _heads(behaviour: Behaviour, seed: int) -> Records:
    made = np.zeros(1, state.HEADS)
    for name in ("sleeping", "first_out", "last_out"):
        made[name] = NOBODY
    for name in ("timeout_s", "retries", "backoff_s", "budget", "think_s", "stride"):
        made[name] = getattr(behaviour, name)
    made["seed"], made["saved"] = seed, SAVED_AT_FIRST
    return made
