"""Several stacks of one file: the keys of one environment laid over those that all of them share."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from typing import Any

from groma.errors import WorkloadError
from groma.words import abridged
from groma.workload.lines import Lines, Path, place
from groma.workload.texts import PREFIX

KEY, CHOSEN = "environments", "environment"
FIXED = ("name", KEY, CHOSEN)
"""What is the file's to say."""
WHOLE = ("requests", "tags")
"""What an environment states as a whole: shares of classes add up to 1 only together."""
COUNTS = ("total", "registered", "daily", "concurrent")
"""Ways to count users, of which one takes the place of another."""


def of_environment(
    stated: Mapping[str, Any], lines: Lines, source: str, environment: str
) -> tuple[dict[str, Any], Lines, str]:
    """What a file states for one environment, where each of it stands, and the environment's name.

    Its stack is named after the file's `name` and the environment: no two of them have a name in common.

    Args:
        stated, lines: as they were read.
        source: the file's name in messages.
        environment: which one; the file's own `environment` when empty, none when it has no environments.

    Raises:
        WorkloadError: there is no such environment, or several and none is chosen.
    """
    known = stated.get(KEY)
    chosen = environment or stated.get(CHOSEN) or ""
    if not isinstance(known, Mapping) or not known:
        if chosen:
            raise WorkloadError(
                f"has no environments, and so no {abridged(chosen)}",
                where=place(source, lines, (CHOSEN,)) if not environment else source,
                hint="add them: `environments: {staging: {users: {total: 500}}, production: {}}`",
            )
        return dict(stated), lines, ""
    own = _own_of(known, str(chosen), place(source, lines, (KEY,)), tuple(map(str, known)))
    for key in FIXED:
        if key in own:
            raise WorkloadError(
                "is not the environment's to choose",
                where=place(source, lines, (KEY, str(chosen), key)),
                hint=f"leave it out; the stack is named after the file's `name`: …-{chosen}",
            )
    base = {key: value for key, value in stated.items() if key not in (KEY, CHOSEN)}
    merged = _over(base, own)
    if isinstance(base.get("name"), str):
        merged["name"] = f"{base['name']}-{chosen}"
    return merged, _moved(lines, (KEY, chosen)), chosen


def prefixed(stated: Mapping[str, Any]) -> dict[str, Any]:
    """What a file states, its stack named with the prefix that it asks for before everything."""
    prefix, name = stated.get("prefix"), stated.get("name")
    if isinstance(prefix, str) and isinstance(name, str) and re.fullmatch(PREFIX, prefix):
        return {**stated, "name": f"{prefix}-{name}"}
    return dict(stated)


def _own_of(known: Mapping[str, Any], chosen: str, where: str, names: tuple[str, ...]) -> Mapping[str, Any]:
    """What one environment states. Raises WorkloadError."""
    if not chosen:
        raise WorkloadError(
            f"describes {len(names)} stacks: {', '.join(names)}",
            where=where,
            hint=f"say which one: --env {names[0]}",
        )
    if chosen not in known:
        raise WorkloadError(
            f"has no environment {abridged(chosen)}",
            where=where,
            hint=f"choose one of {', '.join(names)}, or add `{abridged(chosen, quoted=False)}: {{}}`",
        )
    own: Mapping[str, Any] = known[chosen] or {}
    if not isinstance(own, Mapping):
        raise WorkloadError(
            f"must be the keys that {chosen} states otherwise, not {abridged(own)}",
            where=where,
            hint=f"{chosen}: {{users: {{total: 500}}}}, or {chosen}: {{}}",
        )
    return own


def _over(base: Mapping[str, Any], own: Mapping[str, Any], path: Path = ()) -> dict[str, Any]:
    """One mapping over another, key by key and level by level."""
    merged = dict(base)
    if path == ("users",) and set(own) & set(COUNTS):
        merged = {key: value for key, value in merged.items() if key not in COUNTS}
    for key, value in own.items():
        below = merged.get(key)
        if isinstance(below, Mapping) and isinstance(value, Mapping) and key not in WHOLE:
            value = _over(below, value, (*path, key))
        merged[key] = value
    return merged


def _moved(lines: Lines, at: Path) -> Lines:
    """Where everything stands that an environment states, by the path that it has once it is laid over."""
    inside = {path[len(at) :]: line for path, line in lines.items() if path[: len(at)] == at and path != at}
    return {**lines, **inside}


def alone(text: str, environment: str) -> str:
    """The text of a file that says the same of one environment, and knows no others; comments stay."""
    from ruamel.yaml import YAML

    reader = YAML(typ="rt")
    reader.width = 4096
    tree = reader.load(text)
    own = tree.pop(KEY)[environment] or {}
    tree.pop(CHOSEN, None)
    _lay(tree, own, ())
    tree["name"] = f"{tree['name']}-{environment}"
    written = io.StringIO()
    reader.dump(tree, written)
    return written.getvalue()


def _lay(tree: Any, own: Mapping[str, Any], path: Path) -> None:
    """As `_over`, in place, so that what is not touched keeps its comments."""
    if path == ("users",) and set(own) & set(COUNTS):
        for count in COUNTS:
            tree.pop(count, None)
    for key, value in own.items():
        below = tree.get(key)
        if isinstance(below, Mapping) and isinstance(value, Mapping) and key not in WHOLE:
            _lay(below, value, (*path, key))
        else:
            tree[key] = value
