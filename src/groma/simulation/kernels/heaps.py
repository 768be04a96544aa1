"""What comes next: of the requests at one server, by a skew heap; of all servers, by a tournament.

A skew heap (Sleator and Tarjan, 1986) keeps its links in the requests themselves, so that no server has a
most of what it may hold. A tournament is a binary tree of least times over all servers.
"""

from __future__ import annotations

import numpy as np

from groma.simulation.kernels import inner, written_out
from groma.simulation.kernels import memory as at
from groma.simulation.kernels.memory import Net
from groma.simulation.kernels.state import NOBODY

ROOT, SIGN = np.uint64(1), 63
"""The node of a tree of which all others are below."""


@inner
def melded(net: Net, one: int, other: int) -> int:
    """The first of two heaps made one."""
    if one < 0:
        return other
    if other < 0:
        return one
    if at.request(net, other).key_s < at.request(net, one).key_s:
        one, other = other, one
    first = one
    while True:
        top = at.request(net, one)
        after = top.right
        top.right = top.left
        if after < 0:
            top.left = other
            return first
        if at.request(net, other).key_s < at.request(net, after).key_s:
            after, other = other, after
        top.left = after
        one = after


@written_out
def with_one(net: Net, first: int, new: int) -> int:
    """The first of a heap with one more in it."""
    own = at.request(net, new)
    own.left = NOBODY
    own.right = NOBODY
    return melded(net, first, new)


@inner
def without_first(net: Net, first: int) -> int:
    """The first of what is left of a heap."""
    own = at.request(net, first)
    return melded(net, own.left, own.right)


@written_out
def set_next(net: Net, server: int, at_s: float) -> None:
    """Note when a server's next event is; of servers at one time the one with the lowest number comes first.

    The bits of times that are not negative are in the order of the times, and those of a server on the right
    must be lower than its neighbour's. It goes all the way up, though above a server that stays later than
    another nothing changes: where that begins cannot be foreseen, and guessing wrong costs a processor more
    than the rest of the way.
    """
    due, soonest = at.due_bits(net), at.soonest(net)
    node, bits = np.uint64((due.size >> 1) + server), np.float64(at_s).view(np.int64)
    due[node] = bits
    while node > ROOT:
        other = node ^ ROOT
        there, own = due[other], soonest[other]
        earlier = (there - bits - np.int64(node & ROOT)) >> SIGN
        bits ^= (bits ^ there) & earlier
        server ^= (server ^ own) & earlier
        node >>= ROOT
        due[node] = bits
        soonest[node] = server
