"""Terraform and its provider, as far as they are on this machine."""

from __future__ import annotations

from collections.abc import Iterator

from groma.errors import ToolMissing
from groma.live.preflight.look import Look
from groma.live.toolchain import Engine, ensure_provider, find_engine


def tools() -> Iterator[Look]:
    """Which Terraform or OpenTofu there is; where there is none, `groma setup` and `groma up` fetch one."""
    try:
        engine = find_engine()
    except ToolMissing as error:
        yield Look("Terraform", "cannot tell", error.what, "`groma setup` fetches it")
    else:
        yield Look("Terraform", "ok", f"{engine.name} {engine.version}, {engine.path}")
        yield _provider(engine)


def _provider(engine: Engine) -> Look:
    """Where the AWS provider will come from; a copy on this disk is linked, as `groma setup` does."""
    try:
        source = ensure_provider(engine)
    except ToolMissing as error:
        return Look("the AWS provider", "will fail", error.what, error.hint)
    words = {"registry": "fetched when it is needed", "configured": "as Terraform is configured here"}
    return Look("the AWS provider", "ok", words.get(source.how) or f"{source.version}, {source.path}")
