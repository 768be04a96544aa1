from __future__ import annotations

from dataclasses import replace

import pytest

from groma.architecture import Architecture
from groma.check import check
from groma.components.server_group import ServerGroup


def failing(architecture: Architecture) -> set[str]:
    return {finding.id for finding in check(architecture) if not finding.ok and finding.severity == "error"}


def test_the_example_passes(designed):
    assert failing(designed.architecture) == set()


def change_place(architecture: Architecture, place_id: str, **changes: str) -> Architecture:
    places = tuple(replace(p, **changes) if p.id == place_id else p for p in architecture.places)
    return replace(architecture, places=places)


def test_overlapping_subnets_are_found(designed):
    broken = change_place(designed.architecture, "public-b", cidr="10.0.0.0/24")
    assert failing(broken) == {"subnets-apart"}


def test_a_subnet_outside_its_vpc_is_found(designed):
    broken = change_place(designed.architecture, "private-a", cidr="192.168.0.0/24")
    assert failing(broken) == {"subnets-within-vpc"}


def test_an_element_without_a_connection_is_found(designed):
    links = tuple(link for link in designed.architecture.links if "nat" not in (link.source, link.target))
    assert failing(replace(designed.architecture, links=links)) == {"everything-connected"}


def test_servers_in_one_zone_are_found(designed):
    components = tuple(
        replace(c, places=c.places[:1]) if isinstance(c, ServerGroup) and c.id == "web" else c
        for c in designed.architecture.components
    )
    assert failing(replace(designed.architecture, components=components)) == {"web-zones"}


def test_nobody_to_mail_to_is_a_warning(designed):
    findings = check(replace(designed.architecture, alerts=""))
    assert [f.id for f in findings if not f.ok and f.severity == "warning" and f.id == "alerts"] == ["alerts"]


def test_an_architecture_with_loose_ends_cannot_be_made(designed):
    first, *rest = designed.architecture.components
    with pytest.raises(ValueError, match="unknown places"):
        replace(designed.architecture, components=(replace(first, places=("nowhere",)), *rest))
