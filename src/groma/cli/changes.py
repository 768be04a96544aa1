"""`groma diff` and `groma guide`: what changes, before it changes, and what many users take."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from groma.cli.designs import built, loaded
from groma.cli.environments import chosen
from groma.cli.options import WORKLOAD, File, Json, Spend, To
from groma.errors import InputError

if TYPE_CHECKING:
    from groma.design import Design
    from groma.live.target import TargetName
    from groma.questions.difference import Difference
    from groma.workload import Workload


def diff(
    against: Annotated[
        str, typer.Argument(help="a git revision or another file; else what stands", metavar="[REV|FILE]")
    ] = "",
    file: Annotated[Path, typer.Option("--file", "-f", help="the workload file")] = WORKLOAD,
    environment: Annotated[
        str,
        typer.Option("--against", help="another of the `environments` of [FILE]: production", metavar="NAME"),
    ] = "",
    target: To = "embedded",
    budget: Spend = None,
    as_markdown: Annotated[
        bool, typer.Option("--markdown", help="as Markdown, for a comment on a pull request")
    ] = False,
    as_json: Json = False,
) -> None:
    """Compare the workload with what stands, a revision, a file or an environment: sizes, bill, restarts.

    Exit code 0: nothing changes; 1: something does.
    """
    from groma.cli.console import show, write
    from groma.words import markdown

    if as_markdown and as_json:
        raise InputError("only one of --markdown and --json can be asked", where="groma diff")
    if environment:
        found = _environments(Path(against) if against else file, environment, budget)
    else:
        workload = loaded(file, budget=budget)
        before, name = _other(workload, file, against, target)
        found = between(built(before), built(workload), name, file)
    if as_markdown:
        write(markdown(found.words()))
    else:
        show(found, as_json=as_json)
    if found.changes:
        raise typer.Exit(1)


def guide(
    file: File = WORKLOAD,
    to: Annotated[str, typer.Option("--to", help="the largest number of users")] = "1_000_000",
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="a Markdown file; standard output when left out")
    ] = None,
    as_json: Json = False,
) -> None:
    """Write a page for a project's own documentation: from 100 users on what it takes, costs and reaches."""
    from groma.cli.console import print_json, say, steps, write
    from groma.cli.questions import users_of
    from groma.live.stack import write_at_once
    from groma.questions.guide import guide as many
    from groma.words import markdown

    named = "" if output is None else f" -o {output}"
    command = f"groma guide {file} --to {to}{named}"
    found = many(loaded(file), users_of(to), command, steps(quiet=as_json))
    if as_json:
        print_json(found.document())
    elif output is None:
        write(markdown(found.words(), level=1))
    else:
        write_at_once(output, markdown(found.words(), level=1).encode())
        say(f"wrote {output}")


def between(before: Design, after: Design, name: str, file: Path) -> Difference:
    """The difference between the design of that name and the one of a file."""
    from groma.questions.difference import difference

    return difference(before, after, (name, str(file)))


def _environments(file: Path, other: str, budget: float | None) -> Difference:
    """The difference between two environments of one file, which stand side by side."""
    from groma.questions.difference import difference
    from groma.workload import load

    workload = loaded(file, budget=budget)
    names = (other, workload.environment or chosen())
    return difference(built(load(file, other)), built(workload), names, side_by_side=True)


def _other(workload: Workload, file: Path, against: str, target: TargetName) -> tuple[Workload, str]:
    """What the workload is compared with, and what that is called."""
    from groma.live.revisions import at_revision, provisioned
    from groma.live.stack import HOME, Stack

    if not against:
        return provisioned(Stack(workload.name, target, HOME), file), f"what stands in the {target} cloud"
    if Path(against).is_file():
        return loaded(Path(against)), against
    return at_revision(file, against), against
