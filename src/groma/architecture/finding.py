"""What was looked at, in the design or in what is deployed, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Outcome = Literal["ok", "wrong", "not tried"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at, in the design or in what is deployed, and whether it is as it should be.

    Attributes:
        ok: False when it is known not to be as it should be.
    """

    id: str
    what: str
    expected: str
    actual: str
    ok: bool
    severity: Literal["error", "warning"] = "error"
    hint: str = ""

    @property
    def outcome(self) -> Outcome:
        """What came of looking."""
        return "ok" if self.ok else "wrong"


@dataclass(frozen=True, slots=True)
class NotTried(Finding):
    """One thing that was not looked at, and `actual` says why: neither as it should be nor wrong."""

    @property
    def outcome(self) -> Outcome:
        """Neither."""
        return "not tried"
