"""Profiles: what is known of a kind of application's load, as ranges with their sources."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from hashlib import sha256
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Any

from groma.errors import InputError
from groma.words import abridged
from groma.workload.lines import parse_yaml

READ_BEFORE = "read.json"
"""Beside the profiles, what each of them says: YAML of 10 kB takes 50 ms of every command."""
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
    own = _read(name)
    if "like" not in own:
        return own
    other = profile(own["like"])
    return own | {section: _over(other, own, section) for section in SECTIONS}


def _read(name: str) -> dict[str, Any]:
    """What the file of a profile says: as it was read before, unless it has changed since."""
    file = _folder() / f"{name}.yaml"
    text = file.read_text(encoding="utf-8")
    kept = _as_read_before().get(name, {})
    return dict(_tuples(kept["says"])) if kept.get("sha256") == _hash(text) else written(name, text)


def written(name: str, text: str) -> dict[str, Any]:
    """What the text of a profile says."""
    return parse_yaml(text, f"{name}.yaml")[0]


def as_read(name: str) -> Mapping[str, Any]:
    """What is kept of a profile that was read: the hash of its text, and what that says."""
    text = (_folder() / f"{name}.yaml").read_text(encoding="utf-8")
    return {"sha256": _hash(text), "says": written(name, text)}


@cache
def _as_read_before() -> Mapping[str, Any]:
    return dict(json.loads((_folder() / READ_BEFORE).read_text(encoding="utf-8")))


def _hash(text: str) -> str:
    return sha256(text.encode()).hexdigest()


def _tuples(value: Any) -> Any:
    """A value of JSON with tuples for its lists, as values of YAML are read."""
    if isinstance(value, list):
        return tuple(map(_tuples, value))
    return {key: _tuples(each) for key, each in value.items()} if isinstance(value, dict) else value


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
