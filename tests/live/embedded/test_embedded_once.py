"""What is asked again is done once, and what failed is tried again."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

import pytest

from groma.live.embedded import once as module
from groma.live.embedded.asgi import AsgiApp
from groma.live.embedded.once import once

Answer = tuple[int, bytes]


class Shop:
    """An emulator that makes a thing for each request, and answers as it was told; else with 200."""

    def __init__(self, *statuses: int, size: int = 1) -> None:
        self.statuses, self.made, self.size = list(statuses), 0, size
        self.open = asyncio.Event()
        self.open.set()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        self.made += 1
        number = self.made
        await self.open.wait()
        await send({"type": "http.response.start", "status": self.statuses.pop(0) if self.statuses else 200})
        await send({"type": "http.response.body", "body": str(number).encode() * self.size})


async def ask(app: AsgiApp, id_: str | None, attempt: int = 1, method: str = "POST") -> Answer:
    """One request; the status and the body of its answer."""
    sent: list[dict[str, Any]] = []

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    numbered = [
        (b"amz-sdk-invocation-id", (id_ or "").encode()),
        (b"amz-sdk-request", f"attempt={attempt}; max=25".encode()),
    ]
    scope = {"type": "http", "method": method, "path": "/thing", "headers": numbered if id_ else []}
    await app(scope, None, send)
    return sent[0]["status"], sent[1]["body"]


def asked(shop: Shop, *requests: tuple[Any, ...]) -> list[Answer]:
    async def all_of_them() -> list[Answer]:
        app = once(shop)
        return [await ask(app, *request) for request in requests]

    return asyncio.run(all_of_them())


def test_a_further_attempt_gets_the_answer_of_the_first(caplog: pytest.LogCaptureFixture):
    shop = Shop()
    with caplog.at_level(logging.WARNING):
        assert asked(shop, ("a",), ("a", 2), ("a", 3)) == [(200, b"1")] * 3
    assert shop.made == 1
    assert "asked again and answered again: POST /thing" in caplog.text


def test_calls_of_their_own_are_done_each(caplog: pytest.LogCaptureFixture):
    shop = Shop()
    assert [body for _, body in asked(shop, ("a",), ("b",), (None,), (None,))] == [b"1", b"2", b"3", b"4"]
    assert caplog.text == ""


@pytest.mark.parametrize("status", [400, 409, 429, 500, 503])
def test_what_failed_is_tried_again(status: int):
    assert asked(Shop(status), ("a",), ("a", 2), ("a", 3)) == [(status, b"1"), (200, b"2"), (200, b"2")]


def test_who_only_reads_is_always_answered_anew():
    assert [body for _, body in asked(Shop(), ("a", 1, "GET"), ("a", 2, "GET"))] == [b"1", b"2"]


def test_an_attempt_of_which_nothing_is_known_is_done():
    assert asked(Shop(), ("a", 2)) == [(200, b"1")]


def test_an_attempt_waits_for_the_one_that_is_under_way():
    async def both() -> tuple[list[Answer], int]:
        shop = Shop()
        shop.open.clear()
        app = once(shop)
        first = asyncio.create_task(ask(app, "a"))
        await asyncio.sleep(0)
        second = asyncio.create_task(ask(app, "a", 2))
        await asyncio.sleep(0)
        shop.open.set()
        return [await first, await second], shop.made

    assert asyncio.run(both()) == ([(200, b"1")] * 2, 1)


def test_an_attempt_after_a_crash_is_done():
    class Broken(Shop):
        async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
            if self.made == 0:
                self.made += 1
                raise ValueError("gone")
            await super().__call__(scope, receive, send)

    async def both() -> Answer:
        app = once(Broken())
        with pytest.raises(ValueError, match="gone"):
            await ask(app, "a")
        return await ask(app, "a", 2)

    assert asyncio.run(both()) == (200, b"2")


def test_an_answer_that_was_cut_short_is_not_given_again():
    class Cut(Shop):
        async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
            if self.made == 0:
                self.made += 1
                await send({"type": "http.response.start", "status": 200})
                raise ValueError("cut")
            await super().__call__(scope, receive, send)

    async def both() -> Answer:
        app = once(Cut())
        with pytest.raises(ValueError, match="cut"):
            await ask(app, "a")
        return await ask(app, "a", 2)

    assert asyncio.run(both()) == (200, b"2")


def test_large_answers_and_old_calls_are_not_kept(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(module, "MOST_BYTES", 2)
    assert [body for _, body in asked(Shop(size=3), ("a",), ("a", 2))] == [b"111", b"222"]
    monkeypatch.setattr(module, "MOST_CALLS", 2)
    answers = asked(Shop(), ("a",), ("b",), ("c",), ("a", 2), ("c", 2))
    assert [body for _, body in answers] == [b"1", b"2", b"3", b"4", b"3"]
