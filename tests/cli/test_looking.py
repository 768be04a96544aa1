"""`groma status`, `metrics`, `logs`, `open` and `env`: what they ask for, and their exit codes."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from test_cli import within

from groma.live import monitor, patience
from groma.live.monitor import Status
from groma.live.stack import Stack
from workloads import MINIMAL

AT = datetime(2026, 11, 29, 3, 0, tzinfo=UTC)
CALM = Status("chirp", "embedded", AT, (), (), (), ())


@pytest.fixture
def stands(tmp_path: Path) -> Path:
    """A folder with a stack that was provisioned for fewer users than its file now has."""
    (tmp_path / "groma.yaml").write_text(MINIMAL, encoding="utf-8")
    stack = Stack("chirp", "embedded", tmp_path / ".groma")
    stack.remember(["us-east-1"], "three-tier", "1")
    stack.keep(MINIMAL.replace("50_000", "30_000"))
    return tmp_path


def looking(monkeypatch: pytest.MonkeyPatch, answer: Callable[[], Status]) -> list[Any]:
    """Let `status` answer so; returns the designs and options that it was asked with."""
    asked: list[Any] = []

    def look(made: Any, *_: Any, drift: bool) -> Status:
        asked.append((made.workload.users.total, drift))
        return answer()

    monkeypatch.setattr(monitor, "status", look)
    return asked


def test_status_looks_at_what_was_provisioned_and_is_fast_unless_asked(stands, monkeypatch):
    asked = looking(monkeypatch, lambda: CALM)
    done = within("status", cwd=stands)
    assert done.returncode == 0
    assert "the file has changed since `groma up`; looking at what was provisioned" in done.stderr
    assert within("status", "--drift", "--json", cwd=stands).returncode == 0
    assert asked == [(30_000, False), (30_000, True)]


def test_status_says_no_by_its_exit_code(stands, monkeypatch):
    from groma.live.drifted import Drifted

    looking(monkeypatch, lambda: Status("chirp", "embedded", AT, (), (), (), (Drifted("a.b", "update"),)))
    assert within("status", cwd=stands).returncode == 1


def test_status_is_watched_until_somebody_stops_it(stands, monkeypatch):
    def sleep(seconds: float) -> None:
        slept.append(seconds)
        if len(slept) == 3:
            raise KeyboardInterrupt

    slept: list[float] = []
    looking(monkeypatch, lambda: CALM)
    monkeypatch.setattr(patience.again_and_again, "__defaults__", (sleep,))
    done = within("status", "--watch", "--every", "7", cwd=stands)
    assert slept == [7.0] * 3
    assert done.stdout.count("chirp in the embedded cloud, 2026-11-29 03:00:00 UTC") == 3
    assert done.returncode == 130


@pytest.mark.parametrize("command", ["status", "metrics", "logs", "open", "env"])
def test_what_does_not_stand_cannot_be_looked_at(tmp_path, command):
    (tmp_path / "groma.yaml").write_text(MINIMAL, encoding="utf-8")
    done = within(command, cwd=tmp_path)
    assert done.returncode == 2
    assert "nothing of chirp is provisioned on embedded" in done.stderr
    assert not (tmp_path / ".groma" / "cloud").exists(), "no cloud is started for that"


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (("metrics", "--since", "soon"), "is no length of time"),
        (("logs", "--since", "0h"), "is no length of time"),
        (("open", "door"), "cannot be opened"),
    ],
)
def test_wrong_use_is_said_before_anything_is_asked(tmp_path, command, said):
    (tmp_path / "groma.yaml").write_text(MINIMAL, encoding="utf-8")
    done = within(*command, cwd=tmp_path)
    assert done.returncode == 2
    assert said in done.stderr


def test_status_in_json_is_json_and_nothing_else(stands, monkeypatch):
    looking(monkeypatch, lambda: CALM)
    document = json.loads(within("status", "--json", cwd=stands).stdout)
    assert document["drift"] == []
    assert document["at"] == "2026-11-29T03:00:00+00:00"


@pytest.mark.parametrize("command", ["metrics", "logs"])
def test_a_file_in_the_place_of_an_element_is_told_where_files_go(stands: Path, command: str):
    done = within(command, "groma.yaml", cwd=stands)
    assert done.returncode == 2
    assert f"groma {command} -f groma.yaml" in done.stderr
