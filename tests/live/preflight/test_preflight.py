"""The preflight against accounts that are played: what will fail is named at once, with what to do."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError

from groma.design import Design, design
from groma.errors import CloudError, ToolMissing
from groma.live.delegation import Internet
from groma.live.embedded import Account
from groma.live.preflight import Look, doctor, preflight
from groma.live.preflight.names import bucket_names
from groma.live.preflight.offers import offers
from groma.live.rehearsal import staged
from groma.live.reporting import Reporter
from groma.live.standing_before import make_guests
from groma.live.target import EmbeddedTarget
from groma.workload import parse
from workloads import designed_example

pytestmark = pytest.mark.slow

CALIFORNIA = "name: first\nblueprint: starter\nregions: [us-west-1]\nalerts: ops@example.com\n"
STANDING = """\
name: shop
blueprint: three-tier
users: {total: 5_000}
kms_key: arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab
network: {vpc: vpc-0a1b2c3d4e5f60718, public_tags: {tier: public}, private_tags: {tier: private}}
application: {image: acme/shop:1.4}
database: {existing: {secret: prod/shop/db, security_group: sg-0a1b2c3d4e5f60718}}
"""
DOMAIN = "name: chirp\nblueprint: three-tier\nusers: {total: 50_000}\ndomain: chirp.acme.dev\n"


@pytest.fixture(scope="module", params=Account)
def played(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[EmbeddedTarget]:
    """A cloud that plays an account, one kind after the other."""
    with staged(request.param, tmp_path_factory.mktemp("played")) as (_, target):
        yield target


def failing(made: Design, target: EmbeddedTarget) -> dict[str, Look]:
    return {look.about: look for look in preflight(made, target).obstacles}


def test_a_new_account_is_told_every_obstacle_at_once(played: EmbeddedTarget) -> None:
    found = failing(designed_example("social-50k"), played)
    young = {"the account's age"} | {
        f"us-east-1: {what}" for what in ("vCPUs", "load balancers", "distributions")
    }
    assert (
        set(found)
        == {
            Account.GROWN: set(),
            Account.NEW: young,
            Account.FREE: {*young, "the account's plan"},
        }[played.account_kind]
    )
    assert all(look.hint for look in found.values())


def test_functions_need_calls_at_once(played: EmbeddedTarget) -> None:
    found = failing(designed_example("social-serverless"), played)
    assert ("us-east-1: calls at once" in found) is played.account_kind.is_young


def test_a_zone_that_the_account_lacks_is_named_with_those_that_it_has(played: EmbeddedTarget) -> None:
    found = failing(design(parse(CALIFORNIA)), played)
    if not played.account_kind.is_young:
        assert found == {}
        return
    zones = found["us-west-1: zones"]
    assert zones.found == "this account has no us-west-1b"
    assert zones.hint == "write `availability_zones: [us-west-1a, us-west-1c]` into the workload"
    instead = design(parse(f"{CALIFORNIA}availability_zones: [us-west-1a, us-west-1c]\n"))
    assert "us-west-1: zones" not in failing(instead, played)


def test_the_region_of_copies_has_to_be_enabled(played: EmbeddedTarget) -> None:
    copied = "name: shop\nblueprint: three-tier\nusers: {total: 50_000}\nregions: [us-west-2]\n"
    made = design(parse(f"{copied}database: {{backups_copied_to: us-east-1}}\n"), reasons=False)
    looks = [each.about for each in offers(played, made.architecture)]
    assert "us-east-1: the region" in looks


def test_names_that_are_taken_are_found(played: EmbeddedTarget) -> None:
    secrets = played.client("secretsmanager", "us-east-1")
    secrets.create_secret(Name="chirp-database", SecretString="a")
    secrets.delete_secret(SecretId="chirp-database", RecoveryWindowInDays=7)
    tag = {"ResourceType": "vpc", "Tags": [{"Key": "Stack", "Value": "chirp"}]}
    vpc = played.client("ec2").create_vpc(CidrBlock="10.9.0.0/16", TagSpecifications=[tag])["Vpc"]["VpcId"]
    try:
        found = failing(designed_example("social-50k"), played)
        assert "chirp-database" in found["us-east-1: secrets of the stack's name"].found
        assert vpc in found["us-east-1: things of the stack's name"].found
        stands = preflight(designed_example("social-50k"), played, stands=True)
        assert not [look for look in stands.obstacles if "stack's name" in look.about]
    finally:
        played.client("ec2").delete_vpc(VpcId=vpc)
        secrets.delete_secret(SecretId="chirp-database", ForceDeleteWithoutRecovery=True)


def test_what_the_file_says_exists_is_there_in_a_rehearsal(played: EmbeddedTarget) -> None:
    steps: list[str] = []
    made, told = design(parse(STANDING)), Reporter(step=steps.append)
    make_guests(made.workload, played, told)
    outcomes = {look.about: look.outcome for look in preflight(made, played).looks}
    assert outcomes["the VPC that exists"] == outcomes["the key that exists"] == "ok"
    assert outcomes["the database that exists"] == "ok"
    assert len(steps) == 3
    make_guests(made.workload, played, told)
    assert len(steps) == 3, "it is there, and is made once"


class Forbidding:
    """AWS, for credentials that may do nothing but say whose they are."""

    name = "aws"

    def account(self) -> str:
        return "123456789012"

    def client(self, service: str, region: str | None = None) -> Any:
        return _Forbidden()


class _Forbidden:
    def __getattr__(self, operation: str) -> Any:
        def refuse(*_: Any, **__: Any) -> Any:
            raise ClientError({"Error": {"Code": "AccessDenied", "Message": ""}}, operation)

        return refuse


class Unreachable(Forbidding):
    """AWS, from a machine without a way to it."""

    def client(self, service: str, region: str | None = None) -> Any:
        raise EndpointConnectionError(endpoint_url="https://ec2.us-east-1.amazonaws.com")


@pytest.mark.parametrize("target", [Forbidding(), Unreachable()])
@pytest.mark.parametrize("name", ["social-50k", "social-serverless", "starter"])
def test_what_it_may_not_ask_it_cannot_tell(name: str, target: Any) -> None:
    found = preflight(designed_example(name), target)
    placeholder = ["the domain chirp.example.com"] if name == "social-serverless" else []
    assert [look.about for look in found.obstacles] == placeholder
    unknown = [look for look in found.looks if look.outcome == "cannot tell"]
    assert len(unknown) > 5
    assert all(look.hint for look in unknown)
    assert f"{len(unknown)} cannot tell" in found.words().lines[0]


def test_without_credentials_it_ends_there() -> None:
    class Nobody(Forbidding):
        def account(self) -> str:
            raise CloudError("AWS does not accept the credentials", where="AWS", hint="run `aws configure`")

    found = preflight(designed_example("starter"), Nobody())
    assert [look.about for look in found.looks] == ["Terraform", "the AWS provider", "credentials"]
    assert found.obstacles[0].hint == "run `aws configure`"
    assert found.document()[2]["outcome"] == "will fail"


def test_a_budget_that_does_not_hold_will_fail(tmp_path: Path) -> None:
    text = "name: first\nblueprint: starter\nregions: [us-east-1]\nbudget_usd_per_month: 1\n"
    found = preflight(design(parse(text)), Forbidding())
    assert [look.about for look in found.obstacles] == ["the bill"]


def test_who_has_no_workload_is_told_of_this_machine() -> None:
    assert [(look.about, look.outcome) for look in doctor().looks] == [
        ("Terraform", "ok"),
        ("the AWS provider", "ok"),
    ]


def test_a_provider_that_cannot_be_had_will_fail(monkeypatch) -> None:
    def nowhere(_: object) -> None:
        raise ToolMissing("no fitting copy is on this disk", where="init", hint="connect to the network")

    monkeypatch.setattr("groma.live.preflight.tools.ensure_provider", nowhere)
    (obstacle,) = doctor().obstacles
    assert (obstacle.about, obstacle.hint) == ("the AWS provider", "connect to the network")


def test_a_bucket_that_is_taken_is_named_before_anything_is_made(played: EmbeddedTarget) -> None:
    made, s3 = designed_example("social-50k"), played.client("s3")
    bucket = f"chirp-site-{played.account()}"
    assert bucket in bucket_names(made.architecture, played.account())
    s3.create_bucket(Bucket=bucket)
    try:
        taken = failing(made, played)["names of buckets"]
        assert (taken.found, "delete the bucket" in taken.hint) == (f"{bucket} is this account's", True)
        assert "names of buckets" not in {look.about for look in preflight(made, played, stands=True).looks}
    finally:
        s3.delete_bucket(Bucket=bucket)


class Answers(Forbidding):
    """AWS, which answers some operations; an exception is raised."""

    def __init__(self, **answers: Any) -> None:
        self.answers = answers

    def client(self, service: str, region: str | None = None) -> Any:
        return _Answering(self.answers)


class _Answering(_Forbidden):
    def __init__(self, answers: dict[str, Any]) -> None:
        self.answers = answers

    def get_paginator(self, operation: str) -> Any:
        answer = getattr(self, operation)
        return SimpleNamespace(paginate=lambda **arguments: [answer(**arguments)])

    def __getattr__(self, operation: str) -> Any:
        if operation not in self.answers:
            return super().__getattr__(operation)
        answer = self.answers[operation]

        def give(**_: Any) -> Any:
            if isinstance(answer, Exception):
                raise answer
            return answer

        return give


def look_at(made: Design, target: Any, about: str, **options: Any) -> Look:
    (look,) = [look for look in preflight(made, target, **options).looks if look.about == about]
    return look


@pytest.mark.parametrize(
    ("status", "outcome", "found"), [(403, "will fail", "another account's"), (404, "ok", "all 2 are free")]
)
def test_a_bucket_of_somebody_else_is_taken(status: int, outcome: str, found: str) -> None:
    refused = ClientError({"Error": {}, "ResponseMetadata": {"HTTPStatusCode": status}}, "HeadBucket")
    target = Answers(list_buckets={"Buckets": [{"Name": "another"}]}, head_bucket=refused)
    look = look_at(designed_example("social-50k"), target, "names of buckets")
    assert look.outcome == outcome
    assert found in look.found


def test_roles_that_services_need_are_there_or_can_be_made() -> None:
    made = designed_example("social-50k")
    services = ["autoscaling", "elasticloadbalancing", "rds"]
    there = [{"Path": f"/aws-service-role/{service}.amazonaws.com/"} for service in services]
    about = "roles of AWS's services"
    assert look_at(made, Answers(list_roles={"Roles": there}), about).outcome == "ok"
    lacking = look_at(made, Answers(list_roles={"Roles": there[:2]}), about)
    assert (lacking.outcome, "rds.amazonaws.com" in lacking.found) == ("cannot tell", True)
    assert lacking.hint == "aws iam create-service-linked-role --aws-service-name rds.amazonaws.com"


@pytest.mark.parametrize(
    ("allowed", "states", "stands", "outcome"),
    [
        (True, [], False, "ok"),
        (False, [], False, "will fail"),
        (None, [], False, "cannot tell"),
        (None, ["ISSUED"], True, "ok"),
        (True, ["PENDING_VALIDATION"], False, "ok"),
        (True, ["PENDING_VALIDATION"], True, "cannot tell"),
        (True, ["VALIDATION_TIMED_OUT"], True, "will fail"),
    ],
)
def test_a_certificate_can_be_issued(
    allowed: bool | None, states: list[str], stands: bool, outcome: str
) -> None:
    listed = [{"DomainName": "chirp.acme.dev", "Status": state} for state in states]
    others = [{"DomainName": "other.acme.dev", "Status": "ISSUED"}]
    target = Answers(list_certificates={"CertificateSummaryList": others + listed})
    internet = Internet(delegated_to=lambda _: None, may_issue=lambda _: allowed)
    look = look_at(design(parse(DOMAIN)), target, "the certificate", internet=internet, stands=stands)
    assert look.outcome == outcome
    assert bool(look.hint) is (outcome != "ok")


def answering(*servers: str) -> Internet:
    """The internet, which says that these servers answer for every zone."""
    return Internet(delegated_to=lambda _: frozenset(servers))


def the_domain(text: str, target: EmbeddedTarget, internet: Internet, *, stands: bool = False) -> Look:
    found = preflight(design(parse(text)), target, internet=internet, stands=stands)
    (look,) = [look for look in found.looks if look.about.startswith("the domain")]
    return look


def test_a_zone_that_exists_is_named_or_it_will_fail(played: EmbeddedTarget) -> None:
    route53 = played.client("route53")
    assert the_domain(DOMAIN, played, answering()).outcome == "cannot tell"
    assert the_domain(DOMAIN, played, answering(), stands=True).outcome == "ok"
    assert "has no zone acme.dev" in the_domain(f"{DOMAIN}zone: acme.dev\n", played, answering()).found
    made = route53.create_hosted_zone(Name="acme.dev", CallerReference="1")
    try:
        second = the_domain(DOMAIN, played, answering())
        assert (second.outcome, second.hint) == (
            "will fail",
            "write `zone: acme.dev` to add the records to it",
        )
        stated = f"{DOMAIN}zone: acme.dev\n"
        astray = the_domain(stated, played, answering("ns1.elsewhere.net"))
        assert astray.outcome == "will fail"
        assert all(server in astray.hint for server in made["DelegationSet"]["NameServers"])
        servers = [server.rstrip(".").lower() for server in made["DelegationSet"]["NameServers"]]
        assert the_domain(stated, played, answering(*servers)).outcome == "ok"
    finally:
        route53.delete_hosted_zone(Id=made["HostedZone"]["Id"])
