"""`groma alarms`: what watches a design, and cases that say how its alarms are to behave."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from groma.cli.designs import designed
from groma.cli.options import WORKLOAD, File, Json
from groma.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from groma.answers import Alarm


def alarms(
    file: File = WORKLOAD,
    of: Annotated[str | None, typer.Option("--of", help="say all about the alarms of this name")] = None,
    covered: Annotated[
        bool, typer.Option("--coverage", help="what AWS recommends, and why not where it is not done")
    ] = False,
    test: Annotated[Path | None, typer.Option("--test", help="run the cases of this file instead")] = None,
    as_json: Json = False,
) -> None:
    """List every alarm of the design, or what AWS recommends, or run cases of what alarms are to do."""
    from groma.cli.console import show
    from groma.monitoring import alarms as watching
    from groma.monitoring.cases import load, run
    from groma.monitoring.coverage import coverage
    from groma.monitoring.listing import listing

    if (of is not None) + covered + (test is not None) > 1:
        raise InputError("only one of --of, --coverage and --test can be asked", where="groma alarms")

    @cache
    def of_design() -> Mapping[str, Alarm]:
        return {alarm.id: alarm for alarm in watching(designed(file, reasons=False).architecture)}

    if covered:
        show(coverage(designed(file, reasons=False).architecture), as_json=as_json)
        return
    if test is None:
        told = listing(designed(file, reasons=False).architecture)
        show(told if of is None else told.of(of), as_json=as_json)
        return
    outcomes = run(load(test, of_design))
    show(outcomes, as_json=as_json)
    if outcomes.failed:
        raise typer.Exit(1)
