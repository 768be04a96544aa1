from __future__ import annotations

import re
from pathlib import Path

import boto3
import pytest

from groma.live.settling.identities import IDENTITIES, MADE_AGAIN, NotKnown

MODULES = Path(__file__).parents[3] / "src" / "groma" / "terraform" / "modules"
TYPES = {
    found
    for path in MODULES.rglob("*.tf")
    if "tests" not in path.parts
    for found in re.findall(r'^resource "(\w+)"', path.read_text("utf-8"), re.MULTILINE)
}


def test_of_every_type_it_is_said_how_it_is_found_or_why_it_need_not_be():
    assert set(IDENTITIES) | set(MADE_AGAIN) == TYPES
    assert not set(IDENTITIES) & set(MADE_AGAIN)


@pytest.mark.parametrize("identity", IDENTITIES.values(), ids=IDENTITIES)
def test_every_call_is_one_of_boto3_with_its_arguments(identity):
    client = boto3.client(
        identity.service, region_name="us-east-1", aws_access_key_id="x", aws_secret_access_key="x"
    )
    operation = client.meta.method_to_api_mapping[identity.operation]
    model = client.meta.service_model.operation_model(operation).input_shape
    given = {key for key, _ in identity.arguments}
    assert given <= set(model.members)
    assert set(model.required_members) <= given


TAGS = {"Stack": "first", "Name": "first-public"}


def test_a_thing_is_the_planned_one_by_the_stacks_tag_and_its_name():
    subnet = IDENTITIES["aws_subnet"]
    planned = {"cidr_block": "10.0.0.0/20", "tags_all": TAGS}
    thing = {"SubnetId": "subnet-1", "CidrBlock": "10.0.0.0/20"}

    def tagged(**tags):
        return thing | {"Tags": [{"Key": key, "Value": value} for key, value in tags.items()]}

    assert subnet.is_of(tagged(**TAGS, More="x"), planned)
    assert subnet.import_id(tagged(**TAGS), planned) == "subnet-1"
    assert not subnet.is_of(tagged(**TAGS | {"Stack": "second"}), planned)
    assert not subnet.is_of(tagged(**TAGS | {"Name": "first-private"}), planned)
    assert not subnet.is_of(thing, planned)
    assert not subnet.is_of(tagged(**TAGS), planned | {"cidr_block": "10.0.16.0/20"})


def test_what_belongs_to_something_that_is_not_made_yet_is_not_known_yet():
    route = IDENTITIES["aws_route"]
    with pytest.raises(NotKnown):
        route.is_of({"RouteTableId": "rtb-1"}, {"destination_cidr_block": "0.0.0.0/0"})
    with pytest.raises(NotKnown):
        IDENTITIES["aws_lb_listener"].asked({"port": 80})


def test_a_route_is_one_of_many_of_its_table():
    route, planned = (
        IDENTITIES["aws_route"],
        {"route_table_id": "rtb-1", "destination_cidr_block": "0.0.0.0/0"},
    )
    local = {"RouteTableId": "rtb-1", "Routes": [{"DestinationCidrBlock": "10.0.0.0/16"}]}
    routed = local | {"Routes": [*local["Routes"], {"DestinationCidrBlock": "0.0.0.0/0"}]}
    assert route.is_of(routed, planned)
    assert not route.is_of(local, planned)
    assert route.import_id(routed, planned) == "rtb-1_0.0.0.0/0"


def test_a_name_is_found_in_arns_and_urls_and_is_no_part_of_another_name():
    topic, queue = IDENTITIES["aws_sns_topic"], IDENTITIES["aws_sqs_queue"]
    assert topic.is_of({"TopicArn": "arn:aws:sns:us-east-1:1:first-alarms"}, {"name": "first-alarms"})
    assert not topic.is_of({"TopicArn": "arn:aws:sns:us-east-1:1:my-first-alarms"}, {"name": "first-alarms"})
    url = "https://sqs.us-east-1.amazonaws.com/1/first"
    assert queue.is_of(url, {"name": "first"})
    assert queue.import_id(url, {"name": "first"}) == url


def test_of_a_rule_what_is_not_planned_is_not_compared():
    rule = IDENTITIES["aws_vpc_security_group_egress_rule"]
    planned = {
        "security_group_id": "sg-1",
        "ip_protocol": "tcp",
        "from_port": 443,
        "to_port": 443,
        "cidr_ipv4": "0.0.0.0/0",
        "cidr_ipv6": None,
        "referenced_security_group_id": None,
        "prefix_list_id": None,
    }
    thing = {
        "SecurityGroupRuleId": "sgr-1",
        "GroupId": "sg-1",
        "IpProtocol": "tcp",
        "FromPort": 443,
        "ToPort": 443,
        "CidrIpv4": "0.0.0.0/0",
    }
    assert rule.is_of(thing, planned)
    assert not rule.is_of(thing | {"CidrIpv4": "10.0.0.0/8"}, planned)
    assert not rule.is_of(thing | {"ToPort": 444}, planned)


def test_ids_of_records_leave_out_what_they_do_not_have():
    record = IDENTITIES["aws_route53_record"]
    planned = {"zone_id": "Z1", "name": "a.example", "type": "A", "set_identifier": None}
    assert record.only_begun
    assert record.is_of({"Name": "a.example.", "Type": "A"}, planned)
    assert record.import_id({}, planned) == "Z1_a.example_A"


def test_ids_are_the_last_part_where_terraform_wants_only_that():
    key = IDENTITIES["aws_kms_key"]
    assert key.import_id({"ResourceARN": "arn:aws:kms:us-east-1:1:key/abc"}, {}) == "abc"
    assert key.asked({}) == {"ResourceTypeFilters": ["kms:key"]}
