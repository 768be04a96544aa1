"""`groma doctor`, `up`, `verify`, `adopt`, `down`: what stands in a cloud; what is asked before."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from groma.application.choice import extras_of
from groma.cli.approving import approval, confirm
from groma.cli.designs import accept, built, designed, loaded
from groma.cli.environments import chosen
from groma.cli.options import WORKLOAD, File, Json, Played, Spend, TargetName, To, Yes, named
from groma.errors import Infeasible, InputError, WorkloadError
from groma.installation import need

if TYPE_CHECKING:
    from collections.abc import Sequence

    from groma.architecture import CheckList
    from groma.design import Design
    from groma.live.preflight.rights import Right
    from groma.live.reporting import Reporter
    from groma.live.stack import Stack
    from groma.live.target import Target
    from groma.workload import Workload


def up(
    file: File = WORKLOAD,
    target: To = "embedded",
    rehearse: Played = None,
    skip_preflight: Annotated[
        bool, typer.Option("--skip-preflight", help="go on though something is known to fail on AWS")
    ] = False,
    yes: Yes = False,
    budget: Spend = None,
    new_image: Annotated[
        bool, typer.Option("--new-image", help="roll servers over to the newest Amazon Linux")
    ] = False,
    boundary: Annotated[
        str, typer.Option("--boundary", help="ARN of the permissions boundary that its roles are to have")
    ] = "",
    run: Annotated[
        bool, typer.Option("--run", help="also run the application's image on this machine, and ask it")
    ] = False,
    as_json: Json = False,
) -> None:
    """Build it, provision it, verify it; into the embedded cloud unless told otherwise."""
    need(target, *extras_of(loaded(file, budget=budget).own))
    from groma.cli.console import print_json, say, show
    from groma.live.bounded import check_boundary, check_one_boundary
    from groma.live.provision import up as provision

    check_boundary(boundary)
    if rehearse is not None:
        _rehearse(file, rehearse, target, budget, as_json=as_json)
        return
    design = designed(file, budget=budget)
    accept(design)
    check_one_boundary(boundary, design.workload.boundary, design.workload.where("boundary"))
    stack, where = of_design(design, target)
    if target == "aws" and not skip_preflight:
        _look_first(design, stack, where, as_json=as_json)
    approve = approval(design, stack, where, file, yes=yes, as_json=as_json)
    done = provision(
        design, stack, where, reporter(quiet=as_json), approve, new_image=new_image, boundary=boundary
    )
    here = _run_here(design, quiet=as_json) if run else None
    if as_json:
        document = done.document(design, stack)
        print_json(document if here is None else {**document, "run_here": here.document()})
    else:
        show(done.checks)
        if here is not None:
            show(here)
        again = (f"next: groma status {named(file)}", f"      groma down {named(file)}")
        say("", *done.lines(design, stack), "", *(line.rstrip() for line in again))
    if here is not None:
        _exit_on(here)
    _exit_on(done.checks)


def _run_here(design: Design, *, quiet: bool) -> CheckList:
    """The images of an application of one's own, run on this machine for as long as it takes to ask them."""
    from groma.live.run_here import tried

    reporter(quiet=quiet).step("running the application's image on this machine")
    return tried(design.architecture)


def _look_first(design: Design, stack: Stack, where: Target, *, as_json: bool) -> None:
    """Look before anything is made. Raises InputError when something will fail."""
    from groma.cli.console import show
    from groma.live.preflight import preflight

    found = preflight(design, where, stands=stack.exists, wanted=_wanted(design))
    if found.obstacles:
        show(found, as_json=as_json)
        raise InputError(
            f"{len(found.obstacles)} of these will fail; nothing was made",
            hint="do what stands above, or add --skip-preflight to try it all the same",
        )


def _wanted(design: Design) -> Sequence[Right]:
    """What whoever deploys has to be allowed, if `groma permissions` has found it out for this design."""
    from groma.live.permissions import names_of, permissions, recorded_before
    from groma.live.stack import HOME

    kept = recorded_before(design, HOME)
    return () if kept is None else permissions(kept, names_of(design.workload)).statements


