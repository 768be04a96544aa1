"""What follows from when a command is due."""

from __future__ import annotations

import pytest

from groma.application.calendar import calendar_of
from groma.application.times import Times, times_of

DAY_S = 86_400


@pytest.mark.parametrize(
    ("stated", "aws", "per_month", "gap_s"),
    [
        ("0 3 * * *", "cron(0 3 * * ? *)", 1461 / 48, DAY_S),
        ("*/15 * * * *", "cron(0/15 * * * ? *)", 96 * 1461 / 48, 900),
        ("rate(15 minutes)", "cron(0/15 * * * ? *)", 96 * 1461 / 48, 900),
        ("rate(1 day)", "cron(0 0 * * ? *)", 1461 / 48, DAY_S),
        ("rate(6 hours)", "cron(0 0/6 * * ? *)", 4 * 1461 / 48, 6 * 3600),
        ("30 9-17/4 * * *", "cron(30 9,13,17 * * ? *)", 3 * 1461 / 48, 16 * 3600),
        ("0 9-17 1,15 * *", "cron(0 9-17 1,15 * ? *)", 18.0, 17 * DAY_S - 8 * 3600),
        ("0 4 1 * *", "cron(0 4 1 * ? *)", 1.0, 31 * DAY_S),
        ("0 4 29 2 *", "cron(0 4 29 2 ? *)", 1 / 48, 1461 * DAY_S),
        ("cron(30 3 ? * MON-FRI *)", "cron(30 3 ? * MON,TUE,WED,THU,FRI *)", 1043 / 48, 3 * DAY_S),
    ],
)
def test_times_are_those_of_both_clocks(stated: str, aws: str, per_month: float, gap_s: int) -> None:
    found = times_of(calendar_of(stated))
    assert found == Times(aws, found.per_month, gap_s)
    assert found.per_month == pytest.approx(per_month, rel=0.01)


def test_a_weekend_that_crosses_sunday_is_named_by_its_days() -> None:
    assert times_of(calendar_of("0 3 * * 6-7")).aws == "cron(0 3 ? * SUN,SAT *)"


def test_what_is_never_due_is_no_time() -> None:
    with pytest.raises(ValueError, match="never due"):
        times_of(calendar_of("0 3 31 2 *"))
