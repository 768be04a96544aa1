"""What each rule refuses, and the twin that it lets pass."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from groma.live.embedded.gate import Account


@dataclass(frozen=True)
class Case:
    """A rule, what it refuses, and what it lets pass: the same with other parameters."""

    rule: str
    service: str
    operation: str
    code: str
    wrong: Mapping[str, Any]
    right: Mapping[str, Any]
    both: Mapping[str, Any] = field(default_factory=dict)
    account: Account = Account.GROWN
    strict: bool = False
    region: str = "us-east-1"
    before: tuple[tuple[str, str, Mapping[str, Any]], ...] = ()
    before_in: str = "us-east-1"


def distribution(**config: Any) -> dict[str, Any]:
    """A distribution's configuration, whole but for what is tried."""
    origin = {
        "Id": "site",
        "DomainName": "b.s3.amazonaws.com",
        "S3OriginConfig": {"OriginAccessIdentity": ""},
    }
    behaviour = {"TargetOriginId": "site", "ViewerProtocolPolicy": "redirect-to-https"}
    whole = {
        "CallerReference": "1",
        "Comment": "",
        "Enabled": True,
        "Origins": {"Quantity": 1, "Items": [origin]},
        "DefaultCacheBehavior": behaviour,
    }
    return {"DistributionConfig": whole | config}


def named(arn: str = "") -> dict[str, Any]:
    """A distribution with a name of its own, and perhaps a certificate."""
    certificate = {"ACMCertificateArn": arn} if arn else {"CloudFrontDefaultCertificate": True}
    names = {"Quantity": 1, "Items": ["chirp.acme.dev"]}
    return distribution(Aliases=names, ViewerCertificate=certificate)


CERTIFICATE = "arn:aws:acm:us-east-1:123456789012:certificate/12345678-1234-1234-1234-123456789012"
INSTANCE = {"DBInstanceIdentifier": "chirp-master", "Engine": "postgres", "DBInstanceClass": "db.m7g.large"}
WITH_BACKUPS = tuple(
    ("rds", "create_db_instance", {**INSTANCE, "DBInstanceIdentifier": name, **given})
    for name, given in (
        ("bare", {"BackupRetentionPeriod": 0}),
        ("kept", {"BackupRetentionPeriod": 7}),
        ("secret", {"BackupRetentionPeriod": 7, "StorageEncrypted": True}),
    )
)


def arn_of(database: str, region: str = "us-east-1") -> str:
    """The ARN of a database."""
    return f"arn:aws:rds:{region}:111122223333:db:{database}"


GROUP = {
    "AutoScalingGroupName": "chirp-web",
    "MaxSize": 4,
    "LaunchTemplate": {"LaunchTemplateName": "chirp-web"},
}
SMALL_TEMPLATE = {"LaunchTemplateName": "chirp-web", "LaunchTemplateData": {"InstanceType": "t4g.small"}}
SPOT_GROUP = {
    "AutoScalingGroupName": "chirp-web",
    "MaxSize": 4,
    "MixedInstancesPolicy": {
        "LaunchTemplate": {"LaunchTemplateSpecification": {"LaunchTemplateName": "chirp-web"}},
        "InstancesDistribution": {"OnDemandBaseCapacity": 1, "OnDemandPercentageAboveBaseCapacity": 0},
    },
}
TEMPLATE = {"LaunchTemplateName": "chirp-web", "LaunchTemplateData": {"InstanceType": "m7g.xlarge"}}
TABLE = {
    "TableName": "chirp",
    "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}],
    "BillingMode": "PAY_PER_REQUEST",
}
PK, SK = ({"AttributeName": name, "AttributeType": "S"} for name in ("pk", "sk"))
BALANCER = {"Subnets": ["subnet-1", "subnet-2"]}
ALARM = {
    "AlarmName": "a",
    "ComparisonOperator": "GreaterThanThreshold",
    "EvaluationPeriods": 3,
    "Threshold": 1.0,
}
LIMIT = {"Limit": 2000, "AggregateKeyType": "IP"}


