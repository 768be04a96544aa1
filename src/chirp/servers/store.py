"""The application's ports over PostgreSQL: local accounts, posts, follows and timelines."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

from psycopg import Connection
from psycopg.errors import ForeignKeyViolation
from psycopg.rows import TupleRow

from chirp.servers.database import Visit
from chirp.servers.kinds import NEWEST, PROFILE
from chirp.servers.passwords import Passwords
from chirp.servers.remembered import Remembered
from chirp.servers.signing import Sessions
from chirp.social.errors import Conflict, NotFound, Unauthorised
from chirp.social.model import DEFAULT_PAGE, MAX_FOLLOWING, Page, Post, Profile, Session

AFTER_ALL = "~"
"""Sorts after every id."""

SIGN_UP = """
    INSERT INTO accounts (handle, email, password) VALUES (%s, %s, %s)
    ON CONFLICT DO NOTHING RETURNING true
"""
PASSWORD = "SELECT password FROM accounts WHERE handle = %s"  # noqa: S105 - a statement, no password
POST = """
    INSERT INTO posts (id, author, text, picture, idempotency_key) VALUES (%s, %s, %s, %s, %s)
    ON CONFLICT (author, idempotency_key) WHERE idempotency_key IS NOT NULL DO NOTHING
    RETURNING id, author, text, picture
"""
POSTED = "SELECT id, author, text, picture FROM posts WHERE author = %s AND idempotency_key = %s"
POSTS_OF = """
    SELECT id, author, text, picture FROM posts
    WHERE author = %s AND id < %s ORDER BY id DESC LIMIT %s
"""
TIMELINE = """
    SELECT post.id, post.author, post.text, post.picture
    FROM (
        SELECT %(handle)s AS author UNION ALL SELECT followee FROM follows WHERE follower = %(handle)s
    ) AS seen
    CROSS JOIN LATERAL (
        SELECT id, author, text, picture FROM posts
        WHERE author = seen.author AND id < %(before)s ORDER BY id DESC LIMIT %(limit)s
    ) AS post
    ORDER BY post.id DESC LIMIT %(limit)s
"""
FOLLOW = """
    INSERT INTO follows (follower, followee)
    SELECT %(follower)s, %(followee)s
    WHERE (SELECT count(*) FROM follows WHERE follower = %(follower)s) < %(most)s
    ON CONFLICT DO NOTHING RETURNING true
"""
FOLLOWING = "SELECT true FROM follows WHERE follower = %s AND followee = %s"
UNFOLLOW = "DELETE FROM follows WHERE follower = %s AND followee = %s"
COUNTS = """
    SELECT handle,
           (SELECT count(*) FROM follows WHERE followee = handle),
           (SELECT count(*) FROM follows WHERE follower = handle)
    FROM accounts WHERE handle = %s
