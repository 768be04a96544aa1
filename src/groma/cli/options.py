"""Arguments and options that several commands have."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

import typer

from groma.cli.environments import chosen

WORKLOAD = Path("groma.yaml")
TargetName = Literal["embedded", "aws"]

File = Annotated[Path, typer.Argument(help="the workload file", metavar="FILE")]
Json = Annotated[bool, typer.Option("--json", help="print JSON for machines, and nothing else")]
Fields = Annotated[
    str,
    typer.Option(
        "--fields", metavar="A.B,C", help="of the JSON these values alone, a line each: bill.monthly_usd"
    ),
]
To = Annotated[TargetName, typer.Option("--target", help="where to")]
Played = Annotated[
    Literal["grown", "new", "free"] | None,
    typer.Option("--rehearse", help="play its whole life in an account of this kind, and leave nothing"),
]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="do not ask before something is changed")]
Month = Annotated[str, typer.Option("--month", help="730h, or a calendar month such as 2026-11")]
Purchase = Annotated[
    Literal["on-demand", "reserved-1y", "reserved-3y", "mixed", "savings-plan-1y"] | None,
    typer.Option("--purchase", help="how machines are bought, instead of the file's `purchase`"),
]
NoFreeTier = Annotated[
    bool,
    typer.Option("--no-free-tier", help="bill an account that uses AWS's free allowances up elsewhere"),
]
Currency = Annotated[
    str, typer.Option("--currency", help="show amounts in it; its rate is in the workload's price_book")
]
Spend = Annotated[
    float | None,
    typer.Option("--budget", help="spend so many $ a month, as if the file said so, in the order of `spend`"),
]
PricedRegion = Annotated[str, typer.Option("--region", help="an AWS region")]


@dataclass(frozen=True, slots=True)
class Told:
    """To whom an answer is told: a person, or a machine as JSON or by single values of it."""

    as_json: bool = False
    fields: str = ""

    @property
    def quiet(self) -> bool:
        """Whether nobody wants to see how far it is."""
        return self.as_json or bool(self.fields)


def named(file: Path) -> str:
    """The file as it must be typed, not at all when it is the default; and the environment of it."""
    typed = ("" if file == WORKLOAD else str(file), f"--env {chosen()}" if chosen() else "")
    return " ".join(filter(None, typed))


def spending(budget: float | None) -> str:
    """A budget as it must be typed again, behind the file; empty where none was given."""
    return "" if budget is None else f" --budget {budget:.10g}"
