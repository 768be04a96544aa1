"""`groma profiles`: what is known of a kind of application's load, for whoever does not know better."""

from __future__ import annotations

from typing import Annotated

import typer

from groma.cli.options import Json


def profiles(
    name: Annotated[str, typer.Argument(help="one of them, in full: web-shop", metavar="NAME")] = "",
    as_json: Json = False,
) -> None:
    """List what is known of kinds of applications, or show one kind, with sources."""
    from groma.cli.console import show
    from groma.workload.known import Profile, Profiles

    show(Profile(name) if name else Profiles(), as_json=as_json)
