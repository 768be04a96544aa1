"""Changes of the network that verify has to find, and those that are none."""

from __future__ import annotations

from typing import Any

from chirp_cloud import Cloud

PRIVATE_A, PUBLIC_A = "network.subnet.private-a", "network.subnet.public-a"


def way_out(chirp: Cloud, table: str) -> dict[str, Any]:
    return chirp.route_tables[table]["Routes"][-1]


def test_another_address_range_of_the_vpc(chirp: Cloud) -> None:
    chirp.vpcs[0]["CidrBlock"] = "10.9.0.0/16"
    assert chirp.wrong() == {"network.vpc": "10.9.0.0/16, available"}


def test_a_vpc_that_is_gone_takes_everything_in_it_along(chirp: Cloud) -> None:
    chirp.vpcs.clear()
    wrong = chirp.wrong()
    in_it = [name for name in chirp.findings() if name.startswith("network.subnet.")]
    assert {wrong[name] for name in ["network.vpc", "nat.gateway", *in_it]} == {"missing"}


def test_an_internet_gateway_that_was_detached(chirp: Cloud) -> None:
    chirp.internet_gateways[0]["Attachments"] = []
    assert chirp.wrong() == {"network.internet-gateway": "not attached"}


def test_an_internet_gateway_that_is_gone_leaves_a_black_hole(chirp: Cloud) -> None:
    chirp.internet_gateways.clear()
    way_out(chirp, "public")["State"] = "blackhole"
    gone = "0.0.0.0/0 → internet gateway (blackhole)"
    assert chirp.wrong() == {
        "network.internet-gateway": "missing",
        "network.subnet.public-a.route": gone,
        "network.subnet.public-b.route": gone,
    }


def test_a_subnet_that_is_gone(chirp: Cloud) -> None:
    del chirp.subnets[2]
    assert chirp.wrong() == {PRIVATE_A: "missing", f"{PRIVATE_A}.route": "missing"}


def test_a_subnet_in_another_zone_or_range(chirp: Cloud) -> None:
    chirp.subnets[2] |= {"AvailabilityZone": "us-east-1c", "CidrBlock": "10.0.200.0/24"}
    assert chirp.wrong() == {PRIVATE_A: "10.0.200.0/24 in us-east-1c"}


def test_a_default_route_that_was_removed(chirp: Cloud) -> None:
    chirp.route_tables["private-a"]["Routes"].pop()
    assert chirp.wrong() == {f"{PRIVATE_A}.route": "no way out"}


def test_a_private_subnet_that_was_opened_to_the_internet(chirp: Cloud) -> None:
    del way_out(chirp, "private-a")["NatGatewayId"]
    way_out(chirp, "private-a")["GatewayId"] = "igw-1"
    assert chirp.wrong() == {f"{PRIVATE_A}.route": "0.0.0.0/0 → internet gateway"}


def test_a_further_way_out(chirp: Cloud) -> None:
    chirp.route_tables["private-a"]["Routes"].append(
        {"DestinationIpv6CidrBlock": "::/0", "EgressOnlyInternetGatewayId": "eigw-1", "State": "active"}
    )
    assert chirp.wrong() == {f"{PRIVATE_A}.route": "0.0.0.0/0 → NAT gateway in us-east-1a, ::/0 → eigw-1"}


def test_a_subnet_without_a_route_table_of_its_own_follows_the_main_one(chirp: Cloud) -> None:
    chirp.route_tables["public"]["Associations"].pop(0)
    assert chirp.wrong() == {f"{PUBLIC_A}.route": "no way out"}


def test_a_default_security_group_that_was_opened(chirp: Cloud) -> None:
    chirp.security_groups["default"]["IpPermissions"] = [
        {"IpProtocol": "-1", "UserIdGroupPairs": [{"GroupId": "sg-default"}]},
        {"IpProtocol": "tcp", "FromPort": 8000, "ToPort": 8099, "Ipv6Ranges": [{"CidrIpv6": "::/0"}]},
    ]
    assert chirp.wrong() == {
        "network.default-security-group": "everything from default, tcp 8000-8099 from ::/0"
    }


def test_a_nat_gateway_that_is_gone(chirp: Cloud) -> None:
    chirp.nat_gateways[0]["State"] = "deleted"
    for table in ("private-a", "private-b"):
        way_out(chirp, table)["State"] = "blackhole"
    gone = "0.0.0.0/0 → NAT gateway in us-east-1a (blackhole)"
    assert chirp.wrong() == {
        "nat.gateway": "missing",
        "nat.address": "missing",
        "network.subnet.private-a.route": gone,
        "network.subnet.private-b.route": gone,
    }


def test_a_nat_gateway_that_is_not_ready_or_stands_elsewhere(chirp: Cloud) -> None:
    chirp.nat_gateways[0] |= {"State": "pending", "SubnetId": "subnet-pub-b", "NatGatewayAddresses": []}
    assert chirp.wrong() == {"nat.gateway": "pending in public us-east-1b", "nat.address": "no address"}


def test_flow_logs_that_were_deleted(chirp: Cloud) -> None:
    chirp.flow_logs.clear()
    assert chirp.wrong() == {"network.flow-logs": "missing"}


def test_flow_logs_of_less_than_all_traffic_or_for_ever(chirp: Cloud) -> None:
    chirp.flow_logs[0]["TrafficType"] = "REJECT"
    del chirp.log_groups[0]["retentionInDays"]
    assert chirp.wrong() == {"network.flow-logs": "ACTIVE, REJECT traffic, kept for ever, encrypted"}


def test_flow_logs_whose_log_group_is_gone(chirp: Cloud) -> None:
    chirp.log_groups.clear()
    assert chirp.wrong() == {"network.flow-logs": "ACTIVE, ALL traffic, no log group"}


def test_somebody_elses_flow_logs_beside_ours_do_no_harm(chirp: Cloud) -> None:
    chirp.flow_logs.insert(0, {"FlowLogStatus": "ACTIVE", "TrafficType": "ACCEPT"})
    assert chirp.wrong() == {}
