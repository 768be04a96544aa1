"""`groma drill`: a fault in a simulated evening, and what the alarms make of it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from groma.cli.designs import designed
from groma.cli.options import WORKLOAD, File, Json, TargetName, To

if TYPE_CHECKING:
    from groma.design import Design
    from groma.questions.drills.many import Drills
    from groma.questions.drills.watching import Guard
    from groma.words import Answer


def drill(
    file: File = WORKLOAD,
    fault: Annotated[
        str, typer.Option("--fault", metavar="NAME[,…]", help="one fault with its timeline, or some")
    ] = "",
    every: Annotated[bool, typer.Option("--all", help="all faults, and a normal week")] = False,
    listed: Annotated[
        bool, typer.Option("--list", help="name the faults, and who is to be told of each")
    ] = False,
    faults: Annotated[
        Path | None, typer.Option("--faults", metavar="YAML", help="a file of faults of your own")
    ] = None,
    planned: Annotated[
        bool, typer.Option("--planned", help="the alarms of the plan, also where the stack stands")
    ] = False,
    target: To = "embedded",
    seed: Annotated[int, typer.Option("--seed", help="of everything that is drawn")] = 1,
    seeds: Annotated[
        int, typer.Option("--seeds", metavar="N", help="so many normal weeks, each drawn by another seed")
    ] = 1,
    mutate: Annotated[
        bool, typer.Option("--mutate", help="with --all: delete and loosen each alarm; say what notices it")
    ] = False,
    plot: Annotated[Path | None, typer.Option("--output", "-o", help="draw it: .svg or .png")] = None,
    as_json: Json = False,
) -> None:
    """Inject faults into a simulated evening; say who is told what, when, and what users feel.

    The alarms are those that are deployed where the stack stands, else those of the plan.
    Exit code 1: somebody was told too late, too often, or of nothing.
    """
    from groma.cli.console import say, show, steps
    from groma.questions.drills.asking import Asked, drilled, fault_list

    _check(fault, every, listed, mutate)
    if listed:
        show(fault_list(designed(file, reasons=False), faults), as_json=as_json)
        return
    _check_plot(plot)
    design, guards, where = _guards(file, target, planned=planned, as_json=as_json)
    names = tuple(each.strip() for each in fault.split(",") if each.strip())
    found = drilled(design, guards, where, Asked(names, faults, seed, seeds), steps(quiet=as_json))
    show(_answer(found, mutate), as_json=as_json)
    written = _kept(found) if every else []
    written += _plotted(found, plot)
    if not as_json:
        for path in written:
            say(f"wrote {path}")
    if not found.ok:
        raise typer.Exit(1)


def _answer(found: Drills, mutate: bool) -> Answer:
    """What is shown: of one drill its timeline, else a table, or that of changed alarms."""
    from groma.questions.drills.mutants import mutants

    if mutate:
        return mutants(found.name, found.guards, found.drills)
    return found.drills[0] if len(found.drills) == 1 else found


def _check(fault: str, every: bool, listed: bool, mutate: bool) -> None:
    from groma.errors import InputError

    if bool(fault.strip(" ,")) + every + listed != 1:
        raise InputError(
            "one of --fault, --all and --list says what is asked", where="groma drill",
            hint="groma drill --list names the faults",
        )  # fmt: skip
    if mutate and not every:
        raise InputError("changed alarms are tried by all faults", where="--mutate", hint="add --all")


def _check_plot(plot: Path | None) -> None:
    from groma.report.figures import check_format

    if plot:
        check_format(plot.suffix, where=str(plot))


def _guards(
    file: Path, target: TargetName, *, planned: bool, as_json: bool
) -> tuple[Design, tuple[Guard, ...], str]:
    """What is drilled, its alarms, and whose they are."""
    from groma.cli.looking import standing_alarms
    from groma.questions.drills.watching import guards_of

    found = None if planned else standing_alarms(file, target, quiet=as_json)
    if found is not None:
        stands, guards = found
        return stands, guards, f"alarms deployed in the {target} cloud"
    design = designed(file, reasons=False)
    return design, guards_of(design.architecture), "alarms of the plan"


def _kept(found: Drills) -> list[Path]:
    """What `groma status` tells of the last drills, and the matrix of faults and alarms beside it."""
    from groma.live.last_drills import keep, matrix_path
    from groma.live.stack import write_at_once
    from groma.report.drilled import plot_matrix

    picture = matrix_path(found.name)
    write_at_once(picture, plot_matrix(found, picture.suffix))
    return [keep(found), picture]


def _plotted(found: Drills, plot: Path | None) -> list[Path]:
    from groma.live.stack import write_at_once
    from groma.report.drilled import plot_drill, plot_matrix

    if plot is None:
        return []
    drawn = (
        plot_drill(found.drills[0], plot.suffix)
        if len(found.drills) == 1
        else plot_matrix(found, plot.suffix)
    )
    write_at_once(plot, drawn)
    return [plot]
