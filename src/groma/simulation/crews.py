"""Who makes replications: this machine, or a cluster of others, which come to the same numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Protocol, TypeVar

Found = TypeVar("Found")
"""What is seen of one replication."""


class Crew(Protocol):
    """Whoever makes replications."""

    @property
    def width(self) -> int:
        """How many it makes at once."""

    def made(self, once: Callable[[int], Found], numbers: Iterable[int]) -> list[Found]:
        """What is seen of each number, in their order.

        Args:
            once: makes one; it depends on its number alone, and can be sent elsewhere.

        Raises:
            CloudError: nobody is left to make them.
        """


class Threads:
    """This machine: what is compiled runs beside other threads."""

    width = 2

    def made(self, once: Callable[[int], Found], numbers: Iterable[int]) -> list[Found]:
        """What is seen of each number, in their order."""
        with ThreadPoolExecutor(self.width) as pool:
            return list(pool.map(once, numbers))


HERE = Threads()
