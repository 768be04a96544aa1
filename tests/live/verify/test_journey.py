"""The parts of the users' journey that need no cloud; all of it is tried where a stack is provisioned."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Mapping
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import islice
from typing import Any

import pytest
from fake_cloud import FakeClients
from serverless_cloud import OUTPUTS, architecture

from groma.application.journey import Reply
from groma.architecture import Finding
from groma.components.http_api import HttpApi
from groma.components.messaging import DeadLetterQueue
from groma.live.target import Web
from groma.live.verify import cleaning, dead_letters, flood
from groma.live.verify.journey import journey
from groma.live.verify.reading import Deployed
from groma.live.verify.visitor import SiteError, Visitor, wait_for


def test_it_waits_until_something_is_found_or_the_time_is_up() -> None:
    looks = iter([None, None, "found"])
    assert wait_for(lambda: next(looks), 5, pause_s=0)[0] == "found"
    nothing, after_s = wait_for(lambda: None, 0.05, pause_s=0.01)
    assert nothing is None
    assert after_s > 0.05


# Visiting a site ----------------------------------------------------------------------------------


class _Echo(BaseHTTPRequestHandler):
    """Answers with what it was asked."""

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode(errors="replace")
        content = json.dumps(
            {"path": self.path, "headers": dict(self.headers.items()), "body": body}
        ).encode()
        self.send_response(201)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: Any) -> None:
        """Quiet."""


@pytest.fixture
def visitor() -> Iterator[Visitor]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Echo)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield Visitor(Web(f"http://127.0.0.1:{server.server_port}", {"Host": "d1.cloudfront.net"}))
    server.shutdown()
    server.server_close()


def test_a_visitor_says_whom_it_asks_and_who_it_is(visitor: Visitor) -> None:
    reply = visitor.ask("POST", "/api/posts", {"text": "hé"}, token="t")
    assert (reply.status, reply.content["path"]) == (201, "/api/posts")
    assert reply.content["headers"]["Host"] == "d1.cloudfront.net"
    assert reply.content["headers"]["Authorization"] == "Bearer t"
    assert json.loads(reply.content["body"]) == {"text": "hé"}


def test_a_form_has_its_fields_before_its_file(visitor: Visitor) -> None:
    reply = visitor.fill_in(
        f"{visitor.web.url}/bucket", {"key": "uploads/a", "policy": "p"}, b"PNG", "image/png"
    )
    body = reply.content["body"]
    assert body.index('name="key"') < body.index('name="policy"') < body.index('name="file"')
    assert "Content-Type: image/png" in body


def test_nobody_there_is_said() -> None:
    with pytest.raises(SiteError, match="does not answer"):
        Visitor(Web("http://127.0.0.1:9")).ask("GET", "/")


# Too many requests --------------------------------------------------------------------------------


class _Limited:
    """A visitor whose first `passed` requests come through."""

    def __init__(self, passed: int, otherwise: int = 429) -> None:
        self.left, self.otherwise, self.lock = passed, otherwise, threading.Lock()

    def ask(self, method: str, path: str) -> Reply:
        with self.lock:
            self.left -= 1
            return Reply(401 if self.left >= 0 else self.otherwise, b"", {})


def throttled(visitor: Any) -> tuple[bool, str]:
    (api,) = architecture().of_type(HttpApi)
    finding = flood.throttled(api, visitor)
    return finding.ok, finding.actual


def test_a_limit_that_holds() -> None:
    (api,) = architecture().of_type(HttpApi)
    ok, actual = throttled(_Limited(api.size.burst))
    assert ok
    assert actual.startswith(f"429 for {2 * api.size.rate_per_s} of ")


def test_a_limit_that_does_not_hold() -> None:
    ok, actual = throttled(_Limited(10**6))
    assert not ok
    assert actual.startswith("429 for 0 of ")


def test_a_machine_that_is_too_slow_to_ask_too_often() -> None:
    (api,) = architecture().of_type(HttpApi)
    clock_s = iter([0.0, 3_600.0]).__next__
    finding = flood.throttled(api, _Limited(10**6), clock_s)  # type: ignore[arg-type]
    assert (finding.outcome, finding.ok) == ("not tried", True)
    assert "took 3600.0 s" in finding.actual


def test_a_limit_that_takes_too_many_requests_to_reach() -> None:
    (api,) = architecture().of_type(HttpApi)
    wide = replace(api, size=replace(api.size, burst=flood.MOST_REQUESTS))
    assert flood.throttled(wide, _Limited(0, otherwise=500)).outcome == "not tried"  # type: ignore[arg-type]


def test_an_api_that_breaks_under_it() -> None:
    assert not throttled(_Limited(10, otherwise=500))[0]


# Messages that cannot be done ---------------------------------------------------------------------


class _Queues:
    """SQS with one queue and its dead letters: a message is set aside at once, or never."""

    def __init__(self, sets_aside: bool = True) -> None:
        self.sets_aside, self.visibility, self.dead, self.seen = sets_aside, "360", ["old"], ["360"]

    def client(self, service: str, region: str | None = None) -> _Queues:
        return self

    def get_queue_attributes(self, **_: Any) -> dict[str, Any]:
        count = str(len(self.dead))
        return {"Attributes": {"VisibilityTimeout": self.visibility, "ApproximateNumberOfMessages": count}}

    def set_queue_attributes(self, QueueUrl: str, Attributes: Mapping[str, str]) -> None:
        self.visibility = Attributes["VisibilityTimeout"]
        self.seen.append(self.visibility)

    def send_message(self, QueueUrl: str, MessageBody: str) -> None:
        if self.sets_aside:
            self.dead.append(MessageBody)

    def receive_message(self, **_: Any) -> dict[str, Any]:
        return {"Messages": [{"Body": body, "ReceiptHandle": body} for body in self.dead]}

    def delete_message(self, QueueUrl: str, ReceiptHandle: str) -> None:
        self.dead.remove(ReceiptHandle)


def poison(queues: _Queues, *, is_embedded: bool = True) -> list[Finding]:
    dead = architecture().of_type(DeadLetterQueue)[0]
    deployed = Deployed(OUTPUTS, queues)
    return list(dead_letters.poison(dead, architecture(), deployed, is_embedded, within_s=0.1))


def test_poison_is_taken_out_again_alone_and_the_queue_is_as_before() -> None:
    queues = _Queues()
    set_aside, fires = poison(queues)
    assert (set_aside.outcome, fires.outcome) == ("ok", "ok")
    assert set_aside.actual.endswith("hidden for 1 s instead of 360")
    assert queues.dead == ["old"]
    assert queues.seen == ["360", "1", "360"]


def test_a_message_that_is_not_set_aside_is_found_although_others_were() -> None:
    queues = _Queues(sets_aside=False)
    finding, _ = poison(queues)
    assert (finding.outcome, finding.actual) == ("wrong", "it did not")
    assert queues.visibility == "360"


def test_aws_is_left_as_it_is() -> None:
    queues = _Queues()
    (finding,) = poison(queues, is_embedded=False)
    assert finding.outcome == "not tried"
    assert finding.actual.startswith("on AWS it takes")
    assert queues.seen == ["360"]


# What is left -------------------------------------------------------------------------------------


class _Visited(FakeClients):
    """A cloud that can be visited; nothing of the stack is in it."""

    def web(self, host: str) -> Web:
        return Web("http://127.0.0.1:9", {"Host": host}, is_embedded=True)


def test_a_cloud_that_cannot_be_visited_has_no_journey() -> None:
    assert list(journey(architecture(), Deployed(OUTPUTS, FakeClients({})))) == []


def test_a_site_that_is_not_there_is_one_finding() -> None:
    (finding,) = journey(architecture(), Deployed({}, _Visited({})))
    assert (finding.id, finding.actual, finding.ok) == ("journey.site", "missing", False)


def test_a_site_that_does_not_answer_is_said_and_cleaned_up(monkeypatch: pytest.MonkeyPatch) -> None:
    cleaned: list[Any] = []
    monkeypatch.setattr(cleaning, "clean", lambda *arguments: cleaned.append(arguments))
    answers = {"cognito-idp.admin_confirm_sign_up": lambda **_: {}}
    (finding,) = journey(architecture(), Deployed(OUTPUTS, _Visited(answers)))
    assert (finding.id, finding.ok) == ("journey.site", False)
    assert "does not answer" in finding.actual
    assert len(cleaned) == 1


class _Broken(BaseHTTPRequestHandler):
    """A site whose application has failed."""

    def do_GET(self) -> None:
        self.send_error(500)

    do_POST = do_PUT = do_GET

    def log_message(self, *_: Any) -> None:
        """Quiet."""


def test_what_needs_a_login_is_not_tried_without_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cleaning, "clean", lambda *_: None)
    with ThreadingHTTPServer(("127.0.0.1", 0), _Broken) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        site = _Visited({})
        site.web = lambda host: Web(f"http://127.0.0.1:{server.server_port}")  # type: ignore[method-assign]
        found = list(islice(journey(architecture(), Deployed(OUTPUTS, site)), 6))
        server.shutdown()
    assert {finding.id: finding.outcome for finding in found} == {
        "journey.sign-up": "wrong",
        "journey.log-in": "wrong",
        "journey.no-token": "wrong",
        "journey.forged-token": "wrong",
        "journey.timeline": "not tried",
        "journey.picture": "not tried",
    }
