"""How findings are told: three outcomes, each counted by itself."""

from __future__ import annotations

import pytest

from groma.architecture import CheckList, Finding, NotTried

GOOD = Finding("a.state", "A: state", "on", "on", ok=True)
BAD = Finding("b.state", "B: state", "on", "off", ok=False)
WARNED = Finding("d.alerts", "D: alerts", "an address", "none", ok=False, severity="warning")
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
def test_the_summary_counts_each_outcome_by_itself(findings: list[Finding], said: str) -> None:
    assert CheckList(tuple(findings)).words().lines == (said,)


def test_each_row_says_what_came_of_it() -> None:
    (table,) = CheckList((GOOD, BAD, NOT_TRIED)).words().tables
    assert [(mark.text, mark.tone) for mark, _, _ in table.rows] == [
        ("ok", "good"), ("no", "bad"), ("--", "unsure"),
    ]  # fmt: skip
    assert [row[1:] for row in table.rows] == [
        ("A: state", "on"),
        ("B: state", "expected on, found off"),
        ("C: a limit holds", "not tried: needs 9,000 requests"),
    ]


def test_only_errors_fail_it() -> None:
    assert CheckList((GOOD, BAD)).failed
    assert not CheckList((GOOD, WARNED, NOT_TRIED)).failed


def test_the_document_says_null_where_nothing_is_known() -> None:
    document = CheckList((GOOD, BAD, NOT_TRIED)).document()
    assert [(each["ok"], each["outcome"]) for each in document] == [
        (True, "ok"), (False, "wrong"), (None, "not tried"),
    ]  # fmt: skip
    assert document[2]["actual"] == "needs 9,000 requests"
