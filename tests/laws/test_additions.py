"""A law over all resource types of the modules: it is known of each what becomes of what is added to it."""

from __future__ import annotations

import inspect
import re
from collections.abc import Mapping
from pathlib import Path

import groma
from groma.live import beside

MODULES = Path(groma.__file__).parent / "terraform" / "modules"

TAKEN_AWAY = {
    "aws_apigatewayv2_api", "aws_dynamodb_table", "aws_iam_role", "aws_lambda_function", "aws_lb",
    "aws_lb_listener", "aws_secretsmanager_secret", "aws_security_group", "aws_sqs_queue",
}  # fmt: skip
PARTS = {
    "aws_apigatewayv2_route", "aws_apigatewayv2_stage", "aws_iam_role_policy",
    "aws_iam_role_policy_attachment", "aws_lambda_permission", "aws_lb_listener_rule",
    "aws_sqs_queue_policy", "aws_vpc_security_group_egress_rule", "aws_vpc_security_group_ingress_rule",
}  # fmt: skip
"""By which it is known what of the former is the stack's own."""
LEFT: Mapping[str, str] = {
    "aws_autoscaling_group": "scaling policies: the fastest help in an hour of need; verify tells",
    "aws_ecs_cluster": "services and tasks of others: they take nothing of the stack's",
    "aws_cloudwatch_event_rule": "targets: others are told of the same; verify tells",
    "aws_cloudwatch_log_group": "subscriptions: logs are read by tools of others",
    "aws_cognito_user_pool": "clients: another application of the same users",
    "aws_kms_key": "grants: services make them for volumes and databases",
    "aws_lambda_event_source_mapping": "another queue that calls the function; verify tells",
    "aws_lb_target_group": "targets: they serve what they are asked; verify tells",
    "aws_route53_zone": "records: the zone may be everybody's",
    "aws_route_table": "routes: peering and VPNs of the network's owner; verify tells",
    "aws_s3_bucket": "access points: they open nothing that the bucket's policy refuses",
    "aws_sns_topic": "subscriptions: colleagues read along; verify tells",
    "aws_vpc": "subnets, endpoints and peerings: security groups decide who gets in",
}
WHOLE = re.compile(
    r"aws_(acm|appautoscaling|autoscaling_policy|budgets|cloudfront|cloudwatch_(composite|dashboard|event_target|metric)|db_|default_"
    r"|ecs_service|ecs_task_definition|eip|elasticache|flow_log|iam_instance_profile|instance|internet_gateway|kms_alias|launch_template"
    r"|nat_gateway|rds_|route$|route53_(health|record)|route_table_association|s3_(bucket_|object)|scheduler"
    r"|secretsmanager_secret_version|sns_topic_|sqs_queue_redrive|ssm_parameter|subnet|vpc_endpoint|wafv2"
    r"|apigatewayv2_(authorizer|integration)|cognito_user_pool_|lambda_function_event_invoke)|terraform_data"
)
"""Types of which Terraform writes all that there is, or to which nothing can be added."""


def types() -> set[str]:
    texts = (path.read_text(encoding="utf-8") for path in MODULES.glob("*/*.tf"))
    return {found for text in texts for found in re.findall(r'^resource "(\w+)"', text, re.MULTILINE)}


def test_of_each_type_it_is_known_what_becomes_of_what_is_added() -> None:
    others = types() - TAKEN_AWAY - PARTS - LEFT.keys()
    assert {name for name in others if not WHOLE.match(name)} == set()


def test_each_type_is_named_once_and_used() -> None:
    named = [*TAKEN_AWAY, *PARTS, *LEFT]
    assert len(named) == len(set(named))
    assert set(named) <= types()
    assert {name for name in named if WHOLE.match(name)} == set()


def test_what_is_taken_away_is_what_the_code_looks_for() -> None:
    assert set(re.findall(r'"(aws_\w+)"', inspect.getsource(beside))) == TAKEN_AWAY | PARTS
