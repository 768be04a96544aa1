"""What the behaviour tests know of a host: it answers requests, and sometimes mails a code.

A host is a file `<name>_host.py` in this directory with

    MARKS        pytest marks of the tests that run against it
    SETTLE_S     for how long a post in a follower's timeline is waited; 0 when it is there with the answer
    THUMBNAILS   whether it makes thumbnails
    opened       a context manager: given an empty directory, it gives an `Ask` and a `Code`
"""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol
from urllib.parse import urlencode

PASSWORD = "correct horse battery"


@dataclass(frozen=True)
class Reply:
    """What came back; the names of the headers are in small letters."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def content(self) -> Any:
        """The body as JSON."""
        return json.loads(self.body)

    @property
    def refusal(self) -> tuple[int, str | None]:
        """Status and field of what was refused."""
        assert self.status >= 400, self.body
        content = self.content
        assert isinstance(content["error"], str)
        assert content["error"]
        return self.status, content.get("field")


class Ask(Protocol):
    """Sends a request to the host; `path` is as in a URL, with its query."""

    def __call__(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Reply: ...


Code = Callable[[str], str]
"""The code that was mailed to a handle; never called where `confirm` is false."""


@dataclass(frozen=True)
class App:
    """A running host, asked as the site asks it."""

    ask: Ask
    code: Code
    settle_s: float
    thumbnails: bool

    def call(
        self,
        method: str,
        path: str,
        content: object = None,
        *,
        token: str | None = None,
        body: bytes | None = None,
        **headers: str,
    ) -> Reply:
        """A request; `_` in the names of headers stands for `-`."""
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if token is not None:
            sent["authorization"] = f"Bearer {token}"
        if content is not None:
            body = json.dumps(content).encode()
            sent["content-type"] = "application/json"
        return self.ask(method, path, sent, body or b"")

    def person(self, name: str = "p") -> Person:
        """Somebody new who has signed up, confirmed and logged in."""
        handle = f"{name}_{secrets.token_hex(6)}"
        account = {"handle": handle, "email": f"{handle}@example.com", "password": PASSWORD}
        opened = self.call("POST", "/api/accounts", account)
        assert opened.status == 201, opened.body
        seen = last_write_of(opened)
        if opened.content["confirm"]:
            done = self.call("POST", f"/api/accounts/{handle}/confirm", {"code": self.code(handle)})
            assert done.status == 204, done.body
            seen |= last_write_of(done)
        session = self.call("POST", "/api/sessions", {"handle": handle, "password": PASSWORD}, **seen)
        assert session.status == 200, session.body
        return Person(self, handle, session.content["token"], seen | last_write_of(session))


def last_write_of(reply: Reply) -> dict[str, str]:
    """The header that a browser sends back from then on, if the answer has one."""
    found = reply.headers.get("x-last-write")
    return {} if found is None else {"x_last_write": found}


@dataclass
class Person:
    """Somebody with a browser: it sends the token, and `X-Last-Write` back as it last came."""

    app: App
    handle: str
    token: str
    last_write: dict[str, str] = field(default_factory=dict)

    def call(self, method: str, path: str, content: object = None, **headers: str) -> Reply:
        """A request of this person."""
        reply = self.app.call(method, path, content, token=self.token, **self.last_write, **headers)
        self.last_write |= last_write_of(reply)
        return reply

    def says(self, text: str, **more: Any) -> dict[str, Any]:
        """Posts, and returns the post."""
        reply = self.call("POST", "/api/posts", {"text": text, **more})
        assert reply.status == 201, reply.body
        post: dict[str, Any] = reply.content
        return post

    def follows(self, other: Person) -> None:
        """Follows somebody."""
        assert self.call("PUT", f"/api/following/{other.handle}").status == 204

    def sees(self, **query: object) -> dict[str, Any]:
        """A page of the timeline."""
        reply = self.call("GET", f"/api/timeline?{urlencode(query)}")
        assert reply.status == 200, reply.body
        page: dict[str, Any] = reply.content
        return page

    def all_texts(self, limit: int = 50) -> list[str]:
        """Every text of the timeline, newest first, over all pages."""
        texts: list[str] = []
        query: dict[str, object] = {"limit": limit}
        while True:
            page = self.sees(**query)
            texts += [post["text"] for post in page["posts"]]
            if page["next"] is None:
                return texts
            query["before"] = page["next"]

    def comes_to_see(self, *texts: str) -> None:
        """Waits until the timeline begins with these texts."""
        eventually(lambda: self.all_texts()[: len(texts)], list(texts), self.app.settle_s)


def eventually(read: Callable[[], object], expected: object, within_s: float) -> None:
    """Asserts that what is read becomes what is expected."""
    deadline = time.monotonic() + within_s
    while (found := read()) != expected:
        assert time.monotonic() < deadline, f"{found!r} is not {expected!r} after {within_s} s"
        time.sleep(0.05)
