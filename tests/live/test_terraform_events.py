from __future__ import annotations

import json

import pytest

from groma.live.terraform_cli import (
    ApplyComplete,
    ApplyErrored,
    ApplyProgress,
    ApplyStart,
    ChangeSummary,
    Diagnostic,
    Message,
    Outputs,
    PlannedChange,
    RawLine,
    RefreshComplete,
    RefreshStart,
    ResourceDrift,
    Version,
    parse_line,
)

AT = "2026-03-01T10:00:00.5Z"
AT_S = 1772359200.5
RESOURCE = {"addr": "module.db.aws_db_instance.master", "module": "module.db"}
ADDRESS = RESOURCE["addr"]


def line(kind: str, **rest: object) -> str:
    return json.dumps({"@level": "info", "@message": "text", "@timestamp": AT, "type": kind, **rest})


def hook(**rest: object) -> dict[str, object]:
    return {"resource": RESOURCE, **rest}


@pytest.mark.parametrize(
    ("text", "event"),
    [
        (line("version", terraform="1.11.4", ui="1.2"), Version(AT_S, "1.11.4")),
        (line("version", tofu="1.10.0", ui="1.2"), Version(AT_S, "1.10.0")),
        (
            line("planned_change", change={"resource": RESOURCE, "action": "replace", "reason": "tainted"}),
            PlannedChange(AT_S, ADDRESS, "replace", "tainted"),
        ),
        (
            line("resource_drift", change={"resource": RESOURCE, "action": "delete"}),
            ResourceDrift(AT_S, ADDRESS, "delete"),
        ),
        (
            line(
                "change_summary",
                changes={"add": 3, "change": 1, "import": 0, "remove": 2, "operation": "plan"},
            ),
            ChangeSummary(AT_S, "plan", 3, 1, 2),
        ),
        (line("refresh_start", hook=hook(id_key="id", id_value="db-1")), RefreshStart(AT_S, ADDRESS)),
        (line("refresh_complete", hook=hook(id_key="id", id_value="db-1")), RefreshComplete(AT_S, ADDRESS)),
        (line("apply_start", hook=hook(action="create")), ApplyStart(AT_S, ADDRESS, "create")),
        (
            line("apply_progress", hook=hook(action="create", elapsed_seconds=20)),
            ApplyProgress(AT_S, ADDRESS, "create", 20.0),
        ),
        (
            line(
                "apply_complete", hook=hook(action="create", elapsed_seconds=83, id_key="id", id_value="db-1")
            ),
            ApplyComplete(AT_S, ADDRESS, "create", 83.0, "db-1"),
        ),
        (
            line("apply_complete", hook=hook(action="delete", elapsed_seconds=1)),
            ApplyComplete(AT_S, ADDRESS, "delete", 1.0, ""),
        ),
        (
            line("apply_errored", hook=hook(action="update", elapsed_seconds=2)),
            ApplyErrored(AT_S, ADDRESS, "update", 2.0),
        ),
        (
            line("outputs", outputs={"url": {"sensitive": False, "value": "x"}, "key": {"sensitive": True}}),
            Outputs(AT_S, {"url": "x", "key": None}),
        ),
    ],
)
def test_each_kind_of_line_becomes_its_event(text, event):
    assert parse_line(text) == event


def test_a_diagnostic_says_where():
    event = parse_line(
        line(
            "diagnostic",
            diagnostic={
                "severity": "error",
                "summary": "creating RDS instance",
                "detail": "quota",
                "address": ADDRESS,
                "range": {"filename": "main.tf", "start": {"line": 7, "column": 1}},
            },
        )
    )
    assert event == Diagnostic(AT_S, "error", "creating RDS instance", "quota", ADDRESS, "main.tf", 7)
    assert event.place == f"{ADDRESS} (main.tf:7)"


def test_a_diagnostic_may_know_no_place():
    event = parse_line(line("diagnostic", diagnostic={"severity": "warning", "summary": "old", "detail": ""}))
    assert event == Diagnostic(AT_S, "warning", "old")
    assert event.place == ""
    assert not event.is_error


@pytest.mark.parametrize("kind", ["provision_progress", "ephemeral_op_start", "from_the_future", ""])
def test_an_unknown_kind_is_kept_as_a_message(kind):
    assert parse_line(line(kind, hook=hook(provisioner="local-exec"))) == Message(AT_S, kind, "text")


@pytest.mark.parametrize(
    "damaged",
    [
        line("apply_start", hook={"action": "create"}),
        line("apply_progress", hook=hook(action="create", elapsed_seconds="soon")),
        line("planned_change", change=None),
        line("change_summary", changes={"add": 1}),
        line("diagnostic", diagnostic=["?"]),
        line("outputs", outputs=7),
    ],
)
def test_a_known_kind_of_another_shape_is_kept_as_a_message(damaged):
    assert parse_line(damaged) == Message(AT_S, json.loads(damaged)["type"], "text")


@pytest.mark.parametrize(
    "text", ["panic: runtime error", "", "[1, 2]", '"text"', '{"type": "version"', "\x00\x01"]
)
def test_a_line_that_is_no_json_object_is_kept_as_it_is(text):
    assert parse_line(text) == RawLine(0.0, text)
