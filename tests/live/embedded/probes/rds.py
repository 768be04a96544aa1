from __future__ import annotations

from typing import Any

from groma.live.embedded import Endpoints
from probes.network import unique


def _master(aws: Endpoints, **settings: Any) -> str:
    name = unique("master")
    aws.client("rds").create_db_instance(
        DBInstanceIdentifier=name,
        DBInstanceClass="db.t4g.medium",
        Engine="postgres",
        AllocatedStorage=20,
        MasterUsername="groma",
        AvailabilityZone="us-east-1a",
        **settings,
    )
    return name


def _replica(aws: Endpoints, master: str, **settings: Any) -> str:
    name = unique("replica")
    aws.client("rds").create_db_instance_read_replica(
        DBInstanceIdentifier=name, SourceDBInstanceIdentifier=master, **settings
    )
    return name


def _describe(aws: Endpoints, name: str) -> Any:
    return aws.client("rds").describe_db_instances(DBInstanceIdentifier=name)["DBInstances"][0]


def own_resource_id(aws: Endpoints) -> None:
    first = _master(aws, MasterUserPassword="a-password")
    names = (first, _master(aws, MasterUserPassword="a-password"), _replica(aws, first))
    assert len({_describe(aws, name)["DbiResourceId"] for name in names}) == 3


def replica_of_its_own(aws: Endpoints) -> None:
    key = aws.client("kms").create_key()["KeyMetadata"]["KeyId"]
    master = _master(
        aws,
        ManageMasterUserPassword=True,
        MasterUserSecretKmsKeyId=key,
        EnableCloudwatchLogsExports=["postgresql", "upgrade"],
        Tags=[{"Key": "role", "Value": "master"}],
        BackupRetentionPeriod=7,
    )
    aws.client("rds").modify_db_instance(DBInstanceIdentifier=master, MultiAZ=True, ApplyImmediately=True)
    replica = _replica(
        aws,
        master,
        AvailabilityZone="us-east-1b",
        EnableCloudwatchLogsExports=["upgrade"],
        Tags=[{"Key": "role", "Value": "replica"}],
    )
    seen = _describe(aws, replica)
    assert seen["AvailabilityZone"] == "us-east-1b"
    assert seen["ReadReplicaSourceDBInstanceIdentifier"] == master
    assert seen["EnabledCloudwatchLogsExports"] == ["upgrade"]
    assert seen["TagList"] == [{"Key": "role", "Value": "replica"}]
    assert seen["BackupRetentionPeriod"] == 0
    assert seen["MultiAZ"] is False
    assert "MasterUserSecret" not in seen
    seen = _describe(aws, master)
    assert seen["ReadReplicaDBInstanceIdentifiers"] == [replica]
    assert seen["MultiAZ"] is True
    assert seen["EnabledCloudwatchLogsExports"] == ["postgresql", "upgrade"]
    assert seen["TagList"] == [{"Key": "role", "Value": "master"}]
    aws.client("rds").delete_db_instance(DBInstanceIdentifier=replica, SkipFinalSnapshot=True)
    secret = _describe(aws, master)["MasterUserSecret"]["SecretArn"]
    assert aws.client("secretsmanager").get_secret_value(SecretId=secret)["SecretString"]


def performance_insights(aws: Endpoints) -> None:
    settings = {
        "EnablePerformanceInsights": True,
        "PerformanceInsightsKMSKeyId": "arn:aws:kms:us-east-1:123456789012:key/1",
        "PerformanceInsightsRetentionPeriod": 7,
    }
    master = _master(aws, MasterUserPassword="a-password", **settings)
    for name in (master, _replica(aws, master, **settings)):
        seen = _describe(aws, name)
        assert seen["PerformanceInsightsEnabled"] is True
        assert seen["PerformanceInsightsKMSKeyId"] == settings["PerformanceInsightsKMSKeyId"]
        assert seen["PerformanceInsightsRetentionPeriod"] == 7
    aws.client("rds").modify_db_instance(DBInstanceIdentifier=master, EnablePerformanceInsights=False)
    assert _describe(aws, master)["PerformanceInsightsEnabled"] is False
    assert _describe(aws, _replica(aws, master))["PerformanceInsightsEnabled"] is False


def parameter_source(aws: Endpoints) -> None:
    rds, name = aws.client("rds"), unique("parameters")
    rds.create_db_parameter_group(
        DBParameterGroupName=name, DBParameterGroupFamily="postgres16", Description=name
    )
    parameter = {"ParameterName": "log_min_duration_statement", "ParameterValue": "500"}
    rds.modify_db_parameter_group(
        DBParameterGroupName=name, Parameters=[{**parameter, "ApplyMethod": "immediate"}]
    )
    (seen,) = rds.describe_db_parameters(DBParameterGroupName=name, Source="user")["Parameters"]
    assert parameter.items() <= seen.items()
    assert seen["Source"] == "user"


def gone_at_once(aws: Endpoints) -> None:
    first, second = (_master(aws, MasterUserPassword="a-password") for _ in range(2))
    assert aws.client("rds").delete_db_instance(DBInstanceIdentifier=first, SkipFinalSnapshot=True)[
        "DBInstance"
    ]
    provider = aws.client("rds")
    provider.meta.events.register("before-send.rds.DeleteDBInstance", _as_the_provider)
    try:
        provider.delete_db_instance(DBInstanceIdentifier=second, SkipFinalSnapshot=True)
        raise AssertionError("the provider is not told that it is gone")
    except provider.exceptions.DBInstanceNotFoundFault:
        there = aws.client("rds").describe_db_instances()["DBInstances"]
        assert not {first, second} & {each["DBInstanceIdentifier"] for each in there}


def _as_the_provider(request: Any, **_: Any) -> None:
    request.headers["User-Agent"] = "APN/1.0 HashiCorp/1.0 Terraform/1.11.4 terraform-provider-aws/5.100.0"