def rate_rule(window: int) -> dict[str, Any]:
    """A web ACL's rule that limits the rate over a window."""
    statement = {"RateBasedStatement": {**LIMIT, "EvaluationWindowSec": window}}
    seen = {"SampledRequestsEnabled": True, "CloudWatchMetricsEnabled": True, "MetricName": "rate"}
    return {
        "Name": "rate",
        "Priority": 1,
        "Statement": statement,
        "Action": {"Block": {}},
        "VisibilityConfig": seen,
    }


ACL = {
    "Name": "chirp",
    "Scope": "CLOUDFRONT",
    "DefaultAction": {"Allow": {}},
    "VisibilityConfig": rate_rule(300)["VisibilityConfig"],
}


def permission(description: str) -> dict[str, Any]:
    """A rule of a security group with this description."""
    ranges = [{"CidrIp": "10.0.0.0/16", "Description": description}]
    return {"IpPermissions": [{"IpProtocol": "tcp", "FromPort": 80, "ToPort": 80, "IpRanges": ranges}]}


def record(value: str) -> dict[str, Any]:
    """A change that makes a TXT record."""
    made = {"Name": "chirp.acme.dev", "Type": "TXT", "TTL": 300, "ResourceRecords": [{"Value": value}]}
    return {"ChangeBatch": {"Changes": [{"Action": "CREATE", "ResourceRecordSet": made}]}}


QUEUE_ARN = "arn:aws:sqs:us-east-1:123456789012:fan-out"
FUNCTION = {
    "FunctionName": "chirp-api",
    "Runtime": "python3.12",
    "Handler": "a.b",
    "Role": "arn:aws:iam::123456789012:role/chirp-api",
    "Code": {"ZipFile": b"zip"},
}

