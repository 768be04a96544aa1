"""Cron and rate expressions as calendars of systemd, which reads them itself where it is at hand."""

from __future__ import annotations

import shutil
import subprocess

import pytest

from groma.application.calendar import calendar_of

SAME = {
    "0 3 * * *": "*-*-* 3:0:00 UTC",
    "*/15 9-17 * * mon-fri": "Mon..Fri *-*-* 9..17:0/15:00 UTC",
    "5,35 0 1,15 jan-jun *": "*-1..6-1,15 0:5,35:00 UTC",
    "0 0 * * 0": "Sun *-*-* 0:0:00 UTC",
    "0 0 * * 7": "Sun *-*-* 0:0:00 UTC",
    "cron(0 3 ? * 2-6 *)": "Mon..Fri *-*-* 3:0:00 UTC",
    "cron(0/10 * * * ? *)": "*-*-* *:0/10:00 UTC",
    "rate(1 minute)": "*-*-* *:0/1:00 UTC",
    "rate(6 hours)": "*-*-* 0/6:0:00 UTC",
    "rate(1 day)": "*-*-* 0:0:00 UTC",
}


@pytest.mark.parametrize(("expression", "calendar"), SAME.items())
def test_an_expression_is_the_calendar_that_means_the_same(expression: str, calendar: str) -> None:
    assert calendar_of(expression) == calendar
    if systemd := shutil.which("systemd-analyze"):
        done = subprocess.run([systemd, "calendar", calendar], capture_output=True, text=True)
        assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("expression", "said"),
    [
        ("nightly", "is no time"),
        ("60 * * * *", "'60' for its minute, which is 0 to 59"),
        ("0 3 * * mon,foo", "'foo' for its weekday"),
        ("0 3 L * *", "'L' for its day of the month"),
        ("0 3 1 * mon", "both days of the month and weekdays"),
        ("30-10 * * * *", "ends before it begins"),
        ("*/0 * * * *", "a step out of bounds"),
        ("rate(7 minutes)", "no fixed times"),
        ("rate(2 days)", "no fixed times"),
        ("cron(0 3 * * ? 2027)", "names a year"),
    ],
)
def test_what_has_no_calendar_is_refused(expression: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        calendar_of(expression)
