"""What the services' public models say of a parameter is asked of each request that changes something."""

from __future__ import annotations

from pathlib import Path

import pytest
from asking import Asking
from botocore.exceptions import ClientError
from botocore.loaders import Loader

from groma.live.embedded.gate import Http
from groma.live.embedded.gate.asked import scope_of
from groma.live.embedded.gate.shapes import _compiled
from groma.live.embedded.routing import SERVICES

TABLE = {
    "TableName": "chirp",
    "KeySchema": [{"AttributeName": "a", "KeyType": "HASH"}],
    "AttributeDefinitions": [{"AttributeName": "a", "AttributeType": "S"}],
}
TAG = {"Key": "a;b", "Value": "c"}


@pytest.mark.parametrize(
    ("service", "operation", "parameters", "said"),
    [
        ("kms", "create_alias", {"AliasName": "alias/a"}, "'targetKeyId' failed to satisfy constraint"),
        ("acm", "request_certificate", {"DomainName": "a b"}, "regular expression pattern"),
        ("logs", "create_log_group", {"logGroupName": "a" * 513}, "length less than or equal to 512"),
        ("lambda", "put_function_concurrency", {"FunctionName": "a", "ReservedConcurrentExecutions": -1},
         "value greater than or equal to 0"),
        ("dynamodb", "create_table", TABLE | {"BillingMode": "FREE"}, "enum value set"),
        ("iam", "create_role", {"RoleName": "a" * 65, "AssumeRolePolicyDocument": "{}"}, "equal to 64"),
        ("route53", "create_hosted_zone", {"Name": "acme.dev", "CallerReference": ""}, "or equal to 1"),
        ("wafv2", "tag_resource", {"ResourceARN": "arn:aws:wafv2:us-east-1:1:a", "Tags": [TAG]},
         "regular expression pattern"),
    ],
)  # fmt: skip
def test_what_a_model_does_not_allow_is_refused(
    service: str, operation: str, parameters: dict[str, object], said: str, tmp_path: Path
) -> None:
    with pytest.raises(ClientError, match=said):
        Asking(tmp_path).ask(service, operation, **parameters)


def test_what_only_looks_is_not_judged(tmp_path: Path) -> None:
    asking = Asking(tmp_path)
    assert asking.refused("rds", "describe_db_instances", DBInstanceIdentifier="--") == ""
    assert not asking.gate.journal.exists()


def test_every_service_of_the_embedded_cloud_is_known_by_the_name_it_signs_with() -> None:
    for service in SERVICES:
        metadata = Loader().load_service_model(service.client, "service-2")["metadata"]
        signed = metadata.get("signingName") or metadata["endpointPrefix"]
        path = {"apigatewayv2": "/v2/apis", "s3control": "/v20180820/tags"}.get(service.client, "/")
        credential = (
            f"AWS4-HMAC-SHA256 Credential=1/20261128/eu-west-1/{signed}/aws4_request, SignedHeaders=host"
        )
        http = Http("POST", path, "", {"authorization": credential})
        assert scope_of(http) == (service.client, "eu-west-1")


def test_every_pattern_of_their_models_is_understood() -> None:
    patterns = {
        shape["pattern"]
        for service in SERVICES
        for shape in Loader().load_service_model(service.client, "service-2")["shapes"].values()
        if "pattern" in shape
    }
    assert len(patterns) > 300
    assert all(_compiled(pattern) is not None for pattern in patterns)
