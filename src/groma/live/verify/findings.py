"""Makes findings: a line that a person reads, what was designed, and what was found."""

from __future__ import annotations

from collections.abc import Iterable

from groma.architecture import Finding, NotTried

MISSING = "missing"


def compare(finding_id: str, what: str, expected: str, actual: str | None, hint: str = "") -> Finding:
    """A finding that is ok when what was found is what was designed; None is something missing."""
    return judge(finding_id, what, expected, actual, actual == expected, hint)


def judge(finding_id: str, what: str, expected: str, actual: str | None, ok: bool, hint: str = "") -> Finding:
    """A finding whose verdict is given; something missing is never ok."""
    found = MISSING if actual is None else actual
    return Finding(finding_id, what, expected, found, ok and actual is not None, hint=hint)


def not_tried(finding_id: str, what: str, expected: str, why: str) -> Finding:
    """A finding about what was not looked at: it is counted apart from what is ok and what is wrong."""
    return NotTried(finding_id, what, expected, why, ok=True)


def listed(parts: Iterable[str | None], empty: str = "none") -> str:
    """The parts that are there, in one line."""
    return ", ".join(part for part in parts if part) or empty
