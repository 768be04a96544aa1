"""The VPC with its subnets and routes, its internet gateway, and its flow logs."""

from __future__ import annotations

from collections.abc import Iterator

from groma.architecture import Architecture, Finding, Place
from groma.components.nat_gateway import NatGateway
from groma.components.network import FlowLogs, InternetGateway
from groma.live.verify.findings import compare, listed
from groma.live.verify.reading import Answer, Reading
from groma.live.verify.vpc import KINDS, in_vpc, let_in, subnet_name

EVERYWHERE = "0.0.0.0/0"
NO_WAY_OUT = "no way out"


def internet_gateway(
    component: InternetGateway, architecture: Architecture, reading: Reading
) -> Iterator[Finding]:
    """The VPC, its internet gateway, every subnet with its way out, and the closed default group."""
    place = architecture.enclosing(component.places[0], "vpc")
    if place is None:
        return
    yield _vpc(place, reading)
    yield attachment(reading)
    for subnet in architecture.places:
        if subnet.kind in KINDS and architecture.enclosing(subnet.id, "vpc") == place:
            yield _subnet(subnet, architecture, reading)
            yield _way_out(subnet, architecture, reading)
    yield _default_group(reading)


def _vpc(place: Place, reading: Reading) -> Finding:
    vpc = next(iter(in_vpc(reading, "describe_vpcs", "Vpcs")), None)
    actual = f"{vpc['CidrBlock']}, {vpc['State']}" if vpc else None
    return compare("network.vpc", "the VPC", f"{place.cidr}, available", actual)


def attachment(reading: Reading) -> Finding:
    """Whether the internet gateway is that of the VPC."""
    gateway_id, vpc_id = reading.output("internet_gateway_id"), reading.output("vpc_id")
    by_id = [{"Name": "internet-gateway-id", "Values": [gateway_id]}]
    rows = (
        reading.all("ec2", "describe_internet_gateways", "InternetGateways", Filters=by_id)
        if gateway_id
        else ()
    )
    vpcs = [attachment["VpcId"] for row in rows for attachment in row["Attachments"]]
    actual = ("attached" if vpcs == [vpc_id] else "not attached") if rows else None
    return compare("network.internet-gateway", "an internet gateway at the VPC", "attached", actual)


def _subnet(place: Place, architecture: Architecture, reading: Reading) -> Finding:
    kind, _, zone = subnet_name(place.id, architecture).partition(" ")
    subnet = find_subnet(place, architecture, reading)
    actual = f"{subnet['CidrBlock']} in {subnet['AvailabilityZone']}" if subnet else None
    return compare(f"network.subnet.{place.id}", f"{kind} subnet {zone}", f"{place.cidr} in {zone}", actual)


def find_subnet(place: Place, architecture: Architecture, reading: Reading) -> Answer | None:
    """A subnet of the design as AWS describes it; None where it is not in the VPC."""
    kind, _, zone = subnet_name(place.id, architecture).partition(" ")
    subnet_id = reading.outputs(f"{kind}_subnet_ids").get(zone)
    subnets = in_vpc(reading, "describe_subnets", "Subnets")
    return next((subnet for subnet in subnets if subnet["SubnetId"] == subnet_id), None)


def _way_out(place: Place, architecture: Architecture, reading: Reading) -> Finding:
    """All routes of a subnet that leave the VPC: exactly its default route."""
    kind, _, zone = subnet_name(place.id, architecture).partition(" ")
    target = "internet gateway" if kind == "public" else _nat_of(zone, architecture)
    subnet = find_subnet(place, architecture, reading)
    leads = f"has a default route to the {target.partition(' in ')[0]}" if target else "has no way out"
    return compare(
        f"network.subnet.{place.id}.route",
        f"{kind} subnet {zone} {leads}",
        f"{EVERYWHERE} → {target}" if target else NO_WAY_OUT,
        routes(subnet["SubnetId"], reading) if subnet else None,
    )


def _nat_of(zone: str, architecture: Architecture) -> str:
    """The NAT gateway that a zone's private subnet uses: its own zone's, else the first; empty for none."""
    zones = [z for nat in architecture.of_type(NatGateway) for z in architecture.zones_of(nat)]
    return f"NAT gateway in {zone if zone in zones else zones[0]}" if zones else ""


def routes(subnet_id: str, reading: Reading) -> str:
    """Where a subnet's routes lead that leave the VPC, by its own table or else by the main one."""
    tables = in_vpc(reading, "describe_route_tables", "RouteTables")
    own = [t for t in tables if any(a.get("SubnetId") == subnet_id for a in t["Associations"])]
    main = [t for t in tables if any(a.get("Main") for a in t["Associations"])]
    table = next(iter(own or main), None)
    routes = table["Routes"] if table else ()
    return listed((_route(route, reading) for route in routes), NO_WAY_OUT)


def _route(route: Answer, reading: Reading) -> str | None:
    """`0.0.0.0/0 → internet gateway`; None for what stays inside: the VPC itself and gateway endpoints."""
    targets = [route[key] for key in route if key.endswith("Id") and not key.startswith("Destination")]
    target = next((t for t in targets if t), "nothing")
    if target == "local" or target.startswith("vpce-"):
        return None
    names = {
        gateway: f"NAT gateway in {zone}" for zone, gateway in reading.outputs("nat_gateway_ids").items()
    }
    names[reading.output("internet_gateway_id") or ""] = "internet gateway"
    destination = next(route[key] for key in route if key.startswith("Destination"))
    state = "" if route.get("State", "active") == "active" else f" ({route['State']})"
    return f"{destination} → {names.get(target, target)}{state}"


def _default_group(reading: Reading) -> Finding:
    groups = in_vpc(reading, "describe_security_groups", "SecurityGroups")
    group = next((g for g in groups if g["GroupName"] == "default"), None)
    actual = let_in(reading, [group["GroupId"]]) if group else None
    what = "whom the VPC's default security group lets in"
    return compare("network.default-security-group", what, "nobody", actual)


def flow_logs(component: FlowLogs, architecture: Architecture, reading: Reading) -> Iterator[Finding]:
    """That all traffic is written down, and for how long it is kept."""
    by_vpc = [{"Name": "resource-id", "Values": [reading.output("vpc_id")]}]
    logs = (
        reading.all("ec2", "describe_flow_logs", "FlowLogs", Filter=by_vpc)
        if reading.output("vpc_id")
        else ()
    )
    found = [_flow_log(log, reading) for log in logs]
    expected = f"ACTIVE, ALL traffic, kept {component.retention_days} days, encrypted"
    actual = expected if expected in found else "; ".join(found) or None
    yield compare("network.flow-logs", "flow logs of the VPC", expected, actual)


def _flow_log(log: Answer, reading: Reading) -> str:
    name = str(log.get("LogDestination", "")).partition(":log-group:")[2].removesuffix(":*")
    groups = reading.all("logs", "describe_log_groups", "logGroups", logGroupNamePrefix=name) if name else ()
    group = next((group for group in groups if group["logGroupName"] == name), {})
    days = group.get("retentionInDays")
    return listed(
        [
            log["FlowLogStatus"],
            f"{log['TrafficType']} traffic",
            (f"kept {days} days" if days else "kept for ever") if group else "no log group",
            "encrypted" if group.get("kmsKeyId") else "",
        ]
    )
