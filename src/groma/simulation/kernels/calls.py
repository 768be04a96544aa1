"""Calls of a Lambda function: environments that start cold, are used again, idle and are replaced.

A call takes the environment that was used last; without one that stands a new one starts, where the limit and
the rate at which environments may be added allow it. Calls of people are refused otherwise; messages wait.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from groma.simulation.kernels import compiled
from groma.simulation.kernels.draws import key_of, quantile, uniform
from groma.simulation.kernels.endings import bin_of
from groma.simulation.kernels.state import GOOD, REFUSED, Floats, Ints

STARTED, BUSY, IDLE, WINDOW, MOST, COLD = 0, 1, 2, 3, 4, 5
COUNTS = 6
"""Places in `counts`: environments started in the window of ten seconds, those that work and that idle, which
window it is, the most that stood, and, cleared by who reads them, cold starts."""
WINDOW_S = 10.0


class Kinds(NamedTuple):
    """What each kind of call asks, by kind (C) and by what it waits for (C × W).

    Attributes:
        upto: share of the calls of this kind and those before it.
        before_s: mean time until the function is called; cpu_s: in which it computes.
        waits, wait_s: how often it waits for another, and how long on average each time.
        tables: quantiles of the times before, of computing, of a cold start, and of each wait (3 + W).
    """

    upto: Floats
    before_s: Floats
    cpu_s: Floats
    waits: Floats
    wait_s: Floats
    tables: Floats


class Limits(NamedTuple):
    """Of a function's environments.

    Attributes:
        most: of them; queues: whether a call waits for one, as messages do.
        added: new ones in ten seconds.
        cold_s: mean time of a cold start; idle_s: after which an idle one is gone; life_s: any one.
    """

    most: int
    queues: bool
    added: int
    cold_s: float
    idle_s: float
    life_s: float


class Environments(NamedTuple):
    """Those that stand: when busy ones are done, as a heap, and were begun; of idle ones, used last on top.

    `last_s` is when the last call began: no call begins before one that came earlier.
    """

    done_s: Floats
    busy_born_s: Floats
    used_s: Floats
    idle_born_s: Floats
    counts: Ints
    last_s: Floats


@compiled
def call_all(
    arrivals_s: Floats,
    serial: int,
    seed: int,
    kinds: Kinds,
    limits: Limits,
    there: Environments,
    felt: Ints,
    outcomes: Ints,
    inside: Ints,
) -> None:
    """Handle calls in order.

    Args:
        serial: the number of the first.
        felt, outcomes: counted on, by kind and bin, and by kind and outcome.
        inside: times from the call to its end, counted on (BINS).
    """
    for number in range(arrivals_s.size):
        key = key_of(seed, serial + number, 0)
        kind, chance = 0, uniform(key, 0)
        while chance > kinds.upto[kind] and kind < kinds.upto.size - 1:
            kind += 1
        now_s = arrivals_s[number]
        begin_s = begun(now_s, limits, there)
        if math.isinf(begin_s):
            outcomes[kind, REFUSED] += 1
            continue
        there.last_s[0] = begin_s
        takes_s = work_of(key, kind, kinds)
        born_s = used_again(begin_s, limits, there)
        if born_s < 0.0:
            born_s = begin_s
            there.counts[COLD] += 1
            takes_s += limits.cold_s * quantile(kinds.tables[2], uniform(key, 2))
        push(there, begin_s + takes_s, born_s)
        before_s = kinds.before_s[kind] * quantile(kinds.tables[0], uniform(key, 1))
        felt[kind, bin_of(begin_s - now_s + before_s + takes_s)] += 1
        inside[bin_of(takes_s)] += 1
        outcomes[kind, GOOD] += 1


@compiled
def work_of(key: np.uint64, kind: int, kinds: Kinds) -> float:
    """How long a call computes and waits."""
    takes_s = kinds.cpu_s[kind] * quantile(kinds.tables[1], uniform(key, 3))
    drawn = 4
    for column in range(kinds.waits.shape[1]):
        often = kinds.waits[kind, column]
        count = int(often)
        if uniform(key, drawn) < often - count:
            count += 1
        drawn += 1
        for _ in range(count):
            takes_s += kinds.wait_s[kind, column] * quantile(kinds.tables[3 + column], uniform(key, drawn))
            drawn += 1
    return takes_s


@compiled
def begun(now_s: float, limits: Limits, there: Environments) -> float:
    """When a call may begin: infinity when it is refused."""
    counts = there.counts
    now_s = max(now_s, there.last_s[0])
    free_idle(now_s, there)
    while True:
        window = int(now_s / WINDOW_S)
        if window != counts[WINDOW]:
            counts[WINDOW] = window
            counts[STARTED] = 0
        if counts[IDLE] > 0 and stands(there, counts[IDLE] - 1, now_s, limits):
            return now_s
        if counts[BUSY] < limits.most and counts[STARTED] < limits.added:
            return now_s
        if not limits.queues:
            return math.inf
        now_s = (window + 1) * WINDOW_S if counts[BUSY] < limits.most else there.done_s[0]
        free_idle(now_s, there)


@compiled
def stands(there: Environments, place: int, now_s: float, limits: Limits) -> bool:
    """Whether an idle environment is still there."""
    fresh = now_s - there.used_s[place] <= limits.idle_s
    return fresh and now_s - there.idle_born_s[place] <= limits.life_s


@compiled
def used_again(now_s: float, limits: Limits, there: Environments) -> float:
    """When the environment was begun that takes a call; -1 when a new one is begun for it."""
    counts = there.counts
    while counts[IDLE] > 0:
        counts[IDLE] -= 1
        if stands(there, counts[IDLE], now_s, limits):
            return there.idle_born_s[counts[IDLE]]
    counts[STARTED] += 1
    return -1.0


@compiled
def free_idle(now_s: float, there: Environments) -> None:
    """Environments that are done by now idle, and wait for the next call on top of the others."""
    counts = there.counts
    while counts[BUSY] > 0 and there.done_s[0] <= now_s:
        there.used_s[counts[IDLE]] = there.done_s[0]
        there.idle_born_s[counts[IDLE]] = there.busy_born_s[0]
        counts[IDLE] += 1
        pop(there)


@compiled
def push(there: Environments, done_s: float, born_s: float) -> None:
    """One more environment works, until a time."""
    done, born, place = there.done_s, there.busy_born_s, there.counts[BUSY]
    there.counts[BUSY] += 1
    there.counts[MOST] = max(there.counts[MOST], there.counts[BUSY])
    while place > 0 and done[(place - 1) // 2] > done_s:
        done[place], born[place] = done[(place - 1) // 2], born[(place - 1) // 2]
        place = (place - 1) // 2
    done[place], born[place] = done_s, born_s


@compiled
def pop(there: Environments) -> None:
    """The first that is done works no longer."""
    done, born = there.done_s, there.busy_born_s
    there.counts[BUSY] -= 1
    count = there.counts[BUSY]
    last_s, last_born_s, place = done[count], born[count], 0
    while 2 * place + 1 < count:
        child = 2 * place + 1
        if child + 1 < count and done[child + 1] < done[child]:
            child += 1
        if done[child] >= last_s:
            break
        done[place], born[place] = done[child], born[child]
        place = child
    done[place], born[place] = last_s, last_born_s
