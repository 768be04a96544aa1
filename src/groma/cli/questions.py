"""`groma growth`, and the questions of `groma plan` that look beyond the plan itself."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from groma.cli.designs import built, loaded
from groma.cli.options import WORKLOAD, Fields, File, Json, Told
from groma.errors import InputError
from groma.words import abridged

MOST_USERS = 10_000_000_000
"""As many as a workload may have."""

if TYPE_CHECKING:
    from groma.design import Design
    from groma.questions.alternatives import Alternatives
    from groma.questions.blueprints import Comparison
    from groma.questions.growth import Growth
    from groma.questions.quotas import AccountName
    from groma.questions.sensitivity import Sensitivity
    from groma.workload import Workload


def growth(
    file: File = WORKLOAD,
    to: Annotated[
        str,
        typer.Option("--to", help="the number of users to reach; else five million, or ten times as many"),
    ] = "",
    plot: Annotated[Path | None, typer.Option("--plot", "-o", help="draw it: .svg or .png")] = None,
    as_json: Json = False,
    fields: Fields = "",
) -> None:
    """Say what breaks first as users grow, at which number, and what the next design costs."""
    from groma.cli.console import steps
    from groma.questions import growth as growing

    _can_plot(plot)
    told = Told(as_json, fields)
    workload = loaded(file)
    goal = users_of(to) if to else growing.far(workload)
    grown = growing.growth(workload, goal, steps(quiet=told.quiet))
    _show(grown, plot, told=told)


def ask(
    workload: Workload,
    why: str,
    ranges: bool,
    compare: tuple[str, str] | None,
    plot: Path | None,
    account: str,
    *,
    told: Told,
) -> None:
    """Answer the one of the questions that is asked; for alternatives, when it is none of the others."""
    from groma.cli.console import show, steps
    from groma.questions import alternatives, blueprints
    from groma.questions import quotas as asked
    from groma.questions import ranges as ranging
    from groma.questions import why as reasons

    report = steps(quiet=told.quiet)
    _can_plot(plot)
    if why:
        show(reasons.why(built(workload), why), as_json=told.as_json, fields=told.fields)
    elif ranges:
        show(ranging.outlook(workload, report), as_json=told.as_json, fields=told.fields)
    elif account:
        show(asked.quotas(built(workload), _account(account)), as_json=told.as_json, fields=told.fields)
    elif compare:
        _show(blueprints.compare(workload, *compare, report), plot, told=told)
    else:
        _show(alternatives.alternatives(workload, report), plot, told=told)


def ask_sensitivity(made: Design, plot: Path | None, *, told: Told) -> None:
    """What hangs on every range of a design, with a tornado where one is asked for."""
    from groma.cli.console import steps
    from groma.questions.sensitivity import sensitivity

    _can_plot(plot)
    _show(sensitivity(made, steps(quiet=told.quiet)), plot, told=told)


def _account(name: str) -> AccountName:
    from groma.questions.quotas import ACCOUNTS

    for known in ACCOUNTS:
        if name == known:
            return known
    raise InputError(f"{name!r} is no account", where="--account", hint=f"one of {', '.join(ACCOUNTS)}")


def users_of(text: str) -> int:
    """A number of users as it is typed. Raises InputError."""
    try:
        users = int(text.replace(",", "_"))
    except ValueError:
        what = f"{abridged(text)} is no number of users"
        raise InputError(what, where="--to", hint="write 5_000_000") from None
    if not 0 < users <= MOST_USERS:
        what = f"{abridged(text)} is no number of users to grow to"
        raise InputError(what, where="--to", hint=f"from 1 to {MOST_USERS:,}")
    return users


def _can_plot(path: Path | None) -> None:
    """Refuse a file that no plot can be written to, before anything long begins. Raises InputError."""
    if path:
        from groma.report.plots import check_format

        check_format(path.suffix, where=str(path))


def _show(
    found: Alternatives | Comparison | Growth | Sensitivity,
    plot: Path | None,
    *,
    told: Told,
) -> None:
    """An answer, and its picture where one is asked for."""
    from groma.cli.console import say, show
    from groma.live.stack import write_at_once
    from groma.report import plots

    show(found, as_json=told.as_json, fields=told.fields)
    if plot:
        write_at_once(plot, plots.plot(found, plot.suffix))
        if not told.quiet:
            say(f"drew {plot}")
