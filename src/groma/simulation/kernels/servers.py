"""A server's processors, workers and queues: who runs, who waits, and when the next one is done."""

from __future__ import annotations

import math

from groma.simulation.kernels import inner, written_out
from groma.simulation.kernels import memory as at
from groma.simulation.kernels.draws import uniform
from groma.simulation.kernels.heaps import set_next, with_one, without_first
from groma.simulation.kernels.memory import Net
from groma.simulation.kernels.state import (
    BROKEN,
    BY_ROLE,
    LEAST_OUTSTANDING,
    NOBODY,
    RANDOM,
    ROUND_ROBIN,
    SERVING,
    WRITE,
)

STAMPS = 1 << 40
"""More than there are changes of what is outstanding in a run."""


@written_out
def touch(net: Net, server: int, now_s: float) -> None:
    """Bring what a server has done up to date."""
    own = at.server(net, server)
    tier, running, passed = at.tier(net, own.tier), own.running, now_s - own.since_s
    if passed > 0.0 and running > 0:
        own.busy_s += passed * min(tier.cores, running)
        if tier.shared:
            own.virtual += passed * own.speed * min(1.0, tier.cores / running)
    own.since_s = now_s


@written_out
def reckon(net: Net, server: int) -> None:
    """Note when the next of those running is done. The server is up to date."""
    own = at.server(net, server)
    done_s = math.inf
    if own.heap >= 0:
        tier, done_s = at.tier(net, own.tier), at.request(net, own.heap).key_s
        if tier.shared:
            rate = own.speed * min(1.0, tier.cores / own.running)
            done_s = own.since_s + max(done_s - own.virtual, 0.0) / rate
    set_next(net, server, done_s)


@written_out
def run_on(net: Net, server: int, who: int, now_s: float) -> None:
    """Give a request a processor, or a share of all; the server is up to date."""
    own, asking = at.server(net, server), at.request(net, who)
    if at.tier(net, own.tier).shared:
        if own.running == 0:
            own.virtual = 0.0
        asking.key_s = own.virtual + asking.work_s
    else:
        asking.key_s = now_s + asking.work_s / own.speed
    own.running += 1
    own.heap = with_one(net, own.heap, who)


@written_out
def ask_processor(net: Net, server: int, who: int, now_s: float) -> None:
    """Run a request, or let it wait for a processor."""
    own = at.server(net, server)
    tier = at.tier(net, own.tier)
    if tier.shared or own.running < tier.cores:
        touch(net, server, now_s)
        run_on(net, server, who, now_s)
        reckon(net, server)
    else:
        append(net, for_core(server), who)


@written_out
def take_done(net: Net, server: int, now_s: float) -> int:
    """The request that is done with a server's processors, which go to the next one."""
    own = at.server(net, server)
    touch(net, server, now_s)
    done: int = own.heap
    own.heap = without_first(net, done)
    own.running -= 1
    if at.queue(net, for_core(server)).first >= 0:
        run_on(net, server, shift(net, for_core(server)), now_s)
    reckon(net, server)
    return done


@written_out
def for_core(server: int) -> int:
    """The queue for a server's processors."""
    return 2 * server


@written_out
def for_worker(server: int) -> int:
    """The queue for a server's workers."""
    return 2 * server + 1


@written_out
def for_link(net: Net, link: int) -> int:
    """The queue for a connection between two servers."""
    return 2 * at.servers(net).size + link


@written_out
def append(net: Net, queue: int, who: int) -> None:
    """Let a request wait at the end of a queue."""
    own = at.queue(net, queue)
    at.request(net, who).after = NOBODY
    if own.first < 0:
        own.first = who
    else:
        at.request(net, own.last).after = who
    own.last = who


@written_out
def shift(net: Net, queue: int) -> int:
    """The first of a queue, which is taken off."""
    own = at.queue(net, queue)
    who: int = own.first
    own.first = at.request(net, who).after
    return who


@written_out
def count_outstanding(net: Net, server: int, by: int) -> None:
    """One more or one less that is sent here and not answered."""
    heads, own = at.heads(net), at.server(net, server)
    heads.stamps += 1
    own.outstanding += by
    own.stamp = heads.stamps


@inner
def list_serving(net: Net, tier: int) -> None:
    """Who of a tier is sent requests, in the order of their numbers."""
    own, count = at.tier(net, tier), 0
    for server in range(own.first, own.first + own.room):
        if at.server(net, server).state == SERVING or at.server(net, server).state == BROKEN:
            at.serving(net)[tier, count] = server
            count += 1
    own.listed = count


@written_out
def chosen(net: Net, tier: int, who: int, kind: int) -> int:
    """The server of a tier that a request is sent to; nobody when there is none.

    Random: each with the same chance. Round robin: one after the other. Least outstanding: the one with the
    fewest, of several the one whose number has stood longest. By role: writes to the first, reads to one of
    the others, at random, or to the first where there is none.
    """
    own, serving = at.tier(net, tier), at.serving(net)[tier]
    count, how = own.listed, own.routing
    if count == 0:
        return NOBODY
    if count == 1 or (how == BY_ROLE and kind == WRITE):
        return int(serving[0])
    if how == ROUND_ROBIN:
        own.turn += 1
        if own.turn >= count:
            own.turn = 0
        return int(serving[own.turn])
    if how == LEAST_OUTSTANDING:
        return least_outstanding(net, tier, count)
    asking = at.request(net, who)
    asking.drawn += 1
    chance = uniform(asking.key, asking.drawn)
    if how == RANDOM:
        return int(serving[int(chance * count)])
    return int(serving[1 + int(chance * (count - 1))])


@inner
def least_outstanding(net: Net, tier: int, count: int) -> int:
    """The server with the fewest requests, of several the one whose number has stood longest."""
    s, serving = at.servers(net), at.serving(net)[tier]
    best = serving[0]
    least = s[best].outstanding * STAMPS + s[best].stamp
    for place in range(1, count):
        other = serving[place]
        figure = s[other].outstanding * STAMPS + s[other].stamp
        best = other if figure < least else best
        least = min(least, figure)
    return int(best)
