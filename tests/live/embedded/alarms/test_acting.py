"""The thread that ticks: it holds requests back while it looks, and a fault does not end it."""

from __future__ import annotations

import logging
import threading
import time
from pathlib import Path

import pytest
from stage import Stage

from groma.live.embedded.alarms import acting


def test_it_looks_again_after_a_fault_and_holds_requests_back(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(acting, "TICK_S", 0.01)
    turn, held, ended = threading.Lock(), [], threading.Event()

    def look() -> None:
        held.append(turn.locked())
        if len(held) == 3:
            ended.set()
            time.sleep(3600)
        raise LookupError("a region is gone")

    with caplog.at_level(logging.ERROR):
        acting.tick(look, turn)
        assert ended.wait(10)
    assert held == [True, True, True]
    assert "alarms could not be evaluated" in caplog.text


def test_a_notice_that_nobody_takes_is_told_by_the_history_and_the_next_one_is_sent(tmp_path: Path) -> None:
    stage = Stage()
    stage.publish(9)
    alarm = stage.put("high")
    stage.watch.look()
    sending = acting.Sending(tmp_path, threading.Lock())
    sending.put(stage.sent[0])
    sending.put(stage.sent[0])
    deadline = time.monotonic() + 10
    while len(alarm.history) < 3 and time.monotonic() < deadline:
        time.sleep(0.01)
    assert [item["HistorySummary"] for item in alarm.history][1:] == [
        f"Failed to execute action {stage.sent[0].topic}. "
        "Received error: LookupError: the cloud has no record any more"
    ] * 2
