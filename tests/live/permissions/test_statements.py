"""From needs to statements: nothing that was needed is missing, and nothing else is there."""

from __future__ import annotations

import pytest

from deploying import denied, idle
from groma.errors import InputError
from groma.live.embedded.authority import Need
from groma.live.embedded.authority.reference import is_action
from groma.live.permissions.beyond import BEYOND, with_beyond
from groma.live.permissions.general import Names, least
from groma.live.permissions.parts import MOST_CHARACTERS, MOST_PARTS, characters, parts, policy
from groma.live.permissions.statements import Statement, statements

A = "123456789012"
R = f"us-east-1:{A}"
NAMES = Names("chirp", ("example-team-state", "aws/service"))


@pytest.mark.parametrize(
    ("arn", "general"),
    [
        ("*", "*"),
        (f"arn:aws:dynamodb:{R}:table/chirp", "arn:aws:dynamodb:us-east-1:*:table/chirp"),
        (f"arn:aws:cloudwatch:{R}:alarm:chirp-api-5xx", "arn:aws:cloudwatch:us-east-1:*:alarm:chirp-*"),
        (f"arn:aws:logs:{R}:log-group:/aws/lambda/chirp-api", "arn:aws:logs:us-east-1:*:log-group:/aws/lambda/chirp-*"),
        (f"arn:aws:s3:::chirp-site-{A}/app.js", "arn:aws:s3:::chirp-*/*"),
        ("arn:aws:s3:::example-team-state/chirp/terraform.tfstate", "arn:aws:s3:::example-team-state/chirp/*"),
        ("arn:aws:s3:::mychirp-site", "arn:aws:s3:::*"),
        (f"arn:aws:ec2:{R}:vpc/vpc-0f", "arn:aws:ec2:us-east-1:*:vpc/*"),
        ("arn:aws:ec2:us-east-1::image/ami-0f", "arn:aws:ec2:us-east-1::image/*"),
        (f"arn:aws:cloudfront::{A}:distribution/E1", "arn:aws:cloudfront::*:distribution/*"),
        (f"arn:aws:secretsmanager:{R}:secret:chirp-database-AbCdEf",
         "arn:aws:secretsmanager:us-east-1:*:secret:chirp-*"),
        (f"arn:aws:elasticloadbalancing:{R}:loadbalancer/app/chirp-web/50dc",
         "arn:aws:elasticloadbalancing:us-east-1:*:loadbalancer/app/chirp-*/*"),
        ("arn:aws:apigateway:us-east-1::/apis/24f44eb3/routes/0179d19a",
         "arn:aws:apigateway:us-east-1::/apis/*/routes/*"),
        (f"arn:aws:iam::{A}:role/aws-service-role/rds.amazonaws.com/AWSServiceRoleForRDS",
         "arn:aws:iam::*:role/aws-service-role/*"),
        (f"arn:aws:ssm:{R}:parameter/aws/service/ami-amazon-linux-latest/x",
         "arn:aws:ssm:us-east-1:*:parameter/aws/service/*"),
    ],
)  # fmt: skip
def test_what_aws_makes_up_is_open_and_what_the_stack_is_called_stays(arn: str, general: str) -> None:
    assert NAMES.general(arn) == general


def test_of_one_account_if_it_is_said() -> None:
    assert Names("chirp", (), "1" * 12).general(f"arn:aws:sqs:{R}:chirp-q") == (
        f"arn:aws:sqs:us-east-1:{'1' * 12}:chirp-*"
    )


def test_a_pattern_that_another_covers_is_left_out() -> None:
    assert least({"a:*", "a:b", "c"}) == ["a:*", "c"]
    assert least({"a", "*"}) == ["*"]


def made(*needs: Need) -> dict[str, Statement]:
    return {each.sid: each for each in statements(needs, NAMES)}


def test_looking_and_changing_are_apart_and_services_too() -> None:
    queue = f"arn:aws:sqs:{R}:chirp-posted"
    found = made(
        Need("sqs:CreateQueue", queue),
        Need("sqs:GetQueueAttributes", queue),
        Need("sqs:ListQueues", "*"),
        Need("ec2:DescribeVpcs", "*"),
    )
    assert {sid: each.actions for sid, each in found.items()} == {
        "LookAround": ("ec2:DescribeVpcs", "sqs:ListQueues"),
        "ManageQueues": ("sqs:CreateQueue",),
        "ReadQueues": ("sqs:GetQueueAttributes",),
    }
    assert found["ManageQueues"].comment == "make, change and take down queues"


