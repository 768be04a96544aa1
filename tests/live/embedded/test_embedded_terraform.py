"""Real Terraform with the real AWS provider against the embedded cloud: all that a three-tier stack needs."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from groma.live.embedded import EmbeddedCloud, Endpoints
from groma.live.embedded.record import read_record

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parent / "stack"
ZONES = {"us-east-1a", "us-east-1b"}


@dataclass(frozen=True)
class Stack:
    """A directory in which a person can type `terraform` without setting any variable."""

    directory: Path
    cloud: EmbeddedCloud
    aws: Endpoints

    def terraform(self, *arguments: str, ok: tuple[int, ...] = (0,)) -> int:
        environment = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("AWS_", "TF_")) and "proxy" not in name.lower()
        }
        command = ["terraform", *arguments, "-no-color"]
        done = subprocess.run(
            command, cwd=self.directory, env=environment, capture_output=True, text=True, check=False
        )
        assert done.returncode in ok, f"{' '.join(command)}: {done.stdout[-6000:]}{done.stderr}"
        return done.returncode

    def outputs(self) -> Any:
        state = json.loads((self.directory / "terraform.tfstate").read_text())
        return {name: row["value"] for name, row in state["outputs"].items()}


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """The stack, applied."""
    home = tmp_path_factory.mktemp("stack")
    directory = home / "terraform"
    shutil.copytree(ROOT, directory)
    cloud = EmbeddedCloud(home / "cloud", key_file=home / "key")
    try:
        aws = cloud.start()
        override = {"provider": {"aws": aws.provider_arguments()}}
        (directory / "groma_override.tf.json").write_text(json.dumps(override, indent=2))
        made = Stack(directory, cloud, aws)
        made.terraform("init", "-input=false")
        made.terraform("apply", "-input=false", "-auto-approve")
        yield made
    finally:
        cloud.stop(discard=True)


def _groups(stack: Stack) -> dict[str, Any]:
    rows = stack.aws.client("autoscaling").describe_auto_scaling_groups()["AutoScalingGroups"]
    by_name = {row["AutoScalingGroupName"]: row for row in rows}
    return {tier: by_name[name] for tier, name in stack.outputs()["group_names"].items()}


def test_a_second_plan_is_empty(stack: Stack) -> None:
    assert stack.terraform("plan", "-input=false", "-detailed-exitcode", ok=(0, 2)) == 0


def test_instances_are_in_service_in_both_zones(stack: Stack) -> None:
    groups = _groups(stack)
    assert {tier: len(group["Instances"]) for tier, group in groups.items()} == {"web": 3, "application": 2}
    for group in groups.values():
        assert {instance["AvailabilityZone"] for instance in group["Instances"]} == ZONES
        states = {(i["LifecycleState"], i["HealthStatus"]) for i in group["Instances"]}
        assert states == {("InService", "Healthy")}
        assert {row["Metric"] for row in group["EnabledMetrics"]} >= {"GroupInServiceInstances"}


def test_targets_are_healthy_in_both_zones(stack: Stack) -> None:
    elb, groups = stack.aws.client("elbv2"), _groups(stack)
    for tier, arn in stack.outputs()["target_group_arns"].items():
        zone_of = {i["InstanceId"]: i["AvailabilityZone"] for i in groups[tier]["Instances"]}
        rows = elb.describe_target_health(TargetGroupArn=arn)["TargetHealthDescriptions"]
        assert {row["TargetHealth"]["State"] for row in rows} == {"healthy"}
        assert sorted(row["Target"]["Id"] for row in rows) == sorted(zone_of)
        assert {zone_of[row["Target"]["Id"]] for row in rows} == ZONES
    schemes = {
        row["LoadBalancerName"]: row["Scheme"] for row in elb.describe_load_balancers()["LoadBalancers"]
    }
    assert schemes == {"proof-web": "internet-facing", "proof-application": "internal"}


def test_instances_are_what_the_launch_template_says(stack: Stack) -> None:
    ec2 = stack.aws.client("ec2")
    ids = [instance["InstanceId"] for group in _groups(stack).values() for instance in group["Instances"]]
    reservations = ec2.describe_instances(InstanceIds=ids)["Reservations"]
    instances = [instance for reservation in reservations for instance in reservation["Instances"]]
    assert {instance["InstanceType"] for instance in instances} == {"t4g.small"}
    assert {instance["MetadataOptions"]["HttpTokens"] for instance in instances} == {"required"}
    assert {instance["Monitoring"]["State"] for instance in instances} == {"enabled"}
    assert {instance["IamInstanceProfile"]["Arn"].split("/")[-1] for instance in instances} == {
        "proof-server"
    }
    volumes = [device["Ebs"]["VolumeId"] for i in instances for device in i["BlockDeviceMappings"]]
    rows = ec2.describe_volumes(VolumeIds=volumes)["Volumes"]
    assert [(v["Size"], v["VolumeType"], v["Encrypted"]) for v in rows] == [(20, "gp3", True)] * 5


def test_master_and_replica_are_in_different_zones(stack: Stack) -> None:
    rows = stack.aws.client("rds").describe_db_instances()["DBInstances"]
    zones = {row["DBInstanceIdentifier"]: row["AvailabilityZone"] for row in rows}
    assert zones == {"proof-master": "us-east-1a", "proof-replica": "us-east-1b"}
    by_name = {row["DBInstanceIdentifier"]: row for row in rows}
    assert by_name["proof-replica"]["ReadReplicaSourceDBInstanceIdentifier"] == "proof-master"
    assert by_name["proof-master"]["MasterUserSecret"]["SecretStatus"] == "active"


def test_alarms_go_to_a_topic_with_a_mail_address(stack: Stack) -> None:
    alarms = stack.aws.client("cloudwatch").describe_alarms(AlarmTypes=["MetricAlarm", "CompositeAlarm"])
    rows = alarms["MetricAlarms"] + alarms["CompositeAlarms"]
    assert {row["AlarmName"] for row in rows} == {
        "proof-web", "proof-web-cpu", "proof-web-errors", "proof-web-latency",
    }  # fmt: skip
    (topic,) = {action for row in rows for action in row["AlarmActions"]}
    subscriptions = stack.aws.client("sns").list_subscriptions_by_topic(TopicArn=topic)["Subscriptions"]
    assert [(row["Protocol"], row["Endpoint"]) for row in subscriptions] == [("email", "ops@example.com")]


def test_the_bucket_is_closed_encrypted_and_read_by_cloudfront_alone(stack: Stack) -> None:
    s3, bucket = stack.aws.client("s3"), "proof-site-123456789012"
    assert all(s3.get_public_access_block(Bucket=bucket)["PublicAccessBlockConfiguration"].values())
    assert "cloudfront.amazonaws.com" in s3.get_bucket_policy(Bucket=bucket)["Policy"]
    assert s3.get_bucket_versioning(Bucket=bucket)["Status"] == "Enabled"
    assert s3.get_object(Bucket=bucket, Key="index.html")["Body"].read() == b"<h1>proof</h1>\n"
    listed = stack.aws.client("cloudfront").list_distributions()["DistributionList"]["Items"]
    origins = {origin["Id"]: origin for origin in listed[0]["Origins"]["Items"]}
    assert set(origins) == {"site", "web"}
    assert origins["site"]["OriginAccessControlId"]


def test_after_a_kill_a_plan_is_still_empty(stack: Stack) -> None:
    before = _groups(stack)
    stack.cloud.save()
    record = read_record(stack.cloud.directory)
    assert record is not None
    for server in record.servers.values():
        os.kill(server.pid, signal.SIGKILL)
    assert stack.cloud.start() == stack.aws
    assert stack.terraform("plan", "-input=false", "-detailed-exitcode", ok=(0, 2)) == 0
    after = _groups(stack)
    for tier, group in before.items():
        ids = sorted(instance["InstanceId"] for instance in group["Instances"])
        assert sorted(instance["InstanceId"] for instance in after[tier]["Instances"]) == ids


def _left_over(aws: Endpoints) -> dict[str, list[str]]:
    """The names of all that may be left, by kind; what every account has by default does not count."""
    ec2, rds = aws.client("ec2"), aws.client("rds")
    reservations = ec2.describe_instances()["Reservations"]
    instances = [instance for reservation in reservations for instance in reservation["Instances"]]
    parameters = aws.client("ssm").describe_parameters()["Parameters"]
    keys = aws.client("kms").list_keys()["Keys"]
    cloudfront = aws.client("cloudfront")
    return {
        "vpcs": [row["VpcId"] for row in ec2.describe_vpcs()["Vpcs"] if not row["IsDefault"]],
        "subnets": [row["SubnetId"] for row in ec2.describe_subnets()["Subnets"] if not row["DefaultForAz"]],
        "addresses": [row["AllocationId"] for row in ec2.describe_addresses()["Addresses"]],
        "instances": [row["InstanceId"] for row in instances if row["State"]["Name"] != "terminated"],
        "volumes": [row["VolumeId"] for row in ec2.describe_volumes()["Volumes"]],
        "interfaces": [
            row["NetworkInterfaceId"] for row in ec2.describe_network_interfaces()["NetworkInterfaces"]
        ],
        "templates": [row["LaunchTemplateId"] for row in ec2.describe_launch_templates()["LaunchTemplates"]],
        "flow logs": [row["FlowLogId"] for row in ec2.describe_flow_logs()["FlowLogs"]],
        "groups": [
            row["AutoScalingGroupName"]
            for row in aws.client("autoscaling").describe_auto_scaling_groups()["AutoScalingGroups"]
        ],
        "policies": [
            row["PolicyName"] for row in aws.client("autoscaling").describe_policies()["ScalingPolicies"]
        ],
        "balancers": [
            row["LoadBalancerName"] for row in aws.client("elbv2").describe_load_balancers()["LoadBalancers"]
        ],
        "target groups": [
            row["TargetGroupName"] for row in aws.client("elbv2").describe_target_groups()["TargetGroups"]
        ],
        "databases": [row["DBInstanceIdentifier"] for row in rds.describe_db_instances()["DBInstances"]],
        "snapshots": [row["DBSnapshotIdentifier"] for row in rds.describe_db_snapshots()["DBSnapshots"]],
        "subnet groups": [
            row["DBSubnetGroupName"] for row in rds.describe_db_subnet_groups()["DBSubnetGroups"]
        ],
        "secrets": [row["Name"] for row in aws.client("secretsmanager").list_secrets()["SecretList"]],
        "keys": [
            row["KeyId"]
            for row in keys
            if aws.client("kms").describe_key(KeyId=row["KeyId"])["KeyMetadata"]["Enabled"]
            and aws.client("kms").describe_key(KeyId=row["KeyId"])["KeyMetadata"]["Description"] == "Proof"
        ],
        "roles": [row["RoleName"] for row in aws.client("iam").list_roles()["Roles"]],
        "distributions": [
            row["Id"] for row in cloudfront.list_distributions()["DistributionList"].get("Items", [])
        ],
        "access controls": [
            row["Id"]
            for row in cloudfront.list_origin_access_controls()["OriginAccessControlList"].get("Items", [])
        ],
        "buckets": [row["Name"] for row in aws.client("s3").list_buckets()["Buckets"]],
        "topics": [row["TopicArn"] for row in aws.client("sns").list_topics()["Topics"]],
        "subscriptions": [
            row["SubscriptionArn"] for row in aws.client("sns").list_subscriptions()["Subscriptions"]
        ],
        "alarms": [
            row["AlarmName"]
            for rows in aws.client("cloudwatch").describe_alarms().values()
            if isinstance(rows, list)
            for row in rows
        ],
        "dashboards": [
            row["DashboardName"] for row in aws.client("cloudwatch").list_dashboards()["DashboardEntries"]
        ],
        "logs": [row["logGroupName"] for row in aws.client("logs").describe_log_groups()["logGroups"]],
        "budgets": [
            row["BudgetName"]
            for row in aws.client("budgets").describe_budgets(AccountId="123456789012")["Budgets"]
        ],
        "parameters": [row["Name"] for row in parameters if not row["Name"].startswith("/aws/")],
    }


def test_a_destroy_leaves_nothing(stack: Stack) -> None:
    assert _left_over(stack.aws)["vpcs"]
    stack.terraform("destroy", "-input=false", "-auto-approve")
    assert {kind: names for kind, names in _left_over(stack.aws).items() if names} == {}
