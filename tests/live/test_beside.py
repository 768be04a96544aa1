"""What somebody has added beside Terraform is found by what the state does not hold, and taken away."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest
from botocore.exceptions import ClientError

from groma.errors import CloudError
from groma.live.beside import added, beside, take_away, with_added
from groma.live.terraform_cli import PlanSummary

GROUP, RULE = "sg-1", "aws_vpc_security_group_ingress_rule"
BALANCER = "arn:aws:elasticloadbalancing:us-west-2:111122223333:loadbalancer/app/chirp-web/1"
LISTENER = "arn:aws:elasticloadbalancing:us-west-2:111122223333:listener/app/chirp-web/1/2"
API = "arn:aws:apigateway:us-west-2::/apis/a1"
SECRET = "arn:aws:secretsmanager:us-west-2:111122223333:secret:chirp-database-1a2b3c"
TABLE = "arn:aws:dynamodb:us-west-2:111122223333:table/chirp"
QUEUE = "arn:aws:sqs:us-west-2:111122223333:chirp"
FUNCTION = "arn:aws:lambda:us-west-2:111122223333:function:chirp-api"


def resource(type_: str, name: str, attributes: Mapping[str, Any], **more: Any) -> dict[str, Any]:
    instance = {"attributes": dict(attributes), **({"index_key": more.pop("key")} if "key" in more else {})}
    return {"mode": "managed", "type": type_, "name": name, "instances": [instance], **more}


STATE = {
    "resources": [
        resource(
            "aws_security_group",
            "this",
            {"id": GROUP, "arn": f"arn:aws:ec2:us-west-2:111122223333:security-group/{GROUP}"},
            module="module.database",
        ),
        resource(RULE, "own", {"security_group_rule_id": "sgr-own"}, key="app"),
        resource("aws_lb", "this", {"arn": BALANCER}, module="module.web"),
        resource("aws_lb_listener", "this", {"arn": LISTENER}, module="module.web"),
        resource("aws_lb_listener_rule", "own", {"arn": "own-rule"}, key=0),
        resource("aws_iam_role", "this", {"name": "chirp-web"}, module="module.web"),
        resource("aws_iam_role_policy", "own", {"role": "chirp-web", "name": "agents"}),
        resource("aws_iam_role_policy_attachment", "own", {"role": "chirp-web", "policy_arn": "arn:aws:own"}),
        resource("aws_apigatewayv2_api", "this", {"id": "a1", "arn": API}, module="module.api"),
        resource("aws_apigatewayv2_route", "own", {"api_id": "a1", "id": "r1"}),
        resource("aws_apigatewayv2_stage", "own", {"api_id": "a1", "name": "$default"}),
        resource("aws_secretsmanager_secret", "this", {"arn": SECRET}),
        resource("aws_dynamodb_table", "this", {"arn": TABLE}),
        resource("aws_sqs_queue", "own", {"id": "url-1", "arn": QUEUE}),
        resource("aws_sqs_queue_policy", "own", {"queue_url": "url-1"}),
        resource("aws_sqs_queue", "dead_letter", {"id": "url-2", "arn": QUEUE}),
        resource("aws_lambda_function", "this", {"arn": FUNCTION, "function_name": "chirp-api"}),
        resource("aws_lambda_permission", "own", {"function_name": "chirp-api", "statement_id": "ApiCalls"}),
    ]
}
STATEMENTS = [
    {"Sid": "ApiCalls", "Principal": {"Service": "apigateway.amazonaws.com"}},
    {"Sid": "Lent", "Principal": {"AWS": "arn:aws:iam::444455556666:root"}},
]
ANSWERS: dict[str, Any] = {
    "describe_security_group_rules": {
        "SecurityGroupRules": [
            {"SecurityGroupRuleId": "sgr-own", "IsEgress": False, "IpProtocol": "tcp"},
            {
                "SecurityGroupRuleId": "sgr-in",
                "IsEgress": False,
                "IpProtocol": "tcp",
                "FromPort": 5432,
                "ToPort": 5432,
                "CidrIpv4": "0.0.0.0/0",
            },
            {
                "SecurityGroupRuleId": "sgr-out",
                "IsEgress": True,
                "IpProtocol": "-1",
                "FromPort": -1,
                "ToPort": -1,
                "ReferencedGroupInfo": {"GroupId": "sg-9"},
            },
        ]
    },
    "describe_listeners": {
        "Listeners": [
            {"ListenerArn": LISTENER, "Protocol": "HTTP", "Port": 80},
            {"ListenerArn": "another", "Protocol": "HTTP", "Port": 8080},
        ]
    },
    "describe_rules": {
        "Rules": [
            {"RuleArn": "default", "IsDefault": True, "Priority": "default"},
            {"RuleArn": "own-rule", "IsDefault": False, "Priority": "1"},
            {"RuleArn": "another-rule", "IsDefault": False, "Priority": "7"},
        ]
    },
    "get_routes": {
        "Items": [
            {"RouteId": "r1", "RouteKey": "GET /api/me"},
            {"RouteId": "r2", "RouteKey": "ANY /{proxy+}"},
        ]
    },
    "get_stages": {"Items": [{"StageName": "$default"}, {"StageName": "unthrottled"}]},
    "get_resource_policy": {"ResourcePolicy": "{}", "Policy": "{}"},
    "get_queue_attributes": {"Attributes": {"Policy": "{}"}},
    "list_role_policies": {"PolicyNames": ["agents", "more"]},
    "list_attached_role_policies": {
        "AttachedPolicies": [
            {"PolicyName": "Own", "PolicyArn": "arn:aws:own"},
            {"PolicyName": "AdministratorAccess", "PolicyArn": "arn:aws:admin"},
        ]
    },
    "get_policy": {"Policy": json.dumps({"Statement": STATEMENTS})},
}
FOUND = (
    "module.database.aws_security_group.this: lets in tcp 5432 from 0.0.0.0/0",
    "module.database.aws_security_group.this: lets out everything to sg-9",
    "module.web.aws_lb.this: listens on HTTP 8080",
    "module.web.aws_lb_listener.this: rule of priority 7",
    "module.api.aws_apigatewayv2_api.this: route ANY /{proxy+}",
    "module.api.aws_apigatewayv2_api.this: stage unthrottled",
    "module.web.aws_iam_role.this: policy more",
    "module.web.aws_iam_role.this: policy AdministratorAccess attached",
    "aws_secretsmanager_secret.this: a policy of its own",
    "aws_dynamodb_table.this: a policy of its own",
    "aws_sqs_queue.dead_letter: a policy of its own",
    'aws_lambda_function.this: may be called by {"AWS": "arn:aws:iam::444455556666:root"}',
)
TAKEN = [
    ("ec2", "revoke_security_group_ingress", {"GroupId": GROUP, "SecurityGroupRuleIds": ["sgr-in"]}),
    ("ec2", "revoke_security_group_egress", {"GroupId": GROUP, "SecurityGroupRuleIds": ["sgr-out"]}),
    ("elbv2", "delete_listener", {"ListenerArn": "another"}),
    ("elbv2", "delete_rule", {"RuleArn": "another-rule"}),
    ("apigatewayv2", "delete_route", {"ApiId": "a1", "RouteId": "r2"}),
    ("apigatewayv2", "delete_stage", {"ApiId": "a1", "StageName": "unthrottled"}),
    ("iam", "delete_role_policy", {"RoleName": "chirp-web", "PolicyName": "more"}),
    ("iam", "detach_role_policy", {"RoleName": "chirp-web", "PolicyArn": "arn:aws:admin"}),
    ("secretsmanager", "delete_resource_policy", {"SecretId": SECRET}),
    ("dynamodb", "delete_resource_policy", {"ResourceArn": TABLE}),
    ("sqs", "set_queue_attributes", {"QueueUrl": "url-2", "Attributes": {"Policy": ""}}),
    ("lambda", "remove_permission", {"FunctionName": "chirp-api", "StatementId": "Lent"}),
]


class Cloud:
    """Clients that answer from `ANSWERS`, refuse with a code where one is given, and note what they do."""

    def __init__(self, refused: str = "") -> None:
        self.refused, self.done, self.regions = refused, list[Any](), dict[str, str]()

    def client(self, service: str, region: str | None = None) -> Any:
        self.regions[service] = str(region)
        return _Client(self, service)


class _Client:
    def __init__(self, cloud: Cloud, service: str) -> None:
        self._cloud, self._service = cloud, service

    def can_paginate(self, operation: str) -> bool:
        return False

    def __getattr__(self, operation: str) -> Any:
        def call(**arguments: Any) -> Any:
            if operation in ANSWERS:
                return ANSWERS[operation]
            if self._cloud.refused:
                raise ClientError({"Error": {"Code": self._cloud.refused, "Message": "no"}}, operation)
            self._cloud.done.append((self._service, operation, arguments))
            return {}

        return call


def test_what_the_state_does_not_hold_is_found_and_taken_away_in_its_region() -> None:
    cloud = Cloud()
    found = added(STATE, cloud)
    assert tuple(map(str, found)) == FOUND
    take_away(found, cloud)
    assert cloud.done == TAKEN
    assert {service for service, region in cloud.regions.items() if region != "us-west-2"} == {"iam"}


def test_nothing_is_looked_for_where_nothing_stands() -> None:
    assert added({}, Cloud()) == ()
    assert beside(()).ok


@pytest.mark.parametrize("known", [(), ("id",)])
def test_of_what_was_left_half_made_nothing_is_asked(known: tuple[str, ...]) -> None:
    """An interrupted creation leaves a tainted resource, whose attributes the provider had not read yet."""

    def half_made(made: Mapping[str, Any]) -> dict[str, Any]:
        instances = [
            {
                **instance,
                "status": "tainted",
                "attributes": {
                    name: value if name in known else None for name, value in instance["attributes"].items()
                },
            }
            for instance in made["instances"]
        ]
        return {**made, "instances": instances}

    assert added({"resources": [half_made(each) for each in STATE["resources"]]}, Cloud()) == ()


def test_it_is_a_finding_and_part_of_the_plan() -> None:
    found = added(STATE, Cloud())
    finding = beside(found)
    assert not finding.ok
    assert FOUND[0] in finding.actual
    plan = with_added(PlanSummary(False, 0, 0, 0, (), (), ()), found)
    assert (plan.has_changes, plan.removed) == (True, len(FOUND))
    assert f"  delete: {FOUND[0]}" in plan.lines()


def test_what_is_gone_already_is_no_error_and_what_stays_is() -> None:
    found = added(STATE, Cloud())
    take_away(found, Cloud("InvalidSecurityGroupRuleId.NotFound"))
    with pytest.raises(CloudError, match="AccessDenied"):
        take_away(found, Cloud("AccessDenied"))
