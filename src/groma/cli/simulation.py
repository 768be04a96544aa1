"""`groma simulate`: a day of traffic, request by request; and the trials of `groma plan --certify`."""

from __future__ import annotations

import math
import re
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from groma.cli.designs import designed
from groma.cli.options import WORKLOAD, File, Json, Spend, Told

if TYPE_CHECKING:
    from collections.abc import Callable

    from groma.design import Design
    from groma.live.simulated import Sent
    from groma.simulation.answer import Simulated


TIME = re.compile(r"(\d\d?):(\d\d)")
Back = Annotated[
    bool, typer.Option("--comeback", help="whether it comes back by itself from ten minutes of overload")
]
Publish = Annotated[
    str,
    typer.Option(
        "--publish", metavar="20:35",
        help="put the hours before it into the embedded CloudWatch, as if it were now",
    ),
]  # fmt: skip


def simulate(
    file: File = WORKLOAD,
    days: Annotated[int, typer.Option("--days", help="how many, from a Monday on")] = 1,
    flash: Annotated[
        list[str] | None, typer.Option("--flash", metavar="3x@14:00/60s", help="a crowd, when and how long")
    ] = None,
    traffic: Annotated[
        Path | None, typer.Option("--traffic", metavar="CSV", help="a recorded series: time,rate")
    ] = None,
    lose: Annotated[
        str,
        typer.Option("--lose", metavar="us-east-1a@20:25", help="a zone or region that is lost, and when"),
    ] = "",
    seed: Annotated[int, typer.Option("--seed", help="of everything that is drawn")] = 1,
    timeout: Annotated[float, typer.Option("--timeout", help="seconds that a client waits")] = math.inf,
    retries: Annotated[int, typer.Option("--retries", help="how often a client asks again")] = 0,
    routing: Annotated[
        str, typer.Option("--routing", help="random, round-robin or least-outstanding")
    ] = "random",
    shape: Annotated[
        str, typer.Option("--service-times", help="hyperexponential, lognormal or gamma; else the file's")
    ] = "",
    full: Annotated[bool, typer.Option("--full", help="every request, also of many millions")] = False,
    together: Annotated[
        bool, typer.Option("--together", help="let the processes of a server share its requests evenly")
    ] = False,
    budget: Spend = None,
    plot: Annotated[Path | None, typer.Option("--output", "-o", help="draw it: .svg or .png")] = None,
    minutes: Annotated[Path | None, typer.Option("--minutes", help="write every minute: .csv")] = None,
    metrics: Annotated[
        Path | None, typer.Option("--metrics", help="write what CloudWatch would see: .csv or .json")
    ] = None,
    back: Back = False,
    publish: Publish = "",
    as_json: Json = False,
) -> None:
    """Simulate a day of the design's traffic, request by request; say what users felt."""
    if back:
        _tell_comeback(file, timeout, retries, seed, as_json=as_json)
        return
    from groma.cli.console import say, show, showing_simulation
    from groma.simulation.asking import Asked, simulated

    _check_files(plot, minutes, metrics)
    asked = Asked(
        days, traffic, tuple(flash or ()), lose, seed, timeout, retries, routing, shape, full, together
    )
    design, put = _standing(file, publish) if publish else (_planned(file, budget), None)
    with showing_simulation(quiet=as_json) as progress:
        found = simulated(design, asked, progress)
    show(found, as_json=as_json)
    sent = put(found) if put else None
    if sent and not as_json:
        show(sent)
    for path in _written(design, found, plot, minutes, metrics):
        if not as_json:
            say(f"wrote {path}")
    if found.stopped:
        raise typer.Exit(130)


def _check_files(plot: Path | None, minutes: Path | None, metrics: Path | None) -> None:
    from groma.questions.drills.exported import check
    from groma.report.figures import check_format

    if plot:
        check_format(plot.suffix, where=str(plot))
    _is_csv(minutes)
    if metrics:
        check(metrics.suffix)


def _planned(file: Path, budget: float | None = None) -> Design:
    """What is simulated, without what was rejected for it."""
    return designed(file, budget=budget, reasons=False)


def _standing(file: Path, until: str) -> tuple[Design, Callable[[Simulated], Sent]]:
    """What stands of a file, and what publishes there what was simulated before a time of day."""
    from groma.cli.looking import standing_cloud
    from groma.live.simulated import publish

    until_s = _time_of_day(until)
    design, where = standing_cloud(file, "embedded")
    return design, lambda found: publish(design, found, until_s, where)


def _tell_comeback(file: Path, timeout_s: float, retries: int, seed: int, *, as_json: bool) -> None:
    """With clients as they are told, or such as wait for two seconds and ask again three times."""
    from groma.cli.console import show, steps
    from groma.simulation.network import Behaviour
    from groma.simulation.overload import IMPATIENT, comeback

    told = math.isfinite(timeout_s) or retries > 0
    clients = Behaviour(timeout_s, retries) if told else IMPATIENT
    found = comeback(_planned(file), clients, seed, steps(quiet=as_json))
    show(found, as_json=as_json)
    if not found.ok:
        raise typer.Exit(1)


def _written(
    design: Design, found: Simulated, plot: Path | None, minutes: Path | None, metrics: Path | None
) -> list[Path]:
    """The files that were asked for, written."""
    from groma.live.stack import write_at_once
    from groma.questions.drills.exported import metrics_file
    from groma.report.simulated import plot_simulated

    if plot:
        write_at_once(plot, plot_simulated(found, plot.suffix))
    if minutes:
        write_at_once(minutes, found.minutes_csv().encode())
    if metrics:
        write_at_once(metrics, metrics_file(design, found, metrics.suffix))
    return [each for each in (plot, minutes, metrics) if each]


def ask_referee(made: Design, cluster: str, *, told: Told) -> None:
    """The trials of a plan, here or by a cluster; exits 1 where nothing near it keeps the goal."""
    from groma.cli.console import show, steps
    from groma.live.cluster import crew_at
    from groma.simulation.certify import certify
    from groma.simulation.crews import HERE

    with crew_at(cluster) if cluster else nullcontext(HERE) as crew:
        found = certify(made, seed=1, step=steps(quiet=told.quiet), crew=crew)
    show(found, as_json=told.as_json, fields=told.fields)
    if not found.signed:
        raise typer.Exit(1)


def _time_of_day(text: str) -> int:
    from groma.errors import InputError
    from groma.words import abridged

    found = TIME.fullmatch(text)
    if not found or int(found[1]) > 24 or int(found[2]) > 59:
        raise InputError(f"{abridged(text)} is no time of day", where="--publish", hint="write 20:35")
    return int(found[1]) * 3600 + int(found[2]) * 60


def _is_csv(path: Path | None) -> None:
    from groma.errors import InputError

    if path and path.suffix != ".csv":
        raise InputError(f"minutes are written as .csv, not as {path.suffix or 'no'} file", where="--minutes")
