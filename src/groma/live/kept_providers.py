"""Providers of regions in which Terraform's state holds something and the root designs nothing any more.

What stands there can only be destroyed by the provider that made it. The state says which that is, on every
machine on which the root is written.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from groma.live.stack import KEPT, Stack, write_at_once
from groma.live.target import provider_aliases
from groma.terraform.calls import alias

_ALIAS = re.compile(r'provider\["[^"]*/aws"\]\.(\w+)$')
"""How a resource in the state names a provider that has an alias."""
HEAD = "# What stands in these regions is no longer designed, and destroyed by the providers that made it.\n"


def kinds_by_region(state: Mapping[str, Any]) -> dict[str, frozenset[str]]:
    """Region → the types of what the state holds there by a provider of that region's own."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for resource in state.get("resources", ()):
        other = _ALIAS.search(str(resource.get("provider", "")))
        if other and resource["mode"] == "managed" and resource["instances"]:
            found[other[1].replace("_", "-")].add(resource["type"])
    return {region: frozenset(kinds) for region, kinds in found.items()}


def keep_providers(stack: Stack, state: Mapping[str, Any]) -> bool:
    """Write the file of a stack's root with the providers that its state needs beyond it, or take it away.

    Returns whether there is one.
    """
    known = provider_aliases(path.read_text() for path in stack.root_files() if path.name != KEPT)
    needed = sorted(region for region in kinds_by_region(state) if alias(region) not in known)
    if needed:
        write_at_once(stack.terraform / KEPT, "\n".join((HEAD, *map(_provider, needed))).encode())
    else:
        (stack.terraform / KEPT).unlink(missing_ok=True)
    return bool(needed)


def _provider(region: str) -> str:
    """One that only destroys, and so tags nothing."""
    return f'provider "aws" {{\n  alias  = "{alias(region)}"\n  region = "{region}"\n}}\n'
