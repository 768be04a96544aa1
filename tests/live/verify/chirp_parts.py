"""The stack's resources as AWS describes them when they stand as designed, a function each."""

from __future__ import annotations

from typing import Any

from chirp_design import (
    ACCOUNT,
    BUCKET,
    DISTRIBUTION,
    KEY,
    MASTER,
    REGION,
    REPLICA,
    TICKETS,
    TOPIC,
    ZONES,
    architecture,
)

from groma.answers import Alarm, Composite, Expression, Metric, Severity

ORIGIN_KEY = "7d9f2c1e-58a4-4c0e-9a57-0c2f8d1b6e33"


def subnet(name: str, zone: int, cidr: str) -> dict[str, Any]:
    return {"SubnetId": f"subnet-{name}", "AvailabilityZone": ZONES[zone], "CidrBlock": cidr}


def routes(associations: list[dict[str, Any]], way_out: dict[str, Any] | None = None) -> dict[str, Any]:
    routes: list[dict[str, Any]] = [
        {"DestinationCidrBlock": "10.0.0.0/16", "GatewayId": "local", "State": "active"},
        {"DestinationPrefixListId": "pl-s3", "GatewayId": "vpce-1", "State": "active"},
    ]
    if way_out:
        routes.append({"DestinationCidrBlock": "0.0.0.0/0", **way_out, "State": "active"})
    return {"Associations": associations, "Routes": routes}


def rule(port: int, **sources: Any) -> dict[str, Any]:
    return {"IpProtocol": "tcp", "FromPort": port, "ToPort": port, **sources}


def from_group(group_id: str, port: int) -> dict[str, Any]:
    return rule(port, UserIdGroupPairs=[{"GroupId": group_id}])


def security_group(group_id: str, name: str, *rules: dict[str, Any]) -> dict[str, Any]:
    return {"GroupId": group_id, "GroupName": name, "IpPermissions": list(rules)}


def target_group_arn(name: str) -> str:
    return f"arn:aws:elasticloadbalancing:{REGION}:{ACCOUNT}:targetgroup/{name}/2"


def load_balancer(tier: str, scheme: str, kind: str) -> dict[str, Any]:
    return {
        "LoadBalancerArn": f"arn:aws:elasticloadbalancing:{REGION}:{ACCOUNT}:loadbalancer/app/chirp-{tier}/1",
        "Scheme": scheme,
        "State": {"Code": "active"},
        "SecurityGroups": [f"sg-{tier}-lb"],
        "AvailabilityZones": [{"ZoneName": zone, "SubnetId": f"subnet-{kind}-{zone[-1]}"} for zone in ZONES],
    }


def forward(name: str) -> list[dict[str, Any]]:
    return [{"Type": "forward", "TargetGroupArn": target_group_arn(name)}]


def listener(name: str) -> dict[str, Any]:
    arn = f"arn:aws:elasticloadbalancing:{REGION}:{ACCOUNT}:listener/app/{name}/1/1"
    return {"ListenerArn": arn, "Protocol": "HTTP", "Port": 80, "DefaultActions": forward(name)}


