"""The starter's whole life in two regions of the embedded cloud, with its state in a bucket.

All but the bucket is done under the least policy for it, which lets roles be made only with a boundary.
One stack serves all tests of this file, which run in their order.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from attached import attached_on_path
from deploying import derived, held_to, kept, prove, refused, regenerating, unjudged, without
from groma.design import design
from groma.iam import Policies, Request, evaluate, parse
from groma.live.embedded import ACCOUNT_ID
from groma.live.leftovers import leftovers, names_in
from groma.live.permissions.statements import DEPLOYER
from groma.live.preflight import preflight
from groma.live.provision import up
from groma.live.stack import Stack
from groma.live.target import EmbeddedTarget
from groma.live.toolchain import ensure_engine
from groma.workload import load
from passing_time import confirm, publish, quiet_values, turns
from standing import STANDING
from workloads import ROOT

pytestmark = pytest.mark.slow

POLICY = "permissions-starter.json"
BUCKET = "example-team-state"
BOUNDARY = f"arn:aws:iam::{ACCOUNT_ID}:policy/first-boundary"
EVERYTHING = '{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}'
REGIONS = ("us-east-1", "us-west-2")


class Starter:
    """The example with a bucket for its state, in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.file = folder / "groma.yaml"
        text = (ROOT / "examples" / "starter.yaml").read_text()
        self.file.write_text(f"{text}state: {{bucket: {BUCKET}, region: us-east-1}}\n")
        self.target = EmbeddedTarget(folder / ".groma" / "cloud")
        self.stack = Stack("first", "embedded", folder / ".groma")

    def groma(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """One command of Groma on the file of this folder."""
        command = [sys.executable, "-m", "groma.cli", *arguments]
        return subprocess.run(command, cwd=self.folder, capture_output=True, text=True, timeout=600)

    def terraform(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Terraform by hand in the root, with nothing in the environment."""
        bare = {name: os.environ[name] for name in ("PATH", "HOME", "GOGC")}
        command = [str(ensure_engine().path), *arguments]
        return subprocess.run(command, cwd=self.stack.terraform, capture_output=True, text=True, env=bare)

    def client(self, service: str, region: str = "us-east-1") -> Any:
        """A boto3 client of somebody who goes behind Terraform's back."""
        self.target.open()
        return self.target.as_root().client(service, region)

    def instance(self, region: str) -> str:
        """The server's id, by Terraform's outputs."""
        outputs = json.loads(self.terraform("output", "-json").stdout)
        return str(outputs[f"instance_id_{region.replace('-', '_')}"]["value"])

    def wrong(self) -> dict[str, str]:
        """What verify finds now that is not as designed."""
        found = json.loads(self.groma("verify", "--json").stdout)
        return {finding["id"]: finding["actual"] for finding in found if finding["ok"] is False}


@pytest.fixture(scope="module")
def starter(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Starter]:
    made = Starter(tmp_path_factory.mktemp("starter"))
    try:
        with attached_on_path():
            yield made
    finally:
        made.target.cloud.stop(discard=True)


def test_the_bucket_for_the_state_is_made_once(starter: Starter) -> None:
    first, again = (starter.groma("init", "--state", "groma.yaml") for _ in range(2))
    assert first.returncode == again.returncode == 0, first.stderr + again.stderr
    assert "on embedded: made" in first.stdout
    assert "on embedded: as it should be" in again.stdout


def test_without_one_statement_up_is_refused_as_on_aws(
    starter: Starter, request: pytest.FixtureRequest
) -> None:
    cloud = starter.target.cloud
    starter.client("iam").create_policy(PolicyName="first-boundary", PolicyDocument=EVERYTHING)
    if not regenerating(request):
        held_to(cloud, without(kept(POLICY), "ReadParameters"))
        done = starter.groma("up", "--boundary", BOUNDARY)
        said = " ".join(done.stderr.split())
        assert done.returncode == 3
        assert (
            "assumed-role/deployer/groma is not authorized to perform: ssm:GetParameter on resource" in said
        )
        assert (
            "[Groma: the deployer: no statement of an identity-based policy allows ssm:GetParameter" in said
        )
    held_to(cloud, None if regenerating(request) else kept(POLICY))


def test_up_makes_both_regions_as_designed(starter: Starter) -> None:
    done = starter.groma("up", "--boundary", BOUNDARY, "--json")
    assert done.returncode == 0, done.stderr
    findings = json.loads(done.stdout)["findings"]
    assert [finding for finding in findings if finding["ok"] is False] == []
    waits = {finding["id"] for finding in findings if finding["ok"] is None}
    mails = ("mail.subscription", "mail.tickets-subscription")
    assert waits == {f"{region}/{mail}" for region in REGIONS for mail in mails}, "nobody has confirmed them"
    iam = starter.client("iam")
    roles = [iam.get_role(RoleName=each["RoleName"])["Role"] for each in iam.list_roles()["Roles"]]
    assert len(roles) == len(REGIONS)
    assert {role["PermissionsBoundary"]["PermissionsBoundaryArn"] for role in roles} == {BOUNDARY}
    for region in REGIONS:
        assert len([finding for finding in findings if finding["id"].startswith(f"{region}/")]) > 20
        assert any(finding["what"].startswith(f"{region}: volume") for finding in findings)


def test_the_state_lies_in_the_bucket_and_nowhere_else(starter: Starter) -> None:
    held = starter.client("s3").list_objects_v2(Bucket=BUCKET)["Contents"]
    assert [found["Key"] for found in held] == ["first/terraform.tfstate"]
    assert not (starter.stack.terraform / "terraform.tfstate").exists()


def test_status_tells_what_runs_in_each_region(starter: Starter) -> None:
    status = json.loads(starter.groma("status", "--drift", "--json").stdout)
    assert {line["element"]: line["state"] for line in status["running"]} == {
        f"{region}: EC2 instance": "running" for region in REGIONS
    }
    assert sum(status["alarms"].values()) == 10
    assert status["drift"] == []


def test_each_change_behind_its_back_is_found(starter: Starter) -> None:
    instance, bucket = starter.instance("us-west-2"), "first-usw2-us-west-2-123456789012"
    ec2, s3 = starter.client("ec2", "us-west-2"), starter.client("s3", "us-west-2")
    ec2.stop_instances(InstanceIds=[instance])
    ec2.modify_instance_metadata_options(InstanceId=instance, HttpTokens="optional")
    (group,) = ec2.describe_security_groups(
        Filters=[{"Name": "group-name", "Values": ["first-usw2-server"]}]
    )["SecurityGroups"]
    ssh = {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}
    ec2.authorize_security_group_ingress(GroupId=group["GroupId"], IpPermissions=[ssh])
    s3.delete_bucket_policy(Bucket=bucket)
    iam, role = starter.client("iam"), "first-usw2-us-west-2"
    iam.delete_role_policy(RoleName=role, PolicyName="server")
    iam.attach_role_policy(RoleName=role, PolicyArn="arn:aws:iam::aws:policy/AdministratorAccess")
    ec2.create_tags(Resources=[instance], Tags=[{"Key": "Name", "Value": "somebody's"}])
    assert starter.wrong() == {
        "us-west-2/server.name": "somebody's",
        "us-west-2/server.type": "t4g.micro, stopped",
        "us-west-2/server.metadata": "IMDSv1 too",
        "us-west-2/server.security-group": "tcp 22 from 0.0.0.0/0",
        "us-west-2/bucket.policy": "nobody, HTTP too",
        "us-west-2/session-manager.role": "without ssm:UpdateInstanceInformation, "
        "ssmmessages:CreateControlChannel, ssmmessages:CreateDataChannel, "
        "ssmmessages:OpenControlChannel, ssmmessages:OpenDataChannel",
        "beside": "module.starter_us_west_2.aws_security_group.server: lets in tcp 22 from 0.0.0.0/0, "
        "module.starter_us_west_2.aws_iam_role.server: policy AdministratorAccess attached",
    }


def test_status_finds_the_server_under_another_name_and_tells_the_drift(starter: Starter) -> None:
    status = json.loads(starter.groma("status", "--drift", "--json").stdout)
    states = {line["element"]: line["state"] for line in status["running"]}
    assert states["us-west-2: EC2 instance"] == "stopped"
    (server,) = (drift for drift in status["drift"] if drift["address"].endswith("aws_instance.this"))
    names = {each["name"]: (each["designed"], each["now"]) for each in server["attributes"]}
    assert names["metadata_options.http_tokens"] == ("required", "optional")
    assert {drift["address"].partition(": ")[0] for drift in status["drift"]} == {
        f"module.starter_us_west_2.{address}"
        for address in (
            "aws_iam_role.server",
            "aws_iam_role_policy.server",
            "aws_instance.this",
            "aws_s3_bucket_policy.this",
            "aws_security_group.server",
        )
    }


def test_up_heals_it_and_changes_all_that_a_standing_stack_can_be_changed_in(starter: Starter) -> None:
    starter.target.open()
    made = replace(STANDING["starter"], first=starter.file.read_text()).after()
    with unjudged(starter.target.cloud):
        done = up(made, starter.stack, starter.target, boundary=BOUNDARY)
        assert [finding for finding in done.findings if not finding.ok] == []
        by_hand = starter.terraform("plan", "-detailed-exitcode", "-no-color")
        assert by_hand.returncode == 0, by_hand.stdout[-3000:] + by_hand.stderr


def test_the_preflight_may_look_at_everything(starter: Starter) -> None:
    starter.target.open()
    looks = preflight(design(load(starter.file)), starter.target).looks
    assert [look for look in looks if "AWS does not say" in look.found] == []


def test_an_agent_that_falls_silent_is_one_ticket(starter: Starter) -> None:
    """The server runs on, and its agent reports for twenty minutes of an hour, in seconds."""
    cloudwatch, now_s = starter.client("cloudwatch"), time.time()

    def mails(*arguments: str) -> list[Any]:
        return list(json.loads(starter.groma("mail", "groma.yaml", "--json", *arguments).stdout))

    asked = mails()
    assert confirm(each for each in asked if each["to"] == asked[-1]["to"]) == 2 * len(REGIONS)
    values = {
        metric: lambda since_s, metric=metric, value=value: (
            value if metric[0] != "CWAgent" or since_s < 1200 else None
        )
        for metric, value in quiet_values(cloudwatch, "first").items()
    }
    publish(cloudwatch, values, now_s, now_s + 3600, 60)
    assert len(mails("--after", "19m")) == len(asked)
    (told,) = mails("--after", "35m")[len(asked) :]
    assert told["subject"] == 'INSUFFICIENT_DATA: "first-use1-server-memory" in US East (N. Virginia)'
    assert "its data have stopped, a ticket" in told["text"]
    assert turns(cloudwatch, "first-use1-server-memory") == ["OK", "INSUFFICIENT_DATA"]


def test_who_has_spoilt_the_file_still_sees_what_was_provisioned(starter: Starter) -> None:
    file = starter.folder / "groma.yaml"
    file.write_text(f"{file.read_text()}frobnicate: true\n", encoding="utf-8")
    seen = starter.groma("status", "--drift", "--json")
    assert len(json.loads(seen.stdout)["running"]) == len(REGIONS)
    assert "looking at what was provisioned" in seen.stderr


def test_down_leaves_nothing_but_the_bucket_with_the_state(starter: Starter) -> None:
    """Though neither the file can be read nor the root be validated any longer."""
    main = starter.stack.terraform / "main.tf"
    main.write_text(main.read_text().replace('"10.0.0.0/16"', '"everywhere"'), encoding="utf-8")
    names = names_in(json.loads(starter.terraform("state", "pull").stdout))
    assert leftovers("first", names, REGIONS, starter.target) != ()
    done = starter.groma("down", "--keep-cloud")
    assert done.returncode == 0, done.stderr
    assert f"the state bucket {BUCKET} stays" in done.stdout
    assert leftovers("first", names, REGIONS, starter.target) == ()
    assert [found["Name"] for found in starter.client("s3").list_buckets()["Buckets"]] == [BUCKET]
    for region in REGIONS:
        named = [{"Name": "tag:Stack", "Values": ["first"]}]
        assert starter.client("ec2", region).describe_vpcs(Filters=named)["Vpcs"] == []
    assert not starter.stack.directory.exists()


def test_all_of_it_was_done_under_the_least_policy(starter: Starter, request: pytest.FixtureRequest) -> None:
    cloud = starter.target.cloud
    assert [text for text in refused(cloud) if "ssm:GetParameter" not in text] == []
    assert cloud.unread() == ()
    prove(derived(cloud, "first", BUCKET, bounded=True), POLICY, request)
    asked = Request("iam:CreateRole", f"arn:aws:iam::{ACCOUNT_ID}:role/first-x", DEPLOYER)
    policies = Policies(tuple(map(parse, kept(POLICY))))
    assert not evaluate(asked, policies).allowed
    assert evaluate(replace(asked, context={"iam:PermissionsBoundary": BOUNDARY}), policies).allowed
