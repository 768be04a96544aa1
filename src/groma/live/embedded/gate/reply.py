"""An HTTP answer, and how what is to be told becomes one in the protocol in which it was asked for."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from groma.live.embedded.gate.asked import Asked

JSON = {"content-type": "application/json"}


@dataclass(frozen=True)
class Reply:
    """An HTTP answer; its length is known from its body."""

    status: int
    body: bytes
    headers: Mapping[str, str] = field(default_factory=lambda: JSON)


def told(asked: Asked, content: Mapping[str, Any] | Exception) -> Reply:
    """An answer, or an error with `code` and `message`, in the protocol of the request."""
    from moto.core.serialize import SerializationContext, get_serializer_class

    serializer = get_serializer_class(asked.service, asked.protocol)(
        asked.model, SerializationContext(str(uuid4()))
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # not every error that AWS gives stands in its models
        made = serializer.serialize(content)
    body = made["body"]
    return Reply(made["status_code"], body.encode() if isinstance(body, str) else body, made["headers"])
