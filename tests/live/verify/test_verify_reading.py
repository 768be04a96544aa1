"""Reading from AWS: every page, nothing twice, and errors told apart."""

from __future__ import annotations

from typing import Any

import pytest
from fake_cloud import FakeClients, failure

from groma.errors import CloudError
from groma.live.verify.reading import Deployed, Reading


def reading(answer: Any, **outputs: object) -> Reading:
    return Reading(Deployed(outputs, FakeClients({"ec2.describe_vpcs": answer})), "us-east-1")


def refusing(error: Exception) -> Reading:
    def refuse(**_: object) -> dict[str, object]:
        raise error

    return reading(refuse)


@pytest.mark.parametrize(
    "code",
    [
        "InvalidVpcID.NotFound",
        "InvalidLaunchTemplateId.VersionNotFound",
        "InvalidLaunchTemplateName.NotFoundException",
        "DBInstanceNotFound",
        "LoadBalancerNotFound",
        "NoSuchBucket",
        "NoSuchDistribution",
        "NotFound",
        "NotFoundException",
        "ResourceNotFoundException",
        "ServerSideEncryptionConfigurationNotFoundError",
        "404",
    ],
)
def test_what_does_not_exist_is_none(code: str) -> None:
    assert refusing(failure(code)).ask("ec2", "describe_vpcs") is None
    assert refusing(failure(code)).all("ec2", "describe_vpcs", "Vpcs") == ()
    assert refusing(failure(code)).first("ec2", "describe_vpcs", "Vpcs") is None


@pytest.mark.parametrize(
    ("code", "hint"),
    [
        ("UnauthorizedOperation", "read"),
        ("AccessDeniedException", "read"),
        ("ExpiredToken", "sign in"),
        ("InvalidClientTokenId", "sign in"),
        ("ThrottlingException", "minute"),
        ("InternalError", "again"),
    ],
)
def test_any_other_refusal_is_an_error_that_says_what_to_do(code: str, hint: str) -> None:
    with pytest.raises(CloudError, match=code) as error:
        refusing(failure(code)).ask("ec2", "describe_vpcs")
    assert error.value.where == "ec2 describe_vpcs in us-east-1"
    assert hint in error.value.hint


def test_no_credentials_and_no_connection_are_errors_that_say_what_to_do() -> None:
    from botocore.exceptions import EndpointConnectionError, NoCredentialsError

    with pytest.raises(CloudError) as error:
        refusing(NoCredentialsError()).ask("ec2", "describe_vpcs")
    assert "AWS_PROFILE" in error.value.hint
    with pytest.raises(CloudError) as error:
        refusing(EndpointConnectionError(endpoint_url="http://127.0.0.1:1")).ask("ec2", "describe_vpcs")
    assert "network" in error.value.hint


def test_the_same_question_is_asked_once() -> None:
    clients = FakeClients({"ec2.describe_vpcs": lambda **_: {"Vpcs": [{"VpcId": "vpc-1"}]}})
    read = Reading(Deployed({}, clients), "eu-central-1")
    for _ in range(2):
        assert read.first("ec2", "describe_vpcs", "Vpcs", VpcIds=["vpc-1"]) == {"VpcId": "vpc-1"}
    read.ask("ec2", "describe_vpcs", VpcIds=["vpc-2"])
    assert len(clients.asked) == 2
    assert clients.regions == {"ec2": "eu-central-1"}


def test_all_pages_are_read() -> None:
    import boto3
    from botocore.stub import Stubber

    client = boto3.client(
        "cloudwatch",
        "us-east-1",
        aws_access_key_id="x",
        aws_secret_access_key="x",
        endpoint_url="http://127.0.0.1:1",
    )

    class Clients:
        def client(self, service: str, region: str | None = None) -> Any:
            return client

    with Stubber(client) as stub:
        first, second = {"AlarmNamePrefix": "chirp-"}, {"AlarmNamePrefix": "chirp-", "NextToken": "more"}
        page = {"MetricAlarms": [{"AlarmName": "one"}], "NextToken": "more"}
        stub.add_response("describe_alarms", page, first)
        stub.add_response("describe_alarms", {"MetricAlarms": [{"AlarmName": "two"}]}, second)
        read = Reading(Deployed({}, Clients()), "us-east-1")
        rows = read.all("cloudwatch", "describe_alarms", "MetricAlarms", AlarmNamePrefix="chirp-")
    assert [row["AlarmName"] for row in rows] == ["one", "two"]


def test_an_output_of_the_wrong_kind_has_no_value() -> None:
    read = reading(lambda: {}, vpc_id=None, nat_gateway_ids="nat-1", topic={"a": "b"})
    assert read.output("vpc_id") is None
    assert read.output("topic") is None
    assert read.output("never") is None
    assert read.outputs("nat_gateway_ids") == {}
    assert read.outputs("topic") == {"a": "b"}
