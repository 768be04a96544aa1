"""A cloud in which all of the stack stands as designed.

A test takes it, changes one thing in it, and sees which findings fail.
"""

from __future__ import annotations

import json
from io import BytesIO
from typing import Any

import chirp_parts as parts
from chirp_design import (
    ACCOUNT,
    BUCKET,
    DISTRIBUTION,
    FLOW_LOG_GROUP,
    KEY,
    MASTER,
    OUTPUTS,
    REGION,
    RELEASES,
    REPLICA,
    SECRET,
    TICKETS,
    TOPIC,
    VERSION,
    ZONES,
    architecture,
)
from fake_cloud import FakeClients, missing

from chirp.shipping.artifact import artifact
from groma.architecture import Finding
from groma.components.operations import Budget
from groma.live.verify import Deployed, verify
from groma.monitoring import alarms, composites


class Cloud:
    """Everything of the stack as AWS describes it, and the clients that answer with it."""

    def __init__(self) -> None:
        self.outputs = dict(OUTPUTS)
        self._network()
        self._security_groups()
        self._load_balancers()
        self._servers()
        self._data()
        self._edge()
        self._operations()

    def _network(self) -> None:
        """A VPC with its subnets, routes and flow log."""
        self.vpcs = [{"VpcId": "vpc-1", "CidrBlock": "10.0.0.0/16", "State": "available"}]
        self.internet_gateways = [
            {"InternetGatewayId": "igw-1", "Attachments": [{"State": "available", "VpcId": "vpc-1"}]}
        ]
        self.subnets = [
            parts.subnet("pub-a", 0, "10.0.0.0/20"),
            parts.subnet("pub-b", 1, "10.0.16.0/20"),
            parts.subnet("pri-a", 0, "10.0.128.0/20"),
            parts.subnet("pri-b", 1, "10.0.144.0/20"),
        ]
        self.route_tables = {
            "main": parts.routes([{"Main": True}]),
            "public": parts.routes(
                [{"SubnetId": "subnet-pub-a"}, {"SubnetId": "subnet-pub-b"}], {"GatewayId": "igw-1"}
            ),
            "private-a": parts.routes([{"SubnetId": "subnet-pri-a"}], {"NatGatewayId": "nat-1"}),
            "private-b": parts.routes([{"SubnetId": "subnet-pri-b"}], {"NatGatewayId": "nat-1"}),
        }
        self.nat_gateways = [
            {
                "NatGatewayId": "nat-1",
                "State": "available",
                "SubnetId": "subnet-pub-a",
                "NatGatewayAddresses": [{"PublicIp": "203.0.113.7"}],
            }
        ]
        self.flow_logs = [
            {
                "FlowLogStatus": "ACTIVE",
                "TrafficType": "ALL",
                "LogDestination": f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:{FLOW_LOG_GROUP}",
            }
        ]
        self.log_groups = [{"logGroupName": FLOW_LOG_GROUP, "retentionInDays": 30, "kmsKeyId": KEY}]

    def _security_groups(self) -> None:
        """Who lets in whom."""
        self.security_groups = {
            "default": parts.security_group("sg-default", "default"),
            "web-lb": parts.security_group(
                "sg-web-lb",
                "chirp-web-load-balancer",
                parts.rule(80, PrefixListIds=[{"PrefixListId": "pl-1"}]),
            ),
            "web": parts.security_group("sg-web", "chirp-web-servers", parts.from_group("sg-web-lb", 8080)),
            "app-lb": parts.security_group(
                "sg-app-lb", "chirp-app-load-balancer", parts.from_group("sg-web", 80)
            ),
            "app": parts.security_group("sg-app", "chirp-app-servers", parts.from_group("sg-app-lb", 8080)),
            "database": parts.security_group("sg-db", "chirp-database", parts.from_group("sg-app", 5432)),
        }

    def _load_balancers(self) -> None:
        """Load balancers, their listeners and rules."""
        self.load_balancers = {
            "chirp-web": parts.load_balancer("web", "internet-facing", "pub"),
            "chirp-app": parts.load_balancer("app", "internal", "pri"),
        }
        self.listeners = {
            "chirp-web": [parts.guarded_listener("chirp-web")],
            "chirp-app": [parts.listener("chirp-app")],
        }
        self.rules = {"chirp-web": parts.rules("chirp-web"), "chirp-app": []}

    def _servers(self) -> None:
        """Groups of instances, what they start from, and their health."""
        self.groups = {"chirp-web": parts.group("web", "pub", 6), "chirp-app": parts.group("app", "pri", 8)}
        self.templates = {
            "lt-web": [parts.template("m7g.large", "sg-web")],
            "lt-app": [parts.template("c7g.xlarge", "sg-app")],
        }
        self.instances = {
            **parts.instances("web", "m7g.large", "sg-web"),
            **parts.instances("app", "c7g.xlarge", "sg-app"),
        }
        self.volumes = {i: parts.volume(i) for i in self.instances}
        self.target_groups = {
            name: {i["InstanceId"]: "healthy" for i in group["Instances"]}
            for name, group in self.groups.items()
        }
        self.policies = {name: [parts.policy()] for name in self.groups}

    def _data(self) -> None:
        """Databases, and the key and secret that guard them."""
        self.databases = {MASTER: parts.database(MASTER, ZONES[0]), REPLICA: parts.replica()}
        self.keys = {"alias/chirp": {"KeyId": KEY.rpartition("/")[2], "Arn": KEY, "KeyState": "Enabled"}}
        self.rotates = True
        self.secrets: dict[str, dict[str, Any]] = {
            SECRET: {"ARN": SECRET, "KmsKeyId": KEY, "VersionIdsToStages": {VERSION: ["AWSCURRENT"]}}
        }

    def _edge(self) -> None:
        """What CloudFront serves, and the buckets behind it."""
        self.distributions = {DISTRIBUTION: parts.distribution()}
        self.access_controls = {"OAC1": {"SigningBehavior": "always"}}
        self.headers_policies = {"H1": parts.headers_policy()}
        self.pages = {"index.html": "text/html; charset=utf-8"}
        self.buckets = {BUCKET: parts.bucket(), RELEASES: parts.bucket()}
        self.release = artifact()

    def _operations(self) -> None:
        """Alarms, dashboard and budget, and who is told."""
        self.topics = {topic: {"KmsMasterKeyId": KEY} for topic in (TOPIC, TICKETS)}
        self.subscriptions = [
            {"Protocol": "email", "Endpoint": "ops@example.com", "SubscriptionArn": f"{TOPIC}:1"}
        ]
        self.alarms = {row["AlarmName"]: row for row in map(parts.alarm_row, alarms(architecture()))}
        together = map(parts.composite_row, composites(architecture()))
        self.composites = {row["AlarmName"]: row for row in together}
        self.dashboards = {"chirp": [alarm.id for alarm in alarms(architecture())]}
        (budget,) = architecture().of_type(Budget)
        self.budgets = {
            "chirp-monthly": {"Amount": f"{budget.usd_per_month}.0", "Unit": "USD"},
            "chirp-daily": {"Amount": f"{budget.usd_per_day}", "Unit": "USD"},
        }
        self.notifications = {
            "chirp-monthly": {"ACTUAL": [TICKETS], "FORECASTED": [TICKETS]},
            "chirp-daily": {"ACTUAL": [TICKETS]},
        }

    def clients(self) -> FakeClients:
        """Clients that answer with what stands here now."""
        return FakeClients(
            {
                name.replace("__", ".", 1): getattr(self, name)
                for name in dir(type(self))
                if "__" in name[1:-2]
            }
        )

    def findings(self) -> dict[str, Finding]:
        """What verify says of this cloud, by id."""
        found = verify(architecture(), Deployed(self.outputs, self.clients()))
        assert len({finding.id for finding in found}) == len(found)
        return {finding.id: finding for finding in found}

    def wrong(self) -> dict[str, str]:
        """What was found instead, for each finding that is not ok."""
        return {name: finding.actual for name, finding in self.findings().items() if not finding.ok}

    # --- EC2

    def ec2__describe_vpcs(self, Filters: list[Any]) -> dict[str, Any]:
        return {"Vpcs": self._in_vpc(Filters, self.vpcs)}

    def ec2__describe_subnets(self, Filters: list[Any]) -> dict[str, Any]:
        return {"Subnets": self._in_vpc(Filters, self.subnets)}

    def ec2__describe_route_tables(self, Filters: list[Any]) -> dict[str, Any]:
        return {"RouteTables": self._in_vpc(Filters, list(self.route_tables.values()))}

    def ec2__describe_security_groups(self, Filters: list[Any]) -> dict[str, Any]:
        return {"SecurityGroups": self._in_vpc(Filters, list(self.security_groups.values()))}

    def ec2__describe_nat_gateways(self, Filter: list[Any]) -> dict[str, Any]:
        return {"NatGateways": self._in_vpc(Filter, self.nat_gateways)}

    def ec2__describe_internet_gateways(self, Filters: list[Any]) -> dict[str, Any]:
        ids = _values(Filters, "internet-gateway-id")
        return {"InternetGateways": [g for g in self.internet_gateways if g["InternetGatewayId"] in ids]}

    def ec2__describe_flow_logs(self, Filter: list[Any]) -> dict[str, Any]:
        return {"FlowLogs": self.flow_logs if _values(Filter, "resource-id") == ["vpc-1"] else []}

    def ec2__describe_managed_prefix_lists(self, PrefixListIds: list[str]) -> dict[str, Any]:
        names = {"pl-1": "com.amazonaws.global.cloudfront.origin-facing", "pl-2": "our-offices"}
        if not set(PrefixListIds) <= set(names):
            raise missing("InvalidPrefixListId.NotFound")
        return {"PrefixLists": [{"PrefixListId": i, "PrefixListName": names[i]} for i in PrefixListIds]}

    def ec2__describe_launch_template_versions(
        self, LaunchTemplateId: str, Versions: list[str]
    ) -> dict[str, Any]:
        versions = self.templates.get(LaunchTemplateId)
        if versions is None:
            raise missing("InvalidLaunchTemplateId.NotFound")
        number = len(versions) if Versions == ["$Default"] else int(Versions[0])
        row = {"VersionNumber": number, "LaunchTemplateData": versions[number - 1]}
        return {"LaunchTemplateVersions": [row]}

    def ec2__describe_instances(self, Filters: list[Any]) -> dict[str, Any]:
        ids = _values(Filters, "instance-id")
        return {"Reservations": [{"Instances": [self.instances[i]]} for i in ids if i in self.instances]}

    def ec2__describe_volumes(self, Filters: list[Any]) -> dict[str, Any]:
        ids = _values(Filters, "attachment.instance-id")
        return {"Volumes": [self.volumes[i] for i in ids if i in self.volumes]}

    def _in_vpc(self, filters: list[Any], rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        stands = self.vpcs and _values(filters, "vpc-id") == ["vpc-1"]
        return rows if stands else []

    # --- load balancers and groups

    def elbv2__describe_load_balancers(self, Names: list[str]) -> dict[str, Any]:
        if Names[0] not in self.load_balancers:
            raise missing("LoadBalancerNotFound")
        return {"LoadBalancers": [self.load_balancers[Names[0]]]}

    def elbv2__describe_listeners(self, LoadBalancerArn: str) -> dict[str, Any]:
        return {"Listeners": self.listeners[LoadBalancerArn.split("/")[-2]]}

    def elbv2__describe_rules(self, ListenerArn: str) -> dict[str, Any]:
        return {"Rules": self.rules[ListenerArn.split("/")[-3]]}

    def elbv2__describe_target_groups(self, Names: list[str]) -> dict[str, Any]:
        if Names[0] not in self.target_groups:
            raise missing("TargetGroupNotFound")
        return {"TargetGroups": [{"TargetGroupArn": parts.target_group_arn(Names[0])}]}

    def elbv2__describe_target_health(self, TargetGroupArn: str) -> dict[str, Any]:
        targets = self.target_groups[TargetGroupArn.split("/")[-2]]
        return {
            "TargetHealthDescriptions": [
                {"Target": {"Id": i}, "TargetHealth": {"State": state}} for i, state in targets.items()
            ]
        }

    def autoscaling__describe_auto_scaling_groups(self, AutoScalingGroupNames: list[str]) -> dict[str, Any]:
        return {"AutoScalingGroups": [self.groups[n] for n in AutoScalingGroupNames if n in self.groups]}

    def autoscaling__describe_policies(self, AutoScalingGroupName: str) -> dict[str, Any]:
        return {"ScalingPolicies": self.policies[AutoScalingGroupName]}

    # --- database, delivery

    def rds__describe_db_instances(self, DBInstanceIdentifier: str) -> dict[str, Any]:
        if DBInstanceIdentifier not in self.databases:
            raise missing("DBInstanceNotFound")
        return {"DBInstances": [self.databases[DBInstanceIdentifier]]}

    def cloudfront__get_distribution(self, Id: str) -> dict[str, Any]:
        if Id not in self.distributions:
            raise missing("NoSuchDistribution")
        return {"Distribution": self.distributions[Id]}

    def cloudfront__get_origin_access_control(self, Id: str) -> dict[str, Any]:
        if Id not in self.access_controls:
            raise missing("NoSuchOriginAccessControl")
        return {"OriginAccessControl": {"OriginAccessControlConfig": self.access_controls[Id]}}

    def cloudfront__get_response_headers_policy(self, Id: str) -> dict[str, Any]:
        if Id not in self.headers_policies:
            raise missing("NoSuchResponseHeadersPolicy")
        config = {"Name": "chirp", "SecurityHeadersConfig": self.headers_policies[Id]}
        return {"ResponseHeadersPolicy": {"ResponseHeadersPolicyConfig": config}}

    def s3__head_object(self, Bucket: str, Key: str) -> dict[str, Any]:
        if Bucket != BUCKET or Bucket not in self.buckets or Key not in self.pages:
            raise missing("404")
        return {"ContentType": self.pages[Key]}

    def s3__get_bucket_location(self, Bucket: str) -> dict[str, Any]:
        return self._of_bucket(Bucket, "location", "NoSuchBucket")

    def s3__get_public_access_block(self, Bucket: str) -> dict[str, Any]:
        return self._of_bucket(Bucket, "public", "NoSuchPublicAccessBlockConfiguration")

    def s3__get_bucket_encryption(self, Bucket: str) -> dict[str, Any]:
        return self._of_bucket(Bucket, "encryption", "ServerSideEncryptionConfigurationNotFoundError")

    def s3__get_bucket_versioning(self, Bucket: str) -> dict[str, Any]:
        return self._of_bucket(Bucket, "versions", "NoSuchBucket")

    def s3__get_bucket_policy(self, Bucket: str) -> dict[str, Any]:
        found = self._of_bucket(Bucket, "policy", "NoSuchBucketPolicy")
        return {"Policy": json.dumps(found)}

    def s3__get_object(self, Bucket: str, Key: str) -> dict[str, Any]:
        if Bucket != RELEASES or Bucket not in self.buckets or Key != "application.zip":
            raise missing("NoSuchKey")
        return {"Body": BytesIO(self.release)}

    def _of_bucket(self, bucket: str, part: str, code: str) -> dict[str, Any]:
        if bucket not in self.buckets:
            raise missing("NoSuchBucket")
        if part not in self.buckets[bucket]:
            raise missing(code)
        found: dict[str, Any] = self.buckets[bucket][part]
        return found

    # --- operations

    def logs__describe_log_groups(self, logGroupNamePrefix: str) -> dict[str, Any]:
        named = [row for row in self.log_groups if row["logGroupName"].startswith(logGroupNamePrefix)]  # type: ignore[attr-defined]
        return {"logGroups": named}

    def kms__describe_key(self, KeyId: str) -> dict[str, Any]:
        if KeyId not in self.keys:
            raise missing("NotFoundException")
        return {"KeyMetadata": self.keys[KeyId]}

    def kms__get_key_rotation_status(self, KeyId: str) -> dict[str, Any]:
        assert not KeyId.startswith("alias/"), "KMS takes no alias here"
        return {"KeyRotationEnabled": self.rotates}

    def secretsmanager__describe_secret(self, SecretId: str) -> dict[str, Any]:
        if SecretId not in self.secrets:
            raise missing("ResourceNotFoundException")
        return self.secrets[SecretId]

    def sns__get_topic_attributes(self, TopicArn: str) -> dict[str, Any]:
        if TopicArn not in self.topics:
            raise missing("NotFound")
        return {"Attributes": self.topics[TopicArn]}

    def sns__list_subscriptions_by_topic(self, TopicArn: str) -> dict[str, Any]:
        return {"Subscriptions": self.subscriptions if TopicArn in self.topics else []}

    def cloudwatch__describe_alarms(self, AlarmNamePrefix: str, AlarmTypes: list[str]) -> dict[str, Any]:
        of = {"MetricAlarm": self.alarms, "CompositeAlarm": self.composites}
        return {
            f"{kind}s": [alarm for name, alarm in of[kind].items() if name.startswith(AlarmNamePrefix)]
            for kind in AlarmTypes
        }

    def cloudwatch__get_dashboard(self, DashboardName: str) -> dict[str, Any]:
        if DashboardName not in self.dashboards:
            raise missing("ResourceNotFound")
        widgets = [{"properties": {"title": title}} for title in self.dashboards[DashboardName]]
        return {"DashboardBody": json.dumps({"widgets": [*widgets, {"type": "text"}]})}

    def sts__get_caller_identity(self) -> dict[str, Any]:
        return {"Account": ACCOUNT}

    def budgets__describe_budget(self, AccountId: str, BudgetName: str) -> dict[str, Any]:
        if AccountId != ACCOUNT or BudgetName not in self.budgets:
            raise missing("NotFoundException")
        unit = BudgetName.removeprefix("chirp-").upper()
        return {"Budget": {"BudgetLimit": self.budgets[BudgetName], "TimeUnit": unit}}

    def budgets__describe_notifications_for_budget(self, AccountId: str, BudgetName: str) -> dict[str, Any]:
        return {"Notifications": [parts.notification(kind) for kind in self.notifications[BudgetName]]}

    def budgets__describe_subscribers_for_notification(
        self, AccountId: str, BudgetName: str, Notification: dict[str, Any]
    ) -> dict[str, Any]:
        addresses = self.notifications[BudgetName][Notification["NotificationType"]]
        return {"Subscribers": [{"SubscriptionType": "SNS", "Address": address} for address in addresses]}


def _values(filters: list[dict[str, Any]], name: str) -> list[str]:
    (only,) = filters
    assert only["Name"] == name
    values: list[str] = only["Values"]
    return values
