"""Whose account the embedded cloud plays, and what the account has come to hold."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum


class Account(StrEnum):
    """The accounts that can be played.

    `grown` has been in use for long: what AWS raises on request, it has raised. `new` was opened today, has
    the quotas of its first day and has not been verified. `free` is `new`, on the plan that costs nothing.
    """

    GROWN = "grown"
    NEW = "new"
    FREE = "free"

    @property
    def is_young(self) -> bool:
        """Whether it still has the quotas of its first day."""
        return self is not Account.GROWN


Key = tuple[str, str, str]
"""What is held, in which region, under which name."""


@dataclass
class Stage:
    """What is played, and what was made so far, as far as rules ask for it.

    Attributes:
        account: whose account.
        strict: whether names are refused, too, that the embedded cloud takes as placeholders otherwise.
        held: amount by what it is of, region and name: `("vcpus", "us-east-1", "chirp-web")` → 8.
    """

    account: Account = Account.GROWN
    strict: bool = False
    held: dict[Key, float | str] = field(default_factory=dict)

    def sum_of(self, what: str, region: str, but: str | None = None) -> float:
        """The amounts held of something in a region, but for the one of that name."""
        return sum(amount for name, amount in self._of(what, region) if name != but)

    def _of(self, what: str, region: str) -> Iterator[tuple[str, float]]:
        for (kind, where, name), amount in self.held.items():
            if kind == what and where == region and not isinstance(amount, str):
                yield name, amount
