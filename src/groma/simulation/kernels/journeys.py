"""What a request does next: into a tier, on to the tier behind it, and back again with its answer.

A request holds its worker and its connection at every tier before the one that it is at, until the answer
passes back. What fails goes back in the same way, without asking for anything more.
"""

from __future__ import annotations

from groma.simulation.kernels import inner, written_out
from groma.simulation.kernels import memory as at
from groma.simulation.kernels.draws import quantile, uniform
from groma.simulation.kernels.endings import bin_of, ended, sleep
from groma.simulation.kernels.memory import Net
from groma.simulation.kernels.servers import (
    append,
    ask_processor,
    chosen,
    count_outstanding,
    for_link,
    for_worker,
    shift,
)
from groma.simulation.kernels.state import (
    AWAY,
    BROKEN,
    GOOD,
    LESS,
    LOST,
    MORE,
    NO_TARGET,
    READ,
    REFUSED,
    WRITE,
)


@written_out
def draw(net: Net, who: int) -> float:
    """The next draw of a request, between 0 and 1."""
    own = at.request(net, who)
    own.drawn += 1
    return uniform(own.key, own.drawn)


@written_out
def enter(net: Net, who: int, tier: int, kind: int, now_s: float) -> bool:
    """Send a request to a server of a tier, over a connection where there are so many only.

    Returns:
        Whether it was turned away, and so goes back at once.
    """
    own, ours = at.request(net, who), at.tier(net, tier)
    server = chosen(net, tier, who, kind)
    if server < 0:
        own.failed = NO_TARGET
        return True
    there = at.server(net, server)
    if there.state == BROKEN:
        own.failed = LOST
        return True
    if there.held >= ours.workers + ours.backlog:
        own.failed = REFUSED
        return True
    own.stage = tier
    visit = at.visit(net, who, tier)
    visit.at, visit.generation, visit.entered_s = server, there.generation, now_s
    count_outstanding(net, server, MORE)
    if tier > 0 and ours.pool > 0:
        link = link_of(net, who, tier)
        if at.used(net)[link] >= ours.pool:
            append(net, for_link(net, link), who)
            return False
        at.used(net)[link] += 1
    admit(net, who, tier, now_s)
    return False


@written_out
def link_of(net: Net, who: int, tier: int) -> int:
    """The place of the connections between the servers of a request at a tier and at the one before."""
    return link_between(net, at.visit(net, who, tier - 1).at, at.visit(net, who, tier).at)


@written_out
def link_between(net: Net, asking: int, asked: int) -> int:
    """The place of the connections from a server to one of the next tier, which has a pool."""
    tier: int = at.server(net, asked).tier
    before, own = at.tier(net, tier - 1), at.tier(net, tier)
    place: int = own.links + (asking - before.first) * own.room + asked - own.first
    return place


@written_out
def admit(net: Net, who: int, tier: int, now_s: float) -> None:
    """Give a request a worker of its server, or let it wait for one."""
    server = at.visit(net, who, tier).at
    there = at.server(net, server)
    there.held += 1
    if there.held <= at.tier(net, tier).workers:
        work(net, who, tier, now_s)
    else:
        append(net, for_worker(server), who)


@written_out
def work(net: Net, who: int, tier: int, now_s: float) -> None:
    """Draw the work of a visit, and ask for a processor."""
    own = at.request(net, who)
    asked = at.asked_of(net, own.kind, tier)
    own.work_s = asked.work_s * quantile(at.tables(net)[asked.shape], draw(net, who))
    at.visited(net)[tier] += 1
    ask_processor(net, at.visit(net, who, tier).at, who, now_s)


@written_out
def worked(net: Net, who: int, now_s: float) -> None:
    """Go on after the processors of a tier: draw how often the next tier is asked, and ask it."""
    own = at.request(net, who)
    asked, visit = at.asked_of(net, own.kind, own.stage), at.visit(net, who, own.stage)
    visit.reads_left = times(net, who, asked.reads)
    visit.writes_left = times(net, who, asked.writes)
    go_on(net, who, now_s)


@written_out
def times(net: Net, who: int, mean: float) -> int:
    """A whole number of visits with this mean: of 2.3 the third is made with probability 0.3."""
    count = int(mean)
    if mean > count and draw(net, who) < mean - count:
        count += 1
    return count


@inner
def go_on(net: Net, who: int, now_s: float) -> None:
    """Go on from the tier where a request is, until it waits for an event or has ended.

    A server that was lost meanwhile answers nothing, and has nothing to be given back.
    """
    own = at.request(net, who)
    while own.stage >= 0:
        tier = own.stage
        visit = at.visit(net, who, tier)
        lost = is_lost(net, who, tier)
        if lost and own.failed == GOOD:
            own.failed = LOST
        if own.failed == GOOD and visit.reads_left + visit.writes_left > 0:
            if not asks_next(net, who, tier, now_s):
                return
        else:
            at.stayed(net)[tier, bin_of(now_s - visit.entered_s)] += 1
            own.stage = tier - 1
            if not lost:
                leave(net, who, tier, now_s)
    ended(net, who, now_s)


@written_out
def is_lost(net: Net, who: int, tier: int) -> bool:
    """Whether the server of a request at a tier is gone since it came there."""
    visit = at.visit(net, who, tier)
    return bool(visit.generation != at.server(net, visit.at).generation)


@written_out
def asks_next(net: Net, who: int, tier: int, now_s: float) -> bool:
    """Ask the next tier once more, reads first; whether the answer is there at once."""
    own, visit = at.request(net, who), at.visit(net, who, tier)
    asked = at.asked_of(net, own.kind, tier)
    kind = READ
    if visit.reads_left > 0:
        visit.reads_left -= 1
        if asked.hits > 0.0 and draw(net, who) < asked.hits:
            return True
    else:
        kind = WRITE
        visit.writes_left -= 1
        if asked.away_s > 0.0:
            own.asleep = AWAY
            sleep(net, who, now_s + asked.away_s)
            return False
    return bool(enter(net, who, tier + 1, kind, now_s))


@written_out
def leave(net: Net, who: int, tier: int, now_s: float) -> None:
    """Answer from a tier: its worker and its connection go to those who wait for them."""
    server = at.visit(net, who, tier).at
    count_outstanding(net, server, LESS)
    at.server(net, server).held -= 1
    if at.queue(net, for_worker(server)).first >= 0:
        work(net, shift(net, for_worker(server)), tier, now_s)
    if tier > 0 and at.tier(net, tier).pool > 0:
        link = link_of(net, who, tier)
        if at.queue(net, for_link(net, link)).first >= 0:
            admit(net, shift(net, for_link(net, link)), tier, now_s)
        else:
            at.used(net)[link] -= 1
