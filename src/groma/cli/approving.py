"""What is shown and asked before a cloud is changed.

AWS is changed only after a yes. The embedded cloud, which costs nothing, is asked about only where what
stands in it would be interrupted, replaced or lost.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from groma.cli.designs import built
from groma.cli.options import WORKLOAD, TargetName
from groma.errors import Infeasible, InputError
from groma.words import harmless

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from groma.design import Design
    from groma.live.stack import Stack
    from groma.live.target import Target
    from groma.live.terraform_cli import PlanSummary
    from groma.questions.difference import Difference

SAY_YES = "add --yes to say it in a script"


def approval(
    design: Design, stack: Stack, where: Target, file: Path, *, yes: bool, as_json: bool
) -> Callable[[PlanSummary], None] | None:
    """What is to look at a plan of Terraform and refuses it by an error; None where nothing is to be asked.

    Args:
        design: what is to stand.
        stack, where: where it is to stand.
        file: the workload file.
        yes: whether a yes was said beforehand; on AWS it does not cover the loss of what users have put in.
        as_json: whether standard output is for machines.
    """
    if where.name == "embedded":
        return _of_embedded(design, stack, file, yes=yes, as_json=as_json) if stack.exists else None
    if not yes and not sys.stdin.isatty():
        raise InputError("AWS is changed only after a yes", hint=SAY_YES)
    return _of_aws(design, stack, where, file, yes=yes, as_json=as_json)


def since(design: Design, stack: Stack, file: Path) -> Difference | None:
    """What a design changes of what stands; None where nothing stands, or that cannot be known any more."""
    from groma.cli.changes import between
    from groma.live.revisions import provisioned

    if stack.workload is None or stack.workload.read_text(encoding="utf-8") == design.workload.text:
        return None
    try:
        before = built(provisioned(stack, file))
    except (InputError, Infeasible):
        return None
    return between(before, design, f"what stands in the {stack.target} cloud", file)


def standing(design: Design, file: Path) -> Mapping[TargetName, Difference]:
    """What a design changes of what stands, in each cloud in which it changes anything."""
    from groma.live.stack import HOME, Stack

    clouds: tuple[TargetName, ...] = ("embedded", "aws")
    found = {cloud: since(design, Stack(design.architecture.name, cloud, HOME), file) for cloud in clouds}
    return {cloud: each for cloud, each in found.items() if each is not None and each.changes}


def _of_aws(
    design: Design, stack: Stack, where: Target, file: Path, *, yes: bool, as_json: bool
) -> Callable[[PlanSummary], None]:
    """Show account, region, bill and changes before AWS is changed, and ask unless `yes` was said."""
    from groma.bill import bill
    from groma.components import keeps_user_data

    def approve(plan: PlanSummary) -> None:
        priced = bill(design.architecture)
        usd, about = priced.monthly_usd, priced.least or "about "
        _tell(_foreseen(design, stack, file, plan), as_json=as_json)
        gone = [change.address for change in plan.changes if change.action in ("delete", "replace")]
        lost = [address for address in gone if keeps_user_data(address)]
        if yes and lost:
            raise InputError(
                f"{', '.join(lost)} would be lost with what it holds", hint="leave out --yes to be asked"
            )
        if not yes:
            confirm(
                f"provision {design.architecture.name} in AWS account {where.account()}, "
                f"{design.architecture.region}, for {about}${usd.likely:,.0f} a month "
                f"(${usd.low:,.0f} to ${usd.high:,.0f})?"
            )

    return approve


def _of_embedded(
    design: Design, stack: Stack, file: Path, *, yes: bool, as_json: bool
) -> Callable[[PlanSummary], None]:
    """Show what changes of what stands, and ask where that interrupts, replaces or loses something."""

    def approve(plan: PlanSummary) -> None:
        if not plan.has_changes:
            return
        _tell(_foreseen(design, stack, file, plan), as_json=as_json)
        if plan.interrupts and not yes:
            confirm(f"go on, though {_counted(plan)}?")

    return approve


def _counted(plan: PlanSummary) -> str:
    """`2 things restart or are replaced, 1 loses data`."""
    lost = sum(effect.kind == "loses data" for effect in plan.interrupts)
    others = len(plan.interrupts) - lost
    parts = [f"{others} {'thing is' if others == 1 else 'things are'} interrupted"] if others else []
    parts += [f"{lost} {'loses' if lost == 1 else 'lose'} data"] if lost else []
    return ", ".join(parts)


def _foreseen(design: Design, stack: Stack, file: Path, plan: PlanSummary) -> list[str]:
    """What the design changes of what stands, then Terraform's own list."""
    found = since(design, stack, file)
    lines = ["by Terraform:", *plan.lines()]
    if found is None or not found.changes:
        return lines
    told = (f"  {line}" for line in found.summary())
    return [f"by design, since the last `groma up` ({shown_by(file, stack.target)}):", *told, *lines]


def shown_by(file: Path, target: TargetName) -> str:
    """Which command shows all of it."""
    named = "" if file == WORKLOAD else f" -f {file}"
    where = "" if target == "embedded" else f" --target {target}"
    return f"`groma diff{named}{where}` shows it whole"


def _tell(lines: list[str], *, as_json: bool) -> None:
    """To a person; beside standard output where that is for machines."""
    from groma.cli.console import say

    if as_json:
        typer.echo(harmless("\n".join(lines)), err=True)
    else:
        say(*lines)


def confirm(question: str) -> None:
    """Ask a person. Raises InputError: nobody can be asked, or said no."""
    if not sys.stdin.isatty():
        raise InputError(f"nobody can be asked: {question}", hint=SAY_YES)
    if not typer.confirm(question, err=True):
        raise InputError("nothing was changed")
