"""`groma permissions`: what whoever deploys a stack has to be allowed."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from groma.application.choice import extras_of
from groma.cli.designs import accept, built, loaded
from groma.cli.options import WORKLOAD, File, Json
from groma.cli.provisioning import reporter
from groma.errors import InputError
from groma.installation import need

ANY = "*"


def permissions(
    file: File = WORKLOAD,
    output: Annotated[Path, typer.Option("--output", "-o", help="a directory")] = Path("permissions"),
    account: Annotated[
        str, typer.Option("--account", help="the account's number; else the policy is for any account")
    ] = ANY,
    with_boundary: Annotated[
        bool, typer.Option("--boundary", help="let it make roles only with a boundary, which is written, too")
    ] = False,
    github: Annotated[
        str, typer.Option("--github", help="OWNER/REPO[@ref]: write who may deploy, by GitHub's OIDC")
    ] = "",
    as_json: Json = False,
) -> None:
    """Write the least policy with which this can be deployed, found out by a rehearsal."""
    if (with_boundary or github) and account == ANY:
        raise InputError(
            "a boundary and a trust policy are of one account", hint="add --account with its number"
        )
    need("embedded", *extras_of(loaded(file).own))
    from groma.cli.console import say, show
    from groma.live.permissions import names_of, recorded
    from groma.live.permissions import permissions as found_for
    from groma.live.private import keep_private
    from groma.live.rehearsal import with_a_domain
    from groma.live.stack import HOME, write_at_once

    workload = with_a_domain(loaded(file))
    planned = built(workload)
    accept(planned)
    mask = keep_private(HOME)
    try:
        seen = recorded(planned, HOME, reporter(quiet=as_json))
    finally:
        os.umask(mask)
    found = found_for(seen, names_of(workload, account), bounded=with_boundary, github=github)
    show(found, as_json=as_json)
    for name, content in found.files().items():
        write_at_once(output / name, content)
    if not as_json:
        say(f"wrote {len(found.files())} files to {output}/")
