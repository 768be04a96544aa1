"""Findings as they are told: a line each, and how many of them are as designed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from groma.architecture.finding import Finding, Outcome
from groma.words import Cell, Mark, Table, Words

MARKS: Mapping[Outcome, Mark] = {
    "ok": Mark("ok", "good"),
    "wrong": Mark("no", "bad"),
    "not tried": Mark("--", "unsure"),
}
COUNTED: Mapping[Outcome, str] = {"wrong": "not", "not tried": "not tried"}


@dataclass(frozen=True, slots=True)
class CheckList:
    """What was looked at, in the design or in what is deployed."""

    findings: tuple[Finding, ...]

    def words(self) -> Words:
        """One row each, with what was expected where it is not there; then each outcome counted by itself."""
        count = Counter(finding.outcome for finding in self.findings)
        rest = [f"{count[outcome]} {said}" for outcome, said in COUNTED.items() if count[outcome]]
        summary = ", ".join([f"{count['ok']} of {len(self.findings)} as designed", *rest])
        table = Table("", ("", "", ""), tuple(_row(finding) for finding in self.findings))
        return Words(tables=(table,), lines=(summary,))

    def document(self) -> list[dict[str, Any]]:
        """`[{id, what, expected, actual, ok, outcome, …}]`; `ok` is null for what was not tried."""
        return [{**asdict(finding), **_outcome(finding)} for finding in self.findings]

    @property
    def failed(self) -> bool:
        """Whether one of them is an error."""
        return any(not finding.ok and finding.severity == "error" for finding in self.findings)


def _row(finding: Finding) -> tuple[Cell, ...]:
    return MARKS[finding.outcome], finding.what, _found(finding)


def _found(finding: Finding) -> str:
    if finding.outcome == "wrong":
        return f"expected {finding.expected}, found {finding.actual}"
    return f"not tried: {finding.actual}" if finding.outcome == "not tried" else finding.actual


def _outcome(finding: Finding) -> dict[str, object]:
    return {"ok": None if finding.outcome == "not tried" else finding.ok, "outcome": finding.outcome}
