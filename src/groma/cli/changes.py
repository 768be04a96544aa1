"""`groma diff`: what changes, before it changes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from groma.cli.designs import loaded
from groma.cli.options import WORKLOAD, Json, Spend, To

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
    target: To = "embedded",
    budget: Spend = None,
    as_markdown: Annotated[
        bool, typer.Option("--markdown", help="as Markdown, for a comment on a pull request")
    ] = False,
    as_json: Json = False,
) -> None:
    """Compare the workload with what stands, a revision or a file: sizes, p99, bill, alarms, restarts.

    Exit code 0: nothing changes; 1: something does.
    """
    from groma.cli.console import show, write
    from groma.design import design
    from groma.words import markdown

    workload = loaded(file, budget=budget)
    before, name = _other(workload, file, against, target)
    found = between(design(before), design(workload), name, file)
    if as_markdown:
        write(markdown(found.words()))
    else:
        show(found, as_json=as_json)
    if found.changes:
        raise typer.Exit(1)


def between(before: Design, after: Design, name: str, file: Path) -> Difference:
    """The difference between the design of that name and the one of a file."""
    from groma.questions.difference import difference

    return difference(before, after, (name, str(file)))


def _other(workload: Workload, file: Path, against: str, target: TargetName) -> tuple[Workload, str]:
    """What the workload is compared with, and what that is called."""
    from groma.live.revisions import at_revision, provisioned
    from groma.live.stack import HOME, Stack

    if not against:
        return provisioned(Stack(workload.name, target, HOME), file), f"what stands in the {target} cloud"
    if Path(against).is_file():
        return loaded(Path(against)), against
    return at_revision(file, against), against
