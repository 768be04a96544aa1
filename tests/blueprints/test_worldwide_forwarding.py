"""Writes that regions send on: the one instance that writes takes only so many connections of others."""

from __future__ import annotations

import re

import pytest
from worldwide_designs import made

from groma import catalog
from groma.architecture import Architecture
from groma.components.global_database import GlobalDatabase
from groma.components.server_group import ServerGroup
from groma.monitoring import alarms

pytestmark = pytest.mark.slow

SIX = "us-east-1, us-west-2, eu-west-1, eu-central-1, ap-northeast-1, ap-southeast-1"
WORLDS = [
    *((millions, regions) for regions in (SIX[:20], SIX[:31]) for millions in (0.01, 0.1, 1.0, 3.0)),
    (0.1, SIX),
    (2.0, SIX),
]
REFUSED = "AuroraForwardingReplicaErrorSessionsLimit"


def opened_for_writes(architecture: Architecture) -> dict[str, int]:
    """By region, what its servers may open to each database for writes: as each is told, at their most."""
    found = {}
    for part in architecture.parts:
        for group in part.architecture.of_type(ServerGroup):
            if group.id == "app":
                pool = dict(group.variables["settings"])["WRITE_POOL_SIZE"]  # type: ignore[call-overload]
                found[part.architecture.region] = group.size.max * int(pool)
    return found


@pytest.mark.parametrize(("millions", "regions"), WORLDS)
def test_the_writer_takes_all_that_all_regions_may_open(millions: float, regions: str) -> None:
    architecture = made(millions, regions=regions).architecture
    opened = opened_for_writes(architecture)
    assert list(opened) == regions.split(", ")
    told = set()
    for part in architecture.parts:
        for database in part.architecture.of_type(GlobalDatabase):
            accepted = catalog.database_class(database.size.choice.name).max_connections
            percent = database.module(part.architecture).arguments["forwarded_percent"]
            assert isinstance(percent, int)
            told.add(percent)
            forwarded = sum(each for region, each in opened.items() if region != database.primary)
            assert 25 <= percent <= 100
            assert forwarded <= percent / 100 * accepted
            assert forwarded + opened[database.primary] <= 0.9 * accepted
            assert all(finding.ok for finding in database.checks(part.architecture))
    assert len(told) == 1, "any region may become the one that writes"


def test_refused_writes_are_told_of_in_every_region_that_sends_them_on() -> None:
    architecture = made().architecture
    watching = {a.component for a in alarms(architecture) if f"'{REFUSED}'" in repr(a.watches)}
    followers = {
        part.whole(database.id)
        for part in architecture.parts
        for database in part.architecture.of_type(GlobalDatabase)
        if database.role == "secondary"
    }
    assert watching == followers
    assert followers


def test_the_decision_names_both_pools() -> None:
    (pools,) = (d for d in made().decisions if d.about == "database pool")
    assert re.search(
        r"\d+ connections from each server to each instance, and \d+ more for writes", pools.decided
    )
