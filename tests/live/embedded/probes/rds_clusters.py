from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from groma.live.embedded import Endpoints
from probes.network import unique

ENGINE = {"Engine": "aurora-postgresql", "EngineVersion": "16.8"}


def _global(aws: Endpoints, **settings: Any) -> str:
    name = unique("global")
    aws.client("rds").create_global_cluster(GlobalClusterIdentifier=name, **ENGINE, **settings)
    return name


def _describe_global(aws: Endpoints, name: str) -> Any:
    rows = aws.client("rds").describe_global_clusters(GlobalClusterIdentifier=name)["GlobalClusters"]
    return next(row for row in rows if row["GlobalClusterIdentifier"] == name)


def _member(aws: Endpoints, region: str, database: str, **settings: Any) -> str:
    name = unique("cluster")
    primary = {"MasterUsername": "groma", "MasterUserPassword": "a-password"}
    aws.client("rds", region).create_db_cluster(
        DBClusterIdentifier=name,
        GlobalClusterIdentifier=database,
        **ENGINE,
        **(primary if region == "us-east-1" else {}),
        **settings,
    )
    return name


def _describe(aws: Endpoints, region: str, cluster: str) -> Any:
    return aws.client("rds", region).describe_db_clusters(DBClusterIdentifier=cluster)["DBClusters"][0]


def no_scaling_configuration(aws: Endpoints) -> None:
    cluster = _member(aws, "us-east-1", _global(aws))
    assert "ScalingConfigurationInfo" not in _describe(aws, "us-east-1", cluster)


def global_database_name(aws: Endpoints) -> None:
    assert _describe_global(aws, _global(aws, DatabaseName="chirp"))["DatabaseName"] == "chirp"
    assert "DatabaseName" not in _describe_global(aws, _global(aws))


def global_tags(aws: Endpoints) -> None:
    tags = [{"Key": "stack", "Value": "proof"}]
    arn = _describe_global(aws, _global(aws, Tags=tags))["GlobalClusterArn"]
    for region in ("us-east-1", "eu-west-1"):
        assert aws.client("rds", region).list_tags_for_resource(ResourceName=arn)["TagList"] == tags


def global_changes(aws: Endpoints) -> None:
    database, renamed = _global(aws, DeletionProtection=True), unique("renamed")
    cluster = _member(aws, "us-east-1", database)
    aws.client("rds", "eu-west-1").modify_global_cluster(
        GlobalClusterIdentifier=database,
        DeletionProtection=False,
        EngineVersion="16.9",
        NewGlobalClusterIdentifier=renamed,
    )
    seen = _describe_global(aws, renamed)
    assert (seen["DeletionProtection"], seen["EngineVersion"]) == (False, "16.9")
    assert _describe(aws, "us-east-1", cluster)["GlobalClusterIdentifier"] == renamed


def leave_from_any_region(aws: Endpoints) -> None:
    database = _global(aws)
    primary = _member(aws, "us-east-1", database)
    secondary = _member(aws, "eu-west-1", database)
    for region, cluster in (("eu-west-1", secondary), ("us-east-1", primary)):
        arn = _describe(aws, region, cluster)["DBClusterArn"]
        rds = aws.client("rds", region)
        rds.remove_from_global_cluster(GlobalClusterIdentifier=database, DbClusterIdentifier=arn)
        members = _describe_global(aws, database)["GlobalClusterMembers"]
        assert arn not in [member["DBClusterArn"] for member in members]
        rds.delete_db_cluster(DBClusterIdentifier=cluster, SkipFinalSnapshot=True)
    aws.client("rds").delete_global_cluster(GlobalClusterIdentifier=database)
    with pytest.raises(ClientError, match="NotFound"):
        aws.client("rds").remove_from_global_cluster(
            GlobalClusterIdentifier=database, DbClusterIdentifier=primary
        )


def write_forwarding(aws: Endpoints) -> None:
    database = _global(aws)
    primary = _member(aws, "us-east-1", database)
    forwarding = _member(aws, "eu-west-1", database, EnableGlobalWriteForwarding=True)
    _member(aws, "us-west-2", database)
    assert "GlobalWriteForwardingStatus" not in _describe(aws, "us-east-1", primary)
    assert _describe(aws, "eu-west-1", forwarding)["GlobalWriteForwardingStatus"] == "enabled"
    members = _describe_global(aws, database)["GlobalClusterMembers"]
    assert [member.get("GlobalWriteForwardingStatus") for member in members] == [None, "enabled", "disabled"]
