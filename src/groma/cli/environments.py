"""`--env`: which of a file's environments a command is about; every one that takes a workload file has it."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from contextvars import ContextVar
from functools import wraps
from typing import Annotated, get_type_hints

import typer

_CHOSEN: ContextVar[str] = ContextVar("environment", default="")
Environment = Annotated[
    str, typer.Option("--env", help="which of the file's `environments`: staging", metavar="NAME")
]


def chosen() -> str:
    """The environment that the command was asked about; empty for none."""
    return _CHOSEN.get()


def with_environment(command: Callable[..., None]) -> Callable[..., None]:
    """A command with the option `--env`, if it takes a workload file."""
    stated = inspect.signature(command).parameters
    if "file" not in stated:
        return command
    hints = get_type_hints(command, include_extras=True) | {"env": Environment}
    option = inspect.Parameter("env", inspect.Parameter.KEYWORD_ONLY, default="")

    @wraps(command)
    def asked(*, env: str = "", **given: object) -> None:
        token = _CHOSEN.set(env)
        try:
            command(**given)
        finally:
            _CHOSEN.reset(token)

    parameters = [each.replace(annotation=hints[each.name]) for each in (*stated.values(), option)]
    asked.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    asked.__annotations__ = hints
    return asked
