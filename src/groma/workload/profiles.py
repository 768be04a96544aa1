"""Profiles: what is known of a kind of application's load, as ranges with their sources."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Any

from groma.errors import InputError
from groma.words import abridged
from groma.workload.lines import parse_yaml


@cache
def profile(name: str) -> Mapping[str, Any]:
    """A profile as it stands in its file: quantities with `range`, `unit`, `source` and `guess`.

    Raises:
        InputError: there is no profile of that name.
    """
    file = _folder() / f"{name}.yaml"
    if name not in profiles():
        raise InputError(
            f"there is no profile {abridged(name)}", hint=f"choose one of: {', '.join(profiles())}"
        )
    known, _ = parse_yaml(file.read_text(encoding="utf-8"), file.name)
    return known


def profiles() -> tuple[str, ...]:
    """The names of all profiles."""
    files = _folder().iterdir()
    return tuple(sorted(f.name.removesuffix(".yaml") for f in files if f.name.endswith(".yaml")))


def _folder() -> Traversable:
    return resources.files("groma.workload") / "data" / "profiles"
