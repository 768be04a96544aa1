"""The VPC that a file says exists, where the design is to stand: itself, and a subnet in each zone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from groma.blueprints.network import region_with_zones, zone_count
from groma.errors import WorkloadError
from groma.live.target import Clients
from groma.workload import Workload

Row = Mapping[str, Any]


def existing_network(workload: Workload, clients: Clients) -> str:
    """The id of the VPC that the file says exists; empty where one is to be made. Only reads.

    Raises:
        WorkloadError: there is none such, or several; a subnet is missing, of another VPC, or of another zone
            than it stands for; all of them lie in one zone.
    """
    stated = workload.network
    if not stated.exists:
        return ""
    region = region_with_zones(workload)
    ec2 = clients.client("ec2", region.name)
    vpc = _vpc(workload, ec2, region.name)
    zones = region.zones[: zone_count(workload)]
    found = _found(ec2.get_paginator("describe_subnets"), "Subnets", [_filter("vpc-id", [vpc])])
    for kind, ids, tags in (
        ("public_subnets", stated.public_subnets, stated.public_tags),
        ("private_subnets", stated.private_subnets, stated.private_tags),
    ):
        if ids:
            _by_ids(workload, kind, ids, zones, {row["SubnetId"]: row for row in found}, vpc)
        else:
            _by_tags(workload, kind.replace("subnets", "tags"), tags, zones, found, vpc)
    return vpc


def _vpc(workload: Workload, ec2: Any, region: str) -> str:
    stated = workload.network
    key = "vpc" if stated.vpc else "vpc_tags"
    filters = [_filter("vpc-id", [stated.vpc])] if stated.vpc else tag_filters(stated.vpc_tags)
    rows = _found(ec2.get_paginator("describe_vpcs"), "Vpcs", filters)
    named = stated.vpc or _said(stated.vpc_tags)
    if not rows:
        raise WorkloadError(
            f"the account has no VPC {named} in {region}",
            where=workload.where("network", key),
            hint="leave `network.vpc` out to have one made, or use the account and region that have it",
        )
    if len(rows) > 1:
        raise WorkloadError(
            f"{len(rows)} VPCs are tagged {named}",
            where=workload.where("network", key),
            hint=f"name one by its id: {', '.join(row['VpcId'] for row in rows)}",
        )
    return str(rows[0]["VpcId"])


def _by_ids(
    workload: Workload, key: str, ids: Sequence[str], zones: Sequence[str], found: Mapping[str, Row], vpc: str
) -> None:
    """Whether each subnet is there and stands in its zone."""
    where = workload.where("network", key)
    unknown = [each for each in ids if each not in found]
    if unknown:
        there = _listing(found.values())
        raise WorkloadError(f"{vpc} has no {' and no '.join(unknown)}", where=where, hint=f"it has {there}")
    standing = [str(found[each]["AvailabilityZone"]) for each in ids]
    _in_several_zones(standing, where, found.values())
    if standing != list(zones):
        real = ", ".join(f"{each} in {zone}" for each, zone in zip(ids, standing, strict=True))
        raise WorkloadError(
            f"stands for {', '.join(zones)} in this order, and there is {real}",
            where=where,
            hint=f"write `availability_zones: [{', '.join(standing)}]`, or the subnets in that order",
        )


def _by_tags(
    workload: Workload,
    key: str,
    tags: Mapping[str, str],
    zones: Sequence[str],
    found: Iterable[Row],
    vpc: str,
) -> None:
    """Whether exactly one subnet of each zone is tagged so."""
    where = workload.where("network", key)
    rows = [row for row in found if _tagged(row, tags)]
    if not rows:
        raise WorkloadError(
            f"no subnet of {vpc} is tagged {_said(tags)}", where=where, hint=f"it has {_listing(found)}"
        )
    standing = [str(row["AvailabilityZone"]) for row in rows]
    _in_several_zones(standing, where, found)
    for zone in zones:
        if standing.count(zone) != 1:
            raise WorkloadError(
                f"{standing.count(zone)} subnets tagged {_said(tags)} lie in {zone}, and one is wanted",
                where=where,
                hint=f"there is {_listing(rows)}: choose the zones by `availability_zones`, or name subnets "
                f"by their ids",
            )


def _in_several_zones(standing: Sequence[str], where: str, found: Iterable[Row]) -> None:
    if len(set(standing)) == 1:
        raise WorkloadError(
            f"all of these subnets lie in {standing[0]}, which may be lost",
            where=where,
            hint=f"take subnets of two zones or more; there is {_listing(found)}",
        )


def _found(paginator: Any, key: str, filters: list[Row]) -> list[Row]:
    return [row for page in paginator.paginate(Filters=filters) for row in page[key]]


def _filter(name: str, values: Sequence[str | None]) -> Row:
    return {"Name": name, "Values": list(values)}


def tag_filters(tags: Mapping[str, str]) -> list[Row]:
    """How EC2 is asked for what has all of these tags."""
    return [_filter(f"tag:{name}", [value]) for name, value in tags.items()]


def _tagged(row: Row, tags: Mapping[str, str]) -> bool:
    own = {tag["Key"]: tag["Value"] for tag in row.get("Tags", ())}
    return all(own.get(name) == value for name, value in tags.items())


def _said(tags: Mapping[str, str]) -> str:
    return ", ".join(f"{name}={value}" for name, value in tags.items())


def _listing(rows: Iterable[Row]) -> str:
    """`subnet-1 in us-east-1a, subnet-2 in us-east-1b`."""
    named = sorted(f"{row['SubnetId']} in {row['AvailabilityZone']}" for row in rows)
    return ", ".join(named) or "no subnets"
