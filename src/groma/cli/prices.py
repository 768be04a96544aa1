"""`groma prices`: what things cost, and the price list read again."""

from __future__ import annotations

from typing import Annotated

import typer

from groma.cli.options import Json, PricedRegion

prices = typer.Typer(help="Show what things cost, or read AWS's price list again.", no_args_is_help=True)


@prices.command("show")
def prices_show(
    name: Annotated[str, typer.Argument(help="m7g.large, db.m7g.large, cache.m7g.large or natgateway/hour")],
    region: PricedRegion = "us-east-1",
    as_json: Json = False,
) -> None:
    """Show every price of one thing, with its source and date."""
    from groma.catalog import quotes
    from groma.cli.console import show

    show(quotes(name, region), as_json=as_json)


@prices.command("coverage")
def prices_coverage(
    region: Annotated[str, typer.Option("--region", help="one AWS region in full; otherwise all")] = "",
    as_json: Json = False,
) -> None:
    """Show what is known for which region, from when, and what is unknown."""
    from groma.cli.console import show
    from groma.live.prices import coverage

    show(coverage(region), as_json=as_json)


@prices.command("refresh")
def prices_refresh(
    region: PricedRegion = "us-east-1",
    url: Annotated[str, typer.Option(help="another host that serves AWS's price list")] = "",
) -> None:
    """Read AWS's public price list; its figures then go before older ones."""
    from groma.cli.console import say, showing_transfers
    from groma.live.prices import PRICE_LIST_URL, refresh

    with showing_transfers(f"prices of {region}") as on_progress:
        done = refresh(region, base_url=url or PRICE_LIST_URL, on_progress=on_progress)
    say(*done.lines())
