"""How a request ends: with an answer, with an error, with a client that has gone; and whether it asks again."""

from __future__ import annotations

import math

from groma.simulation.kernels import compiled
from groma.simulation.kernels import memory as at
from groma.simulation.kernels.draws import quantile, uniform
from groma.simulation.kernels.heaps import NOBODY, with_one
from groma.simulation.kernels.memory import Net
from groma.simulation.kernels.state import (
    BINS,
    BINS_PER_OCTAVE,
    GOOD,
    LEAST_S,
    TIMED_OUT,
    TO_ASK,
)

OF_PAUSE, OF_THOUGHT = 1 << 40, 1 << 41
"""Numbers of draws that no visit reaches, so that a client's draws do not hang on how far its request came."""


@compiled
def bin_of(time_s: float) -> int:
    """The place of a time in a histogram."""
    if time_s <= LEAST_S:
        return 0
    return min(int(math.log2(time_s / LEAST_S) * BINS_PER_OCTAVE), BINS - 1)


@compiled
def sleep(net: Net, who: int, until_s: float) -> None:
    """Let a request wait for nothing but time."""
    q, heads = at.requests(net), at.heads(net)
    q[who].key_s = until_s
    heads[0].sleeping = with_one(q, heads[0].sleeping, who)


@compiled
def taken(net: Net) -> int:
    """A slot for a request; there is one."""
    heads = at.heads(net)
    who = heads[0].free
    heads[0].free = at.requests(net)[who].after
    heads[0].inside += 1
    heads[0].most = max(heads[0].most, heads[0].inside)
    return who


@compiled
def given_back(net: Net, who: int) -> None:
    """Nobody uses the slot any longer."""
    at.requests(net)[who].after = at.heads(net)[0].free
    at.heads(net)[0].free = who
    at.heads(net)[0].inside -= 1


@compiled
def await_answer(net: Net, who: int) -> None:
    """Note that a client waits; all wait equally long, so that the last is the last to give up."""
    q, heads = at.requests(net), at.heads(net)
    q[who].before_out = heads[0].last_out
    q[who].after_out = NOBODY
    if heads[0].last_out >= 0:
        q[heads[0].last_out].after_out = who
    else:
        heads[0].first_out = who
    heads[0].last_out = who


@compiled
def forget_client(net: Net, who: int) -> None:
    """Note that a client waits no longer."""
    q, heads = at.requests(net), at.heads(net)
    before, after = q[who].before_out, q[who].after_out
    if before >= 0:
        q[before].after_out = after
    else:
        heads[0].first_out = after
    if after >= 0:
        q[after].before_out = before
    else:
        heads[0].last_out = before


@compiled
def ended(net: Net, who: int, now_s: float) -> None:
    """An attempt has come back to its client, if that still waits."""
    q = at.requests(net)
    if q[who].abandoned:
        given_back(net, who)
        return
    if at.heads(net)[0].timeout_s < math.inf:
        forget_client(net, who)
    if q[who].failed == GOOD:
        took_s = now_s - q[who].born_s
        at.felt(net)[q[who].kind, bin_of(took_s)] += 1
        at.sums(net)[q[who].kind] += took_s
        at.heads(net)[0].saved += min(at.heads(net)[0].budget, 1.0)
        finished(net, who, now_s, GOOD)
    else:
        at.attempts(net)[q[who].failed] += 1
        if asks_again(net, who):
            pause(net, who, q[who].key, now_s)
        else:
            finished(net, who, now_s, q[who].failed)


@compiled
def given_up(net: Net, who: int, now_s: float) -> None:
    """A client has waited long enough: its request goes on without it, and it may ask again in another slot."""
    q = at.requests(net)
    forget_client(net, who)
    q[who].abandoned = 1
    at.attempts(net)[TIMED_OUT] += 1
    other = taken(net)
    q[other].serial = q[who].serial
    q[other].attempt = q[who].attempt
    q[other].kind = q[who].kind
    q[other].born_s = q[who].born_s
    if asks_again(net, other):
        pause(net, other, q[who].key, now_s)
    else:
        q[other].key = q[who].key
        finished(net, other, now_s, TIMED_OUT)


@compiled
def asks_again(net: Net, who: int) -> bool:
    """Whether another attempt is made, for which a retry must have been saved up where they are."""
    heads = at.heads(net)
    if at.requests(net)[who].attempt >= heads[0].retries:
        return False
    if heads[0].budget < math.inf:
        if heads[0].saved < 1.0:
            return False
        heads[0].saved -= 1.0
    at.retried(net)[0] += 1
    return True


@compiled
def pause(net: Net, who: int, key: int, now_s: float) -> None:
    """Ask again after a pause of any length up to backoff · 2^attempt (full jitter)."""
    q = at.requests(net)
    most_s = at.heads(net)[0].backoff_s * 2.0 ** q[who].attempt
    q[who].attempt += 1
    q[who].asleep = TO_ASK
    sleep(net, who, now_s + most_s * uniform(key, OF_PAUSE))


@compiled
def finished(net: Net, who: int, now_s: float, outcome: int) -> None:
    """A request has ended for good; a closed client thinks, and asks the next."""
    q, heads = at.requests(net), at.heads(net)
    at.outcomes(net)[q[who].kind, outcome] += 1
    if q[who].serial < at.log(net).size:
        at.log(net)[q[who].serial] = now_s - q[who].born_s if outcome == GOOD else -float(outcome)
    if heads[0].think_s <= 0.0:
        given_back(net, who)
        return
    thought_s = heads[0].think_s * quantile(at.tables(net)[0], uniform(q[who].key, OF_THOUGHT))
    q[who].serial += heads[0].stride
    q[who].attempt = 0
    q[who].asleep = TO_ASK
    sleep(net, who, now_s + thought_s)
