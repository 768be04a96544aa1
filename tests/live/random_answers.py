"""Clouds that answer by AWS's own models, at random: fields lack, and hold others than are meant."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import cache
from random import Random
from types import SimpleNamespace
from typing import Any

from botocore import xform_name
from botocore.exceptions import ClientError
from botocore.loaders import Loader
from botocore.model import ServiceModel, Shape

CODES = (
    "ThrottlingException",
    "RequestLimitExceeded",
    "AccessDenied",
    "ResourceNotFoundException",
    "Internal",
)
TEXTS = (
    *("", "x", "7", "-1", "nan", "{", "{}", "[]", '{"Statement": 5}', "arn:aws:iam::1:role/x"),
    *("us-east-1", "chirp"),
)
DEEPEST = 7


@cache
def model(service: str) -> ServiceModel:
    return ServiceModel(Loader().load_service_model(service, "service-2"), service)


@cache
def output_of(service: str, operation: str) -> Shape | None:
    names = {xform_name(name): name for name in model(service).operation_names}
    return model(service).operation_model(names[operation]).output_shape


class RandomCloud:
    """A target and its clients; what they answer depends on the seed alone."""

    name = "aws"

    def __init__(self, seed: int, lacking: float = 0.3) -> None:
        self.chance, self.lacking = Random(seed), lacking

    def account(self) -> str:
        return "123456789012"

    def web(self, host: str) -> Any:
        raise AssertionError("nothing is visited")

    def client(self, service: str, region: str | None = None) -> Any:
        return _Client(service, self)

    def answer(self, shape: Shape | None) -> Any:
        """An answer of a shape, or an error."""
        if self.chance.random() < 0.05:
            raise ClientError({"Error": {"Code": self.chance.choice(CODES), "Message": "no"}}, "Operation")
        return {} if shape is None else self._value(shape, 0)

    def _value(self, shape: Shape, depth: int) -> Any:
        if shape.type_name == "structure":
            members = shape.members if depth < DEEPEST else {}  # type: ignore[attr-defined]
            return {
                name: self._value(each, depth + 1)
                for name, each in members.items()
                if self.chance.random() > self.lacking and "Token" not in name and name != "NextMarker"
            }
        if shape.type_name == "list":
            count = self.chance.choice((0, 1, 1, 2)) if depth < DEEPEST else 0
            return [self._value(shape.member, depth + 1) for _ in range(count)]  # type: ignore[attr-defined]
        if shape.type_name == "map":
            return {self.chance.choice(TEXTS): self._value(shape.value, depth + 1)}  # type: ignore[attr-defined]
        return self._scalar(shape)

    def _scalar(self, shape: Shape) -> Any:
        if shape.type_name == "string":
            return self.chance.choice((*TEXTS, *getattr(shape, "enum", ())))
        if shape.type_name == "timestamp":
            return datetime(2026, 11, self.chance.randint(1, 28), tzinfo=UTC)
        if shape.type_name == "boolean":
            return self.chance.random() < 0.5
        if shape.type_name == "blob":
            return b"\xff"
        return self.chance.choice((0, -1, 1, 7, 10**12))


class _Client:
    def __init__(self, service: str, cloud: RandomCloud) -> None:
        self._service, self._cloud = service, cloud
        self.exceptions = SimpleNamespace(ClientError=ClientError)

    def can_paginate(self, operation: str) -> bool:
        return False

    def get_paginator(self, operation: str) -> Any:
        def pages(**_: Any) -> list[Any]:
            return [getattr(self, operation)()]

        return SimpleNamespace(paginate=pages)

    def __getattr__(self, operation: str) -> Callable[..., Mapping[str, Any]]:
        shape = output_of(self._service, operation)
        return lambda **_: self._cloud.answer(shape)
