"""`groma growth`, and the questions of `groma plan` that look beyond the plan itself."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from groma.cli.designs import loaded
from groma.cli.options import WORKLOAD, File, Json
from groma.errors import InputError
from groma.words import abridged

MOST_USERS = 10_000_000_000
"""As many as a workload may have."""

if TYPE_CHECKING:
    from groma.questions.alternatives import Alternatives
    from groma.questions.blueprints import Comparison
    from groma.questions.growth import Growth
    from groma.questions.quotas import AccountName
    from groma.workload import Workload


def growth(
    file: File = WORKLOAD,
    to: Annotated[str, typer.Option("--to", help="the number of users to reach")] = "5_000_000",
    plot: Annotated[Path | None, typer.Option("--plot", help="draw it: .svg or .png")] = None,
    as_json: Json = False,
) -> None:
    """Say what breaks first as users grow, at which number, and what the next design costs."""
    from groma.cli.console import steps
    from groma.questions import growth as growing

    _can_plot(plot)
    grown = growing.growth(loaded(file), users_of(to), steps(quiet=as_json))
    _show(grown, plot, as_json=as_json)


def ask(
    workload: Workload,
    why: str,
    ranges: bool,
    compare: tuple[str, str] | None,
    plot: Path | None,
    account: str,
    *,
    as_json: bool,
) -> None:
    """Answer the one of the questions that is asked; for alternatives, when it is none of the others."""
    from groma.cli.console import show, steps
    from groma.design import design
    from groma.questions import alternatives, blueprints
    from groma.questions import quotas as asked
    from groma.questions import ranges as ranging
    from groma.questions import why as reasons

    report = steps(quiet=as_json)
    _can_plot(plot)
    if why:
        show(reasons.why(design(workload), why), as_json=as_json)
    elif ranges:
        show(ranging.outlook(workload, report), as_json=as_json)
    elif account:
        show(asked.quotas(design(workload), _account(account)), as_json=as_json)
    elif compare:
        _show(blueprints.compare(workload, *compare, report), plot, as_json=as_json)
    else:
        _show(alternatives.alternatives(workload, report), plot, as_json=as_json)


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


def _show(found: Alternatives | Comparison | Growth, plot: Path | None, *, as_json: bool) -> None:
    """An answer, and its picture where one is asked for."""
    from groma.cli.console import say, show
    from groma.live.stack import write_at_once
    from groma.report import plots

    show(found, as_json=as_json)
    if plot:
        write_at_once(plot, plots.plot(found, plot.suffix))
        if not as_json:
            say(f"drew {plot}")
