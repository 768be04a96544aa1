"""`groma status`, `metrics`, `logs`, `open`, `env`: what runs, what it did, and how it is reached."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from groma.cli.designs import designed
from groma.cli.options import WORKLOAD, File, Json, To
from groma.cli.provisioning import as_it_stands, of_design, reporter
from groma.errors import InputError
from groma.installation import need
from groma.words import abridged

if TYPE_CHECKING:
    from groma.design import Design
    from groma.live.stack import Stack
    from groma.live.target import Target, TargetName
    from groma.questions.drills.watching import Guard
    from groma.words import Answer

LENGTH = re.compile(r"(\d{1,4})([mhd])")
SECONDS = {"m": 60, "h": 3600, "d": 86400}
OfFile = Annotated[Path, typer.Option("--file", "-f", help="the workload file")]
Since = Annotated[str, typer.Option("--since", help="how far back: 15m, 3h, 2d")]


def status(
    file: File = WORKLOAD,
    target: To = "embedded",
    drift: Annotated[
        bool, typer.Option("--drift", help="ask for every resource, to find what was changed")
    ] = False,
    watch: Annotated[
        bool, typer.Option("--watch", help="look again every few seconds, until Ctrl-C")
    ] = False,
    every_s: Annotated[float, typer.Option("--every", help="seconds between looks", min=1.0)] = 10.0,
    as_json: Json = False,
) -> None:
    """Show what runs beside what was designed, its alarms and since when, and with --drift what was changed.

    Exit code 1: an alarm is on or missing, or something has drifted.
    """
    need(target)
    from groma.live.monitor import status as look
    from groma.live.patience import again_and_again

    design, stack, where = _standing(file, target)
    report = reporter(quiet=as_json)

    def once() -> bool:
        found = look(design, stack, where, report, drift=drift)
        _show(found, as_json=as_json, again=watch)
        return found.is_wrong

    if watch:
        again_and_again(once, every_s)
    elif once():
        raise typer.Exit(1)


def _show(found: Answer, *, as_json: bool, again: bool) -> None:
    from groma.cli.console import clear, show

    if again and not as_json:
        clear()
    show(found, as_json=as_json)
    sys.stdout.flush()


def metrics(
    component: Annotated[
        str, typer.Argument(help="of which element: web-lb, api-function", metavar="[COMPONENT]")
    ] = "",
    file: OfFile = WORKLOAD,
    target: To = "embedded",
    since: Since = "3h",
    as_json: Json = False,
) -> None:
    """Show what the alarms watch, over the last hours, as small charts."""
    need(target)
    from groma.cli.console import show, steps
    from groma.live.curves import Curves, curves
    from groma.live.monitor import RECORDS
    from groma.live.series import Span

    _must_be_no_file(component, "metrics")
    length_s = _seconds(since)
    design, stack, where = _standing(file, target)
    _open(stack, where)
    steps(quiet=as_json)("reading metrics")
    found = curves(design.architecture, where, Span.until_now(length_s), component)
    note = RECORDS if target == "embedded" and not design.plan.functions else ""
    show(Curves(stack.name, stack.target, length_s / 3600, found, note), as_json=as_json)


def logs(
    component: Annotated[
        str, typer.Argument(help="of which element: api-function, api", metavar="[COMPONENT]")
    ] = "",
    file: OfFile = WORKLOAD,
    target: To = "embedded",
    since: Since = "1h",
    matching: Annotated[str, typer.Option("--filter", help="a filter pattern of CloudWatch Logs")] = "",
    as_json: Json = False,
) -> None:
    """Show what elements have logged: functions, API, database."""
    need(target)
    from groma.cli.console import show
    from groma.live.logs import groups
    from groma.live.logs import logs as read
    from groma.live.provision import standing

    _must_be_no_file(component, "logs")
    back_s = _seconds(since)
    design, stack, where = _standing(file, target)
    state = standing(stack, where, reporter(quiet=as_json)).state()
    some = groups(design.architecture, state, component)
    show(read(stack.name, some, where, back_s, matching), as_json=as_json)


def open_(
    what: Annotated[str, typer.Argument(help="site or dashboard; both when left out", metavar="[WHAT]")] = "",
    file: OfFile = WORKLOAD,
    target: To = "embedded",
    as_json: Json = False,
) -> None:
    """Open the site and the dashboard in a browser; without a terminal only say where they are."""
    need(target)
    from groma.cli.console import show
    from groma.live.provision import standing
    from groma.live.reaching import addresses

    if what not in ("", "site", "dashboard"):
        raise InputError(f"{abridged(what)} cannot be opened", hint="site, or dashboard")
    design, stack, where = _standing(file, target)
    outputs = standing(stack, where, reporter(quiet=True)).output()
    home = design.architecture
    found = addresses(home.name, home.region, design.workload.domain, outputs, where)
    show(found, as_json=as_json)
    urls = {"site": found.site, "dashboard": found.dashboard}
    wanted = [url for name, url in urls.items() if url and what in ("", name)]
    if not wanted:
        raise typer.Exit(1)
    if sys.stdout.isatty() and not as_json:
        for url in wanted:
            typer.launch(url)


def env(file: File = WORKLOAD, target: To = "embedded", as_json: Json = False) -> None:
    """Print what `aws`, SDKs and Terraform need to reach the cloud: eval "$(groma env)"."""
    need(target)
    from groma.cli.console import print_json, write
    from groma.live.reaching import environment

    design, stack, where = _standing(file, target)
    _open(stack, where)
    found = environment(where, design.architecture.region)
    if as_json:
        print_json(found.document())
    else:
        write(found.shell())


def _standing(file: Path, target: TargetName) -> tuple[Design, Stack, Target]:
    """What was provisioned from a file, its stack, and the cloud that it stands in."""
    design = as_it_stands(file, target)
    return design, *of_design(design, target)


def standing_alarms(
    file: Path, target: TargetName, *, quiet: bool
) -> tuple[Design, tuple[Guard, ...]] | None:
    """What was provisioned from a file, with its alarms as they are deployed; None where nothing stands."""
    from groma.live.drilled import deployed_guards

    stack, _ = of_design(designed(file, reasons=False), target)
    if not stack.exists:
        return None
    need(target)
    design, stack, where = _standing(file, target)
    _open(stack, where)
    steps = reporter(quiet=quiet).step
    steps(f"reading the alarms that are deployed in the {target} cloud")
    return design, deployed_guards(design.architecture, where)


def standing_cloud(file: Path, target: TargetName) -> tuple[Design, Target]:
    """What was provisioned from a file, and its cloud, opened. Raises InputError: nothing stands there."""
    need(target)
    design, stack, where = _standing(file, target)
    _open(stack, where)
    return design, where


def _open(stack: Stack, where: Target) -> None:
    """Open the cloud of a stack. Raises InputError: it does not stand there."""
    if stack.exists:
        where.open()
    stack.must_be_in(where.account() if stack.exists else "")


def _must_be_no_file(component: str, command: str) -> None:
    if component.endswith((".yaml", ".yml")):
        hint = f"groma {command} -f {component}"
        raise InputError(f"{abridged(component)} is a file, not an element", hint=hint)


def _seconds(text: str) -> int:
    found = LENGTH.fullmatch(text)
    if not found or not int(found[1]):
        raise InputError(f"{abridged(text)} is no length of time", where="--since", hint="15m, 3h or 2d")
    return int(found[1]) * SECONDS[found[2]]
