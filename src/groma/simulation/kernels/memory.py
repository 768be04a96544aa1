"""Where the arrays of a network lie: compiled functions are told one address, and find each array by it.

A tuple of arrays would be counted in and out at every call, which takes a hundred times as long as what most of
the functions do. So a network is a table of addresses and shapes, three whole numbers for each array in the
order of `Network`, and lives as long as whoever holds the arrays.
"""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
from llvmlite import ir
from numba import carray, types
from numba.extending import intrinsic

from groma.simulation.kernels import compiled
from groma.simulation.kernels.state import (
    HEADS,
    QUEUE,
    REQUEST,
    SERVER,
    STAGE,
    TIER,
    WORK,
    Floats,
    Ints,
    Network,
    Records,
)

Net: TypeAlias = int
"""The address of the table of a network."""
WHOLE, REAL = np.dtype(np.int64), np.dtype(np.float64)
PLACE = {name: 3 * position for position, name in enumerate(Network._fields)}
AT_TIERS = PLACE["tiers"]
AT_WORK = PLACE["work"]
AT_SERVERS = PLACE["servers"]
AT_QUEUES = PLACE["queues"]
AT_REQUESTS = PLACE["requests"]
AT_VISITS = PLACE["visits"]
AT_HEADS = PLACE["heads"]
AT_UPTO = PLACE["upto"]
AT_TABLES = PLACE["tables"]
AT_SERVING = PLACE["serving"]
AT_USED = PLACE["used"]
AT_DUE = PLACE["due"]
AT_ASKED = PLACE["asked"]
AT_FELT = PLACE["felt"]
AT_SUMS = PLACE["sums"]
AT_OUTCOMES = PLACE["outcomes"]
AT_ATTEMPTS = PLACE["attempts"]
AT_STAYED = PLACE["stayed"]
AT_VISITED = PLACE["visited"]
AT_RETRIED = PLACE["retried"]
AT_LOG = PLACE["log"]


def table_of(net: Network) -> Ints:
    """The table of a network's arrays; true as long as they are held."""
    rows = [(each.ctypes.data, *each.shape, 1, 1)[:3] for each in net]
    return np.array(rows, np.int64).reshape(-1)


@intrinsic  # type: ignore[misc]
def _pointer(typing: Any, address: Any) -> Any:
    """A whole number as the address that it is."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.inttoptr(arguments[0], ir.IntType(8).as_pointer())

    return types.voidptr(address), generate


@compiled
def _row(net: Net, place: int) -> Ints:
    """Address and shape of an array."""
    return carray(_pointer(net + 8 * place), 3, WHOLE)


@compiled
def tiers(net: Net) -> Records:
    """`tiers` of a network."""
    row = _row(net, AT_TIERS)
    return carray(_pointer(row[0]), row[1], TIER)


@compiled
def work(net: Net) -> Records:
    """`work` of a network."""
    row = _row(net, AT_WORK)
    return carray(_pointer(row[0]), (row[1], row[2]), WORK)


@compiled
def servers(net: Net) -> Records:
    """`servers` of a network."""
    row = _row(net, AT_SERVERS)
    return carray(_pointer(row[0]), row[1], SERVER)


@compiled
def queues(net: Net) -> Records:
    """`queues` of a network."""
    row = _row(net, AT_QUEUES)
    return carray(_pointer(row[0]), row[1], QUEUE)


@compiled
def requests(net: Net) -> Records:
    """`requests` of a network."""
    row = _row(net, AT_REQUESTS)
    return carray(_pointer(row[0]), row[1], REQUEST)


@compiled
def visits(net: Net) -> Records:
    """`visits` of a network."""
    row = _row(net, AT_VISITS)
    return carray(_pointer(row[0]), (row[1], row[2]), STAGE)


@compiled
def heads(net: Net) -> Records:
    """`heads` of a network."""
    row = _row(net, AT_HEADS)
    return carray(_pointer(row[0]), row[1], HEADS)


@compiled
def upto(net: Net) -> Floats:
    """`upto` of a network."""
    row = _row(net, AT_UPTO)
    return carray(_pointer(row[0]), row[1], REAL)


@compiled
def tables(net: Net) -> Floats:
    """`tables` of a network."""
    row = _row(net, AT_TABLES)
    return carray(_pointer(row[0]), (row[1], row[2]), REAL)


@compiled
def serving(net: Net) -> Ints:
    """`serving` of a network."""
    row = _row(net, AT_SERVING)
    return carray(_pointer(row[0]), (row[1], row[2]), WHOLE)


@compiled
def used(net: Net) -> Ints:
    """`used` of a network."""
    row = _row(net, AT_USED)
    return carray(_pointer(row[0]), row[1], WHOLE)


@compiled
def due(net: Net) -> Floats:
    """`due` of a network."""
    row = _row(net, AT_DUE)
    return carray(_pointer(row[0]), row[1], REAL)


@compiled
def asked(net: Net) -> Ints:
    """`asked` of a network."""
    row = _row(net, AT_ASKED)
    return carray(_pointer(row[0]), row[1], WHOLE)


@compiled
def felt(net: Net) -> Ints:
    """`felt` of a network."""
    row = _row(net, AT_FELT)
    return carray(_pointer(row[0]), (row[1], row[2]), WHOLE)


@compiled
def sums(net: Net) -> Floats:
    """`sums` of a network."""
    row = _row(net, AT_SUMS)
    return carray(_pointer(row[0]), row[1], REAL)


@compiled
def outcomes(net: Net) -> Ints:
    """`outcomes` of a network."""
    row = _row(net, AT_OUTCOMES)
    return carray(_pointer(row[0]), (row[1], row[2]), WHOLE)


@compiled
def attempts(net: Net) -> Ints:
    """`attempts` of a network."""
    row = _row(net, AT_ATTEMPTS)
    return carray(_pointer(row[0]), row[1], WHOLE)


@compiled
def stayed(net: Net) -> Ints:
    """`stayed` of a network."""
    row = _row(net, AT_STAYED)
    return carray(_pointer(row[0]), (row[1], row[2]), WHOLE)


@compiled
def visited(net: Net) -> Ints:
    """`visited` of a network."""
    row = _row(net, AT_VISITED)
    return carray(_pointer(row[0]), row[1], WHOLE)


@compiled
def retried(net: Net) -> Ints:
    """`retried` of a network."""
    row = _row(net, AT_RETRIED)
    return carray(_pointer(row[0]), row[1], WHOLE)


@compiled
def log(net: Net) -> Floats:
    """`log` of a network."""
    row = _row(net, AT_LOG)
    return carray(_pointer(row[0]), row[1], REAL)