CASES = (
    Case("names.bucket", "s3", "create_bucket", "InvalidBucketName", {"Bucket": "Chirp_Site"}, {"Bucket": "chirp"}),
    Case("names.bucket", "s3", "create_bucket", "InvalidBucketName", {"Bucket": "sthree-a"}, {"Bucket": "three-a"}),
    Case("names.bucket", "s3", "create_bucket", "InvalidBucketName", {"Bucket": "10.0.0.1"}, {"Bucket": "10.0.0.a"}),
    Case(
        "names.login_domain", "cognito-idp", "create_user_pool_domain", "InvalidParameterException",
        {"Domain": "my-aws-chirp"}, {"Domain": "my-chirp"}, {"UserPoolId": "us-east-1_a"},
    ),
    Case(
        "names.load_balancer", "elbv2", "create_load_balancer", "ValidationError",
        {"Name": "internal-chirp"}, {"Name": "chirp-internal"}, BALANCER,
    ),
    Case(
        "names.load_balancer", "elbv2", "create_target_group", "ValidationError",
        {"Name": "a" * 33}, {"Name": "a" * 32}, {},
    ),
    Case(
        "names.database", "rds", "create_db_instance", "InvalidParameterValue",
        {"DBInstanceIdentifier": "chirp--a"}, {"DBInstanceIdentifier": "chirp-a"},
        {"Engine": "postgres", "DBInstanceClass": "db.m7g.large"},
    ),
    Case(
        "names.cache", "elasticache", "create_replication_group", "InvalidParameterValue",
        {"ReplicationGroupId": "a" * 41}, {"ReplicationGroupId": "a" * 40}, {"ReplicationGroupDescription": "a"},
    ),
    Case(
        "names.queue", "sqs", "create_queue", "InvalidParameterValue", {"QueueName": "a.b"}, {"QueueName": "a.fifo"}
    ),
    Case(
        "names.security_group", "ec2", "create_security_group", "InvalidParameterValue",
        {"GroupName": "sg-chirp"}, {"GroupName": "chirp-sg"}, {"Description": "a"},
    ),
    Case(
        "names.key_alias", "kms", "create_alias", "NotAuthorizedException",
        {"AliasName": "alias/aws/chirp"}, {"AliasName": "alias/chirp"}, {"TargetKeyId": "1"},
    ),
    Case(
        "edge.reserved", "route53", "create_hosted_zone", "InvalidDomainName",
        {"Name": "chirp.example.com"}, {"Name": "chirp.acme.dev"}, {"CallerReference": "1"}, strict=True,
    ),
    Case("edge.certificate", "cloudfront", "create_distribution", "InvalidViewerCertificate", named(), named(CERTIFICATE)),
    Case(
        "edge.certificate", "cloudfront", "create_distribution", "InvalidViewerCertificate",
        named(CERTIFICATE.replace("us-east-1", "eu-west-1")), named(CERTIFICATE),
    ),
    Case(
        "edge.origins", "cloudfront", "create_distribution", "NoSuchOrigin",
        distribution(DefaultCacheBehavior={"TargetOriginId": "a", "ViewerProtocolPolicy": "allow-all"}), distribution(),
    ),
    Case(
        "edge.rate_window", "wafv2", "create_web_acl", "WAFInvalidParameterException",
        {"Rules": [rate_rule(90)]}, {"Rules": [rate_rule(120)]}, ACL,
    ),
    Case(
        "edge.records", "route53", "change_resource_record_sets", "InvalidChangeBatch",
        record(f'"{"a" * 256}"'), record(f'"{"a" * 255}"'), {"HostedZoneId": "Z1234567890ABC"},
    ),
    Case(
        "servers.described", "ec2", "authorize_security_group_ingress", "InvalidParameterValue",
        permission("web → app"), permission("web to app"), {"GroupId": "sg-1"},
    ),
    Case(
        "servers.instance_type", "ec2", "create_launch_template", "Unsupported",
        {"LaunchTemplateData": {"InstanceType": "c6id.large"}}, {"LaunchTemplateData": {"InstanceType": "m7g.large"}},
        {"LaunchTemplateName": "chirp-web"}, region="us-west-1",
    ),
    Case(
        "servers.group_size", "autoscaling", "create_auto_scaling_group", "ValidationError",
        {"MinSize": 5}, {"MinSize": 2}, GROUP,
    ),
    Case(
        "servers.group_size", "autoscaling", "create_auto_scaling_group", "ValidationError",
        {"MinSize": 2, "DesiredCapacity": 1}, {"MinSize": 2, "DesiredCapacity": 3}, GROUP,
    ),
    Case(
        "servers.two_subnets", "elbv2", "create_load_balancer", "ValidationError",
        {"Subnets": ["subnet-1"]}, BALANCER, {"Name": "chirp-web"},
    ),
    Case(
        "servers.health_check", "elbv2", "create_target_group", "ValidationError",
        {"HealthCheckTimeoutSeconds": 10}, {"HealthCheckTimeoutSeconds": 5},
        {"Name": "chirp-web", "HealthCheckIntervalSeconds": 10},
    ),
    Case(
        "databases.offered", "rds", "create_db_instance", "InvalidParameterCombination",
        {"EngineVersion": "99.1"}, {"EngineVersion": "17.6"}, INSTANCE,
    ),
    Case(
        "databases.offered", "rds", "create_db_instance", "InvalidParameterCombination",
        {"DBInstanceClass": "db.m99.large"}, {}, INSTANCE,
    ),
    Case(
        "databases.storage", "rds", "create_db_instance", "InvalidParameterCombination",
        {"AllocatedStorage": 100, "Iops": 12_000}, {"AllocatedStorage": 400, "Iops": 12_000},
        {**INSTANCE, "StorageType": "gp3"},
    ),
    Case(
        "databases.storage", "rds", "create_db_instance", "InvalidParameterValue",
        {"AllocatedStorage": 70_000}, {"AllocatedStorage": 65_536}, {**INSTANCE, "StorageType": "gp3"},
    ),
    Case(
        "databases.provisioned", "rds", "create_db_instance", "InvalidParameterCombination",
        {"AllocatedStorage": 50, "Iops": 3_000}, {"AllocatedStorage": 100, "Iops": 3_000},
        {**INSTANCE, "StorageType": "io2"},
    ),
    Case(
        "databases.provisioned", "rds", "create_db_instance", "InvalidParameterCombination",
        {"AllocatedStorage": 5_000, "Iops": 1_000}, {"AllocatedStorage": 2_000, "Iops": 1_000},
        {**INSTANCE, "StorageType": "io2"},
    ),
    Case(
        "databases.master", "rds", "create_db_instance", "InvalidParameterValue",
        {"MasterUsername": "admin"}, {"MasterUsername": "chirp"}, INSTANCE,
    ),
    Case(
        "databases.master", "rds", "create_db_instance", "InvalidParameterValue",
        {"MasterUserPassword": "pass@word"}, {"MasterUserPassword": "pass-word"}, INSTANCE,
    ),
    Case(
        "databases.backed_up", "rds", "create_db_instance_read_replica", "InvalidDBInstanceState",
        {"SourceDBInstanceIdentifier": "bare"}, {"SourceDBInstanceIdentifier": "kept"},
        {"DBInstanceIdentifier": "replica", "DBInstanceClass": "db.m7g.large"},
        before=WITH_BACKUPS,
    ),
    Case(
        "databases.copied", "rds", "start_db_instance_automated_backups_replication", "InvalidDBInstanceState",
        {"SourceDBInstanceArn": arn_of("bare")}, {"SourceDBInstanceArn": arn_of("kept")}, region="us-west-2",
        before=WITH_BACKUPS,
    ),
    Case(
        "databases.copied", "rds", "start_db_instance_automated_backups_replication", "InvalidParameterValue",
        {"SourceDBInstanceArn": arn_of("kept", "us-west-2")}, {"SourceDBInstanceArn": arn_of("kept")},
        region="us-west-2", before=WITH_BACKUPS,
    ),
    Case(
        "databases.copied", "rds", "start_db_instance_automated_backups_replication",
        "InvalidParameterCombination", {"KmsKeyId": "arn:aws:kms:us-east-1:111122223333:key/1"},
        {"KmsKeyId": "arn:aws:kms:us-west-2:111122223333:key/1"}, {"SourceDBInstanceArn": arn_of("secret")},
        region="us-west-2", before=WITH_BACKUPS,
    ),
    Case(
        "databases.cache_node", "elasticache", "create_replication_group", "InvalidParameterValue",
        {"CacheNodeType": "cache.m99.large"}, {"CacheNodeType": "cache.m7g.large"},
        {"ReplicationGroupId": "chirp", "ReplicationGroupDescription": "a"},
    ),
    Case(
        "databases.keys", "dynamodb", "create_table", "ValidationException",
        {"AttributeDefinitions": [PK, SK]}, {"AttributeDefinitions": [PK]}, TABLE,
    ),
    Case(
        "functions.environment", "lambda", "create_function", "InvalidParameterValueException",
        {"Environment": {"Variables": {"AWS_REGION": "a"}}}, {"Environment": {"Variables": {"REGION": "a"}}}, FUNCTION,
    ),
    Case(
        "functions.environment", "lambda", "create_function", "InvalidParameterValueException",
        {"Environment": {"Variables": {"AB": "a" * 4095}}}, {"Environment": {"Variables": {"AB": "a" * 4094}}}, FUNCTION,
    ),
    Case(
        "functions.batches", "lambda", "create_event_source_mapping", "InvalidParameterValueException",
        {"BatchSize": 11}, {"BatchSize": 11, "MaximumBatchingWindowInSeconds": 1},
        {"EventSourceArn": QUEUE_ARN, "FunctionName": "chirp-fan-out"},
    ),
    Case(
        "functions.visibility", "lambda", "create_event_source_mapping", "InvalidParameterValueException",
        {"FunctionName": "chirp-slow"}, {"FunctionName": "chirp-quick"}, {"EventSourceArn": QUEUE_ARN},
        before=(
            ("sqs", "create_queue", {"QueueName": "fan-out", "Attributes": {"VisibilityTimeout": "60"}}),
            ("lambda", "create_function", {**FUNCTION, "FunctionName": "chirp-slow", "Timeout": 61}),
            ("lambda", "create_function", {**FUNCTION, "FunctionName": "chirp-quick", "Timeout": 60}),
        ),
    ),
    Case(
        "functions.hidden", "sqs", "create_queue", "InvalidAttributeValue",
        {"Attributes": {"VisibilityTimeout": "43201"}}, {"Attributes": {"VisibilityTimeout": "43200"}},
        {"QueueName": "fan-out"},
    ),
    Case("watching.alarm", "cloudwatch", "put_metric_alarm", "ValidationError", {"Period": 90}, {"Period": 60}, ALARM),
    Case(
        "watching.alarm", "cloudwatch", "put_metric_alarm", "ValidationError",
        {"Period": 60, "DatapointsToAlarm": 4}, {"Period": 60, "DatapointsToAlarm": 3}, ALARM,
    ),
    Case(
        "watching.alarm", "cloudwatch", "put_metric_alarm", "ValidationError",
        {"Period": 1800, "EvaluationPeriods": 49}, {"Period": 1800, "EvaluationPeriods": 48}, ALARM,
    ),
    Case(
        "watching.retention", "logs", "put_retention_policy", "InvalidParameterException",
        {"retentionInDays": 31}, {"retentionInDays": 30}, {"logGroupName": "chirp"},
    ),
    Case(
        "watching.policy", "iam", "put_role_policy", "MalformedPolicyDocument",
        {"PolicyDocument": "{"}, {"PolicyDocument": "{}"}, {"RoleName": "chirp", "PolicyName": "own"},
    ),
    Case(
        "watching.secret", "secretsmanager", "create_secret", "ValidationException",
        {"Name": "chirp database"}, {"Name": "chirp/database"}, {"ClientRequestToken": "a" * 32},
    ),
    Case(
        "young.reserved_calls", "lambda", "put_function_concurrency", "InvalidParameterValueException",
        {"ReservedConcurrentExecutions": 1}, {"ReservedConcurrentExecutions": 0}, {"FunctionName": "chirp-api"},
        account=Account.NEW,
    ),
    Case(
        "young.servers", "autoscaling", "create_auto_scaling_group", "VcpuLimitExceeded",
        {"MinSize": 2}, {"MinSize": 1}, GROUP, account=Account.NEW,
        before=(("ec2", "create_launch_template", TEMPLATE),),
    ),
    Case(
        "young.spot_servers", "autoscaling", "create_auto_scaling_group", "MaxSpotInstanceCountExceeded",
        {"MinSize": 4}, {"MinSize": 3}, SPOT_GROUP, account=Account.NEW,
        before=(("ec2", "create_launch_template", SMALL_TEMPLATE),),
    ),
    Case(
        "young.zone", "ec2", "create_subnet", "InvalidParameterValue",
        {"AvailabilityZone": "us-west-1b"}, {"AvailabilityZone": "us-west-1a"},
        {"VpcId": "vpc-1", "CidrBlock": "10.0.0.0/20"}, account=Account.NEW, region="us-west-1",
    ),
    Case(
        "young.free_backups", "rds", "create_db_instance", "FreeTierRestrictionError",
        {"BackupRetentionPeriod": 7}, {"BackupRetentionPeriod": 1}, INSTANCE, account=Account.FREE,
    ),
    Case(
        "young.free_types", "ec2", "create_launch_template", "InvalidParameterCombination",
        {"LaunchTemplateData": {"InstanceType": "m7g.large"}}, {"LaunchTemplateData": {"InstanceType": "t4g.small"}},
        {"LaunchTemplateName": "chirp-web"}, account=Account.FREE,
    ),
)  # fmt: skip
BY_ACCOUNT = {
    "young.load_balancers": ("elbv2", "create_load_balancer", {"Name": "chirp-web", **BALANCER}),
    "young.distributions": ("cloudfront", "create_distribution", distribution()),
}
"""Refused whatever they ask for, to who is new."""
