"""What of a stack is still in the cloud: by tag, by kind and name, in every region, at more than one look."""

from __future__ import annotations

import itertools
import re
from importlib import resources
from typing import Any

import botocore.session
import jmespath
import pytest

from groma.live.leftovers import LISTINGS, left_over, leftovers, names_in

REGIONS = ["eu-west-1", "us-west-2"]
GONE_WITH_ITS_OWNER = re.compile(
    "aws_(appautoscaling|autoscaling_policy|apigatewayv2_(?!api)|cloudwatch_event_target|cognito_user_pool_|default_security_group"
    "|ecs_service"
    "|iam_role_policy|lambda_(permission|function_event)|lb_listener|route$|route_table_assoc|route53_record"
    "|s3_(bucket_|object)|secretsmanager_secret_version|sns_topic_|sqs_queue_|vpc_security_group_"
    "|wafv2_web_acl_assoc|acm_certificate_validation)|terraform_data"
)
"""Parts of something else: AWS deletes them with it, or it cannot be deleted before them."""
NOT_ASKED_FOR = {
    "aws_kms_key": "AWS keeps a deleted key for days, and lists it as any other; its alias goes at once",
    "aws_budgets_budget": "belongs to the account, costs nothing, and is listed by the account alone",
}


class Cloud:
    """Answers by region and operation, and notes what it was asked."""

    def __init__(self, answers: dict[tuple[str, str], Any]) -> None:
        self.answers = answers
        self.asked: list[tuple[str, str, dict[str, Any]]] = []

    def client(self, service: str, region: str | None = None) -> Any:
        return Client(self, region or "")


class Client:
    """One region's client of any service."""

    def __init__(self, cloud: Cloud, region: str) -> None:
        self.cloud, self.region = cloud, region

    def can_paginate(self, operation: str) -> bool:
        return False

    def __getattr__(self, operation: str) -> Any:
        def answer(**arguments: Any) -> Any:
            self.cloud.asked.append((self.region, operation, arguments))
            return self.cloud.answers.get((self.region, operation), {})

        return answer


def state_with(**names: str) -> dict[str, Any]:
    """A state with a resource of each type, and its id."""
    return {
        "resources": [
            {"mode": "managed", "type": kind, "instances": [{"attributes": {"id": name}}]}
            for kind, name in names.items()
        ]
    }


def tagged(stack: str) -> list[dict[str, str]]:
    return [{"Key": "Stack", "Value": stack}]


@pytest.mark.parametrize(("status", "left"), [("INACTIVE", 0), ("ACTIVE", 1)])
def test_a_cluster_of_tasks_is_listed_for_days_after_it_was_deleted(status: str, left: int):
    arn = "arn:aws:ecs:us-east-1:123456789012:cluster/shop"
    cloud = Cloud(
        {
            ("us-east-1", "list_clusters"): {"clusterArns": [arn]},
            ("us-east-1", "describe_clusters"): {"clusters": [{"clusterArn": arn, "status": status}]},
        }
    )
    names = names_in(state_with(aws_ecs_cluster=arn))
    assert len(leftovers("shop", names, ["us-east-1"], cloud)) == left


@pytest.mark.parametrize(("status", "left"), [("retained", 0), ("Retained", 0), ("replicating", 1)])
def test_copies_of_backups_that_rds_retains_are_not_left_over(status: str, left: int):
    arn = "arn:aws:rds:us-west-2:123456789012:auto-backup:ab-1"
    copy = {"DBInstanceAutomatedBackupsArn": arn, "Status": status}
    listed = {("us-west-2", "describe_db_instance_automated_backups"): {"DBInstanceAutomatedBackups": [copy]}}
    names = names_in(state_with(aws_db_instance_automated_backups_replication=arn))
    beside = {"us-west-2": frozenset({"aws_db_instance_automated_backups_replication"})}
    cloud = Cloud(listed)
    found = leftovers("shop", names, ["us-east-1"], cloud, beside)
    assert found == (f"copies of backups {arn} in us-west-2",) * left
    asked = [operation for region, operation, _ in cloud.asked if region == "us-west-2"]
    assert asked == ["describe_db_instance_automated_backups"]


def test_who_takes_down_what_had_no_copies_need_not_be_allowed_to_look_for_them():
    cloud = Cloud({})
    beside = {"us-west-2": frozenset({"aws_wafv2_web_acl"})}
    leftovers("shop", names_in(state_with(aws_db_instance="shop")), ["us-east-1"], cloud, beside)
    assert "describe_db_instance_automated_backups" not in {operation for _, operation, _ in cloud.asked}


