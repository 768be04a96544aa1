"""Reading a workload file: the only parser of it. All mistakes are reported at once, each with its line."""

from __future__ import annotations

import io
import pathlib
import re
from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from groma.errors import InputError, WorkloadError
from groma.files import read_text
from groma.workload.environments import alone, of_environment, prefixed
from groma.workload.explaining import explain, one_error, unused
from groma.workload.kinds import KINDS
from groma.workload.lines import MOST_BYTES, parse_yaml, place
from groma.workload.model import Workload
from groma.workload.people import counted
from groma.workload.price_book import price_book
from groma.workload.profiles import profile
from groma.workload.quantities import MOST

_PREFIX = re.compile(r"^prefix:[ \t]*[\"']?([a-z][a-z0-9]*)", re.MULTILINE)
_NAME = re.compile(r"^name:[ \t]*[\"']?([a-z][a-z0-9-]*)", re.MULTILINE)

_SEVERAL = re.compile(r"^environments:", re.MULTILINE)


def load(path: str | pathlib.Path, environment: str = "") -> Workload:
    """Read a workload file; of several environments the one that is named.

    Raises:
        WorkloadError: the file cannot be read, is not YAML, or says something that is not allowed; all
            mistakes are named, each with its line.
    """
    try:
        text = read_text(pathlib.Path(path), MOST_BYTES)
    except InputError as error:
        absent = isinstance(error.__cause__, FileNotFoundError)
        hint = "write a new one with: groma init" if absent else ""
        raise WorkloadError(error.what, where=error.where, hint=hint) from error
    workload = parse(text, source=str(path), environment=environment)
    if workload.application is not None:
        for key, shipped in workload.application.shipped(workload.beside).items():
            if why := shipped.lacks():
                hint = "make it first, or name what is to be shipped; it lies beside this file"
                raise WorkloadError(why, where=workload.where("application", *key), hint=hint)
    return workload


def name_in(path: str | pathlib.Path, environment: str = "") -> str:
    """The stack's name in a file that may be wrong in all else; empty when it has none, or several."""
    try:
        text = read_text(pathlib.Path(path), MOST_BYTES)
    except InputError:
        return ""
    found = _NAME.search(text)
    name = found[1] if found and (environment or not _SEVERAL.search(text)) else ""
    prefix = _PREFIX.search(text)
    name = f"{prefix[1]}-{name}" if name and prefix else name
    return f"{name}-{environment}" if name and environment else name


def parse(text: str, *, source: str = "workload", environment: str = "") -> Workload:
    """Read a workload from text; `source` is its name in error messages. Raises WorkloadError."""
    written, where = parse_yaml(text, source)
    stated, lines, chosen = of_environment(written, where, source, environment)
    stated = prefixed(stated)
    name = stated.get("profile", "social-media")
    problems = unused(str(stated.get("blueprint")), stated, source, lines)
    try:
        filled = _fill_in(stated, profile(name) if isinstance(name, str) else {})
    except InputError as error:
        problems.append((place(source, lines, ("profile",)), error.what, error.hint))
        raise one_error(problems) from None
    try:
        workload = Workload.model_validate(filled)
    except ValidationError as error:
        raise one_error([*problems, *explain(error, source, lines)]) from None
    if problems:
        raise one_error(problems)
    workload = counted(workload)
    workload._source, workload._lines = source, lines
    workload._text = alone(text, chosen) if chosen else text
    if workload.price_book is not None:
        beside = pathlib.Path(source).parent / workload.price_book
        workload._book = price_book(beside, workload.where("price_book"))
    return workload


def with_budget(workload: Workload, usd_per_month: float) -> Workload:
    """The same workload with a budget that is spent, as if its file said so: `--budget` and the keys are one.

    Raises:
        WorkloadError: nothing of its blueprint gets better by money, or the budget is none.
    """
    sold = KINDS[workload.blueprint].buys
    if not sold:
        sized = KINDS[workload.blueprint].has_load
        raise WorkloadError(
            f"{workload.blueprint} has no servers to exchange: functions come with the load"
            if sized
            else f"nothing of {workload.blueprint} is sized by its load",
            where=workload.where("blueprint"),
            hint="spend it on another blueprint: `groma plan --compare three-tier serverless`",
        )
    if not 0 < usd_per_month <= MOST:
        raise InputError(f"{usd_per_month:g} is no budget", where="--budget", hint="so many $ a month")
    keys = {"budget_usd_per_month": usd_per_month, "spend": workload.spend or sold}
    changed = workload.model_copy(update=keys)
    changed._text = _stating(workload.text, keys) if workload.text else ""
    return changed


def _stating(text: str, keys: Mapping[str, Any]) -> str:
    """The text of a file with other values of some of its keys, its comments as they are."""
    from ruamel.yaml import YAML

    reader = YAML(typ="rt")
    reader.width = 4096
    tree = reader.load(text)
    for key, value in keys.items():
        tree[key] = list(value) if isinstance(value, tuple) else int(value) if value == int(value) else value
    written = io.StringIO()
    reader.dump(tree, written)
    return written.getvalue()


def _fill_in(stated: dict[str, Any], known: Mapping[str, Any]) -> dict[str, Any]:
    """Lay what the file states over what its profile knows."""
    filled = dict(stated)
    blueprint = stated.get("blueprint")
    kind = KINDS.get(blueprint) if isinstance(blueprint, str) else None
    if kind is not None:
        filled.setdefault("regions", kind.regions)
        if not kind.has_load:
            filled.setdefault("users", {"total": 1})
    for section in ("users", "load"):
        own = filled.get(section, {} if section == "load" else None)
        if isinstance(own, dict):
            defaults = {key: tuple(entry["range"]) for key, entry in known.get(section, {}).items()}
            filled[section] = {**defaults, **own}
    filled.setdefault("requests", known.get("requests", {}))
    return filled
