"""ElastiCache: groups of users."""

from __future__ import annotations

from typing import Any

from moto.core.responses import ActionResult
from moto.elasticache import models
from moto.elasticache.exceptions import ElastiCacheException
from moto.elasticache.responses import ElastiCacheResponse

from groma.live.embedded.corrections.registry import correction


class _NotFound(ElastiCacheException):  # type: ignore[misc]
    code = "UserGroupNotFound"


@correction(seen_in="5.2.5")
def user_groups() -> None:
    """Upstream: knows users, but no groups of users.

    Effect: they are made, described, changed and deleted, and a user says which it is in.
    """
    original = models.ElastiCacheBackend.list_tags_for_resource

    def list_tags(self: Any, arn: str) -> Any:
        if ":usergroup:" in arn:
            return self.tagging_service.list_tags_for_resource(arn)
        return original(self, arn)

    def create(self: Any) -> Any:
        name = self._get_param("UserGroupId")
        backend = self.elasticache_backend
        place = f"{backend.region_name}:{backend.account_id}"
        group = {
            "UserGroupId": name,
            "Status": "active",
            "Engine": self._get_param("Engine").lower(),
            "UserIds": list(self._get_param("UserIds", [])),
            "MinimumEngineVersion": "7.2",
            "ARN": f"arn:{backend.partition}:elasticache:{place}:usergroup:{name}",
        }
        backend.tagging_service.tag_resource(group["ARN"], self._get_param("Tags", []))
        _groups(self)[name] = group
        _note_memberships(self)
        return ActionResult(group)

    def describe(self: Any) -> Any:
        wanted = self._get_param("UserGroupId")
        return ActionResult({"UserGroups": [_group(self)] if wanted else list(_groups(self).values())})

    def modify(self: Any) -> Any:
        group = _group(self)
        removed = self._get_param("UserIdsToRemove", [])
        kept = [user for user in group["UserIds"] if user not in removed]
        group["UserIds"] = [*kept, *self._get_param("UserIdsToAdd", [])]
        _note_memberships(self)
        return ActionResult(group)

    def delete(self: Any) -> Any:
        group = _groups(self).pop(_group(self)["UserGroupId"])
        _note_memberships(self)
        return ActionResult({**group, "Status": "deleting"})

    models.ElastiCacheBackend.list_tags_for_resource = list_tags
    ElastiCacheResponse.create_user_group = create
    ElastiCacheResponse.describe_user_groups = describe
    ElastiCacheResponse.modify_user_group = modify
    ElastiCacheResponse.delete_user_group = delete


def _groups(response: Any) -> dict[str, dict[str, Any]]:
    """Groups by id, kept in the backend so that a snapshot holds them."""
    kept: dict[str, dict[str, Any]] = response.elasticache_backend.__dict__.setdefault("user_groups", {})
    return kept


def _group(response: Any) -> dict[str, Any]:
    name = response._get_param("UserGroupId")
    if name not in _groups(response):
        raise _NotFound(f"User group {name} not found.")
    return _groups(response)[name]


def _note_memberships(response: Any) -> None:
    for name, user in response.elasticache_backend.users.items():
        user.user_group_ids = [key for key, group in _groups(response).items() if name in group["UserIds"]]