def test_what_is_left_of_a_stack_is_not_another_stacks():
    groups = [
        {"AutoScalingGroupName": name, "Tags": tagged(stack)}
        for name, stack in [("chirp-web", "chirp"), ("chirp-eu-web", "chirp-eu")]
    ]
    balancers = [
        {"LoadBalancerArn": f"arn:lb/{name}", "State": {"Code": "active"}}
        for name in ("chirp-web", "chirp-eu-web")
    ]
    gone = {"NatGatewayId": "n1", "State": "deleted", "Tags": tagged("chirp")}
    cloud = Cloud(
        {
            ("us-east-1", "describe_auto_scaling_groups"): {"AutoScalingGroups": groups},
            ("us-east-1", "describe_load_balancers"): {"LoadBalancers": balancers},
            ("us-east-1", "describe_nat_gateways"): {"NatGateways": [gone]},
            ("us-east-1", "describe_alarms"): {
                "MetricAlarms": [{"AlarmName": "chirp-cpu"}, {"AlarmName": "chirp-eu-cpu"}]
            },
            ("us-east-1", "list_distributions"): {
                "DistributionList": {"Items": [{"Id": "E1"}, {"Id": "E2"}]}
            },
        }
    )
    state = state_with(
        aws_cloudwatch_metric_alarm="chirp-cpu", aws_cloudfront_distribution="E1", aws_lb="arn:lb/chirp-web"
    )
    state["resources"].append(
        {**state["resources"][1], "mode": "data", "instances": [{"attributes": {"id": "E2"}}]}
    )
    assert leftovers("chirp", names_in(state), ["us-east-1"], cloud) == (
        "alarm chirp-cpu",
        "distribution E1",
        "load balancer arn:lb/chirp-web",
        "server group chirp-web",
    )


def test_a_name_of_another_kind_makes_nothing_the_stacks():
    """A cache's user is called `application`, and so may anybody's function be."""
    cloud = Cloud(
        {
            ("us-east-1", "list_functions"): {"Functions": [{"FunctionName": "application"}]},
            ("us-east-1", "list_roles"): {"Roles": [{"RoleName": "server"}]},
            ("us-east-1", "list_hosted_zones"): {"HostedZones": [{"Id": "/hostedzone/Z1"}]},
        }
    )
    names = names_in(
        state_with(aws_elasticache_user="application", aws_launch_template="server", aws_route53_record="Z1")
    )
    assert len(names) == 3
    assert leftovers("chirp", names, ["us-east-1"], cloud) == ()


def test_the_zone_that_a_record_was_put_into_is_not_the_stacks_by_that():
    """It existed before, and stays."""
    attributes = {"id": "Z1_chirp.acme.dev_A", "zone_id": "Z1"}
    state = {
        "resources": [
            {"mode": "managed", "type": "aws_route53_record", "instances": [{"attributes": attributes}]}
        ]
    }
    assert names_in(state) == {("aws_route53_record", "Z1_chirp.acme.dev_A")}


def test_things_of_other_regions_are_found_and_said_to_be_there():
    cloud = Cloud(
        {
            ("eu-west-1", "list_tables"): {"TableNames": ["chirp-timelines", "other"]},
            ("us-west-2", "list_tables"): {"TableNames": ["chirp-timelines"]},
            ("us-west-2", "list_functions"): {"Functions": [{"FunctionName": "chirp-fan-out"}]},
            ("us-east-1", "list_hosted_zones"): {"HostedZones": [{"Id": "/hostedzone/Z1"}]},
            ("us-east-1", "list_certificates"): {"CertificateSummaryList": [{"CertificateArn": "arn:edge"}]},
        }
    )
    state = state_with(
        aws_dynamodb_table="chirp-timelines",
        aws_lambda_function="chirp-fan-out",
        aws_route53_zone="Z1",
        aws_acm_certificate="arn:edge",
    )
    assert leftovers("chirp", names_in(state), REGIONS, cloud) == (
        "certificate arn:edge in us-east-1",
        "function chirp-fan-out in us-west-2",
        "hosted zone Z1",
        "table chirp-timelines",
        "table chirp-timelines in us-west-2",
    )


def test_each_region_is_asked_once_and_what_has_no_region_once():
    cloud = Cloud({})
    assert leftovers("chirp", frozenset(), REGIONS, cloud) == ()
    asked = [(region, operation, tuple(arguments.items())) for region, operation, arguments in cloud.asked]
    assert len(asked) == len(set(asked))
    by_operation = {o: [region for region, other, _ in asked if other == o] for _, o, _ in asked}
    assert sorted(by_operation["describe_replication_groups"]) == sorted(REGIONS)
    assert by_operation["list_roles"] == ["us-east-1"]
    assert sorted(by_operation["list_certificates"]) == sorted([*REGIONS, "us-east-1"])
    scopes = {(region, *arguments.values()) for region, o, arguments in cloud.asked if o == "list_web_acls"}
    assert scopes == {*((region, "REGIONAL") for region in REGIONS), ("us-east-1", "CLOUDFRONT")}
    assert ("eu-west-1", "list_user_pools", {"MaxResults": 60}) in cloud.asked


