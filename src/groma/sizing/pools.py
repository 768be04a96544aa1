"""How many connections servers keep to a database, and how many it accepts."""

from __future__ import annotations

import math
from collections.abc import Sequence

from groma.sizing.candidates import Candidate, Miss
from groma.sizing.queueing import poisson_quantile

MOST_CONNECTIONS = 0.9
POOL_ENOUGH = 0.999
"""Share of the time in which a pool has a free connection."""
LEAST_POOL = 2
MOST_POOL_BUSY = 0.6
"""Share of the connections of a pool that may be in use on average."""


def pool(server: Candidate, clients: Candidate) -> int:
    """Connections that each client keeps to each server, by Little's law with room for chance.

        L = λ·E[T] / n,  pool of a process = the smallest k with P(Poisson(L) <= k) >= 0.999

    λ is the rate of queries at the high peak, E[T] the mean time of one with a zone lost, n the processes of
    the surviving clients at the likely peak: auto scaling adds clients when there are more queries, never
    fewer. Each process has connections of its own, at least one.
    """
    if math.isinf(server.mean_visit_s):
        return 0
    return _enough(_high_rate(server) * server.mean_visit_s, clients)


def write_pool(server: Candidate, clients: Candidate) -> int:
    """Connections that each client keeps besides for writes, which may be made in another region.

        L = λ·(w·E[T] + a) / n, with w the share of queries that write and a the mean time a query is away

    as if all writes had to go there. It has the same room for chance as `pool`, but no more of it than the
    one server that takes the writes of all groups accepts; 0 when writes have no pool of their own.
    """
    if not server.tier.writers or math.isinf(server.mean_visit_s):
        return 0
    room = _room(server, server.tier.writers * clients.most_machines)
    wanted = _enough(_high_rate(server) * _writing_s(server), clients)
    return max(_least_write_pool(server, clients), min(wanted, room))


def _room(server: Candidate, machines: int) -> int:
    """Connections that a server accepts from each of so many machines."""
    accepted = server.choice.max_connections
    return LEAST_POOL if accepted is None else int(MOST_CONNECTIONS * accepted / machines)


def _least_write_pool(server: Candidate, clients: Candidate) -> int:
    """With fewer, writes would wait for a connection all the time: clients are added as the load grows."""
    mean = server.tier.load.rate_per_s * _writing_s(server) / clients.survivors
    return max(LEAST_POOL, clients.processes, math.ceil(mean / MOST_POOL_BUSY))


def _writing_s(server: Candidate) -> float:
    """How long a mean query has a connection for writes in use."""
    work = server.tier.work
    reach = sum(each.share * each.visits * (1 - each.hit_share) for each in work)
    if not reach:
        return 0.0
    return sum(each.share * (each.writes * server.mean_visit_s + each.away_s) for each in work) / reach


def _high_rate(server: Candidate) -> float:
    return max(server.tier.high.rate_per_s, server.tier.load.rate_per_s)


def _enough(inside: float, clients: Candidate) -> int:
    """Connections of a client, when so many queries of all clients are under way."""
    each = poisson_quantile(inside / clients.survivors / clients.processes, POOL_ENOUGH)
    return max(LEAST_POOL, clients.processes * max(each, 1))


def least_kept(quickest: Candidate, clients: Candidate) -> int:
    """Connections that clients keep to each server of a tier at the least, whichever servers there are.

    A bound on what `joint_limit` counts: both pools are largest where visits take longest.

    Args:
        quickest: of all servers that there may be those where a visit is shortest.
    """
    if math.isinf(quickest.mean_visit_s):
        return 0
    writes = quickest.tier.writers * _least_write_pool(quickest, clients) if quickest.tier.writers else 0
    return clients.most_machines * max(pool(quickest, clients), writes)


def joint_limit(chosen: Sequence[Candidate]) -> Miss | None:
    """The limit that candidates break together: more pooled connections than a database accepts.

    The one that takes the writes is kept connections to by the clients of every region.
    """
    by_name = {candidate.tier.name: candidate for candidate in chosen}
    for server in chosen:
        clients, accepted = by_name.get(server.tier.clients), server.choice.max_connections
        if clients is None or accepted is None:
            continue
        kept = [("connections", pool(server, clients))]
        if server.tier.writers:
            least = server.tier.writers * _least_write_pool(server, clients)
            kept.append(("connections for writes", least))
        for name, each in kept:
            wanted = each * clients.most_machines
            if wanted > MOST_CONNECTIONS * accepted:
                return name, f"{wanted:,} for {MOST_CONNECTIONS:.0%} of {accepted:,}"
    return None
