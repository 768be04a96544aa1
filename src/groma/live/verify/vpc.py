"""What several areas read of the VPC: its subnets by name, and who its security groups let in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from groma.architecture import Architecture, Component
from groma.live.verify.findings import listed
from groma.live.verify.reading import Answer, Reading

HEALTH_CHECKERS = "Route 53's health checks"
ANYONE_AT_CLOUDFRONT = "com.amazonaws.global.cloudfront.origin-facing"
KINDS: Mapping[str, str] = {"public-subnet": "public", "private-subnet": "private"}


def in_vpc(reading: Reading, operation: str, key: str, filters: str = "Filters") -> tuple[Answer, ...]:
    """All EC2 resources of one kind in the stack's VPC; `filters` is what the call names its filters."""
    vpc_id = reading.output("vpc_id")
    if vpc_id is None:
        return ()
    return reading.all("ec2", operation, key, **{filters: [{"Name": "vpc-id", "Values": [vpc_id]}]})


def subnet_names(reading: Reading) -> dict[str, str]:
    """The name of each of the stack's subnets, by its id: `public us-east-1a`."""
    return {
        subnet_id: f"{kind} {zone}"
        for kind in KINDS.values()
        for zone, subnet_id in reading.outputs(f"{kind}_subnet_ids").items()
    }


def named_subnets(reading: Reading, subnet_ids: Iterable[str]) -> str:
    """The subnets by name, sorted; one that is not the stack's by its id."""
    names = subnet_names(reading)
    return listed(sorted(names.get(subnet_id, subnet_id) for subnet_id in subnet_ids))


def designed_subnets(component: Component, architecture: Architecture) -> str:
    """The same for the subnets in which a component was designed to stand."""
    return listed(sorted(subnet_name(place_id, architecture) for place_id in component.places))


def subnet_name(place_id: str, architecture: Architecture) -> str:
    """What a subnet of the architecture is called in findings: `public us-east-1a`."""
    zone = architecture.enclosing(place_id, "zone")
    return f"{KINDS[architecture.place(place_id).kind]} {zone.name if zone else ''}"


def let_in(reading: Reading, group_ids: Iterable[str]) -> str:
    """Whom security groups let in together: `tcp 80 from CloudFront, tcp 22 from 0.0.0.0/0`."""
    groups = {
        group["GroupId"]: group for group in in_vpc(reading, "describe_security_groups", "SecurityGroups")
    }
    found = [
        f"{_ports(rule)} from {source}"
        for group_id in group_ids
        for rule in groups.get(group_id, {}).get("IpPermissions", ())
        for source in _sources(reading, rule, groups)
    ]
    return listed(sorted(set(found)), "nobody")


def _ports(rule: Answer) -> str:
    if rule["IpProtocol"] == "-1":
        return "everything"
    first, last = rule.get("FromPort"), rule.get("ToPort")
    return f"{rule['IpProtocol']} {first if first == last else f'{first}-{last}'}"


def _sources(reading: Reading, rule: Answer, groups: Mapping[str, Answer]) -> Iterable[str]:
    for pair in rule.get("UserIdGroupPairs", ()):
        yield groups.get(pair["GroupId"], {}).get("GroupName", pair["GroupId"])
    for row in rule.get("PrefixListIds", ()):
        yield _prefix_list(reading, row["PrefixListId"])
    for row in rule.get("IpRanges", ()):
        yield row["CidrIp"]
    for row in rule.get("Ipv6Ranges", ()):
        yield row["CidrIpv6"]


def _prefix_list(reading: Reading, prefix_list_id: str) -> str:
    """A prefix list by its name, CloudFront's and Route 53's by what they stand for."""
    row = reading.first("ec2", "describe_managed_prefix_lists", "PrefixLists", PrefixListIds=[prefix_list_id])
    name = str(row["PrefixListName"]) if row else prefix_list_id
    if name.startswith("com.amazonaws.") and name.endswith(".route53-healthchecks"):
        return HEALTH_CHECKERS
    return "CloudFront" if name == ANYONE_AT_CLOUDFRONT else name
