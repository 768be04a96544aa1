"""`groma init` and `groma plan`: from nothing to a file, and from a file to a plan."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from groma.cli.designs import accept, billed, designed, loaded
from groma.cli.options import (
    WORKLOAD,
    Currency,
    Fields,
    File,
    Json,
    Month,
    NoFreeTier,
    Purchase,
    Spend,
    To,
    Told,
    Yes,
    named,
    spending,
)
from groma.errors import InputError
from groma.words import Answer, Words

if TYPE_CHECKING:
    from groma.design import Design


def init(
    file: File = WORKLOAD,
    blueprint: Annotated[str, typer.Option(help="which kind of architecture")] = "three-tier",
    state: Annotated[
        bool, typer.Option("--state", help="make the bucket that FILE names for Terraform's state")
    ] = False,
    target: To = "embedded",
    yes: Yes = False,
) -> None:
    """Write a commented workload file to begin with; or, with --state, make a team's bucket for the state."""
    from groma.cli.console import say
    from groma.cli.provisioning import make_state_bucket
    from groma.workload.first_file import write_first_file

    if state:
        make_state_bucket(file, target, yes=yes)
        return
    written = write_first_file(file, blueprint)
    say(
        f"wrote {' and '.join(str(path) for path in written)}",
        f"look at it, then: groma plan {named(file)}".rstrip(),
    )


BillShown = Annotated[bool, typer.Option("--bill", help="the bill line by line")]
DecisionsShown = Annotated[bool, typer.Option("--decisions", help="what was decided, and because of what")]
RejectedShown = Annotated[bool, typer.Option("--rejected", help="what was not taken, and why")]
AllShown = Annotated[bool, typer.Option("--all", help="everything of the plan")]
Why = Annotated[str, typer.Option("--why", help="why this size: web, app, database, or a function: api")]
Others = Annotated[bool, typer.Option("--alternatives", help="cheaper, faster and safer designs")]
Ranges = Annotated[bool, typer.Option("--ranges", help="how the answer changes over the ranges")]
Ends = Annotated[
    bool, typer.Option("--sensitivity", help="the bill and the goals at both ends of every range")
]
Compare = Annotated[
    tuple[str, str] | None,
    typer.Option("--compare", metavar="BLUEPRINT BLUEPRINT", help="two blueprints for the same load"),
]
Account = Annotated[str, typer.Option("--account", help="what a new, or a grown, account must ask AWS for")]
Certify = Annotated[
    bool, typer.Option("--certify", help="simulate it request by request; buy what keeps the goal then")
]
Cluster = Annotated[
    str,
    typer.Option("--cluster", metavar="tcp://…", help="with --certify: by the workers of a Dask scheduler"),
]
Plot = Annotated[
    Path | None, typer.Option("--plot", "-o", help="draw the alternatives, or what is asked: .svg or .png")
]


def plan(
    file: File = WORKLOAD,
    show_bill: BillShown = False,
    show_decisions: DecisionsShown = False,
    show_rejected: RejectedShown = False,
    show_all: AllShown = False,
    sensitivity: Ends = False,
    month: Month = "730h",
    no_free_tier: NoFreeTier = False,
    currency: Currency = "USD",
    purchase: Purchase = None,
    why: Why = "",
    budget: Spend = None,
    alternatives: Others = False,
    ranges: Ranges = False,
    compare: Compare = None,
    account: Account = "",
    certify: Certify = False,
    cluster: Cluster = "",
    plot: Plot = None,
    as_json: Json = False,
    fields: Fields = "",
) -> None:
    """Size it, price it, check it: one screen, with what hangs on guesses; the rest by options."""
    from groma.cli.console import say
    from groma.cli.questions import ask, ask_sensitivity
    from groma.cli.simulation import ask_referee

    others = alternatives or bool(plot and not compare and not sensitivity)
    asked = {"why": why, "alternatives": others, "ranges": ranges, "compare": compare, "account": account}
    asks = _only_one(**asked, sensitivity=sensitivity, certify=certify)
    told = Told(as_json, fields)
    if cluster and not certify:
        raise InputError("a cluster has nothing to do", where="--cluster", hint="add --certify")
    if asks and not (sensitivity or certify):
        ask(loaded(file, purchase, budget), why, ranges, compare, plot, account, told=told)
        return
    shown = {"bill": show_bill, "decisions": show_decisions, "rejected": show_rejected}
    parts = tuple(part for part, wanted in shown.items() if wanted)
    reasons = show_all or show_rejected or told.quiet
    made = designed(file, purchase, budget, reasons=reasons and not asks)
    made = billed(made, month, no_free_tier=no_free_tier, currency=currency)
    if sensitivity:
        ask_sensitivity(made, plot, told=told)
    elif certify:
        ask_referee(made, cluster, told=told)
    else:
        stood = _tell(made, file, parts, whole=show_all, told=told)
        accept(made)
        if not (told.quiet or parts):
            stated = purchase is None or purchase == loaded(file).purchase
            first = "" if stated else f"write `purchase: {purchase}` into {file}, then "
            say(*stood)
            _next(f"next: {first}groma up {named(file)}{spending(budget)}".rstrip(), whole=show_all)


def _tell(made: Design, file: Path, parts: tuple[str, ...], *, whole: bool, told: Told) -> list[str]:
    """The plan on a screen, whole, or those parts of it; and what it changes of what stands, in lines."""
    from groma.cli.approving import shown_by, standing
    from groma.cli.console import show
    from groma.report.brief import Brief
    from groma.report.plan import Part, Planned

    answer = Planned(made) if whole else Part(made, parts) if parts else Brief(made)
    stood = standing(made, file)
    since = _Since(answer, {there: found.document() for there, found in stood.items()})
    show(since if stood else answer, as_json=told.as_json, fields=told.fields)
    lines: list[str] = []
    for there, found in stood.items():
        lines += ["", f"changes what stands in the {there} cloud ({shown_by(file, there)}):"]
        lines += [f"  {line}" for line in found.summary()]
    return lines


@dataclass(frozen=True, slots=True)
class _Since:
    """A plan, and for machines what it changes of what stands."""

    answer: Answer
    changes: Mapping[str, object]

    def words(self) -> Words:
        """The plan's."""
        return self.answer.words()

    def document(self) -> object:
        """The plan's, with what it changes in each cloud under `since_up`."""
        document = self.answer.document()
        assert isinstance(document, dict)
        return {**document, "since_up": self.changes}


def _next(line: str, *, whole: bool) -> None:
    from groma.cli.console import say

    say(*(("", line) if whole else (f"{line}; more: --bill --decisions --all",)))


def _only_one(**asked: object) -> bool:
    """Whether a question is asked beyond the plan. Raises InputError when there are several."""
    given = [f"--{name}" for name, value in asked.items() if value]
    if len(given) > 1:
        raise InputError(f"{' and '.join(given)} are different questions", hint="ask one at a time")
    return bool(given)
