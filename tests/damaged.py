"""Documents that are damaged at random: one value of them is another, or lacks."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from random import Random
from typing import Any

OTHERS: tuple[Any, ...] = (
    *(
        None,
        True,
        0,
        -1,
        7,
        10**400,
        1e308,
        float("nan"),
        float("inf"),
        "",
        "x",
        "0x10",
        "OKx3",
        "ALARM",
        "9" * 30,
    ),
    *([], {}, [1], [None], {"x": 1}, [[[]]], "x" * 5000, "\x1b[31m", "(" * 300, "_x99999999999", "1..2x1"),
)


def damaged(document: Any, chance: Random) -> Any:
    """A copy in which one value, at any depth, is another or is gone."""
    holder = {"": copy.deepcopy(document)}
    inside, key = chance.choice(list(_places(holder)))
    if key != "" and chance.random() < 0.3:
        del inside[key]
    else:
        inside[key] = copy.deepcopy(chance.choice(OTHERS))
    return holder[""]


def _places(node: Any) -> Iterator[tuple[Any, Any]]:
    keys = node.keys() if isinstance(node, dict) else range(len(node)) if isinstance(node, list) else ()
    for key in keys:
        yield node, key
        yield from _places(node[key])
