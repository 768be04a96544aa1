"""Traces: which requests are traced, what is told of them, and that X-Ray takes it."""

from __future__ import annotations

import json
import re
import socket
import time
from collections import Counter
from pathlib import Path
from typing import Any

import boto3
import pytest
from moto import mock_aws
from postgres import Cluster
from server_process import Cloud, environment, serving

from chirp.servers.tracing import AGENT, HEAD, MOST_BYTES, Segment, Tracer, part
from first_boot import free_port

ROOT = "1-5759e988-bd862e3fe1be46a994272793"


class Agent:
    """Keeps what it is sent."""

    def __init__(self) -> None:
        self.datagrams: list[bytes] = []

    @property
    def documents(self) -> list[dict[str, Any]]:
        assert all(each.startswith(HEAD) for each in self.datagrams)
        return [json.loads(each.removeprefix(HEAD)) for each in self.datagrams]


@pytest.fixture
def agent() -> Agent:
    return Agent()


def answer(tracer: Tracer, said: str | None = None, status: int = 200) -> Segment | None:
    """A request that asks the master."""
    with tracer.traced(said) as segment, part("master"):
        pass
    if segment is not None:
        tracer.tell(segment, "GET", "http://app/api/home", status, 10)
    return segment


@pytest.mark.parametrize(
    ("share", "said", "is_traced"),
    [
        (1.0, None, True),
        (1.0, f"Root={ROOT};Sampled=0", True),
        (1e-9, f"Root={ROOT};Sampled=1", False),
        (1e-9, None, False),
        (0.0, f"Root={ROOT};Sampled=1", False),
    ],
)
def test_a_lot_says_whether_it_is_traced_and_not_who_sends_it(
    agent: Agent, share: float, said: str | None, is_traced: bool
) -> None:
    answer(Tracer("chirp-app", share, agent.datagrams.append), said)
    assert bool(agent.datagrams) == is_traced


def test_a_lot_takes_its_share(agent: Agent) -> None:
    tracer = Tracer("chirp-app", 0.1, agent.datagrams.append)
    for _ in range(4000):
        answer(tracer)
    assert 280 < len(agent.datagrams) < 520, "six standard deviations around 400"
    assert len({each["trace_id"] for each in agent.documents}) == len(agent.datagrams)


def test_it_is_known_by_the_trace_of_the_load_balancer(agent: Agent) -> None:
    tracer = Tracer("chirp-app", 1.0, agent.datagrams.append)
    answer(tracer, f"Self=1-67891234-12456789abcdef012345678;Root={ROOT}")
    answer(tracer, "Root=1-no;Parent='; DROP TABLE")
    ours, other = agent.documents
    assert ours["trace_id"] == ROOT
    assert re.fullmatch(r"1-[0-9a-f]{8}-[0-9a-f]{24}", other["trace_id"])


@pytest.mark.parametrize(
    ("status", "kinds"),
    [(200, set()), (404, {"error"}), (429, {"error", "throttle"}), (500, {"fault"}), (503, {"fault"})],
)
def test_xray_takes_it_and_knows_how_it_ended(agent: Agent, status: int, kinds: set[str]) -> None:
    answer(Tracer("chirp <app>", 1.0, agent.datagrams.append), None, status)
    (document,) = agent.documents
    assert {kind for kind in ("error", "throttle", "fault") if document[kind]} == kinds
    with mock_aws():
        xray = boto3.client("xray", "us-east-1")
        taken = xray.put_trace_segments(TraceSegmentDocuments=[json.dumps(document)])
        assert taken["UnprocessedTraceSegments"] == []
        (trace,) = xray.batch_get_traces(TraceIds=[document["trace_id"]])["Traces"]
    (segment,) = (json.loads(each["Document"]) for each in trace["Segments"])
    assert segment["name"] == "chirp -app-"
    assert [each["name"] for each in segment["subsegments"]] == ["master"]


def test_what_fails_is_a_fault_and_what_else_is_raised_is_none(agent: Agent) -> None:
    tracer = Tracer("chirp-app", 1.0, agent.datagrams.append)
    with tracer.traced(None) as segment:
        for error in (ConnectionError, ValueError):
            with pytest.raises(error), part("replica", faults=(ConnectionError,), remote=True):
                raise error
    assert segment is not None
    assert [each.get("fault", False) for each in segment.parts] == [True, False]
    assert {each["namespace"] for each in segment.parts} == {"remote"}
    with part("master"):
        pass
    assert len(segment.parts) == 2, "the request is over"


def test_one_that_is_too_long_for_a_datagram_is_told_without_its_parts(agent: Agent) -> None:
    tracer = Tracer("chirp-app", 1.0, agent.datagrams.append)
    with tracer.traced(None) as segment:
        for _ in range(1000):
            with part("master"):
                pass
    assert segment is not None
    tracer.tell(segment, "GET", "http://app/", 200, 0)
    assert len(agent.datagrams[0]) < MOST_BYTES
    assert "subsegments" not in agent.documents[0]


def test_an_agent_that_is_away_costs_a_request_nothing() -> None:
    def away(content: bytes) -> None:
        raise ConnectionRefusedError

    assert answer(Tracer("chirp-app", 1.0, away)) is not None


@pytest.mark.slow
def test_a_server_tells_its_agent_what_its_requests_asked_of_the_databases(
    databases: Cluster, services: Cloud, tmp_path: Path
) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as listening:
        listening.bind(AGENT)
        listening.settimeout(30)
        variables = environment(databases, services, free_port(), TRACED_SHARE="1")
        with serving(tmp_path / "log", variables) as server:
            before_s = time.time()
            status, _, _ = server.ask(
                "GET", "/api/users/nobody?secret=1", {"X-Amzn-Trace-Id": f"Root={ROOT};Sampled=1"}
            )
            found: dict[str, Any] = {}
            while found.get("trace_id") != ROOT:
                found = json.loads(listening.recv(65_536).removeprefix(HEAD))
        assert found["name"] == "chirp"
        assert found["http"]["response"]["status"] == status == 404
        assert found["http"]["request"]["url"].endswith("/api/users/nobody"), "and no secret"
        assert before_s <= found["start_time"] <= found["end_time"] <= time.time()
        parts = Counter(each["name"] for each in found["subsegments"])
        assert parts, "it asked a database"
        assert set(parts) <= {"master", "replica", "connection to master", "connection to replica"}
