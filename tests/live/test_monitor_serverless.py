"""What `groma status` says of functions and queues, from a cloud that answers as AWS does."""

from __future__ import annotations

from typing import Any

import pytest

from groma.design import design
from groma.live.monitor import _functions, _queues
from groma.workload import load
from workloads import ROOT

ARCHITECTURE = design(load(ROOT / "examples" / "social-serverless.yaml"), reasons=False).architecture


class Cloud:
    """Stands for target, clients and paginators at once."""

    def __init__(self) -> None:
        names = ("api", "fan-out", "pictures", "housekeeping")
        self.functions = [{"FunctionName": f"chirp-{name}", "MemorySize": 192} for name in names]
        queues = ("posted-fan-out", "posted-fan-out-dead-letter")
        queues += ("uploaded-pictures", "uploaded-pictures-dead-letter")
        self.messages = {f"chirp-{name}": (0, 0) for name in queues}

    def client(self, service: str, region: str) -> Any:
        assert region == "us-east-1"
        return self

    def get_paginator(self, operation: str) -> Any:
        assert operation == "list_functions"
        return self

    def paginate(self) -> list[dict[str, Any]]:
        return [{"Functions": self.functions[:2]}, {"Functions": self.functions[2:]}]

    def list_queues(self, QueueNamePrefix: str) -> dict[str, Any]:
        assert QueueNamePrefix == "chirp-"
        return {"QueueUrls": [f"https://sqs/1/{name}" for name in self.messages]}

    def get_queue_attributes(self, QueueUrl: str, AttributeNames: list[str]) -> dict[str, Any]:
        counts = self.messages[QueueUrl.rpartition("/")[2]]
        return {"Attributes": dict(zip(AttributeNames, map(str, counts), strict=True))}


@pytest.fixture
def cloud() -> Cloud:
    return Cloud()


def states(found: Any) -> dict[str, tuple[str, str]]:
    return {running.element: (running.state, running.detail) for running in found}


def test_functions_are_shown_with_their_memory_and_missing_ones_as_such(cloud: Cloud):
    cloud.functions[0]["State"] = "Pending"
    del cloud.functions[3]
    seen = states(_functions(ARCHITECTURE, cloud))  # type: ignore[arg-type]
    assert seen["api function"] == ("Pending", "192 MB")
    assert seen["fan-out function"] == ("Active", "192 MB")
    assert seen["housekeeping function"] == ("missing", "")


def test_queues_are_shown_with_what_waits_in_them(cloud: Cloud):
    cloud.messages["chirp-posted-fan-out"] = (12, 3)
    cloud.messages["chirp-uploaded-pictures-dead-letter"] = (1, 0)
    del cloud.messages["chirp-posted-fan-out-dead-letter"]
    seen = states(_queues(ARCHITECTURE, cloud))  # type: ignore[arg-type]
    assert seen["fan-out queue"] == ("12 waiting", "3 being done")
    assert seen["pictures dead letters"] == ("1 waiting", "")
    assert seen["fan-out dead letters"] == ("missing", "")
    assert seen["pictures queue"] == ("0 waiting", "")
