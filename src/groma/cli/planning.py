"""`groma init` and `groma plan`: from nothing to a file, and from a file to a plan."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from groma.cli.designs import accept, billed, designed, loaded
from groma.cli.options import (
    WORKLOAD,
    Currency,
    File,
    Json,
    Month,
    NoFreeTier,
    Purchase,
    Spend,
    To,
    Yes,
    named,
    spending,
)
from groma.errors import InputError


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


def plan(
    file: File = WORKLOAD,
    month: Month = "730h",
    no_free_tier: NoFreeTier = False,
    currency: Currency = "USD",
    purchase: Purchase = None,
    why: Annotated[
        str, typer.Option("--why", help="why this size: web, app, database, or a function: api")
    ] = "",
    budget: Spend = None,
    alternatives: Annotated[
        bool, typer.Option("--alternatives", help="cheaper, faster and safer designs")
    ] = False,
    ranges: Annotated[bool, typer.Option("--ranges", help="how the answer changes over the ranges")] = False,
    compare: Annotated[
        tuple[str, str] | None,
        typer.Option("--compare", metavar="BLUEPRINT BLUEPRINT", help="two blueprints for the same load"),
    ] = None,
    account: Annotated[
        str, typer.Option("--account", help="what a new, or a grown, account must ask AWS for")
    ] = "",
    plot: Annotated[Path | None, typer.Option("--plot", help="draw the alternatives: .svg or .png")] = None,
    as_json: Json = False,
) -> None:
    """Size it, price it, check it; say why each size, and what was rejected."""
    from groma.cli.approving import shown_by, standing
    from groma.cli.console import print_json, say, show
    from groma.cli.questions import ask
    from groma.report.plan import Planned

    others = alternatives or bool(plot and not compare)
    if _only_one(why=why, alternatives=others, ranges=ranges, compare=compare, account=account):
        ask(loaded(file, purchase, budget), why, ranges, compare, plot, account, as_json=as_json)
        return
    design = billed(designed(file, purchase, budget), month, no_free_tier=no_free_tier, currency=currency)
    stood = standing(design, file)
    if as_json and stood:
        print_json({**Planned(design).document(), "since_up": {t: d.document() for t, d in stood.items()}})
    else:
        show(Planned(design), as_json=as_json)
    accept(design)
    if not as_json:
        stated = purchase is None or purchase == loaded(file).purchase
        first = "" if stated else f"write `purchase: {purchase}` into {file}, then "
        for there, found in stood.items():
            say("", f"changes what stands in the {there} cloud ({shown_by(file, there)}):")
            say(*(f"  {line}" for line in found.summary()))
        say("", f"next: {first}groma up {named(file)}{spending(budget)}".rstrip())


def _only_one(**asked: object) -> bool:
    """Whether a question is asked beyond the plan. Raises InputError when there are several."""
    given = [f"--{name}" for name, value in asked.items() if value]
    if len(given) > 1:
        raise InputError(f"{' and '.join(given)} are different questions", hint="ask one at a time")
    return bool(given)
