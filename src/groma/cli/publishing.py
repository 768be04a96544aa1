"""`groma publish` and `groma setup`: the modules for others, and the tools that Groma drives."""

from __future__ import annotations

from typing import Annotated

import typer

from groma.cli.options import Json


def publish(
    remote: Annotated[str, typer.Argument(help="a git repository", metavar="REMOTE")],
    version: Annotated[str, typer.Option("--version", help="such as 1.2.0; groma's own if left out")] = "",
    as_json: Json = False,
) -> None:
    """Push the Terraform modules to a git repository, as a version that never changes."""
    import datetime

    from groma import __version__
    from groma.cli.console import show
    from groma.live.publish import publish as push

    show(push(remote, version or __version__, today=datetime.date.today()), as_json=as_json)


def setup() -> None:
    """Find or fetch what Groma drives: Terraform (or OpenTofu) and its AWS provider."""
    from groma.cli.console import say
    from groma.live.embedded.access.functions import told
    from groma.live.toolchain import ensure_engine, ensure_provider

    engine = ensure_engine()
    say(*(f"not used: {reason}" for reason in engine.instead_of))
    say(f"{engine.name} {engine.version} at {engine.path}")
    provider = ensure_provider(engine, on_note=say)
    say(f"AWS provider {provider.version} ({provider.how}) {provider.path or ''}".rstrip())
    say(told())
