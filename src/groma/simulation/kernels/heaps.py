"""What comes next: of the requests at one server, by a skew heap; of all servers, by a tournament.

A skew heap (Sleator and Tarjan, 1986) keeps its links in the requests themselves, so that no server has a
most of what it may hold. A tournament is a binary tree of least times over all servers.
"""

from __future__ import annotations

import numpy as np

from groma.simulation.kernels import inner

NOBODY = -1


@inner
def melded(q: np.ndarray, one: int, other: int) -> int:
    """The first of two heaps made one."""
    if one < 0:
        return other
    if other < 0:
        return one
    if q[other].key_s < q[one].key_s:
        one, other = other, one
    first = one
    while True:
        after = q[one].right
        q[one].right = q[one].left
        if after < 0:
            q[one].left = other
            return first
        if q[other].key_s < q[after].key_s:
            after, other = other, after
        q[one].left = after
        one = after


@inner
def with_one(q: np.ndarray, first: int, new: int) -> int:
    """The first of a heap with one more in it."""
    q[new].left = NOBODY
    q[new].right = NOBODY
    return melded(q, first, new)


@inner
def without_first(q: np.ndarray, first: int) -> int:
    """The first of what is left of a heap."""
    return melded(q, q[first].left, q[first].right)


@inner
def set_next(tree: np.ndarray, server: int, at_s: float) -> None:
    """Note when a server's next event is."""
    node = (tree.size >> 1) + server
    tree[node] = at_s
    node >>= 1
    while node >= 1:
        least = min(tree[2 * node], tree[2 * node + 1])
        if tree[node] == least:
            return
        tree[node] = least
        node >>= 1


@inner
def next_server(tree: np.ndarray) -> int:
    """The server whose event comes next, the first of several."""
    leaves = tree.size >> 1
    node = 1
    while node < leaves:
        node *= 2
        node += int(tree[node] > tree[node + 1])
    return node - leaves
