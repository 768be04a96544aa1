"""From pydantic's errors to sentences that say where, what, and what to do next."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import BaseModel, ValidationError

from groma.errors import WorkloadError
from groma.words import abridged
from groma.workload.application import IN_CLEAR, ApplicationPart, ServicePart
from groma.workload.beside import DuePart, WorkerPart
from groma.workload.database import Database
from groma.workload.existing import ExistingPart
from groma.workload.kinds import KINDS, Kind
from groma.workload.lines import Lines, Path, place
from groma.workload.load_values import Load
from groma.workload.machines import Machines
from groma.workload.model import Goals, Workload
from groma.workload.network import Network
from groma.workload.parts import Arrivals, RequestClass, State
from groma.workload.users import Users

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
        return f"{abridged(value)} cannot be used", f"allowed: {RULES.get(_key(path)) or _describe(path)}"
    if kind in ("too_long", "string_too_long"):
        unit = "entries" if kind == "too_long" else "letters"
        shown = f": {abridged(value)}" if isinstance(value, str) else ""
        return f"has more than {entry['ctx']['max_length']} {unit}{shown}", _describe(path)
    if kind in ("too_short", "string_too_short"):
        unit = "entries" if kind == "too_short" else "letters"
        return f"has fewer than {entry['ctx']['min_length']} {unit}", RULES.get(_key(path), _describe(path))
    rule = _rule(entry)
    if rule is not None:
        return f"must be {rule[0]}, not {_shown(value)}", rule[1] or _describe(path)
    message = entry["msg"].removeprefix("Value error, ").removeprefix("Input ")
    says_all = kind == "value_error" and (not path or isinstance(value, Mapping))
    told = message if says_all else f"{message}, not {_shown(value)}"
    share = _as_share(1, value) if "a share" in message else ""
    return told, share or RULES.get(_key(path), _describe(path))


RULES: Mapping[str, str] = {
    "name": "2–18 lower-case letters and digits, a letter first, parts joined by single hyphens",
    "domain": "a name of letters, digits and hyphens with a dot in it, such as app.example.com",
    "zone": "a domain such as example.com, or the zone's id such as Z0123456789ABCDEFGHIJ",
    "alerts": "one address, such as ops@example.com",
    "network.vpc": "the id of a VPC, such as vpc-0a1b2c3d4e5f60718; by tags it is `vpc_tags`",
    "database.existing.secret": "the name of a secret, such as prod/shop/db; no ARN, and never what it holds",
    "database.existing.security_group": "the id of a security group, such as sg-0a1b2c3d4e5f60718",
    "application.health": "a path from / on without blanks, such as /up",
    "application.ami": "the id of a machine image, such as ami-0123456789abcdef0",
    "database.backups_copied_to": "a region, such as us-west-2",
    "boundary": "the ARN of a managed policy, such as arn:aws:iam::123456789012:policy/boundary",
    "kms_key": "the ARN of a key, such as arn:aws:kms:us-east-1:123456789012:key/…; no alias",
    "prefix": "up to 10 lower-case letters and digits, a letter first",
    "state.bucket": "3–63 lower-case letters, digits and hyphens, a letter or digit at both ends",
}
"""What fields that are checked by a pattern allow, by key."""
BOUNDS: Mapping[str, tuple[str, str]] = {
    "greater_than": ("greater than", "gt"),
    "greater_than_equal": ("at least", "ge"),
    "less_than": ("less than", "lt"),
    "less_than_equal": ("at most", "le"),
}
"""How pydantic's errors of bounds are said, and where they hold the bound."""
WORD = re.compile(r"[A-Za-z0-9_.-]{1,60}")
"""What can stand in a list of YAML as it is."""
NUMBERS = frozenset(
    f"{kind}_{what}" for kind in ("float", "int") for what in ("type", "parsing", "from_float")
)


def _rule(entry: Any) -> tuple[str, str] | None:
    """What a value must be, and how it is written; None for an error that says so itself."""
    kind, value = entry["type"], entry.get("input")
    if kind in ("tuple_type", "list_type"):
        return "a list", f"write [{value}]" if isinstance(value, str) and WORD.fullmatch(value) else ""
    if kind in ("dict_type", "model_type", "model_attributes_type"):
        return "keys with values", "write `key: value` lines below it, further in"
    if kind == "finite_number":
        return "a finite number", ""
    if kind in NUMBERS:
        return ("a whole number" if kind.startswith("int") else "a number"), ""
    if kind.startswith("date"):
        return "a day", "write YYYY-MM-DD, such as 2026-11-29"
    if kind == "string_type":
        return "text", "write it in quotation marks" if isinstance(value, int | float) else ""
    if kind in BOUNDS:
        said, bound = BOUNDS[kind]
        return f"{said} {_number(entry['ctx'][bound])}", _as_share(entry["ctx"][bound], value)
    return None


def _as_share(bound: float, value: Any) -> str:
    """How a percentage is written where a share is asked for, which is at most 1; empty for all else."""
    is_percentage = bound == 1 and isinstance(value, int | float) and 1 < value <= 100
    return f"a share: {value:g} % is {value / 100:.10g}" if is_percentage else ""


def _number(value: float) -> str:
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:g}"


def _shown(value: Any) -> str:
    """A value as a file states it."""
    if isinstance(value, Mapping):
        return "keys with values"
    return "a list" if isinstance(value, list | tuple) else abridged(value)


def _key(path: Path) -> str:
    return ".".join(str(part) for part in path)


PARTS: Mapping[Path, type[BaseModel]] = {
    (): Workload,
    ("users",): Users,
    ("slo",): Goals,
    ("load",): Load,
    ("load", "arrivals"): Arrivals,
    ("state",): State,
    ("machines",): Machines,
    ("network",): Network,
    ("database",): Database,
    ("database", "existing"): ExistingPart,
    ("application",): ApplicationPart,
    ("application", "web"): ServicePart,
    ("application", "app"): ServicePart,
}
"""The parts of the model by their place in the file."""
EACH: Mapping[Path, type[BaseModel]] = {
    ("requests",): RequestClass,
    **{
        (*place, key): part
        for place in (("application",), ("application", "app"))
        for key, part in (("workers", WorkerPart), ("schedule", DuePart))
    },
}
"""The parts of which there are several, each by a name of its own, by the place that they have in common."""


def _fields(path: Path) -> Mapping[str, Any]:
    """The fields of the part of the model at a path."""
    part = PARTS.get(path) or EACH.get(path[:-1])
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
