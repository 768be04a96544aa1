"""What is counted in ministack, as the data of AWS's metrics."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from groma.live.embedded.metering import ACTIVE_S, MOST_VALUES, Meter, Series, queue_depths

NOON = int(datetime(2026, 11, 28, 12, tzinfo=UTC).timestamp())
CALLS = Series("us-east-1", "AWS/Lambda", "Invocations", "Count", frozenset({("FunctionName", "f")}))
TIMES = Series("us-east-1", "AWS/Lambda", "Duration", "Milliseconds", frozenset({("FunctionName", "f")}))


def queue(*ages_s: float, hidden: int = 0, region: str = "us-east-1", account: str = "123456789012") -> Any:
    messages = [
        {
            "visible_at": NOON - age + (age + 30 if place < hidden else 0),
            "sent_at": NOON - age,
            "receive_count": 1,
        }
        for place, age in enumerate(ages_s)
    ]
    return (account, region, "http://queue"), {"name": "posts", "messages": messages}


def depths(*queues: Any, active: dict[str, float] | None = None, now_s: float = NOON) -> dict[str, float]:
    found = queue_depths(queues, {} if active is None else active, now_s)
    return {series.name: value for series, value in found}


def test_equal_values_of_a_second_are_one_datum_and_others_keep_their_values() -> None:
    meter = Meter()
    for value in (12.5, 13.0, 12.5):
        meter.count(CALLS, 1, NOON + 0.3)
        meter.count(TIMES, value, NOON + 0.3)
    meter.count(CALLS, 1, NOON + 1)
    data = meter.taken()["us-east-1", "AWS/Lambda"]
    assert [datum.get("StatisticValues") for datum in data] == [
        {"SampleCount": 3, "Sum": 3, "Minimum": 1, "Maximum": 1},
        None,
        None,
    ]
    assert [datum.get("Values") for datum in data] == [None, [12.5, 13.0, 12.5], None]
    assert [datum["Timestamp"].second for datum in data] == [0, 0, 1]
    assert data[0]["Dimensions"] == [{"Name": "FunctionName", "Value": "f"}]
    assert meter.taken() == {}


def test_a_datum_has_no_more_values_than_aws_takes() -> None:
    meter = Meter()
    for value in range(2 * MOST_VALUES + 1):
        meter.count(TIMES, value, NOON)
    assert [len(datum["Values"]) for datum in meter.taken()["us-east-1", "AWS/Lambda"]] == [150, 150, 1]


def test_a_queue_tells_how_much_lies_in_it_and_for_how_long() -> None:
    assert depths(queue(90, 40, 5, hidden=1)) == {
        "ApproximateNumberOfMessagesVisible": 2,
        "ApproximateNumberOfMessagesDelayed": 0,
        "ApproximateNumberOfMessagesNotVisible": 1,
        "ApproximateAgeOfOldestMessage": 90,
    }


def test_a_queue_that_was_emptied_tells_so_for_six_hours_and_one_that_nobody_used_tells_nothing() -> None:
    active: dict[str, float] = {}
    assert depths(queue(), active=active) == {}
    depths(queue(5), active=active)
    assert (
        depths(queue(), active=active, now_s=NOON + ACTIVE_S - 1)["ApproximateNumberOfMessagesVisible"] == 0
    )
    assert depths(queue(), active=active, now_s=NOON + ACTIVE_S) == {}


def test_queues_of_other_accounts_are_not_told_of() -> None:
    assert depths(queue(5, account="999999999999")) == {}
