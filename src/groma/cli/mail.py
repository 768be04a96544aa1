"""`groma mail`: what the embedded cloud's alarms wrote."""

from __future__ import annotations

from typing import Annotated

import typer

from groma.cli.environments import chosen
from groma.cli.options import WORKLOAD, File, Json
from groma.installation import need


def mail(
    file: File = WORKLOAD,
    number: Annotated[
        int | None, typer.Option("--show", help="show the mail of this number", metavar="NUMBER")
    ] = None,
    after: Annotated[
        str, typer.Option("--after", help="let so much time pass for its alarms before: 20m", metavar="TIME")
    ] = "",
    as_json: Json = False,
) -> None:
    """List what the embedded cloud mailed for the stack, or show one mail."""
    need("embedded")
    from groma.cli.console import show
    from groma.cli.designs import loaded
    from groma.live.mails import let_pass, mails
    from groma.live.stack import HOME
    from groma.workload.reading import name_in

    name = name_in(file, chosen()) or loaded(file).name
    if after:
        let_pass(after, HOME / "cloud")
    found = mails(name, HOME / "cloud")
    show(found if number is None else found.numbered(number), as_json=as_json)
