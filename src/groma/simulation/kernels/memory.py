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


def _address(builder: Any, table: Any, place: int) -> Any:
    """A whole number of a table, which does not change meanwhile, so that it need not be read twice."""
    found = builder.load(builder.gep(table, [ir.IntType(64)(place)]))
    found.set_metadata("invariant.load", builder.module.add_metadata([]))
    return found


def _array(name: str, dtype: np.dtype[Any], dimensions: int = 1) -> Callable[..., Any]:
    """What finds an array of a network in compiled code; it is written out wherever it is called."""
    first = ROW * Network._fields.index(name)
    found_type = types.Array(from_dtype(dtype), dimensions, "C")
    whole = ir.IntType(64)

    def generate(context: Any, builder: Any, _: Any, arguments: Any) -> Any:
        table = builder.inttoptr(arguments[0], whole.as_pointer())
        row = [_address(builder, table, place) for place in range(first, first + 1 + dimensions)]
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


def _record(name: str, dtype: np.dtype[Any], places: int = 1) -> Callable[..., Any]:
    """What finds a record in compiled code by so many places, without a look at how many there are.

    As an item of an array it would be looked at first whether its place is below 0, and counted from the end.
    """
    first = ROW * Network._fields.index(name)
    found_type, whole = from_dtype(dtype), ir.IntType(64)

    def generate(context: Any, builder: Any, _: Any, arguments: Any) -> Any:
        table = builder.inttoptr(arguments[0], whole.as_pointer())
        place = arguments[1] if len(arguments) > 1 else whole(0)
        if len(arguments) > 2:
            place = builder.add(builder.mul(place, _address(builder, table, first + 2)), arguments[2])
        at = builder.add(_address(builder, table, first), builder.mul(place, whole(dtype.itemsize)))
        return builder.inttoptr(at, context.get_value_type(found_type))

    @intrinsic
    def only(_: Any, net: Any) -> Any:
        return found_type(net), generate

    @intrinsic
    def found(_: Any, net: Any, place: Any) -> Any:
        return found_type(net, types.int64), generate

    @intrinsic
    def crossed(_: Any, net: Any, row: Any, place: Any) -> Any:
        return found_type(net, types.int64, types.int64), generate

    return (only, found, crossed)[places]


tier = _record("tiers", TIER)
asked_of = _record("work", WORK, 2)
server = _record("servers", SERVER)
queue = _record("queues", QUEUE)
request = _record("requests", REQUEST)
visit = _record("visits", STAGE, 2)
heads = _record("heads", HEADS, 0)
tiers = _array("tiers", TIER)
servers = _array("servers", SERVER)
soonest = _array("soonest", WHOLE)
upto = _array("upto", REAL)
tables = _array("tables", REAL, 2)
serving = _array("serving", WHOLE, 2)
used = _array("used", WHOLE)
due = _array("due", REAL)
due_bits = _array("due", WHOLE)
asked = _array("asked", WHOLE)
felt = _array("felt", WHOLE, 2)
sums = _array("sums", REAL)
outcomes = _array("outcomes", WHOLE, 2)
attempts = _array("attempts", WHOLE)
stayed = _array("stayed", WHOLE, 2)
visited = _array("visited", WHOLE)
retried = _array("retried", WHOLE)
log = _array("log", REAL)
