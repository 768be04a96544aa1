from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from groma.errors import CloudError
from groma.live.embedded.control import Control, ask_to_save, is_ours, let_pass, watch_record
from groma.live.embedded.gate import Gate, Reply, Stage
from groma.live.embedded.record import FILE_NAME, Record
from groma.live.embedded.routing import Emulator

GATE = Gate(Stage(), Path("refused.jsonl"), judged=3, seconds=0.25)


def _control(token: str = "token", saved: list[str] | None = None) -> Control:
    kept = saved if saved is not None else []
    return Control(Emulator.MOTO, 42, token, lambda: kept.append("saved"), GATE)


def _serve(control: Control) -> HTTPServer:
    class Handler(BaseHTTPRequestHandler):
        def _answer(self) -> None:
            path, _, query = self.path.partition("?")
            headers = {name.lower(): value for name, value in self.headers.items()}
            reply = control.answer(self.command, path, query, headers) or Reply(200, b"an AWS answer")
            self.send_response(reply.status)
            self.end_headers()
            self.wfile.write(reply.body)

        do_GET = do_POST = _answer

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


def test_what_is_not_for_the_control_is_left_to_the_emulator() -> None:
    assert _control().answer("POST", "/", "", {}) is None
    assert _control().answer("GET", "/bucket/_groma/identity", "", {}) is None


@pytest.mark.parametrize("path", ["/_groma/", "/_groma/stop", "/_groma/save"])
def test_unknown_controls_are_not_found(path: str) -> None:
    reply = _control().answer("GET", path, "", {"x-groma-token": "token"})
    assert reply is not None
    assert reply.status == 404


def test_everything_but_the_proof_of_who_it_is_needs_the_token() -> None:
    saved: list[str] = []
    control = _control(saved=saved)
    for method, asked in (("GET", "role"), ("GET", "gate"), ("GET", "nothing")):
        for headers in ({}, {"x-groma-token": "wrong"}, {"x-groma-token": "\xe9"}):
            reply = control.answer(method, f"/_groma/{asked}", "", headers)
            assert reply is not None
            assert reply.status == 403
    for headers in ({}, {"x-groma-token": "wrong"}):
        reply = control.answer("POST", "/_groma/save", "", headers)
        assert reply is not None
        assert reply.status == 403
    assert saved == []
    reply = control.answer("POST", "/_groma/save", "", {"x-groma-token": "token"})
    assert reply is not None
    assert json.loads(reply.body) == {"done": True}
    assert saved == ["saved"]


def test_a_server_proves_itself_by_process_emulator_and_token() -> None:
    server = _serve(_control())
    port = server.server_address[1]
    try:
        assert is_ours(Emulator.MOTO, 42, port, "token")
        assert not is_ours(Emulator.MOTO, 43, port, "token")
        assert not is_ours(Emulator.MINISTACK, 42, port, "token")
        assert not is_ours(Emulator.MOTO, 42, port, "another token")
    finally:
        server.shutdown()
        server.server_close()
    assert not is_ours(Emulator.MOTO, 42, port, "token")


def test_time_passes_for_the_alarms_of_who_has_them_and_whoever_knows_the_token() -> None:
    passed: list[float] = []
    control = Control(Emulator.MOTO, 42, "token", lambda: None, GATE, let_pass=passed.append)
    server = _serve(control)
    try:
        port = server.server_address[1]
        let_pass(port, "token", 90)
        with pytest.raises(CloudError, match="could not look"):
            let_pass(port, "another token", 90)
    finally:
        server.shutdown()
        server.server_close()
    assert passed == [90]
    reply = _control().answer("POST", "/_groma/pass", "seconds=90", {"x-groma-token": "token"})
    assert reply is not None
    assert reply.status == 404


def test_a_save_that_fails_says_why() -> None:
    def fail() -> None:
        raise RuntimeError("disk full")

    server = _serve(Control(Emulator.MOTO, 42, "token", fail, GATE))
    try:
        with pytest.raises(CloudError, match="disk full"):
            ask_to_save(Emulator.MOTO, server.server_address[1], "token")
    finally:
        server.shutdown()
        server.server_close()
    with pytest.raises(CloudError, match="did not save"):
        ask_to_save(Emulator.MOTO, server.server_address[1], "token", timeout_s=1)


@pytest.mark.parametrize("change", ["removed", "replaced"])
def test_a_server_ends_when_the_record_is_no_longer_its_own(tmp_path: Path, change: str) -> None:
    ended = threading.Event()
    Record("mine", "", {}).write(tmp_path)
    watch_record(tmp_path, "mine", ended.set, interval_s=0.02)
    assert not ended.wait(0.2)
    if change == "removed":
        (tmp_path / FILE_NAME).unlink()
    else:
        Record("another's", "", {}).write(tmp_path)
    assert ended.wait(5)


def test_it_tells_what_the_gate_has_cost():
    reply = _control("token").answer("GET", "/_groma/gate", "", {"x-groma-token": "token"})
    assert (reply.status, json.loads(reply.body)) == (200, {"judged": 3, "seconds": 0.25})
