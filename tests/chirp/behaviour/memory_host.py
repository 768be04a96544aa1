"""A host that keeps everything in memory, and mails a code that one has to confirm."""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest
from behaviour import Ask, Reply

from chirp.social.errors import Conflict, Invalid, NotFound, TooMany, Unauthorised, Unconfirmed
from chirp.social.http import Request, respond
from chirp.social.model import (
    MAX_FOLLOWING,
    MAX_PICTURE_BYTES,
    Page,
    Picture,
    Post,
    Profile,
    Session,
    Upload,
)
from chirp.social.service import Social

MARKS: list[pytest.MarkDecorator] = []
SETTLE_S = 0.0
THUMBNAILS = False


@dataclass
class Memory:
    """All ports at once."""

    passwords: dict[str, str] = field(default_factory=dict)
    codes: dict[str, str] = field(default_factory=dict)
    asked_for_code: Counter[str] = field(default_factory=Counter)
    confirmed: set[str] = field(default_factory=set)
    tokens: dict[str, str] = field(default_factory=dict)
    posts: list[Post] = field(default_factory=list)
    keys: dict[tuple[str, str], Post] = field(default_factory=dict)
    follows: set[tuple[str, str]] = field(default_factory=set)

    def sign_up(self, handle: str, email: str, password: str) -> bool:
        if handle in self.passwords:
            raise Conflict("is taken", field="handle")
        self.passwords[handle] = password
        self.codes[handle] = f"{secrets.randbelow(10**6):06}"
        return True

    def confirm(self, handle: str, code: str) -> None:
        if self.codes.get(handle) != code:
            raise Invalid("is not the code that was mailed", field="code")
        self.confirmed.add(handle)

    def send_code_again(self, handle: str) -> None:
        self.asked_for_code[handle] += 1
        if self.asked_for_code[handle] > 5:
            raise TooMany("too many attempts; try again later", retry_after_s=60)
        if handle in self.codes and handle not in self.confirmed:
            self.codes[handle] = f"{secrets.randbelow(10**6):06}"

    def log_in(self, handle: str, password: str) -> Session:
        if self.passwords.get(handle) != password:
            raise Unauthorised("handle or password is wrong")
        if handle not in self.confirmed:
            raise Unconfirmed("the account waits for the code that was mailed")
        token = secrets.token_urlsafe()
        self.tokens[token] = handle
        return Session(token, 3600)

    def who(self, token: str) -> str:
        if token not in self.tokens:
            raise Unauthorised("log in again")
        return self.tokens[token]

    def add(self, post: Post, idempotency_key: str | None) -> Post:
        if idempotency_key is not None:
            post = self.keys.setdefault((post.author, idempotency_key), post)
        if post not in self.posts:
            self.posts.append(post)
        return post

    def of(self, author: str, before: str | None, limit: int) -> Page:
        return self._page(lambda post: post.author == author, before, limit)

    def follow(self, follower: str, followee: str) -> None:
        self.profile(followee)
        if self.profile(follower).following >= MAX_FOLLOWING and not self.is_following(follower, followee):
            raise Conflict(f"you follow {MAX_FOLLOWING:,} people already, the most", field="handle")
        self.follows.add((follower, followee))

    def is_following(self, follower: str, followee: str) -> bool:
        return (follower, followee) in self.follows

    def unfollow(self, follower: str, followee: str) -> None:
        self.follows.discard((follower, followee))

    def profile(self, handle: str) -> Profile:
        if handle not in self.passwords:
            raise NotFound("nobody has this handle", field="handle")
        followers = sum(followee == handle for _, followee in self.follows)
        return Profile(handle, followers, sum(follower == handle for follower, _ in self.follows))

    def page(self, handle: str, before: str | None, limit: int) -> Page:
        def shown(post: Post) -> bool:
            return post.author == handle or (handle, post.author) in self.follows

        return self._page(shown, before, limit)

    def _page(self, shown: Callable[[Post], bool], before: str | None, limit: int) -> Page:
        found = (post for post in self.posts if shown(post) and (before is None or post.id < before))
        newest_first = sorted(found, key=lambda post: post.id, reverse=True)
        return Page.of(tuple(newest_first[: limit + 1]), limit)

    def upload(self, key: str, content_type: str, size_bytes: int) -> Upload:
        form = {"key": f"media/{key}", "Content-Type": content_type, "max": str(MAX_PICTURE_BYTES)}
        return Upload("https://bucket.example.com/", form)

    def shown(self, key: str) -> Picture:
        return Picture(f"/media/{key}")


def social_over(memory: Memory) -> Social:
    """The application over a memory."""
    return Social(accounts=memory, posts=memory, follows=memory, timelines=memory, pictures=memory)


@contextmanager
def opened(directory: Path) -> Iterator[tuple[Ask, Callable[[str], str]]]:
    """The application in this process."""
    memory = Memory()
    social = social_over(memory)

    def ask(method: str, path: str, headers: Mapping[str, str], body: bytes) -> Reply:
        url = urlsplit(path)
        answer = respond(social, Request(method, url.path, dict(parse_qsl(url.query)), headers, body))
        return Reply(answer.status, answer.headers, answer.body)

    yield ask, lambda handle: memory.codes[handle]
