"""A server's processors, workers and queues: who runs, who waits, and when the next one is done."""

from __future__ import annotations

import math

from groma.simulation.kernels import compiled
from groma.simulation.kernels import memory as at
from groma.simulation.kernels.draws import uniform
from groma.simulation.kernels.heaps import NOBODY, set_next, with_one, without_first
from groma.simulation.kernels.memory import Net
from groma.simulation.kernels.state import (
    BROKEN,
    BY_ROLE,
    LEAST_OUTSTANDING,
    RANDOM,
    ROUND_ROBIN,
    SERVING,
    WRITE,
)


@compiled
def touch(net: Net, server: int, now_s: float) -> None:
    """Bring what a server has done up to date."""
    s, tiers = at.servers(net), at.tiers(net)
    passed = now_s - s[server].since_s
    if passed > 0.0 and s[server].running > 0:
        cores, running = tiers[s.tier[server]].cores, s[server].running
        s[server].busy_s += passed * min(cores, running)
        if tiers[s.tier[server]].shared:
            s[server].virtual += passed * s[server].speed * min(1.0, cores / running)
    s[server].since_s = now_s


@compiled
def reckon(net: Net, server: int) -> None:
    """Note when the next of those running is done. The server is up to date."""
    s, tiers = at.servers(net), at.tiers(net)
    first = s[server].heap
    if first < 0:
        set_next(at.due(net), server, math.inf)
        return
    done_s = at.requests(net)[first].key_s
    if tiers[s.tier[server]].shared:
        rate = s[server].speed * min(1.0, tiers[s.tier[server]].cores / s[server].running)
        done_s = s[server].since_s + (done_s - s[server].virtual) / rate
    set_next(at.due(net), server, done_s)


@compiled
def run_on(net: Net, server: int, who: int, now_s: float) -> None:
    """Give a request a processor, or a share of all; the server is up to date."""
    s, q = at.servers(net), at.requests(net)
    if at.tiers(net)[s.tier[server]].shared:
        if s[server].running == 0:
            s[server].virtual = 0.0
        q[who].key_s = s[server].virtual + q[who].work_s
    else:
        q[who].key_s = now_s + q[who].work_s / s[server].speed
    s[server].running += 1
    s[server].heap = with_one(q, s[server].heap, who)


@compiled
def ask_processor(net: Net, server: int, who: int, now_s: float) -> None:
    """Run a request, or let it wait for a processor."""
    s, tier = at.servers(net), at.servers(net)[server].tier
    touch(net, server, now_s)
    if at.tiers(net)[tier].shared or s[server].running < at.tiers(net)[tier].cores:
        run_on(net, server, who, now_s)
        reckon(net, server)
    else:
        append(net, for_core(server), who)


@compiled
def take_done(net: Net, server: int, now_s: float) -> int:
    """The request that is done with a server's processors, which go to the next one."""
    s, q = at.servers(net), at.requests(net)
    touch(net, server, now_s)
    done = s[server].heap
    s[server].heap = without_first(q, done)
    s[server].running -= 1
    if at.queues(net)[for_core(server)].first >= 0:
        run_on(net, server, shift(net, for_core(server)), now_s)
    reckon(net, server)
    return done


@compiled
def for_core(server: int) -> int:
    """The queue for a server's processors."""
    return 2 * server


@compiled
def for_worker(server: int) -> int:
    """The queue for a server's workers."""
    return 2 * server + 1


@compiled
def for_link(net: Net, link: int) -> int:
    """The queue for a connection between two servers."""
    return 2 * at.servers(net).size + link


@compiled
def append(net: Net, queue: int, who: int) -> None:
    """Let a request wait at the end of a queue."""
    q, queues = at.requests(net), at.queues(net)
    q[who].after = NOBODY
    if queues[queue].first < 0:
        queues[queue].first = who
    else:
        q[queues[queue].last].after = who
    queues[queue].last = who


@compiled
def shift(net: Net, queue: int) -> int:
    """The first of a queue, which is taken off."""
    who = at.queues(net)[queue].first
    at.queues(net)[queue].first = at.requests(net)[who].after
    return who


@compiled
def count_outstanding(net: Net, server: int, by: int) -> None:
    """One more or one less that is sent here and not answered."""
    at.heads(net)[0].stamps += 1
    at.servers(net)[server].outstanding += by
    at.servers(net)[server].stamp = at.heads(net)[0].stamps


@compiled
def list_serving(net: Net, tier: int) -> None:
    """Who of a tier is sent requests, in the order of their numbers."""
    tiers, count = at.tiers(net), 0
    for server in range(tiers[tier].first, tiers[tier].first + tiers[tier].room):
        if at.servers(net)[server].state == SERVING or at.servers(net)[server].state == BROKEN:
            at.serving(net)[tier, count] = server
            count += 1
    tiers[tier].listed = count


@compiled
def chosen(net: Net, tier: int, who: int, kind: int) -> int:
    """The server of a tier that a request is sent to; nobody when there is none.

    Random: each with the same chance. Round robin: one after the other. Least outstanding: the one with the
    fewest, of several the one whose number has stood longest. By role: writes to the first, reads to one of
    the others, at random, or to the first where there is none.
    """
    tiers, q = at.tiers(net), at.requests(net)
    count = tiers[tier].listed
    if count == 0:
        return NOBODY
    how = tiers[tier].routing
    if count == 1 or (how == BY_ROLE and kind == WRITE):
        return at.serving(net)[tier, 0]
    if how == ROUND_ROBIN:
        tiers[tier].turn = (tiers[tier].turn + 1) % count
        return at.serving(net)[tier, tiers[tier].turn]
    if how == LEAST_OUTSTANDING:
        return least_outstanding(net, tier, count)
    q[who].drawn += 1
    chance = uniform(q[who].key, q[who].drawn)
    if how == RANDOM:
        return at.serving(net)[tier, int(chance * count)]
    return at.serving(net)[tier, 1 + int(chance * (count - 1))]


@compiled
def least_outstanding(net: Net, tier: int, count: int) -> int:
    """The server with the fewest requests, of several the one whose number has stood longest."""
    s, best = at.servers(net), at.serving(net)[tier, 0]
    for place in range(1, count):
        other = at.serving(net)[tier, place]
        less = s[other].outstanding - s[best].outstanding
        if less < 0 or (less == 0 and s[other].stamp < s[best].stamp):
            best = other
    return best
