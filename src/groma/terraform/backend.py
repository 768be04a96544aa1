"""Where Terraform keeps its state: a bucket of a team, or nothing, which is beside the root."""

from __future__ import annotations

from collections.abc import Mapping

from groma.answers import Value
from groma.terraform.hcl import block
from groma.workload import State

BACKEND_FILE = "backend.tf"


def state_key(stack: str) -> str:
    """The object that holds a stack's state."""
    return f"{stack}/terraform.tfstate"


def backend(state: State, stack: str, more: Mapping[str, Value] | None = None) -> str:
    """The S3 backend: encrypted, and locked by an object beside the state.

    Args:
        state: the bucket.
        stack: the stack's name.
        more: further arguments, such as endpoints.
    """
    arguments: dict[str, Value] = {
        "bucket": state.bucket,
        "key": state_key(stack),
        "region": state.region,
        "encrypt": True,
        "use_lockfile": True,
    }
    inner = block('backend "s3"', arguments, *((more,) if more else ()))
    lines = [f"  {line}".rstrip() for line in inner.splitlines()]
    return "\n".join(("terraform {", *lines, "}")) + "\n"
