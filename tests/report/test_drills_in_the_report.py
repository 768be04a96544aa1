"""The report shows which fault set off which alarm where there were drills, and nothing of it elsewhere."""

from __future__ import annotations

from functools import cache

from groma.questions.drills.matrix import Matrix, Row
from groma.report.documents import picture
from groma.report.page import report
from workloads import designed_example

MADE = designed_example("starter")
ROWS = (
    Row("zone-loss", True, {"web-5xx-fast": "page", "web-5xx": "on"}),
    Row("disk-<filling>", False, {"web-disk": "ticket"}),
)


@cache
def page(*, with_drills: bool) -> str:
    found = Matrix(
        "2026-11-29 08:00", "alarms of the plan", ("web-5xx-fast", "web-5xx", "web-disk"), ROWS, ()
    )
    return report(MADE, picture(MADE), drills=found if with_drills else None)


def test_each_fault_is_a_row_and_each_alarm_a_column() -> None:
    table = page(with_drills=True).partition('<table class="matrix">')[2].partition("</table>")[0]
    assert table.count("<tr>") == 1 + len(ROWS)
    assert (
        '<td class="page" title="web-5xx-fast">P</td><td class="on" title="web-5xx">·</td><td></td>' in table
    )
    assert '<td class="ticket" title="web-disk">T</td>' in table
    assert 'class="no">disk-&lt;filling&gt; ✗</th>' in table
    assert "1 of 2 as promised on 2026-11-29 08:00 UTC, alarms of the plan" in page(with_drills=True)


def test_without_drills_there_is_no_section() -> None:
    assert 'id="drills"' in page(with_drills=True)
    assert 'href="#drills"' in page(with_drills=True)
    assert "drills" not in page(with_drills=False).partition("<body>")[2]
