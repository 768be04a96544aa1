"""What a cloud lists: all pages of a call from a table of calls, and whose each thing is, by its tags."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import jmespath


def argument(text: str) -> str | int | list[str]:
    """An argument as tables of calls write it: a number, a text, or `[a|b]` for several texts."""
    if text.startswith("["):
        return text.strip("[]").split("|")
    return int(text) if text.isdigit() else text


def things(client: Any, operation: str, result: str, arguments: Mapping[str, Any]) -> Iterator[Any]:
    """What an operation of a boto3 client lists on all its pages; `result` says where, as JMESPath."""
    if client.can_paginate(operation):
        pages: Iterable[Any] = client.get_paginator(operation).paginate(**arguments)
    else:
        pages = [getattr(client, operation)(**arguments)]
    for page in pages:
        yield from jmespath.search(result, page) or ()


def tags_of(thing: Mapping[str, Any]) -> Mapping[str, str]:
    """The tags of a thing, which services give as a list or as an object, or not at all."""
    tags = thing.get("Tags") or thing.get("TagList") or thing.get("tags") or {}
    return (
        tags
        if isinstance(tags, Mapping)
        else {tag["Key"]: tag.get("Value", "") for tag in tags if "Key" in tag}
    )