"""


@dataclass(frozen=True)
class LocalAccounts:
    """Accounts with a handle and a password, confirmed at once: no mail is sent from here."""

    visit: Visit
    passwords: Passwords
    sessions: Sessions

    def sign_up(self, handle: str, email: str, password: str) -> bool:
        """Open an account that needs no confirmation."""
        kept = self.passwords.hashed(password)
        if not self.visit.write(lambda c: _row(c, SIGN_UP, handle, email, kept)):
            raise Conflict("is taken", field="handle")
        return False

    def confirm(self, handle: str, code: str) -> None:
        """Nothing: every account is confirmed."""

    def send_code_again(self, handle: str) -> None:
        """Nothing: no account waits for a code."""

    def log_in(self, handle: str, password: str) -> Session:
        """A session; asks the master, since a replica may not know a new account or password yet."""
        row = self.visit.read(lambda c: _row(c, PASSWORD, handle), current=True)
        if not self.passwords.matches(password, row[0] if row else None):
            raise Unauthorised("handle or password is wrong")
        return self.sessions.open(handle)

    def who(self, token: str) -> str:
        """Whose token it is."""
        return self.sessions.who(token)


@dataclass(frozen=True)
class Store:
    """Posts, follows and timelines, which are joined when they are read, from an index by author and time.

    What many ask for is remembered; a timeline is everybody's own, and is asked of the database.
    """

    visit: Visit
    remembered: Remembered

    def add(self, post: Post, idempotency_key: str | None) -> Post:
        """Keep a post, or find the one that has the key already."""

        def query(connection: Connection[TupleRow]) -> TupleRow | None:
            kept = _row(connection, POST, post.id, post.author, post.text, post.picture, idempotency_key)
            return kept or _row(connection, POSTED, post.author, idempotency_key)

        try:
            with self.remembered.changing(NEWEST.key(post.author)):
                row = self.visit.write(query)
        except ForeignKeyViolation:
            raise _nobody() from None
        assert row is not None, "a post that is neither kept nor there"
        return Post(*row)

    def of(self, author: str, before: str | None, limit: int) -> Page:
        """Posts of one person; the latest page of the usual length is remembered."""
        if before is not None or limit > DEFAULT_PAGE:
            return Page.of(self._latest(author, before, limit + 1), limit)
        newest = self.remembered.read(
            NEWEST, author, lambda current: self._latest(author, None, DEFAULT_PAGE + 1, current=current)
        )
        return Page.of(newest[: limit + 1], limit)

    def _latest(
        self, author: str, before: str | None, limit: int, *, current: bool = False
    ) -> tuple[Post, ...]:
        values = (author, before or AFTER_ALL, limit)
        read = self.visit.read_newest if current else self.visit.read
        rows = read(lambda c: _rows(c, POSTS_OF, values))
        return tuple(Post(*row) for row in rows)

    def page(self, handle: str, before: str | None, limit: int) -> Page:
        """Posts of a person and of those they follow."""
        names = {"handle": handle, "before": before or AFTER_ALL, "limit": limit + 1}
        rows = self.visit.read(lambda c: _rows(c, TIMELINE, names))
        return Page.of(tuple(Post(*row) for row in rows), limit)

    def follow(self, follower: str, followee: str) -> None:
        """Follow somebody; the last ones that are asked for at once may be a few over `MAX_FOLLOWING`."""
        names = {"follower": follower, "followee": followee, "most": MAX_FOLLOWING}

        def query(connection: Connection[TupleRow]) -> bool:
            kept = connection.execute(FOLLOW, names).fetchone()
            return bool(kept or _row(connection, FOLLOWING, follower, followee))

        try:
            with self._changing(follower, followee):
                follows = self.visit.write(query)
        except ForeignKeyViolation:
            raise _nobody() from None
        if not follows:
            raise Conflict(f"you follow {MAX_FOLLOWING:,} people already, the most", field="handle")

    def is_following(self, follower: str, followee: str) -> bool:
        """Whether the following is kept."""
        return self.visit.read(lambda c: _row(c, FOLLOWING, follower, followee)) is not None

    def unfollow(self, follower: str, followee: str) -> None:
        """Stop following somebody."""
        with self._changing(follower, followee):
            self.visit.write(lambda c: c.execute(UNFOLLOW, (follower, followee)))

    def profile(self, handle: str) -> Profile:
        """A person with both counts, from their indexes."""

        def ask(current: bool) -> Profile:
            read = self.visit.read_newest if current else self.visit.read
            row = read(lambda c: _row(c, COUNTS, handle))
            if row is None:
                raise _nobody()
            return Profile(*row)

        return self.remembered.read(PROFILE, handle, ask)

    def _changing(self, follower: str, followee: str) -> AbstractContextManager[None]:
        """While somebody begins or ends to follow somebody."""
        return self.remembered.changing(PROFILE.key(follower), PROFILE.key(followee))


def _nobody() -> NotFound:
    return NotFound("nobody has this handle", field="handle")


def _row(connection: Connection[TupleRow], query: str, *values: object) -> TupleRow | None:
    return connection.execute(query, values).fetchone()


def _rows(connection: Connection[TupleRow], query: str, values: Any) -> Sequence[TupleRow]:
    return connection.execute(query, values).fetchall()
