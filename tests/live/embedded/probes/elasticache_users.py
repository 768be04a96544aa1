from __future__ import annotations

import pytest
from botocore.exceptions import ClientError

from groma.live.embedded import Endpoints
from probes.network import unique


def user_groups(aws: Endpoints) -> None:
    elasticache, name = aws.client("elasticache"), unique("users")
    users = [unique("user"), unique("user")]
    for user in users:
        elasticache.create_user(
            UserId=user,
            UserName=user,
            Engine="valkey",
            AccessString="on ~* +@all",
            AuthenticationMode={"Type": "iam"},
        )
    tags = [{"Key": "stack", "Value": "proof"}]
    made = elasticache.create_user_group(UserGroupId=name, Engine="valkey", UserIds=users[:1], Tags=tags)
    assert elasticache.list_tags_for_resource(ResourceName=made["ARN"])["TagList"] == tags
    (seen,) = elasticache.describe_users(UserId=users[0])["Users"]
    assert seen["UserGroupIds"] == [name]
    elasticache.modify_user_group(UserGroupId=name, UserIdsToAdd=users[1:], UserIdsToRemove=users[:1])
    (group,) = elasticache.describe_user_groups(UserGroupId=name)["UserGroups"]
    assert (group["Status"], group["Engine"], group["UserIds"]) == ("active", "valkey", users[1:])
    elasticache.delete_user_group(UserGroupId=name)
    with pytest.raises(ClientError, match="UserGroupNotFound"):
        elasticache.describe_user_groups(UserGroupId=name)
    (seen,) = elasticache.describe_users(UserId=users[1])["Users"]
    assert seen["UserGroupIds"] == []
