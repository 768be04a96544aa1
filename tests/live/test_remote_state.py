"""The bucket for Terraform's state: made safely, and nobody else's bucket touched."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from groma.errors import CloudError, InputError
from groma.live.embedded import Emulator, Endpoints
from groma.live.embedded.access.credentials import new_credentials
from groma.live.remote_state import StateBucket, backend_override, make_bucket, read, ready
from groma.live.stack import Stack
from groma.live.target import EmbeddedTarget, TargetName
from groma.terraform import render
from groma.terraform.backend import backend
from groma.workload import State, parse

STATE = State(bucket="example-team-state", region="us-west-2")
OWNER = "123456789012"


@dataclass
class InMoto:
    """An AWS account in this process."""

    name: TargetName = "aws"
    number: str = OWNER

    def open(self) -> None: ...

    def settle(self) -> None: ...

    def environment(self) -> dict[str, str]:
        return {}

    def overrides(self, aliases: object = ()) -> dict[str, str]:
        return {}

    def account(self) -> str:
        return self.number

    def client(self, service: str, region: str | None = None) -> Any:
        import boto3

        return boto3.client(service, region_name=region)  # type: ignore[call-overload]


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[InMoto]:
    from moto import mock_aws

    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, OWNER)
    with mock_aws():
        yield InMoto()


@pytest.fixture
def s3(aws: InMoto) -> Any:
    return aws.client("s3", STATE.region)


def create(s3: Any, region: str = STATE.region) -> None:
    s3.create_bucket(Bucket=STATE.bucket, CreateBucketConfiguration={"LocationConstraint": region})


def settings(s3: Any) -> dict[str, Any]:
    bucket = {"Bucket": STATE.bucket}
    rules = s3.get_bucket_encryption(**bucket)["ServerSideEncryptionConfiguration"]["Rules"]
    return {
        "versions": s3.get_bucket_versioning(**bucket).get("Status"),
        "encryption": rules[0]["ApplyServerSideEncryptionByDefault"]["SSEAlgorithm"],
        "public": set(s3.get_public_access_block(**bucket)["PublicAccessBlockConfiguration"].values()),
        "policy": json.loads(s3.get_bucket_policy(**bucket)["Policy"])["Statement"][0]["Sid"],
        "tags": {tag["Key"]: tag["Value"] for tag in s3.get_bucket_tagging(**bucket)["TagSet"]},
    }


SAFE = {
    "versions": "Enabled",
    "encryption": "AES256",
    "public": {True},
    "policy": "OnlyOverTls",
    "tags": {"ManagedBy": "groma", "Purpose": "terraform-state"},
}


def test_a_bucket_is_made_in_its_region_and_safe(aws: InMoto, s3: Any) -> None:
    assert make_bucket(STATE, aws) == StateBucket(STATE.bucket, "us-west-2", made=True, ours=True)
    assert s3.get_bucket_location(Bucket=STATE.bucket)["LocationConstraint"] == "us-west-2"
    assert settings(s3) == SAFE
    ready(STATE, aws)


def test_again_it_puts_its_own_bucket_right_and_keeps_what_is_in_it(aws: InMoto, s3: Any) -> None:
    make_bucket(STATE, aws)
    s3.delete_bucket_policy(Bucket=STATE.bucket)  # moto would refuse everything, by TLS or not
    s3.put_object(Bucket=STATE.bucket, Key="first/terraform.tfstate", Body=b"{}")
    s3.delete_public_access_block(Bucket=STATE.bucket)
    assert make_bucket(STATE, aws) == StateBucket(STATE.bucket, "us-west-2", made=False, ours=True)
    assert settings(s3) == SAFE
    s3.delete_bucket_policy(Bucket=STATE.bucket)
    assert s3.get_object(Bucket=STATE.bucket, Key="first/terraform.tfstate")["Body"].read() == b"{}"


def test_a_kill_before_the_tags_is_completed(aws: InMoto, s3: Any) -> None:
    create(s3)
    assert make_bucket(STATE, aws).ours
    assert settings(s3) == SAFE


@pytest.mark.parametrize("sign_of_use", ["tags", "objects", "policy"])
def test_a_bucket_used_for_something_else_is_not_touched(aws: InMoto, s3: Any, sign_of_use: str) -> None:
    create(s3)
    if sign_of_use == "tags":
        s3.put_bucket_tagging(Bucket=STATE.bucket, Tagging={"TagSet": [{"Key": "team", "Value": "data"}]})
    elif sign_of_use == "objects":
        s3.put_object(Bucket=STATE.bucket, Key="data", Body=b"1")
    else:
        policy = {"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Principal": "*"}]}
        s3.put_bucket_policy(Bucket=STATE.bucket, Policy=json.dumps(policy))
    with pytest.raises(InputError, match="not Groma's and not versioned") as caught:
        make_bucket(STATE, aws)
    assert "changes no bucket that others use" in caught.value.hint
    assert s3.get_bucket_versioning(Bucket=STATE.bucket).get("Status") is None
    with pytest.raises(ClientError):
        s3.get_public_access_block(Bucket=STATE.bucket)


def test_a_bucket_that_somebody_set_up_as_safely_is_used_as_it_is(aws: InMoto, s3: Any) -> None:
    make_bucket(STATE, aws)
    own = {"TagSet": [{"Key": "team", "Value": "platform"}]}
    s3.put_bucket_tagging(Bucket=STATE.bucket, Tagging=own)
    assert make_bucket(STATE, aws) == StateBucket(STATE.bucket, "us-west-2", made=False, ours=False)
    assert s3.get_bucket_tagging(Bucket=STATE.bucket)["TagSet"] == own["TagSet"]


def test_a_bucket_in_another_region(aws: InMoto, s3: Any) -> None:
    make_bucket(STATE, aws)
    with pytest.raises(InputError, match="stands in us-west-2, not in eu-west-1"):
        make_bucket(State(bucket=STATE.bucket, region="eu-west-1"), aws)


class Refusing:
    """An S3 client that answers HEAD with an error."""

    def __init__(self, code: str) -> None:
        self.code = code

    def head_bucket(self, **arguments: object) -> None:
        assert arguments == {"Bucket": STATE.bucket, "ExpectedBucketOwner": OWNER}
        raise ClientError({"Error": {"Code": self.code, "Message": "no"}}, "HeadBucket")

    def create_bucket(self, **arguments: object) -> None:
        raise ClientError({"Error": {"Code": "BucketAlreadyExists", "Message": "no"}}, "CreateBucket")


@pytest.mark.parametrize(
    ("code", "kind", "words"),
    [
        ("403", InputError, "belongs to another account"),
        ("404", InputError, "belongs to another account"),
        ("301", InputError, "stands in another region"),
        ("503", CloudError, "no"),
    ],
)
def test_somebody_elses_bucket_and_other_answers(
    monkeypatch: pytest.MonkeyPatch, code: str, kind: type[Exception], words: str
) -> None:
    target = InMoto()
    monkeypatch.setattr(target, "client", lambda service, region=None: Refusing(code))
    with pytest.raises(kind, match=words):
        make_bucket(STATE, target)


def test_provisioning_in_aws_needs_the_bucket(aws: InMoto) -> None:
    with pytest.raises(InputError, match="there is no bucket example-team-state") as caught:
        ready(STATE, aws)
    assert "groma init --state --target aws" in caught.value.hint


def test_the_backend_is_encrypted_and_locked() -> None:
    text = backend(STATE, "first")
    assert text == (
        "terraform {\n"
        '  backend "s3" {\n'
        '    bucket       = "example-team-state"\n'
        '    key          = "first/terraform.tfstate"\n'
        '    region       = "us-west-2"\n'
        "    encrypt      = true\n"
        "    use_lockfile = true\n"
        "  }\n"
        "}\n"
    )


def test_only_the_embedded_cloud_overrides_the_backend(tmp_path: Path) -> None:
    urls = {emulator: f"http://127.0.0.1:{4000 + n}" for n, emulator in enumerate(Emulator)}
    embedded = EmbeddedTarget(tmp_path, _endpoints=Endpoints(urls, new_credentials()))
    text = backend_override(STATE, "first", embedded)
    assert "http://127.0.0.1:" in text
    assert "use_path_style" in text
    assert 'key          = "first/terraform.tfstate"' in text
    assert backend_override(STATE, "first", InMoto()) == ""


def test_a_state_is_read_where_the_backend_keeps_it(aws: InMoto, s3: Any) -> None:
    assert read(STATE, "first", aws) is None, "there is no bucket"
    create(s3)
    assert read(STATE, "first", aws) is None, "there is no state"
    s3.put_object(Bucket=STATE.bucket, Key="first/terraform.tfstate", Body=b"kept")
    assert read(STATE, "first", aws) == b"kept"
    assert read(STATE, "second", aws) is None


def test_a_root_has_a_backend_only_where_the_workload_names_one() -> None:
    from groma.design import design

    text = "name: first\nblueprint: starter\n"
    plain = design(parse(text))
    stated = design(parse(text + "state: {bucket: example-team-state}\n"))
    assert "backend.tf" not in render(plain.architecture, plain.workload.state)
    root = render(stated.architecture, stated.workload.state)
    assert 'region       = "us-east-1"' in root["backend.tf"]


def test_a_stack_does_not_move_its_state(tmp_path: Path) -> None:
    stack = Stack("first", "embedded", tmp_path)
    stack.remember(["us-east-1"], "starter", OWNER, STATE)
    assert stack.state() == STATE
    stack.remember(["us-east-1"], "starter", OWNER, STATE)
    with pytest.raises(InputError, match="kept in the bucket example-team-state in us-west-2, not beside"):
        stack.remember(["us-east-1"], "starter", OWNER)
    other = Stack("second", "embedded", tmp_path)
    other.remember(["us-east-1"], "starter", OWNER)
    assert other.state() is None
    with pytest.raises(InputError, match="kept beside its root, not in the bucket"):
        other.remember(["us-east-1"], "starter", OWNER, STATE)
