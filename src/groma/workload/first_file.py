"""`groma init`: a commented workload file, and beside it the JSON Schema for editors."""

from __future__ import annotations

import datetime
import getpass
import json
import re
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from groma.errors import InputError
from groma.words import abridged
from groma.workload.schema import json_schema

SCHEMA_FILE = "groma.schema.json"


def first_files() -> tuple[str, ...]:
    """The blueprints that a first file can be written for."""
    names = (file.name for file in _folder().iterdir())
    return tuple(sorted(n.removesuffix(".yaml") for n in names if n.endswith(".yaml")))


def write_first_file(path: Path, blueprint: str) -> tuple[Path, Path]:
    """Write a workload file and its schema; never over a file that is there.

    Raises:
        InputError: there is no such blueprint, or the file exists or cannot be written.
    """
    if not path.name:
        raise InputError("is no name of a file", where=str(path), hint="groma init groma.yaml")
    if blueprint not in first_files():
        choices = ", ".join(first_files())
        raise InputError(
            f"there is no blueprint {abridged(blueprint)}", where="--blueprint", hint=f"choose: {choices}"
        )
    text = (
        (_folder() / f"{blueprint}.yaml")
        .read_text(encoding="utf-8")
        .format(
            name=_stack_name(path),
            owner=json.dumps(_user(), ensure_ascii=False),
            date=datetime.date.today().isoformat(),
        )
    )
    schema = path.with_name(SCHEMA_FILE)
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
        schema.write_text(json.dumps(json_schema(), indent=2) + "\n", encoding="utf-8")
    except FileExistsError:
        raise InputError("is there already", where=str(path), hint="name another file") from None
    except OSError as error:
        raise InputError(f"cannot be written: {error.strerror}", where=str(path)) from None
    return path, schema


def _folder() -> Traversable:
    return files("groma.workload") / "data" / "first_files"


def _stack_name(path: Path) -> str:
    """A stack's name from the folder in which the file will lie."""
    name = re.sub(r"[^a-z0-9]+", "-", path.resolve().parent.name.lower()).strip("-")[:18].strip("-")
    return name if re.fullmatch(r"[a-z][a-z0-9-]+", name) else "my-app"


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "me"
