from __future__ import annotations

from dataclasses import replace

import pytest

from groma.answers import Expression, Ref
from groma.architecture import Architecture
from groma.check import check
from groma.components.server_group import ServerGroup
from groma.monitoring import alarms


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


def test_alarms_watch_what_the_brief_asks_for(designed):
    ids = {alarm.id for alarm in alarms(designed.architecture)}
    for tier in ("web", "app"):
        assert {f"{tier}-cpu", f"{tier}-memory", f"{tier}-unhealthy-hosts", f"{tier}-5xx"} <= ids
    for what in ("cpu", "memory", "storage", "connections"):
        assert {f"database-master-{what}", f"database-replica-{what}"} <= ids
    assert {"database-replica-lag", "nat-ports"} <= ids


def test_every_alarm_says_why_its_threshold_is_what_it_is(designed):
    for alarm in alarms(designed.architecture):
        assert len(alarm.because) > 20, alarm.id
        assert 1 <= alarm.datapoints <= alarm.evaluation_periods
        designed.architecture.component(alarm.component)
        watched = alarm.watches
        metrics = watched.metrics.values() if isinstance(watched, Expression) else [watched]
        assert all(isinstance(v, Ref) for metric in metrics for v in metric.dimensions.values())


def test_two_alarms_of_one_name_are_refused(designed):
    nat = designed.architecture.component("nat")
    twin = replace(
        designed.architecture, components=(*designed.architecture.components, replace(nat, id="nat2"))
    )
    alarms(twin)
    web_lb = designed.architecture.component("web-lb")
    clash = replace(
        designed.architecture, components=(*designed.architecture.components, replace(web_lb, id="other"))
    )
    with pytest.raises(ValueError, match="web-5xx"):
        alarms(clash)
