"""How findings are shown: three outcomes, each counted by itself."""

from __future__ import annotations

import json

import pytest

from groma.architecture import Finding, NotTried
from groma.cli.console import print_findings, print_findings_json

GOOD = Finding("a.state", "A: state", "on", "on", ok=True)
BAD = Finding("b.state", "B: state", "on", "off", ok=False)
NOT_TRIED = NotTried("c.limit", "C: a limit holds", "429", "needs 9,000 requests", ok=True)


@pytest.mark.parametrize(
    ("findings", "said"),
    [
        ([GOOD], "1 of 1 as designed"),
        ([GOOD, BAD], "1 of 2 as designed, 1 not"),
        ([GOOD, NOT_TRIED], "1 of 2 as designed, 1 not tried"),
        ([GOOD, BAD, NOT_TRIED, NOT_TRIED], "1 of 4 as designed, 1 not, 2 not tried"),
    ],
)
def test_the_summary_counts_each_outcome_by_itself(
    findings: list[Finding], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    print_findings(findings)
    assert capsys.readouterr().out.splitlines()[-1] == said


def test_each_line_says_what_came_of_it(capsys: pytest.CaptureFixture[str]) -> None:
    print_findings([GOOD, BAD, NOT_TRIED])
    lines = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert lines[0] == ["ok", "A:", "state", "on"]
    assert " ".join(lines[1]) == "no B: state expected on, found off"
    assert " ".join(lines[2]) == "-- C: a limit holds not tried: needs 9,000 requests"


def test_the_document_says_null_where_nothing_is_known(capsys: pytest.CaptureFixture[str]) -> None:
    print_findings_json([GOOD, BAD, NOT_TRIED])
    document = json.loads(capsys.readouterr().out)
    assert [(each["ok"], each["outcome"]) for each in document] == [
        (True, "ok"), (False, "wrong"), (None, "not tried"),
    ]  # fmt: skip
    assert document[2]["actual"] == "needs 9,000 requests"
