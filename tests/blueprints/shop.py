"""A small shop in three tiers, and what its application servers are told."""

from __future__ import annotations

from groma.components.server_group import ServerGroup
from groma.design import Design, design
from groma.workload import parse

SHARED = "name: shop\nblueprint: three-tier\nusers: {total: 50_000}\n"
OWN = "application: {image: 'acme/shop:1.3', port: 8000, health: /up"
"""An application of one's own, to be gone on with and closed."""


def made(more: str = "") -> Design:
    return design(parse(SHARED + more, source="groma.yaml"), reasons=False)


def app(designed: Design) -> ServerGroup:
    group = designed.architecture.component("app")
    assert isinstance(group, ServerGroup)
    return group


def settings(designed: Design) -> dict[str, object]:
    told = app(designed).variables["settings"]
    assert isinstance(told, dict)
    return told
