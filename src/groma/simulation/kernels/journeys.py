"""What a request does next: into a tier, on to the tier behind it, and back again with its answer.

A request holds its worker and its connection at every tier before the one that it is at, until the answer
passes back. What fails goes back in the same way, without asking for anything more.
"""

from __future__ import annotations

from groma.simulation.kernels import compiled
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
    LOST,
    NO_TARGET,
    READ,
    REFUSED,
    WRITE,
)


@compiled
def draw(net: Net, who: int) -> float:
    """The next draw of a request, between 0 and 1."""
    at.requests(net)[who].drawn += 1
    return uniform(at.requests(net)[who].key, at.requests(net)[who].drawn)


@compiled
def enter(net: Net, who: int, tier: int, kind: int, now_s: float) -> bool:
    """Send a request to a server of a tier, over a connection where there are so many only.

    Returns:
        Whether it was turned away, and so goes back at once.
    """
    q, s, tiers = at.requests(net), at.servers(net), at.tiers(net)
    server = chosen(net, tier, who, kind)
    if server < 0:
        q[who].failed = NO_TARGET
        return True
    if s[server].state == BROKEN:
        q[who].failed = LOST
        return True
    if s[server].held >= tiers[tier].workers + tiers[tier].backlog:
        q[who].failed = REFUSED
        return True
    q[who].stage = tier
    at.visits(net)[who, tier].at = server
    at.visits(net)[who, tier].generation = s[server].generation
    at.visits(net)[who, tier].entered_s = now_s
    count_outstanding(net, server, 1)
    if tier > 0 and tiers[tier].pool > 0:
        link = link_of(net, who, tier)
        if at.used(net)[link] >= tiers[tier].pool:
            append(net, for_link(net, link), who)
            return False
        at.used(net)[link] += 1
    admit(net, who, tier, now_s)
    return False


@compiled
def link_of(net: Net, who: int, tier: int) -> int:
    """The place of the connections between the servers of a request at a tier and at the one before."""
    return (
        at.visits(net)[who, tier - 1].at * at.serving(net).shape[1]
        + at.visits(net)[who, tier].at
        - at.tiers(net)[tier].first
    )


@compiled
def admit(net: Net, who: int, tier: int, now_s: float) -> None:
    """Give a request a worker of its server, or let it wait for one."""
    q, s = at.requests(net), at.servers(net)
    server = at.visits(net)[who, tier].at
    s[server].held += 1
    if s[server].held <= at.tiers(net)[tier].workers:
        work(net, who, tier, now_s)
    else:
        append(net, for_worker(server), who)


@compiled
def work(net: Net, who: int, tier: int, now_s: float) -> None:
    """Draw the work of a visit, and ask for a processor."""
    q, w = at.requests(net), at.work(net)
    kind = q[who].kind
    q[who].work_s = w[kind, tier].work_s * quantile(at.tables(net)[w[kind, tier].shape], draw(net, who))
    at.visited(net)[tier] += 1
    ask_processor(net, at.visits(net)[who, tier].at, who, now_s)


@compiled
def worked(net: Net, who: int, now_s: float) -> None:
    """Go on after the processors of a tier: draw how often the next tier is asked, and ask it."""
    q, w, tier = at.requests(net), at.work(net), at.requests(net)[who].stage
    kind = q[who].kind
    at.visits(net)[who, tier].reads_left = whole(net, who, w[kind, tier].reads)
    at.visits(net)[who, tier].writes_left = whole(net, who, w[kind, tier].writes)
    go_on(net, who, now_s)


@compiled
def whole(net: Net, who: int, mean: float) -> int:
    """A whole number of visits with this mean: of 2.3 the third is made with probability 0.3."""
    count = int(mean)
    if mean > count and draw(net, who) < mean - count:
        count += 1
    return count


@compiled
def go_on(net: Net, who: int, now_s: float) -> None:
    """Go on from the tier where a request is, until it waits for an event or has ended.

    A server that was lost meanwhile answers nothing, and has nothing to be given back.
    """
    q = at.requests(net)
    while q[who].stage >= 0:
        tier = q[who].stage
        lost = (
            at.visits(net)[who, tier].generation != at.servers(net)[at.visits(net)[who, tier].at].generation
        )
        if lost and q[who].failed == GOOD:
            q[who].failed = LOST
        if (
            q[who].failed == GOOD
            and at.visits(net)[who, tier].reads_left + at.visits(net)[who, tier].writes_left > 0
        ):
            if not asks_next(net, who, tier, now_s):
                return
        else:
            at.stayed(net)[tier, bin_of(now_s - at.visits(net)[who, tier].entered_s)] += 1
            q[who].stage = tier - 1
            if not lost:
                leave(net, who, tier, now_s)
    ended(net, who, now_s)


@compiled
def asks_next(net: Net, who: int, tier: int, now_s: float) -> bool:
    """Ask the next tier once more, reads first; whether the answer is there at once."""
    q, w = at.requests(net), at.work(net)
    kind = q[who].kind
    if at.visits(net)[who, tier].reads_left > 0:
        at.visits(net)[who, tier].reads_left -= 1
        if w[kind, tier].hits > 0.0 and draw(net, who) < w[kind, tier].hits:
            return True
        return enter(net, who, tier + 1, READ, now_s)
    at.visits(net)[who, tier].writes_left -= 1
    if w[kind, tier].away_s > 0.0:
        q[who].asleep = AWAY
        sleep(net, who, now_s + w[kind, tier].away_s)
        return False
    return enter(net, who, tier + 1, WRITE, now_s)


@compiled
def leave(net: Net, who: int, tier: int, now_s: float) -> None:
    """Answer from a tier: its worker and its connection go to those who wait for them."""
    q, s = at.requests(net), at.servers(net)
    server = at.visits(net)[who, tier].at
    count_outstanding(net, server, -1)
    s[server].held -= 1
    if at.queues(net)[for_worker(server)].first >= 0:
        work(net, shift(net, for_worker(server)), tier, now_s)
    if tier > 0 and at.tiers(net)[tier].pool > 0:
        link = link_of(net, who, tier)
        if at.queues(net)[for_link(net, link)].first >= 0:
            admit(net, shift(net, for_link(net, link)), tier, now_s)
        else:
            at.used(net)[link] -= 1