def _rehearse(file: Path, account: str, target: TargetName, budget: float | None, *, as_json: bool) -> None:
    need("embedded")
    from groma.cli.console import show
    from groma.live.embedded import Account
    from groma.live.private import keep_private
    from groma.live.rehearsal import rehearse, with_a_domain
    from groma.live.stack import HOME

    keep_private(HOME)
    if target == "aws":
        raise InputError("a rehearsal is played in the embedded cloud", hint="leave out --target aws")
    workload = loaded(file, budget=budget)
    played = with_a_domain(workload)
    report = reporter(quiet=as_json)
    if played.domain != workload.domain:
        report.step(f"{workload.domain} is a placeholder: rehearsed as {played.domain}")
    planned = built(played)
    accept(planned)
    found = rehearse(planned, Account(account), HOME, report)
    show(found, as_json=as_json)
    if not found.passed:
        raise typer.Exit(1)


def doctor(file: File = WORKLOAD, target: To = "aws", rehearse: Played = None, as_json: Json = False) -> None:
    """Say what will fail before anything is made: tools, account, quotas, zones, names. Only reads."""
    need("embedded" if rehearse or target == "embedded" else "aws")
    from groma.cli.console import show
    from groma.live.preflight import doctor as look_here
    from groma.live.preflight import preflight
    from groma.live.standing_before import make_guests

    if file == WORKLOAD and not file.exists():
        show(look_here(), as_json=as_json)
        return
    design, report = designed(file, reasons=False), reporter(quiet=as_json)
    if rehearse is not None:
        from groma.live.embedded import Account
        from groma.live.private import keep_private
        from groma.live.rehearsal import staged
        from groma.live.stack import HOME

        keep_private(HOME)
        with staged(Account(rehearse), HOME) as (_, stage):
            make_guests(design.workload, stage, report)
            found = preflight(design, stage)
    else:
        stack, where = of_design(design, target)
        if target == "embedded":
            where.open()
        make_guests(design.workload, where, report)
        wanted = _wanted(design) if target == "aws" else ()
        found = preflight(design, where, stands=stack.exists, wanted=wanted)
    show(found, as_json=as_json)
    if found.obstacles:
        raise typer.Exit(1)


def verify(file: File = WORKLOAD, target: To = "embedded", as_json: Json = False) -> None:
    """Compare what is deployed with what was designed."""
    need(target)
    from groma.architecture import CheckList
    from groma.cli.console import show
    from groma.live.provision import inspect

    design = as_provisioned(file, target)
    need(target, *extras_of(design.workload.own))
    report = reporter(quiet=as_json)
    found = CheckList(inspect(design.architecture, *of_design(design, target), report))
    show(found, as_json=as_json)
    _exit_on(found)


def adopt(file: File = WORKLOAD, target: To = "embedded", as_json: Json = False) -> None:
    """Find a stack again in its cloud when its files are lost; changes nothing there."""
    need(target)
    from groma.cli.console import print_json, say
    from groma.live.adopting import adopt as find_again

    design = designed(file)
    found = find_again(design, *of_design(design, target), reporter(quiet=as_json))
    if as_json:
        print_json(found.document())
    else:
        say(*found.lines())
    if not found.resources:
        raise typer.Exit(1)


def down(
    file: File = WORKLOAD,
    target: To = "embedded",
    yes: Yes = False,
    keep_cloud: Annotated[
        bool, typer.Option("--keep-cloud", help="leave the embedded cloud running, empty")
    ] = False,
    as_json: Json = False,
) -> None:
    """Destroy everything of the stack; leave nothing."""
    need(target)
    from groma.cli.console import print_json, say
    from groma.live.provision import down as take_down

    stack, where = _of_file(file, target)
    if target == "aws" and stack.exists and not yes:
        confirm(
            f"destroy {stack.name} in account {where.account()} with its database, all backups, "
            "everything in its bucket and its secret? nothing of it can be brought back"
        )
    done = take_down(stack, where, reporter(quiet=as_json), keep_cloud=keep_cloud)
    if as_json:
        print_json(done.document())
    else:
        say(*done.lines(stack.name))


