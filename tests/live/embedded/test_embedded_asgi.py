"""How the emulators are served: moto as ASGI, one request at a time, on connections that stay open."""

from __future__ import annotations

import asyncio
import http.client
import json
import threading
import time
from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest

from groma.live.embedded import EmbeddedCloud, Emulator, Endpoints
from groma.live.embedded.moto_server import WsgiApp, as_asgi


def call(app: Any, path: str, raw_path: bytes, query: bytes = b"", parts: Iterable[bytes] = (b"",)) -> Any:
    """One POST; its status, headers and body."""
    bodies = list(parts)
    messages = [{"body": body, "more_body": n < len(bodies)} for n, body in enumerate(bodies, 1)]
    sent: list[dict[str, Any]] = []

    async def receive() -> Any:
        return {"type": "http.request", **messages.pop(0)}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "method": "POST",
        "path": path,
        "raw_path": raw_path,
        "query_string": query,
        "headers": [(b"host", b"127.0.0.1:4000"), (b"content-type", b"text/plain"), (b"x-amz-target", b"T")],
    }
    asyncio.run(app(scope, receive, send))
    start, body = sent
    return start["status"], dict(start["headers"]), body["body"]


def echo(environ: dict[str, Any], start_response: Any) -> list[bytes]:
    names = ("REQUEST_METHOD", "PATH_INFO", "QUERY_STRING", "RAW_URI", "HTTP_HOST", "HTTP_X_AMZ_TARGET")
    read = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"])).decode()
    start_response("201 CREATED", [("X-Amzn-RequestId", "1")])
    return [json.dumps({name: environ[name] for name in names} | {"body": read}).encode()]


def test_a_request_reaches_moto_as_it_was_sent():
    app = as_asgi(echo, threading.Lock())
    status, headers, body = call(
        app, "/tags/arn:aws/a b", b"/tags/arn%3Aaws/a%20b", b"x=%2F&y", [b"Action=", b"DescribeVpcs"]
    )
    assert (status, headers) == (201, {b"x-amzn-requestid": b"1"})
    assert json.loads(body) == {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": "/tags/arn:aws/a b",
        "QUERY_STRING": "x=%2F&y",
        "RAW_URI": "/tags/arn%3Aaws/a%20b?x=%2F&y",
        "HTTP_HOST": "127.0.0.1:4000",
        "HTTP_X_AMZ_TARGET": "T",
        "body": "Action=DescribeVpcs",
    }


def test_one_request_is_worked_on_at_a_time():
    inside: list[int] = []
    most: list[int] = []

    def slow(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        inside.append(1)
        most.append(len(inside))
        time.sleep(0.01)
        inside.pop()
        start_response("200 OK", [])
        return [b"done"]

    app = as_asgi(slow, threading.Lock())
    threads = [threading.Thread(target=call, args=(app, "/", b"/")) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == [1] * 8


def test_the_turn_is_given_on_after_an_error():
    def broken(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        raise LookupError("broken")

    turn = threading.Lock()
    app: WsgiApp = broken
    with pytest.raises(LookupError):
        call(as_asgi(app, turn), "/", b"/")
    assert not turn.locked()


@pytest.fixture(scope="module")
def endpoints(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Endpoints]:
    """Both emulators."""
    home = tmp_path_factory.mktemp("asgi")
    cloud = EmbeddedCloud(home / "cloud", key_file=home / "key")
    try:
        yield cloud.start()
    finally:
        cloud.stop(discard=True)


@pytest.mark.slow
def test_connections_stay_open_between_requests(endpoints: Endpoints):
    for emulator in Emulator:
        place = urlsplit(endpoints.urls[emulator])
        connection = http.client.HTTPConnection(str(place.hostname), place.port, timeout=60)
        connection.connect()
        socket = connection.sock
        for _ in range(3):
            connection.request("GET", "/_groma/identity?challenge=1")
            assert connection.getresponse().read()
            assert connection.sock is socket
        connection.close()


@pytest.mark.slow
def test_both_emulators_do_once_what_is_asked_again(endpoints: Endpoints):
    def second_attempt(request: Any, **_: Any) -> None:
        request.headers["amz-sdk-invocation-id"] = "of-one-call"
        request.headers["amz-sdk-request"] = "attempt=2; max=25"

    ec2, sqs = endpoints.client("ec2"), endpoints.client("sqs")
    for client in (ec2, sqs):
        client.meta.events.register("before-send", second_attempt)
    made = {ec2.create_vpc(CidrBlock="10.9.0.0/16")["Vpc"]["VpcId"] for _ in range(3)}
    assert len(made) == 1
    queues = [sqs.create_queue(QueueName=name)["QueueUrl"] for name in ("first", "second")]
    assert queues[0].endswith("/first")
    assert queues[1] == queues[0]
