"""What is done less often gives the same answers."""

from __future__ import annotations

import queue
import threading
import time
from types import SimpleNamespace

import pytest
from ministack.core.lambda_runtime import Worker
from moto import backends
from moto.core import responses
from moto.sts.responses import TokenResponse

from groma.live.embedded.quicker import remember_what_stays, wait_for_logs


def test_moto_finds_the_same_methods_and_modules_and_looks_once(monkeypatch: pytest.MonkeyPatch) -> None:
    looked: list[str] = []
    methods, modules = responses.method_names_from_class, backends.list_of_moto_modules

    def counted_methods(clazz: type) -> list[str]:
        looked.append("methods")
        return methods(clazz)

    def counted_modules() -> list[str]:
        looked.append("modules")
        return list(modules())

    monkeypatch.setattr(responses, "method_names_from_class", counted_methods)
    monkeypatch.setattr(backends, "list_of_moto_modules", counted_modules)
    remember_what_stays()
    for _ in range(3):
        assert responses.method_names_from_class(TokenResponse) == methods(TokenResponse)
        assert list(backends.list_of_moto_modules()) == list(modules())
    assert sorted(looked) == ["methods", "modules"]


DRAIN = Worker._drain_stderr_bounded


@pytest.fixture(params=["ministack's own", "ours"])
def drain(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> object:
    """How lines are waited for: both ways are held to the same tests."""
    monkeypatch.setattr(Worker, "_drain_stderr_bounded", DRAIN)
    if request.param == "ours":
        wait_for_logs()
        assert Worker._drain_stderr_bounded is not DRAIN
    return Worker._drain_stderr_bounded


def test_all_lines_that_have_come_are_given(drain) -> None:
    worker = SimpleNamespace(_stderr_queue=queue.Queue())
    for line in ("a", "b"):
        worker._stderr_queue.put(line)
    assert drain(worker) == "a\nb"
    assert drain(worker, first_line_wait=0.01) == ""


def test_a_line_is_waited_for(drain) -> None:
    worker = SimpleNamespace(_stderr_queue=queue.Queue())
    threading.Timer(0.05, worker._stderr_queue.put, ["late"]).start()
    assert drain(worker, first_line_wait=30, hard_cap=60) == "late"


def test_a_function_that_never_stops_logging_does_not_keep_its_caller(drain) -> None:
    class Endless:
        def get(self, timeout: float) -> str:
            return self.get_nowait()

        def get_nowait(self) -> str:
            time.sleep(0.002)
            return "more"

    lines = drain(SimpleNamespace(_stderr_queue=Endless()), hard_cap=0.02)
    assert 1 <= lines.count("more") <= 10
