"""What a request needs: actions, resources, and what it needs besides, each by the page that says so."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sending import Sending

from groma.live.embedded.authority import Need, needs_of
from groma.live.embedded.authority.actions import _NAMES, PREFIXES, UnknownActionError
from groma.live.embedded.authority.dependents import KEYS, TAGGING
from groma.live.embedded.authority.reference import is_action, is_read

A = "123456789012"
R = f"us-east-1:{A}"
ROLE = f"arn:aws:iam::{A}:role/chirp-api"
TAGS = [{"Key": "Stack", "Value": "chirp"}]
KEY = f"arn:aws:kms:{R}:key/0f"

CASES: list[tuple[str, str, dict[str, Any], set[tuple[str, str]]]] = [
    ("s3", "head_bucket", {"Bucket": "b"}, {("s3:ListBucket", "arn:aws:s3:::b")}),
    ("s3", "list_objects_v2", {"Bucket": "b"}, {("s3:ListBucket", "arn:aws:s3:::b")}),
    ("s3", "list_buckets", {}, {("s3:ListAllMyBuckets", "*")}),
    ("s3", "get_object", {"Bucket": "b", "Key": "a/b"}, {("s3:GetObject", "arn:aws:s3:::b/a/b")}),
    ("s3", "get_object", {"Bucket": "b", "Key": "a", "VersionId": "1"},
     {("s3:GetObjectVersion", "arn:aws:s3:::b/a")}),
    ("s3", "delete_objects", {"Bucket": "b", "Delete": {"Objects": [{"Key": "a"}, {"Key": "c", "VersionId": "1"}]}},
     {(f"s3:{action}", f"arn:aws:s3:::b/{key}")
      for action in ("DeleteObject", "DeleteObjectVersion") for key in ("a", "c")}),
    ("s3", "delete_public_access_block", {"Bucket": "b"}, {("s3:PutBucketPublicAccessBlock", "arn:aws:s3:::b")}),
    ("lambda", "invoke", {"FunctionName": "f"}, {("lambda:InvokeFunction", f"arn:aws:lambda:{R}:function:f")}),
    ("lambda", "create_function",
     {"FunctionName": "f", "Role": ROLE, "Code": {"ZipFile": b"x"}, "Tags": {"a": "b"}, "KMSKeyArn": KEY},
     {("lambda:CreateFunction", f"arn:aws:lambda:{R}:function:f"),
      ("lambda:TagResource", f"arn:aws:lambda:{R}:function:f"), ("iam:PassRole", ROLE),
      ("kms:CreateGrant", KEY), ("kms:Encrypt", KEY)}),
    ("dynamodb", "query", {"TableName": "t"}, {("dynamodb:Query", f"arn:aws:dynamodb:{R}:table/t")}),
    ("dynamodb", "query", {"TableName": "t", "IndexName": "i"},
     {("dynamodb:Query", f"arn:aws:dynamodb:{R}:table/t/index/i")}),
    ("dynamodb", "batch_get_item", {"RequestItems": {"t": {"Keys": []}, "u": {"Keys": []}}},
     {("dynamodb:BatchGetItem", f"arn:aws:dynamodb:{R}:table/{name}") for name in "tu"}),
    ("dynamodb", "transact_write_items",
     {"TransactItems": [{"Put": {"TableName": "t", "Item": {}}}, {"ConditionCheck": {"TableName": "t"}}]},
     {(f"dynamodb:{action}", f"arn:aws:dynamodb:{R}:table/t") for action in ("PutItem", "ConditionCheckItem")}),
    ("sqs", "send_message_batch", {"QueueUrl": f"http://127.0.0.1:9/{A}/q", "Entries": []},
     {("sqs:SendMessage", f"arn:aws:sqs:{R}:q")}),
    ("sns", "publish", {"TopicArn": f"arn:aws:sns:{R}:t", "Message": "m"}, {("sns:Publish", f"arn:aws:sns:{R}:t")}),
    ("sns", "unsubscribe", {"SubscriptionArn": f"arn:aws:sns:{R}:t:0f"},
     {("sns:Unsubscribe", f"arn:aws:sns:{R}:t")}),
    ("apigatewayv2", "create_route", {"ApiId": "a1", "RouteKey": "GET /"},
     {("apigateway:POST", "arn:aws:apigateway:us-east-1::/apis/a1/routes")}),
    ("iam", "create_role", {"RoleName": "r", "AssumeRolePolicyDocument": "{}", "Tags": TAGS},
     {("iam:CreateRole", f"arn:aws:iam::{A}:role/r"), ("iam:TagRole", f"arn:aws:iam::{A}:role/r")}),
    ("iam", "add_role_to_instance_profile", {"InstanceProfileName": "p", "RoleName": "r"},
     {("iam:AddRoleToInstanceProfile", f"arn:aws:iam::{A}:instance-profile/p"),
      ("iam:PassRole", f"arn:aws:iam::{A}:role/r")}),
    ("rds", "start_db_instance_automated_backups_replication",
     {"SourceDBInstanceArn": f"arn:aws:rds:us-west-2:{A}:db:d", "KmsKeyId": KEY},
     {("rds:StartDBInstanceAutomatedBackupsReplication", f"arn:aws:rds:us-west-2:{A}:db:d"),
      ("rds:StartDBInstanceAutomatedBackupsReplication", f"arn:aws:rds:{R}:auto-backup:*"),
      ("kms:CreateGrant", KEY), ("kms:DescribeKey", KEY)}),
    ("elasticache", "create_replication_group",
     {"ReplicationGroupId": "g", "ReplicationGroupDescription": "d", "KmsKeyId": KEY},
     {("elasticache:CreateReplicationGroup", f"arn:aws:elasticache:{R}:replicationgroup:g"),
      ("kms:CreateGrant", KEY), ("kms:DescribeKey", KEY)}),
    ("ec2", "create_vpc", {"CidrBlock": "10.0.0.0/16",
                           "TagSpecifications": [{"ResourceType": "vpc", "Tags": TAGS}]},
     {("ec2:CreateVpc", f"arn:aws:ec2:{R}:vpc/*"), ("ec2:CreateTags", f"arn:aws:ec2:{R}:vpc/*")}),
    ("ec2", "create_tags", {"Resources": ["vpc-1", "sg-1"], "Tags": TAGS},
     {("ec2:CreateTags", f"arn:aws:ec2:{R}:vpc/vpc-1"), ("ec2:CreateTags", f"arn:aws:ec2:{R}:security-group/sg-1")}),
    ("elbv2", "create_load_balancer", {"Name": "lb"},
     {("elasticloadbalancing:CreateLoadBalancer", f"arn:aws:elasticloadbalancing:{R}:loadbalancer/app/lb/*")}),
    ("kms", "create_alias", {"AliasName": "alias/chirp", "TargetKeyId": KEY},
     {("kms:CreateAlias", f"arn:aws:kms:{R}:alias/chirp"), ("kms:CreateAlias", KEY)}),
    ("kms", "describe_key", {"KeyId": "alias/chirp"}, {("kms:DescribeKey", f"arn:aws:kms:{R}:key/*")}),
    ("cloudwatch", "put_composite_alarm", {"AlarmName": "a", "AlarmRule": "TRUE", "Tags": TAGS},
     {("cloudwatch:PutCompositeAlarm", "*"), ("cloudwatch:TagResource", f"arn:aws:cloudwatch:{R}:alarm:a")}),
    ("cloudwatch", "describe_alarms", {"AlarmNames": ["a"]},
     {("cloudwatch:DescribeAlarms", f"arn:aws:cloudwatch:{R}:alarm:a")}),
    ("cloudwatch", "describe_alarms", {"AlarmNames": ["a"], "AlarmTypes": ["MetricAlarm", "CompositeAlarm"]},
     {("cloudwatch:DescribeAlarms", "*")}),
    ("cloudwatch", "put_metric_data", {"Namespace": "CWAgent", "MetricData": []}, {("cloudwatch:PutMetricData", "*")}),
    ("logs", "create_log_group", {"logGroupName": "/aws/lambda/f"},
     {("logs:CreateLogGroup", f"arn:aws:logs:{R}:log-group:/aws/lambda/f")}),
    ("budgets", "describe_budget", {"AccountId": A, "BudgetName": "n"},
     {("budgets:ViewBudget", f"arn:aws:budgets::{A}:budget/n")}),
    ("scheduler", "create_schedule", {"Name": "s", "Target": {"RoleArn": ROLE, "Arn": f"arn:aws:lambda:{R}:function:f"}},
     {("scheduler:CreateSchedule", f"arn:aws:scheduler:{R}:schedule/default/s"), ("iam:PassRole", ROLE)}),
    ("scheduler", "create_schedule_group", {"Name": "g", "Tags": [{"Key": "Stack", "Value": "shop"}]},
     {(f"scheduler:{each}", f"arn:aws:scheduler:{R}:schedule-group/g") for each in ("CreateScheduleGroup", "TagResource")}),
    ("scheduler", "get_schedule", {"Name": "s", "GroupName": "g"},
     {("scheduler:GetSchedule", f"arn:aws:scheduler:{R}:schedule/g/s")}),
    ("events", "put_rule", {"Name": "r", "Tags": [{"Key": "Stack", "Value": "shop"}]},
     {("events:PutRule", f"arn:aws:events:{R}:rule/default/r"),
      *((f"events:{each}", f"arn:aws:events:{R}:rule/r") for each in ("PutRule", "TagResource"))}),
    ("sts", "get_caller_identity", {}, set()),
]  # fmt: skip


@pytest.mark.parametrize(("service", "operation", "parameters", "expected"), CASES)
def test_needs(
    tmp_path: Path, service: str, operation: str, parameters: Any, expected: set[tuple[str, str]]
) -> None:
    found = needs_of(Sending(tmp_path).asked(service, operation, **parameters))
    assert {(need.action, need.resource) for need in found} == expected


def test_what_conditions_may_ask_for(tmp_path: Path) -> None:
    sending = Sending(tmp_path)

    def contexts(service: str, operation: str, **parameters: Any) -> dict[str, Any]:
        needs = needs_of(sending.asked(service, operation, **parameters))
        return {need.action: dict(need.context) for need in needs}

    region = {"aws:RequestedRegion": "us-east-1"}
    tags = {"aws:TagKeys": ("Stack",), "aws:RequestTag/Stack": "chirp"}
    assert contexts("sqs", "create_queue", QueueName="q", tags={"Stack": "chirp"}) == {
        "sqs:CreateQueue": region | tags,
        "sqs:TagQueue": region,
    }
    assert contexts("scheduler", "create_schedule", Name="s", Target={"RoleArn": ROLE})["iam:PassRole"] == {
        **region,
        "iam:PassedToService": "scheduler.amazonaws.com",
    }
    assert contexts("cloudwatch", "put_metric_data", Namespace="CWAgent", MetricData=[]) == {
        "cloudwatch:PutMetricData": {**region, "cloudwatch:namespace": "CWAgent"}
    }
    boundary = f"arn:aws:iam::{A}:policy/b"
    made = contexts(
        "iam", "create_role", RoleName="r", AssumeRolePolicyDocument="{}", PermissionsBoundary=boundary
    )
    assert made["iam:CreateRole"]["iam:PermissionsBoundary"] == boundary


def test_an_operation_whose_action_nobody_knows_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = Sending(tmp_path).asked("s3", "head_bucket", Bucket="b")
    monkeypatch.setattr("groma.live.embedded.authority.actions._NAMES", {})
    with pytest.raises(UnknownActionError, match="s3:HeadBucket, which IAM lacks"):
        needs_of(asked)


def test_every_action_of_the_tables_is_iams() -> None:
    rows = [f"{PREFIXES.get(service, service)}:{action}" for (service, _), action in _NAMES.items()]
    rows += [row.partition(" ")[0] for row in TAGGING.values()]
    rows += [f"kms:{action}" for _, actions in KEYS.values() for action in actions]
    assert len(rows) > 80
    assert [action for action in rows if not is_action(action)] == []


def test_the_table_holds_no_operation_that_is_an_action_itself() -> None:
    same = [f"{service}:{operation}" for service, operation in _NAMES if is_action(f"{service}:{operation}")]
    assert same == []


def test_looking_is_told_from_changing() -> None:
    assert is_read("s3:GetObject")
    assert not is_read("s3:PutObject")


def test_a_need_is_a_value() -> None:
    assert Need("a:B", "*") == Need("a:B", "*", {})
