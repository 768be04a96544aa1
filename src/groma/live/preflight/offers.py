"""Whether the account has the design's regions and zones, and these the types that it uses."""

from __future__ import annotations

from collections.abc import Iterator

from groma.architecture import Architecture
from groma.components.backup_copies import BackupCopies
from groma.components.database import DatabaseServer
from groma.components.database_cluster import ENGINE, ENGINE_NAME, DatabaseCluster
from groma.components.instance import Instance
from groma.components.server_group import ServerGroup
from groma.live.preflight.look import Look, looks
from groma.live.target import Clients


def offers(clients: Clients, architecture: Architecture) -> Iterator[Look]:
    """A look at each region, its zones and its types."""
    for part in architecture.parts:
        region = part.scope or architecture.region
        own = [place.name for place in part.architecture.places if place.kind == "zone"]
        if own:
            yield _region(clients, region)
            yield _zones(clients, region, own)
        types = sorted(set(_types(part.architecture)))
        if types and own:
            yield _types_offered(clients, region, types, own)
        yield from _databases(clients, region, part.architecture)
    for copies in architecture.of_type(BackupCopies):
        yield _region(clients, copies.region)


def _types(architecture: Architecture) -> Iterator[str]:
    yield from (group.size.choice.name for group in architecture.of_type(ServerGroup))
    yield from (instance.instance_type for instance in architecture.of_type(Instance))


@looks("{0}: the region")
def _region(clients: Clients, region: str) -> Look:
    asked = {"RegionNames": [region], "AllRegions": True}
    (found,) = clients.client("ec2", "us-east-1").describe_regions(**asked)["Regions"]
    status = found.get("OptInStatus", "opt-in-not-required")
    if status in ("opt-in-not-required", "opted-in"):
        return Look(f"{region}: the region", "ok", "enabled")
    hint = f"aws account enable-region --region-name {region}"
    return Look(f"{region}: the region", "will fail", "not enabled for this account", hint)


@looks("{0}: zones")
def _zones(clients: Clients, region: str, wanted: list[str]) -> Look:
    found = clients.client("ec2", region).describe_availability_zones()["AvailabilityZones"]
    there = [zone["ZoneName"] for zone in found if zone["State"] == "available"]
    missing = [zone for zone in wanted if zone not in there]
    if not missing:
        return Look(f"{region}: zones", "ok", ", ".join(wanted))
    chosen = ", ".join(there[: len(wanted)])
    hint = f"write `availability_zones: [{chosen}]` into the workload"
    return Look(f"{region}: zones", "will fail", f"this account has no {', '.join(missing)}", hint)


@looks("{0}: types of servers")
def _types_offered(clients: Clients, region: str, types: list[str], zones: list[str]) -> Look:
    pages = (
        clients.client("ec2", region)
        .get_paginator("describe_instance_type_offerings")
        .paginate(LocationType="availability-zone", Filters=[{"Name": "instance-type", "Values": types}])
    )
    offered = [each for page in pages for each in page["InstanceTypeOfferings"]]
    there = {(each["InstanceType"], each["Location"]) for each in offered}
    missing = [f"{type_} in {zone}" for type_ in types for zone in zones if (type_, zone) not in there]
    title = f"{region}: types of servers"
    if not missing:
        return Look(title, "ok", ", ".join(types))
    hint = "write other zones into `availability_zones`, or choose another region"
    return Look(title, "will fail", f"not offered: {', '.join(missing)}", hint)


def _databases(clients: Clients, region: str, architecture: Architecture) -> Iterator[Look]:
    databases: set[tuple[str, str, str]] = {
        (each.size.choice.name, each.engine, each.engine_name)
        for each in architecture.of_type(DatabaseServer)
    }
    clusters = architecture.of_type(DatabaseCluster)
    databases |= {(each.instance_class, ENGINE, ENGINE_NAME) for each in clusters}
    for asked in sorted(databases):
        yield _database(clients, region, *asked)


@looks("{0}: {1}")
def _database(clients: Clients, region: str, class_: str, engine: str, name: str) -> Look:
    asked = {"Engine": engine, "DBInstanceClass": class_, "MaxRecords": 20}
    found = clients.client("rds", region).describe_orderable_db_instance_options(**asked)
    title = f"{region}: {class_}"
    if found["OrderableDBInstanceOptions"]:
        return Look(title, "ok", f"offered for {name}")
    return Look(title, "will fail", f"not offered for {name}", "choose another region")