def make_state_bucket(file: Path, target: TargetName, *, yes: bool) -> None:
    """Make the bucket that a workload names for Terraform's state. Raises InputError when it names none."""
    need(target)
    from groma.cli.console import say
    from groma.live.domain import refuse_placeholder
    from groma.live.remote_state import make_bucket

    workload = loaded(file)
    if workload.state is None:
        raise InputError(
            "names no bucket for the state",
            where=workload.where("state"),
            hint="add `state: {bucket: example-org-terraform-state, region: us-east-1}`",
        )
    refuse_placeholder(workload, target)
    _, where = _of_name(workload.name, workload.state.region, target)
    where.open()
    if target == "aws" and not yes:
        confirm(f"make the bucket {workload.state.bucket} in AWS account {where.account()}?")
    done = make_bucket(workload.state, where)
    where.settle()
    say(*done.lines(where.name), "next: groma up")


def of_design(design: Design, target: TargetName) -> tuple[Stack, Target]:
    """Where the stack of a design is kept on this machine, and the cloud that it stands in."""
    return _of_name(design.architecture.name, design.architecture.region, target)


def _of_file(file: Path, target: TargetName) -> tuple[Stack, Target]:
    """The stack of a file, also of one that can no longer be read but for its name."""
    from groma.live.stack import Stack
    from groma.workload.reading import name_in

    try:
        workload = loaded(file)
        return _of_name(workload.name, workload.regions[0], target)
    except WorkloadError:
        stack = Stack(name_in(file, chosen()), target)
        if not (stack.name and stack.exists):
            raise
        return _of_name(stack.name, stack.regions()[0], target)


def as_provisioned(file: Path, target: TargetName) -> Design:
    """The design of a file, with the budget that `up --budget` spent; when none can be made of it, that of
    the workload that was provisioned last.
    """
    from groma.cli.console import steps
    from groma.workload import load

    try:
        workload = loaded(file)
        stack, _ = _of_name(workload.name, workload.regions[0], target)
        return built(_as_spent(workload, stack))
    except (WorkloadError, Infeasible) as error:
        stack, _ = _of_file(file, target)
        if stack.workload is None:
            raise
        steps(quiet=False)(f"{error.what}; looking at what was provisioned")
        return built(load(stack.workload))


def as_it_stands(file: Path, target: TargetName) -> Design:
    """The design that was provisioned, also where its file says something else since; of an older Groma, that
    of the file.
    """
    from groma.cli.console import steps
    from groma.live.revisions import provisioned

    stack, _ = _of_file(file, target)
    try:
        stood = provisioned(stack, file)
    except InputError:
        return as_provisioned(file, target)
    try:
        changed = _as_spent(loaded(file), stack).text != stood.text
        what = "the file has changed since `groma up`" if changed else ""
    except WorkloadError as error:
        what = error.what
    if what:
        steps(quiet=False)(f"{what}; looking at what was provisioned")
    return built(stood)


def _as_spent(workload: Workload, stack: Stack) -> Workload:
    """A workload with the budget that its stack was provisioned with, where nothing else has changed."""
    from groma.workload import load, with_budget

    if stack.workload is None or workload.spend is not None:
        return workload
    try:
        stood = load(stack.workload)
    except WorkloadError:
        return workload
    money = {"budget_usd_per_month", "spend"}
    if stood.spend is None or stood.model_dump(exclude=money) != workload.model_dump(exclude=money):
        return workload
    assert stood.budget_usd_per_month is not None, "a workload that says `spend` has a budget"
    return with_budget(workload, stood.budget_usd_per_month)


def _of_name(name: str, region: str, target: TargetName) -> tuple[Stack, Target]:
    """Where a stack is kept on this machine, and the cloud that it stands in."""
    from groma.live.private import keep_private
    from groma.live.stack import HOME, Stack
    from groma.live.target import AwsTarget, EmbeddedTarget

    keep_private(HOME)
    where = EmbeddedTarget(HOME / "cloud") if target == "embedded" else AwsTarget(region)
    return Stack(name, target), where


def reporter(*, quiet: bool) -> Reporter:
    """Steps and progress on standard error; nothing when quiet."""
    from groma.cli.console import steps
    from groma.live.progress import show_progress
    from groma.live.reporting import Reporter

    return Reporter(steps(quiet=quiet), lambda title: show_progress(title, quiet=quiet))


def _exit_on(found: CheckList) -> None:
    if found.failed:
        raise typer.Exit(1)
