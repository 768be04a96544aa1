"""The loop over events: changes, processors that are done, pauses that end, clients that give up, arrivals.

Of several events at one time that is their order, and of several servers that are done at one time the one
with the lowest number comes first.
"""

from __future__ import annotations

import math

from groma.simulation.kernels import compiled, inner, written_out
from groma.simulation.kernels import memory as at
from groma.simulation.kernels.draws import key_of
from groma.simulation.kernels.endings import await_answer, given_up, taken
from groma.simulation.kernels.heaps import set_next, without_first
from groma.simulation.kernels.journeys import draw, enter, go_on, is_lost, link_between, worked
from groma.simulation.kernels.memory import Net
from groma.simulation.kernels.servers import (
    count_outstanding,
    for_core,
    for_link,
    for_worker,
    list_serving,
    take_done,
    touch,
)
from groma.simulation.kernels.state import (
    AWAKE,
    BROKEN,
    FRONT,
    GOOD,
    LESS,
    LOST,
    NOBODY,
    OFF,
    TO_ASK,
    WRITE,
    Floats,
    Ints,
)

DONE, NEEDS_ROOM = 0, 1
"""Why the loop ended."""


@compiled
def run(
    net: Net,
    until_s: float,
    arrivals_s: Floats,
    serial: int,
    changes_s: Floats,
    changed: Ints,
    begun: Ints,
) -> int:
    """Handle all events before a time.

    Args:
        arrivals_s: when requests come, in order; the first of them has the number `serial`.
        changes_s, changed: when servers change, in order, and for each which one and to what.
        begun: how many arrivals and changes were handled before; counted on.

    Returns:
        `DONE`, or `NEEDS_ROOM` when the slots for requests are used up: to be called again with more.
    """
    heads, due, soonest = at.heads(net), at.due(net), at.soonest(net)
    change_s = changes_s[begun[1]] if begun[1] < changes_s.size else math.inf
    arrival_s = arrivals_s[begun[0]] if begun[0] < arrivals_s.size else math.inf
    while True:
        sleeper, waiter = heads.sleeping, heads.first_out
        wake_s = at.request(net, sleeper).key_s if sleeper >= 0 else math.inf
        gone_s = at.request(net, waiter).begun_s + heads.timeout_s if waiter >= 0 else math.inf
        now_s = min(min(due[1], arrival_s), min(min(wake_s, gone_s), change_s))
        if now_s >= until_s:
            return DONE
        if now_s == change_s:
            change(net, changed[begun[1], 0], changed[begun[1], 1], now_s)
            begun[1] += 1
            change_s = changes_s[begun[1]] if begun[1] < changes_s.size else math.inf
        elif now_s == due[1]:
            worked(net, take_done(net, soonest[1], now_s), now_s)
        elif now_s == wake_s:
            heads.sleeping = without_first(net, sleeper)
            wake(net, sleeper, now_s)
        elif heads.free < 0:
            return NEEDS_ROOM
        elif now_s == gone_s:
            given_up(net, waiter, now_s)
        else:
            who = taken(net)
            at.request(net, who).serial, at.request(net, who).attempt = serial + begun[0], 0
            begun[0] += 1
            arrival_s = arrivals_s[begun[0]] if begun[0] < arrivals_s.size else math.inf
            begin(net, who, now_s)


@compiled
def settle(net: Net, now_s: float) -> None:
    """Bring what every server has done up to date."""
    for server in range(at.servers(net).size):
        touch(net, server, now_s)


@written_out
def begin(net: Net, who: int, now_s: float) -> None:
    """Begin an attempt of a request; with the first of them its class is drawn."""
    own, heads = at.request(net, who), at.heads(net)
    own.key = key_of(heads.seed, own.serial, own.attempt)
    own.begun_s = now_s
    own.drawn, own.failed, own.abandoned, own.asleep, own.stage = 0, GOOD, 0, AWAKE, NOBODY
    if own.attempt == 0:
        own.born_s = now_s
        upto, kind = at.upto(net), 0
        chance = draw(net, who)
        while chance > upto[kind] and kind < upto.size - 1:
            kind += 1
        own.kind = kind
        at.asked(net)[kind] += 1
    if heads.timeout_s < math.inf:
        await_answer(net, who)
    if enter(net, who, FRONT, WRITE, now_s):
        go_on(net, who, now_s)


@inner
def wake(net: Net, who: int, now_s: float) -> None:
    """The time has come for which a request waited; it goes no further from a server that is lost."""
    own = at.request(net, who)
    if own.asleep == TO_ASK:
        begin(net, who, now_s)
        return
    own.asleep = AWAKE
    if is_lost(net, who, own.stage) or enter(net, who, own.stage + 1, WRITE, now_s):
        go_on(net, who, now_s)


@inner
def change(net: Net, server: int, state: int, now_s: float) -> None:
    """A server comes, is emptied, breaks or goes; what is inside when it breaks or goes is lost."""
    own = at.server(net, server)
    touch(net, server, now_s)
    own.state = state
    list_serving(net, own.tier)
    if state in (OFF, BROKEN):
        lose(net, server, now_s)


@inner
def lose(net: Net, server: int, now_s: float) -> None:
    """All that is at a server fails: what runs there, what waits for its processors, its workers or a
    connection to it, and what waits there to be sent on.

    What it has sent on already is worked on, and goes back to nobody.
    """
    own = at.server(net, server)
    running = own.heap
    own.generation += 1
    own.outstanding, own.held, own.running, own.heap = 0, 0, 0, NOBODY
    set_next(net, server, math.inf)
    cores, workers = emptied(net, for_core(server)), emptied(net, for_worker(server))
    while running >= 0:
        who = running
        running = without_first(net, running)
        fail(net, who, now_s)
    fail_all(net, cores, now_s)
    fail_all(net, workers, now_s)
    if own.tier > 0 and at.tier(net, own.tier).pool > 0:
        before = at.tier(net, own.tier - 1)
        for other in range(before.first, before.first + before.room):
            link = link_between(net, other, server)
            at.used(net)[link] = 0
            fail_all(net, emptied(net, for_link(net, link)), now_s)
    if own.tier + 1 < at.tiers(net).size and at.tier(net, own.tier + 1).pool > 0:
        behind = at.tier(net, own.tier + 1)
        for other in range(behind.first, behind.first + behind.room):
            not_sent(net, emptied(net, for_link(net, link_between(net, server, other))), other, now_s)


@inner
def not_sent(net: Net, first: int, server: int, now_s: float) -> None:
    """Those who waited for a connection to a server are sent there no longer: who asked is lost."""
    while first >= 0:
        own, who = at.request(net, first), first
        first = own.after
        count_outstanding(net, server, LESS)
        own.stage -= 1
        go_on(net, who, now_s)


@inner
def emptied(net: Net, queue: int) -> int:
    """The first of a queue that nobody is in any longer."""
    own = at.queue(net, queue)
    first: int = own.first
    own.first = NOBODY
    return first


@inner
def fail_all(net: Net, first: int, now_s: float) -> None:
    """A whole queue is lost."""
    while first >= 0:
        who = first
        first = at.request(net, first).after
        fail(net, who, now_s)


@inner
def fail(net: Net, who: int, now_s: float) -> None:
    """A request is lost where it is."""
    own = at.request(net, who)
    if own.failed == GOOD:
        own.failed = LOST
    go_on(net, who, now_s)
