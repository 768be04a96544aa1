"""Reading the catalog's JSON tables: each is loaded at its first use and kept."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import Any, ParamSpec, TypeVar, cast

from groma.errors import InputError

DATA = Path(__file__).parent / "data"

P = ParamSpec("P")
T = TypeVar("T")


_kept: list[Callable[[], None]] = []


def memo(function: Callable[P, T]) -> Callable[P, T]:
    """``functools.cache`` that keeps the signature for type checkers; the arguments must be hashable."""
    cached = cache(function)
    _kept.append(cached.cache_clear)
    return cast(Callable[P, T], cached)


def forget() -> None:
    """Drop everything that was read or looked up, so that a changed file of prices is read again."""
    for clear in _kept:
        clear()


@memo
def table(name: str) -> dict[str, Any]:
    """The parsed content of ``data/<name>.json``."""
    loaded: dict[str, Any] = json.loads((DATA / f"{name}.json").read_text(encoding="utf-8"))
    return loaded


def unknown(what: str, name: str, known: Iterable[str]) -> InputError:
    """The error for a name that the catalog does not have, naming the nearest ones that it has."""
    names = sorted(known)
    near = get_close_matches(name, names, n=4, cutoff=0.5)
    if near:
        hint = f"did you mean {', '.join(near)}?"
    elif len(names) <= 20:
        hint = f"known: {', '.join(names)}"
    else:
        hint = f"{len(names)} are known, for example {names[0]} and {names[-1]}"
    return InputError(f"the catalog has no {what} {name!r}", hint=hint)
