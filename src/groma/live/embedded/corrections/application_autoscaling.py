"""What Application Auto Scaling moves: the capacity of tables."""

from __future__ import annotations

import json
from typing import Any

from moto.applicationautoscaling.responses import ApplicationAutoScalingResponse as Response

from groma.live.embedded.corrections.registry import correction


@correction(seen_in="5.2.5")
def target_tags() -> None:
    """Upstream: knows no tags of scalable targets.

    Effect: they are kept, changed and listed, so that Terraform can read what it has made.
    """
    register = Response.register_scalable_target

    def registered(self: Any) -> str:
        answer: str = register(self)
        _tags(self, json.loads(answer)["ScalableTargetARN"]).update(self._get_param("Tags") or {})
        return answer

    def list_tags(self: Any) -> str:
        return json.dumps({"Tags": _tags(self, self._get_param("ResourceARN"))})

    def tag(self: Any) -> str:
        _tags(self, self._get_param("ResourceARN")).update(self._get_param("Tags"))
        return "{}"

    def untag(self: Any) -> str:
        for key in self._get_param("TagKeys"):
            _tags(self, self._get_param("ResourceARN")).pop(key, None)
        return "{}"

    Response.register_scalable_target = registered
    Response.list_tags_for_resource = list_tags
    Response.tag_resource = tag
    Response.untag_resource = untag


def _tags(response: Any, arn: str) -> dict[str, str]:
    """The tags of a target, kept in the backend so that a snapshot holds them."""
    kept = response.applicationautoscaling_backend.__dict__.setdefault("tags_by_arn", {})
    tags: dict[str, str] = kept.setdefault(arn, {})
    return tags
