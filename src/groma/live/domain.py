"""The domain of a design where it is to be provisioned: whether it can be served, and in which zone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from groma.errors import WorkloadError
from groma.live.embedded.guests import GUEST
from groma.live.target import Target, TargetName
from groma.workload import Workload
from groma.workload.domains import is_placeholder, is_zone_id, lies_in


@dataclass(frozen=True)
class Zone:
    """A public hosted zone as it stands: its id, its name and the servers that answer for it."""

    id: str
    name: str
    name_servers: frozenset[str]


def refuse_placeholder(workload: Workload, target: TargetName) -> None:
    """Refuse to make anything on AWS for a domain that is reserved for examples.

    Raises:
        WorkloadError: it is; with the line of the file.
    """
    domain = workload.domain
    if target == "aws" and domain is not None and is_placeholder(domain):
        raise WorkloadError(
            f"{domain} is reserved for examples: AWS makes no zone and no certificate for it",
            where=workload.where("domain"),
            hint="write a domain that you have registered, or leave out `--target aws`",
        )


def existing_zone(workload: Workload, target: Target) -> Zone | None:
    """The zone that the file says exists; None where it names none.

    Raises:
        WorkloadError: there is none such, it is private or does not hold the domain, or there are several.
    """
    stated = workload.zone
    if stated is None:
        return None
    found = [row for row in _zones(target) if stated in (_id(row), _name(row))]
    public = [row for row in found if not row["Config"]["PrivateZone"]]
    if len(public) != 1:
        raise _no_such_zone(workload, stated, found, public)
    name = _name(public[0])
    if not lies_in(workload.domain or "", name):
        raise WorkloadError(
            f"{stated} is the zone {name}, which does not hold {workload.domain}",
            where=workload.where("zone"),
            hint="name the zone of the domain or of a parent of it",
        )
    return read_zone(_id(public[0]), target)


def _no_such_zone(
    workload: Workload, stated: str, found: list[Mapping[str, Any]], public: list[Mapping[str, Any]]
) -> WorkloadError:
    where = workload.where("zone")
    if public:
        ids = ", ".join(_id(row) for row in public)
        return WorkloadError(
            f"there are {len(public)} public zones {stated}", where=where, hint=f"name one by its id: {ids}"
        )
    if found:
        return WorkloadError(f"the zone {stated} is private", where=where, hint="users need a public one")
    return WorkloadError(
        f"the account has no zone {stated}",
        where=where,
        hint="leave `zone` out to have one made, or use the account that has it (AWS_PROFILE)",
    )


def refuse_second_zone(workload: Workload, target: Target) -> None:
    """Refuse to make a zone where the account has one already that holds the domain.

    A second zone of a name is never asked: the registrar names the servers of the first one. So it is, too,
    where Route 53 is the registrar, which makes a zone of each domain that it registers.

    Raises:
        WorkloadError: there is one.
    """
    domain = workload.domain
    if domain is None or workload.zone is not None:
        return
    held = [row for row in _zones(target) if lies_in(domain, _name(row)) and not row["Config"]["PrivateZone"]]
    if held:
        nearest = max((_name(row) for row in held), key=len)
        same = [_id(row) for row in held if _name(row) == nearest]
        raise WorkloadError(
            f"the account has a zone {nearest} that holds {domain}; a second one would not be asked",
            where=workload.where("domain"),
            hint=f"write `zone: {nearest if len(same) == 1 else same[0]}` to add the records to it",
        )


def read_zone(zone_id: str, target: Target) -> Zone:
    """A zone by its id."""
    answer = target.client("route53").get_hosted_zone(Id=zone_id)
    servers = answer.get("DelegationSet", {}).get("NameServers", ())
    return Zone(zone_id, _name(answer["HostedZone"]), frozenset(each.rstrip(".").lower() for each in servers))


def make_guest_zone(workload: Workload, target: Target) -> str:
    """Let the embedded cloud have the zone that the file says exists; what was done, empty when nothing.

    It is not the stack's: `down` leaves it, as it would on AWS, and it goes with the cloud.
    """
    stated, domain = workload.zone, workload.domain
    if stated is None or domain is None or any(stated in (_id(row), _name(row)) for row in _zones(target)):
        return ""
    name = domain if is_zone_id(stated) else stated
    target.client("route53").create_hosted_zone(
        Name=name,
        CallerReference=f"{GUEST}{stated}",
        HostedZoneConfig={"Comment": "exists already, says the workload file"},
    )
    return f"made the zone {name} in the embedded cloud, since the file says it exists"


def _zones(target: Target) -> Iterator[Mapping[str, Any]]:
    for page in target.client("route53").get_paginator("list_hosted_zones").paginate():
        yield from page["HostedZones"]


def _id(row: Mapping[str, Any]) -> str:
    return str(row["Id"]).removeprefix("/hostedzone/")


def _name(row: Mapping[str, Any]) -> str:
    return str(row["Name"]).rstrip(".")
