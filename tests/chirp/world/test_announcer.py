"""The announcer's threads outlive what nobody foresaw."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from postgres import wait_until

from chirp.social.model import Post
from chirp.world.announcer import Announcer


class Unforeseen(Exception):
    """Nobody catches this by its name."""


@dataclass(eq=False)
class Surprising:
    """Table, topic and databases at once, each of which fails so many times before it does what it should."""

    topic_fails: int = 0
    database_fails: int = 0
    told: list[str] = field(default_factory=list)
    cleared: list[str] = field(default_factory=list)
    all: tuple[Surprising, ...] = ()

    def expiry_s(self, days: float) -> int:
        return int(days)

    def put_all(self, items: Any) -> int:
        return len(list(items))

    def publish(self, messages: Sequence[str]) -> set[int]:
        if self.topic_fails:
            self.topic_fails -= 1
            raise Unforeseen
        self.told += messages
        return set(range(len(messages)))

    def of(self, handle: str) -> Surprising:
        if handle == "nobody":
            raise Unforeseen
        return self

    def write(self, query: Callable[[Any], object]) -> None:
        if self.database_fails:
            self.database_fails -= 1
            raise Unforeseen
        query(self)

    def execute(self, _: str, values: tuple[list[str]]) -> None:
        self.cleared += values[0]


@contextmanager
def announcing(around: Surprising) -> Iterator[Announcer]:
    announcer = Announcer(around, around.publish, around)  # type: ignore[arg-type]
    announcer.start()
    try:
        yield announcer
    finally:
        announcer.stop()


def test_a_topic_that_surprises_does_not_end_the_announcing() -> None:
    around = Surprising(topic_fails=1)
    with announcing(around) as announce:
        announce(Post("1" * 26, "ada", "lost for now"))
        wait_until(lambda: around.topic_fails == 0, "it was tried")
        announce(Post("2" * 26, "ada", "told"))
        wait_until(lambda: around.cleared == ["2" * 26], "the next one is told, and its note removed")


def test_a_database_that_surprises_does_not_end_the_clearing() -> None:
    around = Surprising(database_fails=1)
    with announcing(around) as announce:
        announce(Post("1" * 26, "ada", "its note stays"))
        wait_until(lambda: around.database_fails == 0, "it was tried")
        announce(Post("2" * 26, "nobody", "its note stays, too"))
        wait_until(lambda: len(around.told) == 2, "it is told")
        announce(Post("3" * 26, "ada", "its note goes"))
        wait_until(lambda: "3" * 26 in around.cleared, "notes are removed again")
