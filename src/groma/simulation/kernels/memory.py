"""Where the arrays of a network lie: compiled functions are told one address, and find each array by it.

A tuple of arrays would be counted in and out at every call, which takes a hundred times as long as what
most of the functions do. So a network is a table of addresses and shapes, three whole numbers for each
array in the order of `Network`, and lives as long as whoever holds the arrays.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import numpy as np
from llvmlite import ir
from numba import from_dtype, types
from numba.extending import intrinsic
from numba.np.arrayobj import populate_array

from groma.simulation.kernels.state import (
    HEADS,
    QUEUE,
    REQUEST,
    SERVER,
    STAGE,
    TIER,
    WORK,
    Ints,
    Network,
)

Net: TypeAlias = int
"""The address of the table of a network."""
WHOLE, REAL = np.dtype(np.int64), np.dtype(np.float64)
ROW = 3
"""Whole numbers of each array in a table: where it begins, and two lengths."""


def table_of(net: Network) -> Ints:
    """The table of a network's arrays; true as long as they are held."""
    rows = [(each.ctypes.data, *each.shape, 1, 1)[:ROW] for each in net]
    return np.array(rows, np.int64).reshape(-1)


def _found(name: str, dtype: np.dtype[Any], dimensions: int = 1) -> Callable[[Net], Any]:
    """What finds an array of a network in compiled code.

    It is written out wherever it is called, and reads a table that does not change while compiled code
    runs, so that the compiler need not read the same address twice.
    """
    first = ROW * Network._fields.index(name)
    found_type = types.Array(from_dtype(dtype), dimensions, "C")
    whole = ir.IntType(64)

    def generate(context: Any, builder: Any, _: Any, arguments: Any) -> Any:
        table = builder.inttoptr(arguments[0], whole.as_pointer())
        row = []
        for place in range(first, first + 1 + dimensions):
            row.append(builder.load(builder.gep(table, [whole(place)])))
            row[-1].set_metadata("invariant.load", builder.module.add_metadata([]))
        made = context.make_array(found_type)(context, builder)
        strides = [builder.mul(whole(dtype.itemsize), length) for length in row[2:]]
        populate_array(
            made,
            data=builder.inttoptr(row[0], made.data.type),
            shape=row[1:],
            strides=[*strides, whole(dtype.itemsize)],
            itemsize=whole(dtype.itemsize),
            meminfo=None,
        )
        return made._getvalue()

    @intrinsic
    def found(_: Any, net: Any) -> Any:
        return found_type(net), generate

    return found


tiers = _found("tiers", TIER)
work = _found("work", WORK, 2)
servers = _found("servers", SERVER)
queues = _found("queues", QUEUE)
requests = _found("requests", REQUEST)
visits = _found("visits", STAGE, 2)
heads = _found("heads", HEADS)
upto = _found("upto", REAL)
tables = _found("tables", REAL, 2)
serving = _found("serving", WHOLE, 2)
used = _found("used", WHOLE)
due = _found("due", REAL)
asked = _found("asked", WHOLE)
felt = _found("felt", WHOLE, 2)
sums = _found("sums", REAL)
outcomes = _found("outcomes", WHOLE, 2)
attempts = _found("attempts", WHOLE)
stayed = _found("stayed", WHOLE, 2)
visited = _found("visited", WHOLE)
retried = _found("retried", WHOLE)
log = _found("log", REAL)