def test_a_bucket_of_the_team_is_not_managed_as_the_stacks_are() -> None:
    bucket = "arn:aws:s3:::example-team-state"
    needs = [
        Need("s3:PutObject", f"{bucket}/chirp/terraform.tfstate"),
        Need("s3:PutObject", f"arn:aws:s3:::chirp-site-{A}/app.js"),
        Need("s3:DeleteBucket", f"arn:aws:s3:::chirp-site-{A}"),
        Need("s3:ListBucket", bucket),
    ]
    others = [Need("s3:DeleteBucket", bucket), Need("s3:PutObject", f"{bucket}/other/terraform.tfstate")]
    assert denied([*needs, *others], [policy(statements(needs, NAMES))]) == others


def test_a_role_is_handed_to_one_service_only() -> None:
    role = f"arn:aws:iam::{A}:role/chirp-web"
    context = {"iam:PassedToService": "ec2.amazonaws.com"}
    (found,) = made(Need("iam:PassRole", role, context)).values()
    assert found.document() == {
        "Sid": "HandRoleToEc2",
        "Effect": "Allow",
        "Action": "iam:PassRole",
        "Resource": "arn:aws:iam::*:role/chirp-*",
        "Condition": {"StringEquals": context},
    }


def test_only_the_managed_policy_that_was_attached_may_be() -> None:
    role, monitoring = f"arn:aws:iam::{A}:role/chirp-db", "arn:aws:iam::aws:policy/service-role/Monitoring"
    need = Need("iam:AttachRolePolicy", role, {"iam:PolicyARN": monitoring})
    document = policy(statements([need], NAMES))
    admin = Need(
        "iam:AttachRolePolicy", role, {"iam:PolicyARN": "arn:aws:iam::aws:policy/AdministratorAccess"}
    )
    assert denied([need, admin], [document]) == [admin]


def test_every_statement_is_needed() -> None:
    needs = [
        Need("ec2:CreateTags", f"arn:aws:ec2:{R}:vpc/*"),
        Need("ec2:CreateTags", "*"),
        Need("sqs:CreateQueue", f"arn:aws:sqs:{R}:chirp-q"),
    ]
    documents = [policy(statements(needs, NAMES))]
    assert denied(needs, documents) == []
    assert idle(needs, documents) == []
    twice = [
        {
            **documents[0],
            "Statement": [*documents[0]["Statement"], {**documents[0]["Statement"][0], "Sid": "B"}],
        }
    ]
    assert len(idle(needs, twice)) == 2


def test_parts_are_as_long_as_iam_takes_them() -> None:
    many = [
        Statement(f"S{number}", "", tuple(f"sqs:Action{n}" for n in range(50)), ("*",))
        for number in range(20)
    ]
    found = parts(many)
    assert [each.sid for part in found for each in part] == [each.sid for each in many]
    assert len(found) > 2
    assert all(characters(policy(part)) <= MOST_CHARACTERS for part in found)
    with pytest.raises(InputError, match=f"a role can have {MOST_PARTS}"):
        parts(many * 6)


def test_a_statement_that_is_too_long_is_said_in_pieces() -> None:
    resources = tuple(f"arn:aws:sqs:us-east-1:*:chirp-{number}" for number in range(200))
    found = parts([Statement("S", "", ("sqs:CreateQueue",), resources)])
    pieces = [each for part in found for each in part]
    assert [each.sid for each in pieces] == ["SA", "SB"]
    assert tuple(arn for each in pieces for arn in each.resources) == resources


def test_what_aws_asks_for_besides_are_actions_of_iams_with_a_source() -> None:
    assert len(BEYOND) > 40
    for each in BEYOND:
        assert is_action(each.trigger), each.trigger
        assert [action for action in each.actions if not is_action(action)] == [], each.trigger
        assert each.why
        assert each.source


def test_a_later_change_comes_with_what_was_made() -> None:
    function = f"arn:aws:lambda:{R}:function:chirp-api"
    found = with_beyond([Need("lambda:DeleteFunction", function, {"aws:RequestedRegion": "us-east-1"})])
    assert ("lambda:UpdateFunctionCode", function) in {(need.action, need.resource) for need in found}
    group = f"arn:aws:autoscaling:{R}:autoScalingGroup:*:autoScalingGroupName/chirp-web"
    roles = [
        each
        for each in with_beyond([Need("autoscaling:CreateAutoScalingGroup", group)])
        if each.action[:4] == "iam:"
    ]
    assert [dict(each.context)["iam:AWSServiceName"] for each in roles] == ["autoscaling.amazonaws.com"]
