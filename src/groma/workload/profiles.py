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

SECTIONS = ("users", "load")
"""What a profile that is `like` another states quantity by quantity; its request classes are all its own."""


@cache
def profile(name: str) -> Mapping[str, Any]:
    """A profile, complete: quantities with `range`, `unit`, `source` and `guess`.

    What one that is `like` another leaves out is the other's; each such quantity then says `of`, its name.

    Raises:
        InputError: there is no profile of that name.
    """
    if name not in profiles():
        raise InputError(
            f"there is no profile {abridged(name)}", hint=f"choose one of: {', '.join(profiles())}"
        )
    file = _folder() / f"{name}.yaml"
    own, _ = parse_yaml(file.read_text(encoding="utf-8"), file.name)
    if "like" not in own:
        return own
    other = profile(own["like"])
    return own | {section: _over(other, own, section) for section in SECTIONS}


def _over(other: Mapping[str, Any], own: Mapping[str, Any], section: str) -> dict[str, Any]:
    """The quantities of one profile over those of the one that it is like, in the latter's order."""
    taken = {key: {**entry, "of": entry.get("of", other["name"])} for key, entry in other[section].items()}
    return taken | dict(own.get(section, {}))


def profiles() -> tuple[str, ...]:
    """The names of all profiles."""
    files = _folder().iterdir()
    return tuple(sorted(f.name.removesuffix(".yaml") for f in files if f.name.endswith(".yaml")))


def _folder() -> Traversable:
    return resources.files("groma.workload") / "data" / "profiles"
