"""Terraform, as far as it is on this machine."""

from __future__ import annotations

from collections.abc import Iterator

from groma.errors import ToolMissing
from groma.live.preflight.look import Look
from groma.live.toolchain import find_engine


def tools() -> Iterator[Look]:
    """Which Terraform or OpenTofu there is; where there is none, `groma setup` and `groma up` fetch one."""
    try:
        engine = find_engine()
    except ToolMissing as error:
        yield Look("Terraform", "cannot tell", error.what, "`groma setup` fetches it")
    else:
        yield Look("Terraform", "ok", f"{engine.name} {engine.version}, {engine.path}")