def test_tags_and_ends_are_known_in_every_form_that_aws_has():
    instances = [
        {"InstanceId": name, "State": {"Name": state}, "Tags": tagged("chirp")}
        for name, state in [("i-1", "running"), ("i-2", "shutting-down")]
    ]
    cluster = {"DBClusterIdentifier": "a", "TagList": tagged("chirp"), "Status": "available"}
    cloud = Cloud(
        {
            ("eu-west-1", "describe_db_clusters"): {"DBClusters": [cluster]},
            ("eu-west-1", "describe_instances"): {
                "Reservations": [{"Instances": [instance]} for instance in instances]
            },
            ("eu-west-1", "describe_replication_groups"): {
                "ReplicationGroups": [{"ReplicationGroupId": "b", "Status": "deleting"}]
            },
            ("eu-west-1", "get_apis"): {
                "Items": [
                    {"ApiId": "c", "Tags": {"Stack": "chirp"}},
                    {"ApiId": "d", "Tags": {"Stack": "chirp-eu"}},
                ]
            },
        }
    )
    names = names_in(state_with(aws_elasticache_replication_group="b"))
    left = leftovers("chirp", names, ["eu-west-1"], cloud)
    assert left == ("API c", "database cluster a", "instance i-1")


@pytest.mark.parametrize("looks", [1, 4])
def test_what_aws_still_lists_is_looked_for_again_until_it_is_gone(looks):
    cloud = Cloud({("us-east-1", "describe_nat_gateways"): {"NatGateways": [{"NatGatewayId": "n1"}]}})
    clock, said = itertools.count(0.0, 10.0), []

    def sleep(_: float) -> None:
        if len(said) == looks:
            cloud.answers.clear()

    names = names_in(state_with(aws_nat_gateway="n1"))
    left = left_over(
        "chirp",
        names,
        ["us-east-1"],
        cloud,
        said.append,
        within_s=300,
        now_s=lambda: next(clock),
        sleep=sleep,
    )
    assert left == ()
    assert said == ["waiting until the cloud no longer lists NAT gateway n1"] * looks


def test_what_stays_beyond_patience_is_left_over():
    cloud = Cloud({("us-east-1", "list_tables"): {"TableNames": ["t"]}})
    clock, slept = itertools.count(0.0, 100.0), []
    left = left_over(
        "chirp",
        names_in(state_with(aws_dynamodb_table="t")),
        ["us-east-1"],
        cloud,
        lambda _: None,
        within_s=300,
        now_s=lambda: next(clock),
        sleep=slept.append,
    )
    assert left == ("table t",)
    assert len(slept) == 2


def test_every_listing_is_of_boto3():
    session = botocore.session.get_session()
    for listing in LISTINGS:
        model = session.get_service_model(listing.service)
        operation = next(o for o in model.operation_names if o.lower() == listing.operation.replace("_", ""))
        shape = inside(model.operation_model(operation).output_shape, listing.result)
        assert shape.type_name == "list", listing
        assert inside(shape.member, listing.name).type_name == "string", listing


def inside(shape: Any, path: str) -> Any:
    """The shape at a path; of a list that is flattened, at that of its members."""
    for part in jmespath_parts(path):
        shape = shape.members[part.removesuffix("[]")]
        if part.endswith("[]") and not path.endswith(part):
            shape = shape.member
    return shape


def jmespath_parts(path: str) -> list[str]:
    if path:
        jmespath.compile(path)
    return path.split(".") if path else []


def test_every_kind_of_resource_that_modules_make_is_looked_for_or_is_part_of_one():
    modules = resources.files("groma.terraform") / "modules"
    made = {
        kind
        for module in modules.iterdir()
        for file in module.iterdir()
        if file.name.endswith(".tf")
        for kind in re.findall(r'^resource "(\w+)"', file.read_text("utf-8"), re.MULTILINE)
    }
    listed = set().union(*(listing.types for listing in LISTINGS))
    assert listed - made == set()
    rest = made - listed - NOT_ASKED_FOR.keys()
    assert {kind for kind in rest if not GONE_WITH_ITS_OWNER.match(kind)} == set()
    assert len(made) > 60
    assert NOT_ASKED_FOR.keys() <= made
