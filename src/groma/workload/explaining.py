"""From pydantic's errors to sentences that say where, what, and what to do next."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import BaseModel, ValidationError

from groma.errors import WorkloadError
from groma.words import abridged
from groma.workload.application import IN_CLEAR, ApplicationPart, ServicePart
from groma.workload.kinds import KINDS, Kind
from groma.workload.lines import Lines, Path, place
from groma.workload.machines import Machines
from groma.workload.model import Goals, Load, State, Users, Workload
from groma.workload.parts import RequestClass

MOST_TOLD = 20
"""Mistakes that are told at once; whoever makes more has misunderstood something."""
PYDANTIC_S_OWN = ("function-", "[key]")
"""How parts of a place begin that no file has."""
Problem = tuple[str, str, str]
"""Where it is, what is wrong, and what to do; the last may be empty."""


def explain(error: ValidationError, source: str, lines: Lines) -> list[Problem]:
    """Every mistake that pydantic found."""
    problems: list[Problem] = []
    for entry in error.errors():
        path = tuple(part for part in entry["loc"] if not str(part).startswith(PYDANTIC_S_OWN))
        at = path or ("blueprint",)  # what concerns the whole file is what its blueprint lacks
        problems.append((place(source, lines, at), *_problem(entry, path)))
    return problems


def unused(blueprint: str, stated: Mapping[str, Any], source: str, lines: Lines) -> list[Problem]:
    """Every key that a design of this blueprint would ignore."""
    kind = KINDS.get(blueprint, Kind())
    hint = f"leave it out, or choose another blueprint than {blueprint}"
    return [
        (place(source, lines, path), f"{blueprint} does not use it: {reason}", hint)
        for path, reason in kind.unused_of(stated).items()
    ]


def one_error(problems: Sequence[Problem]) -> WorkloadError:
    """All mistakes as one error."""
    (where, what, hint), *others = problems[:MOST_TOLD]
    if len(problems) > MOST_TOLD:
        others.append((where.partition(": ")[0], f"{len(problems) - MOST_TOLD:,} more mistakes", ""))
    more = "".join(f"\n{at}: {text}{f'{chr(10)}  hint: {tip}' if tip else ''}" for at, text, tip in others)
    what_all = f"{what}{f'{chr(10)}  hint: {hint}' if hint and others else ''}{more}"
    return WorkloadError(what_all, where=where, hint="" if others else hint)


def _problem(entry: Any, path: Path) -> tuple[str, str]:
    """What is wrong and what is allowed, for one of pydantic's errors."""
    kind, value = entry["type"], entry.get("input")
    if kind == IN_CLEAR:
        what, _, instead = entry["msg"].partition(". ")
        return what, instead
    if kind == "extra_forbidden":
        allowed = _allowed_keys(path[:-1])
        near = difflib.get_close_matches(str(path[-1])[:40], allowed, n=1)
        guess = f"did you mean {near[0]!r}? " if near else ""
        return f"there is no key {abridged(str(path[-1]))}", f"{guess}allowed: {', '.join(allowed)}"
    if kind == "missing":
        return "is required", "add it; `groma init` writes a complete example"
    if kind == "literal_error":
        return f"{abridged(value)} does not exist", f"allowed: {entry['ctx']['expected']}"
    if kind == "string_pattern_mismatch":
        return f"{abridged(value)} cannot be used", f"allowed: {_describe(path)}"
    if kind == "too_long":
        return f"has more than {entry['ctx']['max_length']} entries", _describe(path)
    message = entry["msg"].removeprefix("Value error, ").removeprefix("Input ")
    return f"{message}, not {abridged(value)}" if kind != "value_error" or path else message, _describe(path)


PARTS: Mapping[Path, type[BaseModel]] = {
    (): Workload,
    ("users",): Users,
    ("slo",): Goals,
    ("load",): Load,
    ("state",): State,
    ("machines",): Machines,
    ("application",): ApplicationPart,
    ("application", "web"): ServicePart,
    ("application", "app"): ServicePart,
}
"""The parts of the model by their place in the file."""


def _fields(path: Path) -> Mapping[str, Any]:
    """The fields of the part of the model at a path."""
    if len(path) == 2 and path[0] == "requests":
        return RequestClass.model_fields
    part = PARTS.get(path)
    return part.model_fields if part else {}


def _allowed_keys(path: Path) -> list[str]:
    return list(_fields(path))


def _describe(path: Path) -> str:
    """What a field is, from the model; of what has no name there, what it is an entry of."""
    while path:
        field = _fields(path[:-1]).get(str(path[-1]))
        if field is not None:
            return field.description or ""
        path = path[:-1]
    return ""
