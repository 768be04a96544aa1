"""The loop over events: arrivals, processors that are done, pauses that end, clients that give up, changes."""

from __future__ import annotations

import math

from groma.simulation.kernels import compiled
from groma.simulation.kernels import memory as at
from groma.simulation.kernels.draws import key_of
from groma.simulation.kernels.endings import await_answer, given_up, taken
from groma.simulation.kernels.heaps import NOBODY, next_server, set_next, without_first
from groma.simulation.kernels.journeys import draw, enter, go_on, worked
from groma.simulation.kernels.memory import Net
from groma.simulation.kernels.servers import for_core, for_link, for_worker, list_serving, take_done, touch
from groma.simulation.kernels.state import (
    AWAKE,
    AWAY,
    GOOD,
    LOST,
    OFF,
    SERVING,
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
    q, heads, patience_s = at.requests(net), at.heads(net), at.heads(net)[0].timeout_s
    while True:
        change_s = changes_s[begun[1]] if begun[1] < changes_s.size else math.inf
        arrival_s = arrivals_s[begun[0]] if begun[0] < arrivals_s.size else math.inf
        sleeper, waiter = heads[0].sleeping, heads[0].first_out
        wake_s = q[sleeper].key_s if sleeper >= 0 else math.inf
        gone_s = q[waiter].begun_s + patience_s if waiter >= 0 else math.inf
        now_s = min(min(at.due(net)[1], arrival_s), min(min(wake_s, gone_s), change_s))
        if now_s >= until_s:
            return DONE
        if now_s == change_s:
            change(net, changed[begun[1], 0], changed[begun[1], 1], now_s)
            begun[1] += 1
        elif now_s == at.due(net)[1]:
            worked(net, take_done(net, next_server(at.due(net)), now_s), now_s)
        elif now_s == wake_s:
            heads[0].sleeping = without_first(q, sleeper)
            wake(net, sleeper, now_s)
        elif heads[0].free < 0:
            return NEEDS_ROOM
        elif now_s == gone_s:
            given_up(net, waiter, now_s)
        else:
            who = taken(net)
            q[who].serial = serial + begun[0]
            q[who].attempt = 0
            begun[0] += 1
            begin(net, who, now_s)


@compiled
def begin(net: Net, who: int, now_s: float) -> None:
    """Begin an attempt of a request; with the first of them its class is drawn."""
    q, upto = at.requests(net), at.upto(net)
    q[who].key = key_of(at.heads(net)[0].seed, q[who].serial, q[who].attempt)
    q[who].drawn = 0
    q[who].begun_s = now_s
    q[who].failed = GOOD
    q[who].abandoned = 0
    q[who].asleep = AWAKE
    q[who].stage = NOBODY
    if q[who].attempt == 0:
        q[who].born_s = now_s
        chance, kind = draw(net, who), 0
        while chance > upto[kind] and kind < upto.size - 1:
            kind += 1
        q[who].kind = kind
        at.asked(net)[kind] += 1
    if at.heads(net)[0].timeout_s < math.inf:
        await_answer(net, who)
    if enter(net, who, 0, WRITE, now_s):
        go_on(net, who, now_s)


@compiled
def wake(net: Net, who: int, now_s: float) -> None:
    """The time has come for which a request waited."""
    if at.requests(net)[who].asleep == AWAY:
        at.requests(net)[who].asleep = AWAKE
        if enter(net, who, at.requests(net)[who].stage + 1, WRITE, now_s):
            go_on(net, who, now_s)
    else:
        begin(net, who, now_s)


@compiled
def change(net: Net, server: int, state: int, now_s: float) -> None:
    """A server comes, is emptied, breaks or goes; what is inside when it goes is lost."""
    s = at.servers(net)
    touch(net, server, now_s)
    if s[server].state == OFF and state == SERVING:
        s[server].since_s = now_s
    s[server].state = state
    list_serving(net, s[server].tier)
    if state == OFF:
        lose(net, server, now_s)


@compiled
def lose(net: Net, server: int, now_s: float) -> None:
    """Everything at a server fails: what runs, what waits for processors or workers, and for connections."""
    s, q, tier = at.servers(net), at.requests(net), at.servers(net)[server].tier
    running = s[server].heap
    s[server].generation += 1
    s[server].outstanding = 0
    s[server].held = 0
    s[server].running = 0
    s[server].heap = NOBODY
    set_next(at.due(net), server, math.inf)
    cores, workers = emptied(net, for_core(server)), emptied(net, for_worker(server))
    while running >= 0:
        who = running
        running = without_first(q, running)
        fail(net, who, now_s)
    fail_all(net, cores, now_s)
    fail_all(net, workers, now_s)
    if tier > 0:
        width = at.serving(net).shape[1]
        for other in range(
            at.tiers(net)[tier - 1].first, at.tiers(net)[tier - 1].first + at.tiers(net)[tier - 1].room
        ):
            link = other * width + server - at.tiers(net)[tier].first
            at.used(net)[link] = 0
            fail_all(net, emptied(net, for_link(net, link)), now_s)


@compiled
def emptied(net: Net, queue: int) -> int:
    """The first of a queue that nobody is in any longer."""
    first = at.queues(net)[queue].first
    at.queues(net)[queue].first = NOBODY
    return first


@compiled
def fail_all(net: Net, first: int, now_s: float) -> None:
    """A whole queue is lost."""
    while first >= 0:
        who = first
        first = at.requests(net)[first].after
        fail(net, who, now_s)


@compiled
def fail(net: Net, who: int, now_s: float) -> None:
    """A request is lost where it is."""
    if at.requests(net)[who].failed == GOOD:
        at.requests(net)[who].failed = LOST
    go_on(net, who, now_s)
