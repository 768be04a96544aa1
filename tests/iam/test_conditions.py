"""AWS's worked examples of conditions, wildcards and variables, each by the page that it stands on."""

from __future__ import annotations

from typing import Any

import pytest

from groma.iam import Policies, PolicyError, Request, evaluate, parse

USER = "arn:aws:iam::123456789012:user/anna"
OPERATORS = "reference_policies_elements_condition_operators.html"
SETS = "reference_policies_condition-single-vs-multi-valued-context-keys.html"
ATTRIBUTES = ["PostDateTime", "Message", "Tags"]
INSTANCES = ["t1.*", "t2.*", "m3.*"]
ARN_PATTERN = "arn:aws:someservice:*:111122223333:finance/*"
ARN_GIVEN = "arn:aws:someservice:us-east-2:999999999999:store/abc:111122223333:finance/document.txt"

CASES: list[tuple[str, dict[str, Any], dict[str, Any], bool]] = [
    (OPERATORS, {"StringEquals": {"aws:PrincipalTag/job-category": "iamuser-admin"}},
     {"aws:PrincipalTag/job-category": "iamuser-admin"}, True),
    (OPERATORS, {"StringEquals": {"aws:PrincipalTag/job-category": "iamuser-admin"}}, {}, False),
    (OPERATORS, {"StringEquals": {"aws:PrincipalTag/job-category": "iamuser-admin"}},
     {"aws:PrincipalTag/job-category": "IamUser-Admin"}, False),
    (OPERATORS, {"StringEqualsIgnoreCase": {"aws:PrincipalTag/job-category": "iamuser-admin"}},
     {"aws:PrincipalTag/job-category": "IamUser-Admin"}, True),
    (OPERATORS, {"StringNotEquals": {"aws:PrincipalTag/job-category": "iamuser-admin"}}, {}, True),
    (OPERATORS, {"StringLike": {"s3:prefix": ["", "home/", "home/${aws:username}/*"]}},
     {"s3:prefix": "home/anna/x", "aws:username": "anna"}, True),
    (OPERATORS, {"StringLike": {"s3:prefix": ["", "home/", "home/${aws:username}/*"]}},
     {"s3:prefix": "home/bob/x", "aws:username": "anna"}, False),
    (OPERATORS, {"StringNotLike": {"aws:userId": ["AROA*:*"]}}, {"aws:userId": "AIDA1"}, True),
    (OPERATORS, {"NumericLessThanEquals": {"s3:max-keys": "10"}}, {"s3:max-keys": "10"}, True),
    (OPERATORS, {"NumericLessThanEquals": {"s3:max-keys": "10"}}, {"s3:max-keys": "11"}, False),
    (OPERATORS, {"NumericLessThanEquals": {"s3:max-keys": "10"}}, {}, False),
    (OPERATORS, {"NumericNotEquals": {"s3:max-keys": "10"}}, {"s3:max-keys": "10.0"}, False),
    (OPERATORS, {"DateGreaterThan": {"aws:TokenIssueTime": "2020-01-01T00:00:01Z"}},
     {"aws:TokenIssueTime": "2020-06-01T00:00:00Z"}, True),
    (OPERATORS, {"DateGreaterThan": {"aws:TokenIssueTime": "2020-01-01T00:00:01Z"}},
     {"aws:TokenIssueTime": "1577836800"}, False),
    (OPERATORS, {"DateGreaterThan": {"aws:TokenIssueTime": "2020-01-01T00:00:01Z"}}, {}, False),
    (OPERATORS, {"Bool": {"aws:SecureTransport": "false"}}, {"aws:SecureTransport": "true"}, False),
    (OPERATORS, {"Bool": {"aws:SecureTransport": False}}, {"aws:SecureTransport": "false"}, True),
    (OPERATORS, {"BinaryEquals": {"key": "QmluYXJ5VmFsdWVJbkJhc2U2NA=="}},
     {"key": "QmluYXJ5VmFsdWVJbkJhc2U2NA=="}, True),
    (OPERATORS, {"BinaryEquals": {"key": "QmluYXJ5VmFsdWVJbkJhc2U2NA=="}}, {"key": "QUJD"}, False),
    (OPERATORS, {"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}}, {"aws:SourceIp": "203.0.113.255"}, True),
    (OPERATORS, {"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}}, {"aws:SourceIp": "203.0.114.0"}, False),
    (OPERATORS, {"IpAddress": {"aws:SourceIp": ["203.0.113.0/24", "2001:DB8:1234:5678::/64"]}},
     {"aws:SourceIp": "2001:db8:1234:5678::1"}, True),
    (OPERATORS, {"IpAddress": {"aws:SourceIp": "203.0.113.7"}}, {"aws:SourceIp": "203.0.113.7"}, True),
    (OPERATORS, {"NotIpAddress": {"aws:SourceIp": "203.0.113.0/24"}}, {"aws:SourceIp": "203.0.113.1"}, False),
    (OPERATORS, {"StringLike": {"aws:SourceArn": ARN_PATTERN}}, {"aws:SourceArn": ARN_GIVEN}, True),
    (OPERATORS, {"ArnLike": {"aws:SourceArn": ARN_PATTERN}}, {"aws:SourceArn": ARN_GIVEN}, False),
    (OPERATORS, {"ArnEquals": {"aws:SourceArn": "arn:aws:sns:REGION:123456789012:TOPIC-ID"}}, {}, False),
    (OPERATORS, {"ArnEquals": {"aws:SourceArn": "arn:aws:sns:*:123456789012:TOPIC-ID"}},
     {"aws:SourceArn": "arn:aws:sns:us-east-1:123456789012:TOPIC-ID"}, True),
    (OPERATORS, {"ArnNotLike": {"aws:SourceArn": ARN_PATTERN}}, {"aws:SourceArn": ARN_GIVEN}, True),
    (OPERATORS, {"StringLike": {"ec2:InstanceType": INSTANCES}}, {}, False),
    (OPERATORS, {"StringLikeIfExists": {"ec2:InstanceType": INSTANCES}}, {}, True),
    (OPERATORS, {"StringLikeIfExists": {"ec2:InstanceType": INSTANCES}},
     {"ec2:InstanceType": "t2.micro"}, True),
    (OPERATORS, {"StringLikeIfExists": {"ec2:InstanceType": INSTANCES}},
     {"ec2:InstanceType": "m5.large"}, False),
    (OPERATORS, {"Null": {"aws:TokenIssueTime": "true"}}, {}, True),
    (OPERATORS, {"Null": {"aws:TokenIssueTime": "true"}}, {"aws:TokenIssueTime": "2026-11-28T00:00Z"}, False),
    (OPERATORS, {"Null": {"aws:TokenIssueTime": "false"}}, {}, False),
    (SETS, {"ForAllValues:StringLike": {"dynamodb:Attributes": ATTRIBUTES}},
     {"dynamodb:Attributes": ("PostDateTime", "Message")}, True),
    (SETS, {"ForAllValues:StringLike": {"dynamodb:Attributes": ATTRIBUTES}},
     {"dynamodb:Attributes": ("PostDateTime", "UserName")}, False),
    (SETS, {"ForAllValues:StringLike": {"dynamodb:Attributes": ATTRIBUTES}}, {}, True),
    (SETS, {"ForAnyValue:StringLike": {"dynamodb:Attributes": ["ID", "PostDateTime"]}},
     {"dynamodb:Attributes": ("UserName", "Message", "PostDateTime")}, True),
    (SETS, {"ForAnyValue:StringLike": {"dynamodb:Attributes": ["ID", "PostDateTime"]}},
     {"dynamodb:Attributes": ("UserName",)}, False),
    (SETS, {"ForAnyValue:StringLike": {"dynamodb:Attributes": ["ID", "PostDateTime"]}}, {}, False),
    (SETS, {"ForAnyValue:StringNotEquals": {"aws:TagKeys": ["stack"]}}, {}, False),
    (SETS, {"ForAllValues:StringEquals": {"aws:TagKeys": ["environment", "webserver"]}},
     {"aws:TagKeys": ("environment", "cost-center")}, False),
]  # fmt: skip


@pytest.mark.parametrize(("page", "condition", "context", "met"), CASES)
def test_conditions(page: str, condition: Any, context: dict[str, Any], met: bool) -> None:
    row = {"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": condition}
    policies = Policies((parse({"Version": "2012-10-17", "Statement": row}),))
    assert evaluate(Request("any:Action", "*", USER, context), policies).allowed == met, page


def test_conditions_are_all_to_be_met() -> None:
    """…/reference_policies_condition-logic-multiple-context-keys-or-values.html."""
    condition = {
        "StringEquals": {"aws:PrincipalTag/department": ["finance", "hr", "legal"]},
        "ArnLike": {"aws:PrincipalArn": "arn:aws:iam::222222222222:user/*"},
    }
    row = {"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": condition}
    policies = Policies((parse({"Version": "2012-10-17", "Statement": row}),))

    def allowed(department: str, account: str) -> bool:
        context = {
            "aws:PrincipalTag/department": department,
            "aws:PrincipalArn": f"arn:aws:iam::{account}:user/anna",
        }
        return evaluate(Request("any:Action", "*", USER, context), policies).allowed

    assert allowed("hr", "222222222222")
    assert not allowed("it", "222222222222")
    assert not allowed("hr", "333333333333")


def test_an_operator_that_iam_lacks_is_an_error() -> None:
    row = {"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {"StringIs": {"a:b": "c"}}}
    policies = Policies((parse({"Version": "2012-10-17", "Statement": row}),))
    with pytest.raises(PolicyError, match="StringIs"):
        evaluate(Request("any:Action", "*", USER), policies)


RESOURCES = "reference_policies_elements_resource.html"
VARIABLES = "reference_policies_variables.html"


@pytest.mark.parametrize(
    ("page", "pattern", "resource", "context", "meant"),
    [
        (RESOURCES, "arn:aws:iam::123456789012:user/Bob", "arn:aws:iam::123456789012:user/Bob", {}, True),
        (RESOURCES, "arn:aws:iam::123456789012:user/Bob", "arn:aws:iam::123456789012:user/bob", {}, False),
        (RESOURCES, "arn:aws:iam::123456789012:user/accounting/*",
         "arn:aws:iam::123456789012:user/accounting/a/b", {}, True),
        (RESOURCES, "arn:aws:sqs:*:*:queue?", "arn:aws:sqs:us-east-2:account:queue1", {}, True),
        (RESOURCES, "arn:aws:sqs:us-*-2:1111:q", "arn:aws:sqs:us-east:1:x-2:1111:q", {}, False),
        (RESOURCES, "arn:aws:s3:::amzn-s3-demo-bucket/*/test/*",
         "arn:aws:s3:::amzn-s3-demo-bucket/1/2/test/object.jpg", {}, True),
        (RESOURCES, "arn:aws:s3*", "arn:aws:s3:::amzn-s3-demo-bucket", {}, True),
        (VARIABLES, "arn:aws:s3:::amzn-s3-demo-bucket/${aws:username}/*",
         "arn:aws:s3:::amzn-s3-demo-bucket/anna/x", {"aws:username": "anna"}, True),
        (VARIABLES, "arn:aws:s3:::amzn-s3-demo-bucket/${aws:username}/*",
         "arn:aws:s3:::amzn-s3-demo-bucket/bob/x", {"aws:username": "anna"}, False),
        (VARIABLES, "arn:aws:s3:::amzn-s3-demo-bucket/${aws:username}/*",
         "arn:aws:s3:::amzn-s3-demo-bucket/anyone/x", {}, False),
        (VARIABLES, "arn:aws:s3:::amzn-s3-demo-bucket-${aws:PrincipalTag/team, 'company-wide'}",
         "arn:aws:s3:::amzn-s3-demo-bucket-company-wide", {}, True),
        (VARIABLES, "arn:aws:s3:::amzn-s3-demo-bucket-${aws:PrincipalTag/team, 'company-wide'}",
         "arn:aws:s3:::amzn-s3-demo-bucket-yellow", {"aws:PrincipalTag/team": "yellow"}, True),
        (VARIABLES, "arn:aws:s3:::b/${aws:username}", "arn:aws:s3:::b/any", {"aws:username": "*"}, False),
        (VARIABLES, "arn:aws:s3:::b/${*}", "arn:aws:s3:::b/*", {}, True),
        (VARIABLES, "arn:aws:s3:::b/${*}", "arn:aws:s3:::b/x", {}, False),
    ],
)  # fmt: skip
def test_resources(page: str, pattern: str, resource: str, context: dict[str, str], meant: bool) -> None:
    row = {"Effect": "Allow", "Action": "*", "Resource": pattern}
    policies = Policies((parse({"Version": "2012-10-17", "Statement": row}),))
    assert evaluate(Request("any:Action", resource, USER, context), policies).allowed == meant, page


def test_before_version_2012_10_17_there_are_no_variables() -> None:
    """…/reference_policies_elements_version.html."""
    row = {"Effect": "Allow", "Action": "*", "Resource": "arn:aws:s3:::b/${aws:username}"}
    policies = Policies((parse({"Version": "2008-10-17", "Statement": row}),))

    def allowed(key: str) -> bool:
        asked = Request("s3:GetObject", f"arn:aws:s3:::b/{key}", USER, {"aws:username": "anna"})
        return evaluate(asked, policies).allowed

    assert not allowed("anna")
    assert allowed("${aws:username}")
