"""What AWS recommends for a design, and what it does."""

from __future__ import annotations

import json

import pytest

from groma.monitoring import coverage
from workloads import designed_example


def lines(name: str) -> dict[tuple[str, str], coverage.Line]:
    found = coverage.coverage(designed_example(name).architecture).lines
    return {(line.recommended.metric, line.verdict): line for line in found}


def test_what_is_watched_names_its_alarms_once_for_all_regions() -> None:
    line = lines("social-worldwide")["CPUUtilization", "watched"]
    assert line.kind in ("server-group", "global-database")
    assert len(line.alarms) == len(set(line.alarms))
    latency = lines("social-50k")["OriginLatency", "instead"]
    assert latency.alarms == ("web-latency", "app-latency")
    assert "load balancer" in latency.because


def test_without_a_reason_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(coverage, "reasons", tuple)
    found = coverage.coverage(designed_example("social-50k").architecture)
    assert {"unknown", "watched"} == {line.verdict for line in found.lines}
    marks = [
        cell for table in found.words().tables for row in table.rows for cell in row if hasattr(cell, "tone")
    ]
    assert {mark.text for mark in marks} == {"nobody has said why"}


def test_an_alarm_that_is_named_instead_has_to_be_there(monkeypatch: pytest.MonkeyPatch) -> None:
    reason = coverage.Reason(
        "AWS/RDS", ("DBLoad",), ("database-server",), "AWS/RDS Nothing", "something else is"
    )
    monkeypatch.setattr(coverage, "reasons", lambda: (reason,))
    assert ("DBLoad", "unknown") in lines("social-50k")


def test_it_is_told_by_service_and_for_machines() -> None:
    found = coverage.coverage(designed_example("social-serverless").architecture)
    words = found.words()
    titles = [table.title for table in words.tables]
    assert titles[-1] == "Watched besides"
    assert {"AWS/Lambda", "AWS/DynamoDB", "AWS/SQS", "AWS/Cognito"} <= set(titles)
    assert f"of {len(found.lines)} recommendations" in words.heading
    document = json.loads(json.dumps(found.document()))
    assert len(document["recommended"]) == len(found.lines)
    assert document["recommended"][0]["recommended"]["source"].startswith("https://docs.aws.amazon.com/")
    assert "AWS/WAFV2 BlockedRequests" in document["besides"]


def test_a_limit_that_aws_leaves_open_is_shown_as_such() -> None:
    by_metric = {line.recommended.metric: line.recommended for line in lines("social-50k").values()}
    assert coverage.advice(by_metric["CPUUtilization"]) == "> 90, 5 × 1 min"
    assert coverage.advice(by_metric["FreeableMemory"]) == "< …, 15 × 1 min"
