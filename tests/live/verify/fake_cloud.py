"""A stand-in for boto3: clients that answer from plain lists, held to the shapes of AWS's own models.

Each question and each answer is checked by botocore against the service's model, so that a misspelt
field fails here and not first in AWS.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from botocore import xform_name
from botocore.exceptions import ClientError
from botocore.loaders import Loader
from botocore.model import OperationModel, ServiceModel, Shape
from botocore.validate import ParamValidator

Answers = Mapping[str, Callable[..., dict[str, Any]]]
"""`ec2.describe_vpcs` → a function of the call's arguments."""


def missing(code: str) -> ClientError:
    """The error by which a service says that something does not exist."""
    return failure(code, "it does not exist")


def failure(code: str, message: str = "no") -> ClientError:
    """An error as boto3 raises it."""
    return ClientError({"Error": {"Code": code, "Message": message}}, "Operation")


class FakeClients:
    """Makes clients that answer from functions, and keeps the questions asked."""

    def __init__(self, answers: Answers) -> None:
        self.answers = dict(answers)
        self.asked: list[str] = []
        self.regions: dict[str, str | None] = {}

    def client(self, service: str, region: str | None = None) -> Any:
        """A client of the service."""
        self.regions[service] = region
        return _Client(service, self)


class _Client:
    def __init__(self, service: str, clients: FakeClients) -> None:
        self._service, self._clients = service, clients

    def can_paginate(self, operation: str) -> bool:
        return False

    def __getattr__(self, operation: str) -> Callable[..., dict[str, Any]]:
        model = operations(self._service)[operation]

        def call(**arguments: Any) -> dict[str, Any]:
            question = f"{self._service}.{operation}"
            self._clients.asked.append(f"{question} {arguments}")
            _check(question, arguments, model.input_shape)
            answer = self._clients.answers[question](**arguments)
            _check(question, answer, model.output_shape, whole=False)
            return answer

        return call


@cache
def operations(service: str) -> dict[str, OperationModel]:
    """The operations of a service by boto3's names."""
    model = ServiceModel(Loader().load_service_model(service, "service-2"), service)
    return {xform_name(name): model.operation_model(name) for name in model.operation_names}


def _check(question: str, value: Mapping[str, Any], shape: Shape | None, *, whole: bool = True) -> None:
    """Fail when a value does not have the shape; without `whole`, required fields may be left out."""
    if shape is None:
        assert not value
        return
    report = ParamValidator().validate(dict(value), shape)
    faults = [fault for fault in report._errors if whole or fault[0] != "missing required field"]
    assert not faults, f"{question}: {faults}"
