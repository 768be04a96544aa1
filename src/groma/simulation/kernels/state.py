"""Servers, requests and counters as arrays, as the compiled code reads and writes them.

K tiers, in the order in which a request passes them; C classes of requests; S servers of all tiers, a
tier's beside each other; R requests inside, which grow when they must. Times are in seconds from the
beginning of the run, work in seconds on one vCPU of the reference family.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Records = NDArray[np.void]


def whole(value: int) -> int:
    """A constant that compiled code takes for any whole number.

    A function that is given a plain one is compiled for that very value, and again for the next.
    """
    return np.int64(value)  # type: ignore[return-value]


NOBODY = -1
"""No server, no request."""
OFF, SERVING, DRAINING, BROKEN = 0, 1, 2, 3
"""States of a server. A broken one is still sent requests, and answers none."""
RANDOM, ROUND_ROBIN, LEAST_OUTSTANDING, BY_ROLE = 0, 1, 2, 3
"""How a server of a tier is chosen."""
GOOD, REFUSED, NO_TARGET, TIMED_OUT, LOST = (whole(value) for value in range(5))
OUTCOMES = ("good", "refused", "no target", "timed out", "lost")
"""What becomes of a request: an answer, a full queue (503), no server (503), a client that waits no longer,
a server that is gone (502)."""
READ, WRITE = whole(0), whole(1)
FRONT = whole(0)
"""The first tier."""
MORE, LESS = whole(1), whole(-1)
AWAKE, AWAY, TO_ASK = 0, 1, 2
"""What a request does that waits for nothing but time: it does not, it is elsewhere, its client asks."""
BINS_PER_OCTAVE, OCTAVES = 64, 32
BINS = BINS_PER_OCTAVE * OCTAVES
"""Of histograms: from a microsecond to more than an hour, each 1.1 % wide."""
LEAST_S = 1e-6


def _record(whole: str, real: str = "", bits: str = "") -> np.dtype[np.void]:
    """A record of whole numbers, of real ones, and of 64 bits."""
    fields: list[tuple[str, Any]] = [(name, np.int64) for name in whole.split()]
    fields += [(name, np.float64) for name in real.split()]
    return np.dtype([*fields, *((name, np.uint64) for name in bits.split())], align=True)


TIER = _record("first room cores shared workers backlog pool links routing listed turn")
"""What the servers of a tier have in common: the number of the first and how many there may be; processors
of one, and whether all inside share them evenly; requests that it holds at a time, and how many wait to be;
the connections that each server of the tier before keeps to each of these (0: any number), and the place of
the first of these links; how a server is chosen; how many are sent requests, and whose turn it is."""

WORK = _record("shape", "work_s reads writes hits away_s")
"""What a class asks of a tier: the table of its work and the mean of it; visits to the next tier, of the
reads the share that a cache answers in no time, and the time of a write beside its visit."""

SERVER = _record("state tier generation outstanding stamp held running heap", "speed virtual since_s busy_s")
"""A server: its state and tier, and how often it was begun anew; requests that were sent here and not
answered, and when that changed last, in order; those that have a worker or wait for one; those on the
processors, and the first of them to be done. Work that a processor does in a second; what each running one
was given, where it is shared; since when all that is true; and processor-seconds used, cleared by who reads
them."""

QUEUE = _record("first last")
"""Who waits: for the processors and the workers of each server, then for the connections of each link."""

REQUEST = _record(
    "serial attempt kind drawn stage failed abandoned asleep left right after before_out after_out",
    "born_s begun_s work_s key_s",
    "key",
)
"""A request inside: its number, which try it is, its class and how much it has drawn; the tier it is at,
what became of it so far, whether its client has gone, and what it does when its time has come; its places in
a heap, in a queue, and among those whose clients wait. When it was first asked, when this attempt was; the
work of its visit; its order in a heap; and what its draws begin from."""

STAGE = _record("at generation reads_left writes_left", "entered_s")
"""A request at a tier: the server and its generation, visits to the next tier still to make; since when."""

HEADS = _record(
    "free inside sleeping first_out last_out stamps seed retries stride",
    "saved timeout_s backoff_s budget think_s",
)
"""Single figures. The first request slot that is free, how many are used; who sleeps; whose
clients wait, the longest and the shortest; changes of what is outstanding; and how clients behave: see
`Behaviour` in `network.py`."""


class Network(NamedTuple):
    """All of it.

    Attributes:
        tiers, work, servers, queues, requests, visits, heads: records (K; C × K; S; 2·S + links; R; R × K;
            1).
        upto: share of the requests of each class and those before it (C).
        tables: quantiles of work of mean 1, a row a distribution; the first is exponential.
        serving: the servers that are sent requests (K × most of any tier).
        used: connections of each link: between a server and one of the next tier, where that has a pool.
        due, soonest: tree of the next events of the servers: when the first of them is, and of which server.

    What is counted, until whoever reads it clears it:
        asked: requests that were begun (C).
        felt: times from the first try to the good answer (C × BINS); sums: of them, in s (C).
        outcomes: requests that ended (C × 5); attempts: attempts that failed, by outcome (5).
        stayed: times at each tier with those behind it, by visit (K × BINS); visited: visits (K).
        retried: retries made (1).
        log: how long each of the first requests took in s, or what became of it, negative.
    """

    tiers: Records
    work: Records
    servers: Records
    queues: Records
    requests: Records
    visits: Records
    heads: Records
    upto: Floats
    tables: Floats
    serving: Ints
    used: Ints
    due: Floats
    soonest: Ints
    asked: Ints
    felt: Ints
    sums: Floats
    outcomes: Ints
    attempts: Ints
    stayed: Ints
    visited: Ints
    retried: Ints
    log: Floats


COUNTED = ("asked", "felt", "sums", "outcomes", "attempts", "stayed", "visited", "retried")


def new_requests(count: int) -> Records:
    """Slots that nobody uses, each linked to the one behind it."""
    made = np.zeros(count, REQUEST)
    made["after"] = np.arange(1, count + 1)
    made["after"][-1] = NOBODY
    return made


def grown(net: Network) -> Network:
    """The same with twice the slots for requests."""
    count, tiers = net.visits.shape
    requests, visits = new_requests(2 * count), np.zeros((2 * count, tiers), STAGE)
    requests[:count], visits[:count] = net.requests, net.visits
    requests["after"][-1] = net.heads["free"][0]
    net.heads["free"] = count
    return net._replace(requests=requests, visits=visits)
