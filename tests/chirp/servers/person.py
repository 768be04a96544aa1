"""Somebody who uses a server."""

from __future__ import annotations

import json
import secrets
from typing import Any

from server_process import Running

PASSWORD = "correct horse battery"


class Person:
    """Somebody who is logged in, and sends back `X-Last-Write` as the site does."""

    def __init__(self, server: Running) -> None:
        self.server = server
        self.handle = f"p_{secrets.token_hex(6)}"
        self.headers: dict[str, str] = {}
        account = {"handle": self.handle, "email": "p@example.com", "password": PASSWORD}
        assert self.call("POST", "/api/accounts", account)[0] == 201
        status, session = self.call("POST", "/api/sessions", account)
        assert status == 200, session
        self.headers["Authorization"] = f"Bearer {session['token']}"

    def call(self, method: str, path: str, content: object = None, **headers: str) -> tuple[int, Any]:
        body = b"" if content is None else json.dumps(content).encode()
        status, answered, got = self.server.ask(method, path, {**self.headers, **headers}, body)
        if "x-last-write" in answered:
            self.headers["X-Last-Write"] = answered["x-last-write"]
        return status, json.loads(got) if got else None

    def says(self, text: str) -> str:
        status, post = self.call("POST", "/api/posts", {"text": text})
        assert status == 201, post
        return str(post["id"])

    def sees(self) -> list[str]:
        status, page = self.call("GET", "/api/timeline?limit=50")
        assert status == 200, page
        return [post["text"] for post in page["posts"]]

    def forgets(self) -> None:
        """Loses `X-Last-Write`, as on another device."""
        self.headers.pop("X-Last-Write", None)