def guarded_listener(name: str) -> dict[str, Any]:
    refusal = {"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "403"}}
    return listener(name) | {"DefaultActions": [refusal]}


def rules(name: str) -> list[dict[str, Any]]:
    header = {"HttpHeaderName": "X-Origin-Key", "Values": [ORIGIN_KEY]}
    condition = {"Field": "http-header", "HttpHeaderConfig": header}
    return [
        {"Priority": "1", "IsDefault": False, "Conditions": [condition], "Actions": forward(name)},
        {"Priority": "default", "IsDefault": True, "Conditions": [], "Actions": []},
    ]


def group(tier: str, kind: str, most: int) -> dict[str, Any]:
    return {
        "AutoScalingGroupName": f"chirp-{tier}",
        "LaunchTemplate": {"LaunchTemplateId": f"lt-{tier}", "Version": "1"},
        "MinSize": 2,
        "MaxSize": most,
        "DesiredCapacity": 2,
        "VPCZoneIdentifier": f"subnet-{kind}-a,subnet-{kind}-b",
        "Instances": [
            {
                "InstanceId": f"i-{tier}-{zone[-1]}",
                "AvailabilityZone": zone,
                "LifecycleState": "InService",
                "HealthStatus": "Healthy",
            }
            for zone in ZONES
        ],
        "SuspendedProcesses": [],
    }


def template(instance_type: str, group_id: str) -> dict[str, Any]:
    return {
        "InstanceType": instance_type,
        "MetadataOptions": {"HttpTokens": "required"},
        "NetworkInterfaces": [{"Groups": [group_id]}],
        "BlockDeviceMappings": [
            {
                "DeviceName": "/dev/xvda",
                "Ebs": {"VolumeSize": 20, "VolumeType": "gp3", "Encrypted": True},
            }
        ],
    }


def instances(tier: str, instance_type: str, group_id: str) -> dict[str, dict[str, Any]]:
    return {
        f"i-{tier}-{zone[-1]}": {
            "InstanceId": f"i-{tier}-{zone[-1]}",
            "InstanceType": instance_type,
            "MetadataOptions": {"HttpTokens": "required"},
            "SecurityGroups": [{"GroupId": group_id}],
        }
        for zone in ZONES
    }


def volume(instance_id: str) -> dict[str, Any]:
    return {"VolumeId": f"vol-{instance_id}", "Size": 20, "VolumeType": "gp3", "Encrypted": True}


def policy() -> dict[str, Any]:
    return {
        "PolicyName": "cpu",
        "PolicyType": "TargetTrackingScaling",
        "Enabled": True,
        "TargetTrackingConfiguration": {
            "PredefinedMetricSpecification": {"PredefinedMetricType": "ASGAverageCPUUtilization"},
            "TargetValue": 55.0,
        },
    }


def database(identifier: str, zone: str) -> dict[str, Any]:
    master = architecture().component("database-master")
    return {
        "DBInstanceIdentifier": identifier,
        "DBInstanceStatus": "available",
        "Engine": "postgres",
        "DBInstanceClass": "db.m7g.large",
        "AvailabilityZone": zone,
        "AllocatedStorage": master.storage_gib,  # type: ignore[attr-defined]
        "MaxAllocatedStorage": master.max_storage_gib,  # type: ignore[attr-defined]
        "StorageType": "gp3",
        "StorageEncrypted": True,
        "KmsKeyId": KEY,
        "PubliclyAccessible": False,
        "BackupRetentionPeriod": 7,
        "VpcSecurityGroups": [{"VpcSecurityGroupId": "sg-db", "Status": "active"}],
        "DBSubnetGroup": {
            "Subnets": [{"SubnetIdentifier": "subnet-pri-a"}, {"SubnetIdentifier": "subnet-pri-b"}]
        },
    }


def replica() -> dict[str, Any]:
    return database(REPLICA, ZONES[1]) | {
        "ReadReplicaSourceDBInstanceIdentifier": MASTER,
        "BackupRetentionPeriod": 0,
    }


def distribution() -> dict[str, Any]:
    site = {
        "Id": "site",
        "DomainName": f"{BUCKET}.s3.{REGION}.amazonaws.com",
        "OriginAccessControlId": "OAC1",
    }
    plain = {"HTTPPort": 80, "HTTPSPort": 443, "OriginProtocolPolicy": "http-only"}
    application = {
        "Id": "application",
        "DomainName": "web.elb.amazonaws.com",
        "OriginAccessControlId": "",
        "CustomOriginConfig": plain,
        "CustomHeaders": {
            "Quantity": 1,
            "Items": [{"HeaderName": "X-Origin-Key", "HeaderValue": ORIGIN_KEY}],
        },
    }
    methods = ["GET", "HEAD", "OPTIONS", "PUT", "POST", "PATCH", "DELETE"]
    api = {
        "PathPattern": "/api/*",
        "TargetOriginId": "application",
        "ViewerProtocolPolicy": "redirect-to-https",
        "AllowedMethods": {"Quantity": len(methods), "Items": methods},
        "CachePolicyId": "4135ea2d-6df8-44a3-9df3-4b5a84be39ad",
        "OriginRequestPolicyId": "216adef6-5c7f-47e4-b989-5492eafa07d3",
        "ResponseHeadersPolicyId": "H1",
    }
    return {
        "Id": DISTRIBUTION,
        "Status": "Deployed",
        "DistributionConfig": {
            "Enabled": True,
            "PriceClass": "PriceClass_100",
            "Origins": {"Quantity": 2, "Items": [application, site]},
            "DefaultRootObject": "index.html",
            "DefaultCacheBehavior": {
                "TargetOriginId": "site",
                "ViewerProtocolPolicy": "redirect-to-https",
                "ResponseHeadersPolicyId": "H1",
            },
            "CacheBehaviors": {"Quantity": 1, "Items": [api]},
            "CustomErrorResponses": {"Quantity": 5, "Items": errors_asked_again()},
        },
    }


def errors_asked_again() -> list[dict[str, Any]]:
    return [{"ErrorCode": code, "ErrorCachingMinTTL": 0} for code in (404, 500, 502, 503, 504)]


def bucket() -> dict[str, dict[str, Any]]:
    names = ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")
    rule = {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}
    return {
        "location": {},
        "public": {"PublicAccessBlockConfiguration": dict.fromkeys(names, True)},
        "encryption": {"ServerSideEncryptionConfiguration": {"Rules": [rule]}},
        "versions": {"Status": "Enabled"},
        "policy": {
            "Statement": [
                {
                    "Effect": "Allow",
                    "Principal": {"Service": "cloudfront.amazonaws.com"},
                    "Condition": {
                        "StringEquals": {"AWS:SourceArn": f"arn:aws:cloudfront::{ACCOUNT}:distribution/E1"}
                    },
                },
                {"Effect": "Deny", "Principal": "*"},
            ]
        },
    }


def headers_policy() -> dict[str, Any]:
    return {
        "ContentSecurityPolicy": {"Override": True, "ContentSecurityPolicy": "default-src 'none'"},
        "ContentTypeOptions": {"Override": True},
        "FrameOptions": {"Override": True, "FrameOption": "DENY"},
        "StrictTransportSecurity": {"Override": True, "AccessControlMaxAgeSec": 31536000},
    }


COMPARISONS = {
    ">": "GreaterThanThreshold",
    ">=": "GreaterThanOrEqualToThreshold",
    "<": "LessThanThreshold",
    "<=": "LessThanOrEqualToThreshold",
}
DIMENSIONS = {
    "module.cdn.distribution_id": DISTRIBUTION,
    "module.site.distribution_id": DISTRIBUTION,
    "module.waf.name": "chirp",
    "module.certificate.arn": "certificate",
    "module.web.autoscaling_group_name": "chirp-web",
    "module.app.autoscaling_group_name": "chirp-app",
    "module.database.master_id": MASTER,
    "module.database.replica_id": REPLICA,
    'module.network.nat_gateway_ids["us-east-1a"]': "nat-1",
    "module.web.load_balancer_arn_suffix": "app/chirp-web/1",
    "module.app.load_balancer_arn_suffix": "app/chirp-app/1",
    "module.web.target_group_arn_suffix": "targetgroup/chirp-web/2",
    "module.app.target_group_arn_suffix": "targetgroup/chirp-app/2",
}


def alarm_row(alarm: Alarm) -> dict[str, Any]:
    watches = alarm.watches
    row = {
        "AlarmName": f"chirp-{alarm.id}",
        "Threshold": float(alarm.threshold),
        "ComparisonOperator": COMPARISONS[alarm.comparison],
        "EvaluationPeriods": alarm.evaluation_periods,
        "DatapointsToAlarm": alarm.datapoints,
        "TreatMissingData": alarm.missing.treatment,
        "ActionsEnabled": True,
        **actions(None if alarm.part_of else alarm.severity, alarm.missing.told, ends=False),
    }
    if isinstance(watches, Expression):
        result = {"Id": "result", "Expression": watches.expression, "ReturnData": True}
        return row | {"Metrics": [*(query(i, m) for i, m in watches.metrics.items()), result]}
    return row | {
        "Namespace": watches.namespace,
        "MetricName": watches.name,
        "Statistic": watches.statistic,
        "Period": watches.period_s,
        "Dimensions": dimensions(watches),
    }


def composite_row(alarm: Composite) -> dict[str, Any]:
    quiet = alarm.suppressed
    suppressor = {
        "ActionsSuppressor": f"chirp-{quiet.by}",
        "ActionsSuppressorWaitPeriod": quiet.wait_s,
        "ActionsSuppressorExtensionPeriod": quiet.extension_s,
    } if quiet else {}  # fmt: skip
    return {
        **suppressor,
        "AlarmName": f"chirp-{alarm.id}",
        "AlarmRule": alarm.rule("chirp-{}".format),
        "ActionsEnabled": True,
        **actions(alarm.severity, None, ends=alarm.tells_its_end),
    }


def actions(severity: Severity | None, gaps: Severity | None, *, ends: bool) -> dict[str, list[str]]:
    topics = {"page": TOPIC, "ticket": TICKETS}
    own = [topics[severity]] if severity else []
    return {
        "AlarmActions": own,
        "OKActions": own if ends else [],
        "InsufficientDataActions": [topics[gaps]] if gaps else [],
    }


def query(query_id: str, metric: Metric) -> dict[str, Any]:
    watched = {"Namespace": metric.namespace, "MetricName": metric.name, "Dimensions": dimensions(metric)}
    stat = {"Metric": watched, "Period": metric.period_s, "Stat": metric.statistic}
    return {"Id": query_id, "MetricStat": stat, "ReturnData": False}


def dimensions(metric: Metric) -> list[dict[str, str]]:
    return [
        {"Name": name, "Value": DIMENSIONS[value.expression] if not isinstance(value, str) else value}
        for name, value in metric.dimensions.items()
    ]


def notification(kind: str) -> dict[str, Any]:
    return {"NotificationType": kind, "ComparisonOperator": "GREATER_THAN", "Threshold": 100.0}
