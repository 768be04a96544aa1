"""A stack's whole life in the embedded cloud: killed on the way up, completed, changed behind Groma's back,
healed and changed by design, taken down; but for that change all of it is done under the least policy for
it. One stack serves all tests of this file, which run in their order.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from attached import attached_on_path
from deploying import derived, held_to, kept, prove, refused, regenerating, unjudged
from groma.components.database import DatabaseServer
from groma.components.server_group import ServerGroup
from groma.design import design
from groma.live.embedded.authority import role_token
from groma.live.leftovers import leftovers, names_in
from groma.live.preflight import preflight
from groma.live.provision import inspect, up
from groma.live.stack import Stack
from groma.live.target import EmbeddedTarget
from groma.live.terraform_cli import live_run
from groma.live.toolchain import ensure_engine
from groma.live.verify.visitor import Visitor
from groma.sizing.values import Size
from groma.workload import load
from standing import STANDING
from sweeping import secrets_of, strays
from workloads import EXAMPLE

pytestmark = pytest.mark.slow

MADE_BEFORE_THE_KILL = 20
POLICY = "permissions-three-tier.json"
EVERYTHING = '{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}'
SERVER = "i-0123456789abcdef0"


class Stands:
    """The example's stack, and who looks at it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.design = design(load(EXAMPLE))
        self.target = EmbeddedTarget(folder / ".groma" / "cloud")
        self.stack = Stack("chirp", "embedded", folder / ".groma")

    def groma(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """One command of Groma on the example."""
        command = [sys.executable, "-m", "groma.cli", arguments[0], str(EXAMPLE), *arguments[1:]]
        return subprocess.run(command, cwd=self.folder, capture_output=True, text=True, timeout=900)

    def start_up(self) -> subprocess.Popen[bytes]:
        """`groma up`, not waited for."""
        command = [sys.executable, "-m", "groma.cli", "up", str(EXAMPLE)]
        return subprocess.Popen(
            command, cwd=self.folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )

    def resources_made(self) -> int:
        """Resources that Terraform says it has made, by its logs."""
        logs = self.stack.terraform.glob("logs/*apply*.jsonl")
        return sum(log.read_text().count('"type":"apply_complete"') for log in logs)

    def client(self, service: str) -> Any:
        """A boto3 client of somebody who goes behind Terraform's back."""
        self.target.open()
        return self.target.as_root().client(service)

    def group(self, name: str) -> dict[str, Any]:
        """An auto-scaling group as AWS describes it."""
        asked = self.client("autoscaling").describe_auto_scaling_groups(AutoScalingGroupNames=[name])
        (group,) = asked["AutoScalingGroups"]
        return dict(group)

    def outputs(self) -> dict[str, Any]:
        """Terraform's outputs, by its state."""
        outputs = json.loads((self.stack.terraform / "terraform.tfstate").read_text())["outputs"]
        return {name: output["value"] for name, output in outputs.items()}

    def names(self) -> frozenset[str]:
        """Names and ids of all resources in Terraform's state."""
        return names_in(json.loads((self.stack.terraform / "terraform.tfstate").read_text()))

    def size(self, group: str) -> Size:
        """The size of a group of servers, as designed."""
        groups = self.design.architecture.of_type(ServerGroup)
        return next(found.size for found in groups if found.id == group)

    def wrong(self) -> dict[str, str]:
        """What verify finds now that is not as designed."""
        findings = inspect(self.design.architecture, self.stack, self.target)
        return {finding.id: finding.actual for finding in findings if not finding.ok}


@pytest.fixture(scope="module")
def stands(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Iterator[Stands]:
    made = Stands(tmp_path_factory.mktemp("life"))
    held_to(made.target.cloud, None if regenerating(request) else kept(POLICY))
    try:
        with attached_on_path():
            yield made
    finally:
        if (run := live_run(made.stack.terraform)) is not None:
            run.send(signal.SIGKILL)
        made.target.cloud.stop(discard=True)


def test_up_that_was_killed_is_completed_by_the_next(stands: Stands) -> None:
    first = stands.start_up()
    deadline = time.monotonic() + 400
    while stands.resources_made() < MADE_BEFORE_THE_KILL:
        assert first.poll() is None, "groma up ended before it could be killed"
        assert time.monotonic() < deadline
        time.sleep(0.5)
    first.kill()
    first.wait()
    assert live_run(stands.stack.terraform) is not None, "Terraform must go on"
    done = stands.groma("up", "--json")
    assert done.returncode == 0, done.stderr
    findings = json.loads(done.stdout)["findings"]
    assert len(findings) > 60
    for finding in findings:
        assert {"id", "what", "expected", "actual", "ok"} <= set(finding)
        assert finding["ok"] is not False, finding
    waits = {finding["id"] for finding in findings if finding["ok"] is None}
    assert waits == {"mail.subscription", "mail.tickets-subscription"}, "nobody has confirmed them"


def test_what_would_restart_is_told_and_asked_about_and_a_no_leaves_everything_as_it_was(
    stands: Stands,
) -> None:
    """That the root is as it was the next plan shows, of `status --drift`: it is empty."""
    text = EXAMPLE.read_text(encoding="utf-8").replace("total: 50_000", "total: 200_000")
    more = stands.folder / "more.yaml"
    more.write_text(text, encoding="utf-8")
    command = [sys.executable, "-m", "groma.cli", "up", str(more)]
    done = subprocess.run(
        command, cwd=stands.folder, capture_output=True, text=True, timeout=900, stdin=subprocess.DEVNULL
    )
    assert done.returncode == 2, done.stdout + done.stderr
    said = " ".join(done.stdout.split())
    assert "since the last `groma up` (`groma diff -f" in said
    assert "restarts: database master, no queries for some minutes" in said
    assert "restarts: module.database.aws_db_instance.master, no queries for some minutes" in said
    assert "nobody can be asked: go on, though 2 things are interrupted?" in done.stderr


def test_documents_lie_beside_the_root(stands: Stands) -> None:
    for name in ("plan.json", "bill.csv", "diagram.svg", "diagram.png", "terraform/main.tf"):
        assert (stands.stack.directory / name).stat().st_size > 500, name


def test_no_secret_lies_about(stands: Stands) -> None:
    stands.target.open()
    secrets = secrets_of(stands.target.directory, stands.target.endpoints, "us-east-1")
    assert {"the key of an origin", "the key of a session"} < set(secrets)
    assert any("Secrets Manager" in name for name in secrets)
    assert strays(stands.folder, secrets) == []


def test_a_browser_is_served_the_site(stands: Stands) -> None:
    host = stands.outputs()["distribution_domain_name"].replace(".cloudfront.net", ".cloudfront.localhost")
    stands.target.open()
    visitor = Visitor(stands.target.web(host))
    page, script = (visitor.ask("GET", path) for path in ("/", "/app.js"))
    assert (page.status, script.status) == (200, 200)
    assert b"<!doctype html>" in page.body


def test_servers_may_do_what_they_do_and_nothing_else(stands: Stands) -> None:
    """Calls of the application's servers, by their own roles, on what really stands."""
    outputs, s3 = stands.outputs(), stands.client("s3")
    bucket = outputs["artifact_bucket_name"]
    release = {"Bucket": bucket, "Key": s3.list_objects_v2(Bucket=bucket)["Contents"][0]["Key"]}
    picture = {"Bucket": outputs["site_bucket_name"], "Key": "media/1.png", "Body": b"1"}
    secret = {"SecretId": outputs["database_secret_arn"]}
    memory = {"Namespace": "CWAgent", "MetricData": [{"MetricName": "mem_used_percent", "Value": 1}]}
    for tier, service, operation, arguments in (
        ("app", "s3", "get_object", release),
        ("app", "s3", "put_object", picture),
        ("app", "secretsmanager", "get_secret_value", secret),
        ("app", "cloudwatch", "put_metric_data", memory),
        ("web", "cloudwatch", "put_metric_data", memory),
        ("web", "ec2", "describe_tags", {}),
    ):
        getattr(server(stands, tier).client(service), operation)(**arguments)
    for tier, service, operation, arguments in (
        ("app", "s3", "put_object", {**picture, "Key": "index.html"}),
        ("app", "s3", "list_buckets", {}),
        ("app", "secretsmanager", "delete_secret", secret),
        ("app", "cloudwatch", "put_metric_data", {**memory, "Namespace": "Others"}),
        ("web", "secretsmanager", "get_secret_value", secret),
        ("web", "s3", "get_object", release),
    ):
        with pytest.raises(
            ClientError, match=f"chirp-{tier}-us-east-1/{SERVER} is not authorized to perform"
        ):
            getattr(server(stands, tier).client(service), operation)(**arguments)


def server(stands: Stands, tier: str) -> EmbeddedTarget:
    """The cloud, for the servers of a tier."""
    return replace(stands.target, session=role_token(f"role/chirp-{tier}-us-east-1", SERVER))


def test_status_tells_what_runs(stands: Stands) -> None:
    done = stands.groma("status", "--drift", "--json")
    assert done.returncode == 0, done.stderr
    status = json.loads(done.stdout)
    assert {line["element"]: line["state"] for line in status["running"]} == {
        "web servers": "2 of 2 in service",
        "app servers": "2 of 2 in service",
        "Database master": "available",
        "Read replica": "available",
    }
    assert sum(status["alarms"].values()) == 44
    assert status["drift"] == []


def test_what_was_changed_behind_its_back_is_found_and_is_drift(stands: Stands) -> None:
    expected = remove_default_route(stands) | delete_alarm(stands) | open_security_group(stands)
    verified = stands.groma("verify", "--json")
    assert verified.returncode == 1
    assert {f["id"]: f["actual"] for f in json.loads(verified.stdout) if f["ok"] is False} == expected
    found = json.loads(stands.groma("status", "--drift", "--json").stdout)["drift"]
    assert any("aws_route.private_nat" in change["address"] for change in found)
    assert any("aws_cloudwatch_metric_alarm" in change["address"] for change in found)
    assert {"address": expected["beside"], "action": "delete", "attributes": []} in found


def test_up_heals_it_and_changes_all_that_a_standing_stack_can_be_changed_in(stands: Stands) -> None:
    standing = STANDING["three-tier"]
    stands.design = standing.after()
    stands.client("iam").create_policy(PolicyName="boundary", PolicyDocument=EVERYTHING)
    with standing.overridden(), unjudged(stands.target.cloud):
        done = up(stands.design, stands.stack, stands.target)
        assert [finding for finding in done.findings if not finding.ok] == []
        assert done.changed > 20
        plan_by_hand_is_empty_and_needs_no_environment(stands)
    rds = stands.client("rds")
    for role in ("master", "replica"):
        identifier = stands.outputs()[f"database_{role}_id"]
        (found,) = rds.describe_db_instances(DBInstanceIdentifier=identifier)["DBInstances"]
        assert (found["AllocatedStorage"], found["Iops"]) == (standing_gib(stands), 12_000), role


def plan_by_hand_is_empty_and_needs_no_environment(stands: Stands) -> None:
    bare = {name: os.environ[name] for name in ("PATH", "HOME", "GOGC")}
    command = [str(ensure_engine().path), "plan", "-detailed-exitcode", "-no-color"]
    done = subprocess.run(command, cwd=stands.stack.terraform, capture_output=True, text=True, env=bare)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr


def standing_gib(stands: Stands) -> int:
    (master, _) = stands.design.architecture.of_type(DatabaseServer)
    return master.storage_gib


def test_each_change_behind_its_back_is_found(stands: Stands) -> None:
    expected: dict[str, str] = {}
    for change in (
        remove_default_route,
        new_default_launch_template,
        raise_maximum,
        open_security_group,
        unblock_bucket,
        delete_alarm,
        delete_replica,
    ):
        expected |= change(stands)
        assert stands.wrong() == expected, change.__name__


def remove_default_route(stands: Stands) -> dict[str, str]:
    ec2, subnet = stands.client("ec2"), stands.outputs()["private_subnet_ids"]["us-east-1b"]
    by_subnet = [{"Name": "association.subnet-id", "Values": [subnet]}]
    (table,) = ec2.describe_route_tables(Filters=by_subnet)["RouteTables"]
    ec2.delete_route(RouteTableId=table["RouteTableId"], DestinationCidrBlock="0.0.0.0/0")
    return {"network.subnet.private-b.route": "no way out"}


def new_default_launch_template(stands: Stands) -> dict[str, str]:
    ec2, name = stands.client("ec2"), {"LaunchTemplateName": "chirp-web"}
    (old,) = ec2.describe_launch_template_versions(**name, Versions=["$Default"])["LaunchTemplateVersions"]
    data = old["LaunchTemplateData"] | {"InstanceType": "t3.nano"}
    made = ec2.create_launch_template_version(**name, LaunchTemplateData=data)["LaunchTemplateVersion"]
    ec2.modify_launch_template(**name, DefaultVersion=str(made["VersionNumber"]))
    instances = stands.group("chirp-web")["Instances"]
    places = ", ".join(
        [f"launch template version {old['VersionNumber']}", *(i["InstanceId"] for i in instances)]
    )
    values = [
        f"{stands.size('web').choice.name} ({places})",
        f"t3.nano (launch template version {made['VersionNumber']})",
    ]
    return {"web.type": "; ".join(sorted(values))}


def raise_maximum(stands: Stands) -> dict[str, str]:
    stands.client("autoscaling").update_auto_scaling_group(AutoScalingGroupName="chirp-app", MaxSize=99)
    now = stands.group("chirp-app")["DesiredCapacity"]
    return {"app.size": f"{stands.size('app').min} to 99, now {now}"}


def open_security_group(stands: Stands) -> dict[str, str]:
    ec2 = stands.client("ec2")
    by_name = [{"Name": "group-name", "Values": ["chirp-database"]}]
    (group,) = ec2.describe_security_groups(Filters=by_name)["SecurityGroups"]
    rule = {"IpProtocol": "tcp", "FromPort": 5432, "ToPort": 5432, "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}
    ec2.authorize_security_group_ingress(GroupId=group["GroupId"], IpPermissions=[rule])
    found = "tcp 5432 from 0.0.0.0/0, tcp 5432 from chirp-app-servers"
    beside = "module.database.aws_security_group.this: lets in tcp 5432 from 0.0.0.0/0"
    names = ("database-master.security-group", "database-replica.security-group")
    return {**dict.fromkeys(names, found), "beside": beside}


def unblock_bucket(stands: Stands) -> dict[str, str]:
    stands.client("s3").delete_public_access_block(Bucket=stands.outputs()["site_bucket_name"])
    off = "BlockPublicAcls, IgnorePublicAcls, BlockPublicPolicy, RestrictPublicBuckets"
    return {"site.public-access": f"without {off}"}


def delete_alarm(stands: Stands) -> dict[str, str]:
    stands.client("cloudwatch").delete_alarms(AlarmNames=["chirp-web-cpu"])
    return {"monitoring.alarms.web": "web-cpu: missing"}


def delete_replica(stands: Stands) -> dict[str, str]:
    identifier = stands.outputs()["database_replica_id"]
    stands.client("rds").delete_db_instance(DBInstanceIdentifier=identifier, SkipFinalSnapshot=True)
    names = ("instance", "zone", "storage", "private", "security-group", "source")
    return {f"database-replica.{name}": "missing" for name in names}


def test_the_preflight_may_look_at_everything(stands: Stands) -> None:
    stands.target.open()
    looks = preflight(stands.design, stands.target).looks
    assert [look for look in looks if "AWS does not say" in look.found] == []


def test_down_leaves_nothing(stands: Stands) -> None:
    names = stands.names()
    assert leftovers("chirp", names, ["us-east-1"], stands.target) != ()
    done = stands.groma("down", "--keep-cloud")
    assert done.returncode == 0, done.stderr
    assert leftovers("chirp", names, ["us-east-1"], stands.target) == ()
    assert (
        stands.client("ec2").describe_vpcs(Filters=[{"Name": "tag:Stack", "Values": ["chirp"]}])["Vpcs"] == []
    )
    assert stands.client("rds").describe_db_instances()["DBInstances"] == []
    assert stands.client("s3").list_buckets()["Buckets"] == []
    assert not stands.stack.directory.exists()
    again = stands.groma("down", "--keep-cloud")
    assert again.returncode == 0
    assert "nothing of chirp" in again.stdout


def test_all_of_it_was_done_under_the_least_policy(stands: Stands, request: pytest.FixtureRequest) -> None:
    cloud = stands.target.cloud
    assert [text for text in refused(cloud) if f"/{SERVER} is" not in text] == []
    assert cloud.unread() == ()
    prove(derived(cloud, "chirp"), POLICY, request)
