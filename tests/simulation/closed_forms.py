"""What queueing theory says of some networks, in closed form."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence


def erlang_b(servers: int, offered: float) -> float:
    """Share that is refused where nobody waits (Erlang, 1917)."""
    refused = 1.0
    for count in range(1, servers + 1):
        refused = offered * refused / (count + offered * refused)
    return refused


def erlang_c(servers: int, offered: float) -> float:
    """Share that waits where everybody does."""
    refused, busy = erlang_b(servers, offered), offered / servers
    return refused / (1 - busy * (1 - refused))


def mmc_mean_s(servers: int, busy: float) -> float:
    """Mean time in M/M/c with a mean service of 1 s."""
    return 1 + erlang_c(servers, busy * servers) / (servers * (1 - busy))


def mmc_beyond(servers: int, busy: float, time_s: float) -> float:
    """Probability of a longer time than this in M/M/c with a mean service of 1 s, first come first served."""
    waits, rate = erlang_c(servers, busy * servers), servers * (1 - busy)
    if abs(rate - 1) < 1e-9:
        return math.exp(-time_s) * (1 + waits * time_s)
    waited = (rate * math.exp(-time_s) - math.exp(-rate * time_s)) / (rate - 1)
    return (1 - waits) * math.exp(-time_s) + waits * waited


def mmc_quantile_s(servers: int, busy: float, share: float) -> float:
    """Time that a share of the requests stay below in M/M/c."""
    return inverse(lambda time_s: mmc_beyond(servers, busy, time_s), 1 - share)


def inverse(falling: Callable[[float], float], value: float) -> float:
    """Where a function that falls from 1 at 0 to 0 has a value, by halving."""
    low, high = 0.0, 1.0
    while falling(high) > value:
        high *= 2
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if falling(middle) > value else (low, middle)
    return low


def mg1_mean_s(busy: float, scv: float) -> float:
    """Mean time in M/G/1 with a mean service of 1 s (Pollaczek and Khinchine)."""
    return 1 + busy / (1 - busy) * (1 + scv) / 2


def closed_mean_s(work_s: Sequence[float], think_s: float, clients: int) -> float:
    """Mean time of a round through single processors, by exact mean-value analysis (Reiser and Lavenberg)."""
    inside = [0.0] * len(work_s)
    stays = list(work_s)
    for count in range(1, clients + 1):
        stays = [each_s * (1 + there) for each_s, there in zip(work_s, inside, strict=True)]
        rate = count / (think_s + sum(stays))
        inside = [rate * stay for stay in stays]
    return sum(stays)
