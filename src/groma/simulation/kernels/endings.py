"""How a request ends: with an answer, an error or a client that has gone; and whether it asks again."""

from __future__ import annotations

import math

import numpy as np

from groma.simulation.kernels import compiled, inner, written_out
from groma.simulation.kernels import memory as at
from groma.simulation.kernels.draws import quantile, uniform
from groma.simulation.kernels.heaps import with_one
from groma.simulation.kernels.memory import Net
from groma.simulation.kernels.state import (
    BINS,
    BINS_PER_OCTAVE,
    GOOD,
    LEAST_S,
    NOBODY,
    TIMED_OUT,
    TO_ASK,
    whole,
)

OF_PAUSE, OF_THOUGHT = whole(1 << 40), whole(1 << 41)
"""Numbers of draws that no visit reaches: a client's draws do not hang on how far its request came."""


_CELLS = 256
_FIRST_OF_CELL = np.floor(np.log2(1 + np.arange(_CELLS) / _CELLS) * BINS_PER_OCTAVE + 1e-9).astype(np.int64)
_NEXT_EDGE = np.ceil((2 ** (np.arange(1, BINS_PER_OCTAVE + 1) / BINS_PER_OCTAVE) - 1) * 2**52).astype(
    np.int64
)
"""Of 256 even parts of an octave, the bin in which each begins; and where the next bin begins, of 2^52."""
_MANTISSA = np.int64((1 << 52) - 1)


@compiled
def bin_of(time_s: float) -> int:
    """The place of a time in a histogram: 64 times its binary logarithm in µs, from its bits.

    A part of an octave is narrower than a bin, so that at most one bin begins in it.
    """
    if time_s <= LEAST_S:
        return 0
    bits = np.float64(time_s * (1 / LEAST_S)).view(np.int64)
    within = bits & _MANTISSA
    place = _FIRST_OF_CELL[np.uint64(within >> 44)]
    place += int(within >= _NEXT_EDGE[np.uint64(place)])
    return min(((bits >> 52) - 1023) * BINS_PER_OCTAVE + place, BINS - 1)


@written_out
def sleep(net: Net, who: int, until_s: float) -> None:
    """Let a request wait for nothing but time."""
    heads = at.heads(net)
    at.request(net, who).key_s = until_s
    heads.sleeping = with_one(net, heads.sleeping, who)


@written_out
def taken(net: Net) -> int:
    """A slot for a request; there is one."""
    heads = at.heads(net)
    who: int = heads.free
    heads.free = at.request(net, who).after
    heads.inside += 1
    return who


@written_out
def given_back(net: Net, who: int) -> None:
    """Nobody uses the slot any longer."""
    heads = at.heads(net)
    at.request(net, who).after = heads.free
    heads.free = who
    heads.inside -= 1


@written_out
def await_answer(net: Net, who: int) -> None:
    """Note that a client waits; all wait equally long, so that the last is the last to give up."""
    heads = at.heads(net)
    at.request(net, who).before_out = heads.last_out
    at.request(net, who).after_out = NOBODY
    if heads.last_out >= 0:
        at.request(net, heads.last_out).after_out = who
    else:
        heads.first_out = who
    heads.last_out = who


@written_out
def forget_client(net: Net, who: int) -> None:
    """Note that a client waits no longer."""
    heads = at.heads(net)
    before, after = at.request(net, who).before_out, at.request(net, who).after_out
    if before >= 0:
        at.request(net, before).after_out = after
    else:
        heads.first_out = after
    if after >= 0:
        at.request(net, after).before_out = before
    else:
        heads.last_out = before


@written_out
def ended(net: Net, who: int, now_s: float) -> None:
    """An attempt has come back to its client, if that still waits."""
    own, heads = at.request(net, who), at.heads(net)
    if own.abandoned:
        given_back(net, who)
        return
    if heads.timeout_s < math.inf:
        forget_client(net, who)
    if own.failed == GOOD:
        took_s = now_s - own.born_s
        at.felt(net)[own.kind, bin_of(took_s)] += 1
        at.sums(net)[own.kind] += took_s
        heads.saved += min(heads.budget, 1.0)
        finished(net, who, now_s, GOOD)
        return
    at.attempts(net)[own.failed] += 1
    if asks_again(net, who):
        pause(net, who, own.key, now_s)
    else:
        finished(net, who, now_s, own.failed)


@inner
def given_up(net: Net, who: int, now_s: float) -> None:
    """A client has waited long enough: its request goes on without it, and it may ask again."""
    left, other = at.request(net, who), taken(net)
    forget_client(net, who)
    left.abandoned = 1
    at.attempts(net)[TIMED_OUT] += 1
    again = at.request(net, other)
    again.serial, again.attempt, again.kind, again.born_s = left.serial, left.attempt, left.kind, left.born_s
    again.key = left.key
    if asks_again(net, other):
        pause(net, other, left.key, now_s)
    else:
        finished(net, other, now_s, TIMED_OUT)


@inner
def asks_again(net: Net, who: int) -> bool:
    """Whether another attempt is made, for which a retry must have been saved up where they are."""
    heads = at.heads(net)
    if at.request(net, who).attempt >= heads.retries:
        return False
    if heads.budget < math.inf:
        if heads.saved < 1.0:
            return False
        heads.saved -= 1.0
    at.retried(net)[0] += 1
    return True


@inner
def pause(net: Net, who: int, key: np.uint64, now_s: float) -> None:
    """Ask again after a pause of any length up to backoff · 2^attempt (full jitter)."""
    own = at.request(net, who)
    most_s = at.heads(net).backoff_s * 2.0**own.attempt
    own.attempt += 1
    own.asleep = TO_ASK
    sleep(net, who, now_s + most_s * uniform(key, OF_PAUSE))


@written_out
def finished(net: Net, who: int, now_s: float, outcome: int) -> None:
    """A request has ended for good; a closed client thinks, and asks the next."""
    own, heads = at.request(net, who), at.heads(net)
    at.outcomes(net)[own.kind, outcome] += 1
    if own.serial < at.log(net).size:
        at.log(net)[own.serial] = now_s - own.born_s if outcome == GOOD else -float(outcome)
    if heads.think_s <= 0.0:
        given_back(net, who)
        return
    thought_s = heads.think_s * quantile(at.tables(net)[0], uniform(own.key, OF_THOUGHT))
    own.serial += heads.stride
    own.attempt = 0
    own.asleep = TO_ASK
    sleep(net, who, now_s + thought_s)
