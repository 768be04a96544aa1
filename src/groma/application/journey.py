"""How users of an application are tried out where it is deployed: who leads them, and what they report."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

T = TypeVar("T")


@dataclass(frozen=True)
class Reply:
    """An answer: status, the body as it came, and the same as JSON (empty when it is none)."""

    status: int
    body: bytes
    content: Mapping[str, Any]


class Visit(Protocol):
    """A deployed site, as users reach it through its distribution."""

    @property
    def fresh_within_s(self) -> float:
        """How soon what one user does has to reach the others, in seconds."""

    def ask(
        self, method: str, path: str, content: Mapping[str, object] | None = None, token: str = ""
    ) -> Reply:
        """One request, with a body in JSON and a bearer's token where they are given."""

    def fill_in(self, url: str, fields: Mapping[str, str], file: bytes, content_type: str) -> Reply:
        """Send a form with a file, as presigned by S3."""

    def address(self, user: str) -> str:
        """A mail address for a user, which takes every mail."""

    def confirm(self, user: str) -> None:
        """Confirm a user who has signed up, by AdminConfirmSignUp: no mail is read."""

    def wait_for(self, look: Callable[[], T | None], within_s: float) -> tuple[T | None, float]:
        """What `look` finds at last, and after how many seconds; None when it did not in time."""


@dataclass(frozen=True)
class Step:
    """What one step of a journey showed.

    Attributes:
        id: names the step within its journey.
        what: what is tried, as a person reads it.
        expected: what should happen.
        actual: what did; or why it was not tried.
        ok: whether it is as it should be.
        was_tried: False when it could not be tried, which says nothing about the site.
    """

    id: str
    what: str
    expected: str
    actual: str
    ok: bool
    was_tried: bool = True


@dataclass(frozen=True)
class Traces:
    """What a journey has left behind; some of it may never have been made.

    Attributes:
        users: of the user pool.
        partitions: hash keys of the table.
        objects: keys of the bucket.
    """

    users: tuple[str, ...]
    partitions: tuple[str, ...]
    objects: tuple[str, ...]


class Journey(Protocol):
    """Users made for one journey, under names that nobody else has."""

    def steps(self, visit: Visit) -> Iterator[Step]:
        """What each step shows, one after the other."""

    def traces(self) -> Traces:
        """What the users have left so far, to be removed."""
