"""The page of all commands and options is what the commands say of themselves, and shells complete them."""

from __future__ import annotations

import inspect
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

import pytest
import typer
from typer.models import ArgumentInfo, OptionInfo
from typer.testing import CliRunner

from groma import __version__
from groma.cli.app import app
from workloads import ROOT

PAGE = ROOT / "docs" / "reference" / "cli.md"
HEAD = """\
# Commands and options

Written from the commands themselves by `pytest tests/cli/test_reference.py --regenerate`; what
`groma COMMAND --help` says is the same. `FILE` is `groma.yaml` where it is left out. Exit codes: 0 done,
1 the answer is no, 2 wrong use or bad input, 3 something outside failed.

`groma --install-completion` teaches your shell to complete commands and options. For scripts, `--json`
prints plain values and nothing else, and `--fields bill.monthly_usd,sizes.web.instance_type` single ones.
"""


def commands(group: typer.Typer = app, before: str = "groma") -> Iterator[tuple[str, Callable[..., None]]]:
    """Every command that is shown, with what has to be typed."""
    for each in group.registered_commands:
        if each.callback is not None and not each.hidden:
            yield f"{before} {each.name or each.callback.__name__.replace('_', '-')}", each.callback
    for inner in group.registered_groups:
        if inner.typer_instance is not None:
            yield from commands(inner.typer_instance, f"{before} {inner.name}")


def parameters(command: Callable[..., None]) -> Iterator[tuple[str, Any, Any, Any]]:
    """Of each parameter its name, its type, what typer knows of it, and its default."""
    hints, signature = get_type_hints(command, include_extras=True), inspect.signature(command)
    for name, parameter in signature.parameters.items():
        kind, info = get_args(hints[name])[:2]
        yield name, kind, info, parameter.default


def page() -> str:
    lines = [HEAD]
    for name, command in commands():
        known = list(parameters(command))
        typed = [_argument(*each) for each in known if isinstance(each[2], ArgumentInfo)]
        said = " ".join((inspect.getdoc(command) or "").split())
        lines += [f"## `{' '.join((name, *typed))}`", "", said, ""]
        rows = [_row(*each) for each in known if isinstance(each[2], OptionInfo)]
        if rows:
            lines += ["| option | takes | default | |", "| --- | --- | --- | --- |", *rows, ""]
    return "\n".join(lines).rstrip("\n") + "\n"


def _argument(name: str, _: Any, info: ArgumentInfo, default: Any) -> str:
    shown = str(info.metavar or name.upper())
    return shown if default is inspect.Parameter.empty else f"[{shown}]"


def _row(name: str, kind: Any, info: OptionInfo, default: Any) -> str:
    first = info.default if isinstance(info.default, str) else None  # where `Annotated` leaves it
    stated = [str(each) for each in (first, *(info.param_decls or ())) if each]
    names = stated or [f"--{name.replace('_', '-')}"]
    shown = "" if default in (None, "", (), False) else f"`{default}`"
    cells = (", ".join(f"`{each}`" for each in names), info.metavar or _takes(kind), shown, info.help or "")
    return "| " + " | ".join(str(cell).replace("|", "\\|") for cell in cells) + " |"


def _takes(kind: Any) -> str:
    """What a value of a type is: its choices, or the type in a word; nothing for a flag."""
    if kind is bool:
        return ""
    if get_origin(kind) is Literal:
        return " or ".join(map(str, get_args(kind)))
    inner = [each for each in get_args(kind) if each is not type(None)]
    if get_origin(kind) in (Union, UnionType) and len(inner) == 1:
        return _takes(inner[0])
    words = {int: "number", float: "number", str: "text", Path: "path"}
    return words.get(kind, "text")


def test_the_page_of_commands_is_current(request: pytest.FixtureRequest):
    text = page()
    if request.config.getoption("--regenerate"):
        PAGE.write_text(text, encoding="utf-8")
    kept = PAGE.read_text(encoding="utf-8") if PAGE.exists() else ""
    assert text == kept, f"run: pytest {request.node.nodeid} --regenerate"


def test_every_option_says_what_it_does():
    silent = [
        f"{name} {parameter}"
        for name, command in commands()
        for parameter, _, info, _ in parameters(command)
        if isinstance(info, OptionInfo) and not info.help
    ]
    assert silent == []


def test_the_version_is_an_option_and_a_command():
    for asked in ("--version", "version"):
        run = CliRunner().invoke(app, [asked])
        assert (run.exit_code, run.stdout) == (0, f"{__version__}\n")


def test_a_shell_completes_commands_and_options():
    asked = {"pl": "plan", "plan --sens": "--sensitivity"}
    for typed, expected in asked.items():
        words = f"groma {typed}"
        environment = {
            **os.environ,
            "_GROMA_COMPLETE": "complete_bash",
            "COMP_WORDS": words,
            "COMP_CWORD": str(len(words.split()) - 1),
        }
        code = "import sys; sys.argv = ['groma']; from groma.cli import main; main()"
        done = subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, env=environment, check=False
        )
        assert done.stdout.split() == [expected], done.stderr


def test_single_values_are_printed_a_line_each():
    run = CliRunner().invoke(
        app, ["plan", str(ROOT / "examples" / "starter.yaml"), "--fields", "bill.currency.code,bill.at_least"]
    )
    assert (run.exit_code, run.stdout) == (0, "USD\nfalse\n")


def test_a_value_that_is_not_there_names_one_that_is():
    run = CliRunner().invoke(
        app, ["plan", str(ROOT / "examples" / "starter.yaml"), "--fields", "bill.monthly_us"]
    )
    assert "did you mean monthly_usd?" in getattr(run.exception, "hint", "")
