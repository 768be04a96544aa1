"""Reasons in CloudWatch's own words, in the forms of messages that people published (read on 2026-11-28)."""

from __future__ import annotations

import json

import pytest

from groma.answers import Expression, Metric
from groma.monitoring.evaluate import ONLY, Band, Limit, Rule, Sample, evaluated, newborn
from groma.monitoring.evaluate.reasons import number

NOON = 1_764_331_200
"""2025-11-28 12:00 UTC."""


def reason_of(rule: Rule, *values: float | None, before: str = "INSUFFICIENT_DATA"):
    """The reason after values of one a minute, the last of which begins a minute before noon."""
    start_s = NOON - 60 * len(values)
    data = {ONLY: tuple(Sample(start_s + 60 * i, v) for i, v in enumerate(values) if v is not None)}
    born = newborn(NOON)
    standing = evaluated(rule, data, NOON, type(born)(before, born.reason, 0))
    return standing.reason


def rule(limit: Limit, m: int = 1, n: int = 1, missing: str = "missing") -> Rule:
    return Rule(Metric("Own", "metric", "Average", {}, 60), limit, n, m, missing)


MORE, LESS = Limit(">", 50), Limit("<=", 5)


@pytest.mark.parametrize(
    ("rule", "values", "text"),
    [
        (
            rule(MORE),
            (99.5,),
            "Threshold Crossed: 1 out of the last 1 datapoints [99.5 (28/11/25 11:59:00)] was greater "
            "than the threshold (50.0) (minimum 1 datapoint for OK -> ALARM transition).",
        ),
        (
            rule(MORE),
            (2,),
            "Threshold Crossed: 1 out of the last 1 datapoints [2.0 (28/11/25 11:59:00)] was not "
            "greater than the threshold (50.0) (minimum 1 datapoint for ALARM -> OK transition).",
        ),
        (
            rule(LESS, 2, 4),
            (9, 4, 9, 3),
            "Threshold Crossed: 2 out of the last 4 datapoints [3.0 (28/11/25 11:59:00), 4.0 (28/11/25 "
            "11:57:00)] were less than or equal to the threshold (5.0) (minimum 2 datapoints for OK -> "
            "ALARM transition).",
        ),
        (
            rule(LESS, 3, 5),
            (9, 4, 9, 3, 9),
            "Threshold Crossed: 3 out of the last 5 datapoints [9.0 (28/11/25 11:59:00), 9.0 (28/11/25 "
            "11:57:00), 9.0 (28/11/25 11:55:00)] were not less than or equal to the threshold (5.0) "
            "(minimum 3 datapoints for ALARM -> OK transition).",
        ),
        (
            rule(MORE, 6, 6),
            (60, 61, 62, 63, 64, 65),
            "Threshold Crossed: 6 out of the last 6 datapoints were greater than the threshold (50.0). "
            "The most recent datapoints which crossed the threshold: [65.0 (28/11/25 11:59:00), 64.0 "
            "(28/11/25 11:58:00), 63.0 (28/11/25 11:57:00), 62.0 (28/11/25 11:56:00), 61.0 (28/11/25 "
            "11:55:00)] (minimum 6 datapoints for OK -> ALARM transition).",
        ),
        (
            rule(MORE, 1, 20, "notBreaching"),
            (99,),
            "Threshold Crossed: 1 out of the last 20 datapoints [99.0 (28/11/25 11:59:00)] was greater "
            "than the threshold (50.0) and 19 missing datapoints were treated as [NonBreaching] "
            "(minimum 1 datapoint for OK -> ALARM transition).",
        ),
        (
            rule(MORE, 2, 2, "breaching"),
            (),
            "Threshold Crossed: no datapoints were received for 2 periods and 2 missing datapoints were"
            " treated as [Breaching].",
        ),
        (
            rule(MORE, 1, 1, "notBreaching"),
            (),
            "Threshold Crossed: no datapoints were received for 1 period and 1 missing datapoint was "
            "treated as [NonBreaching].",
        ),
        (
            rule(MORE, 2, 3, "breaching"),
            (1,),
            "Threshold Crossed: 1 datapoint was received for 3 periods and 2 missing datapoints were "
            "treated as [Breaching].",
        ),
        (
            rule(MORE, 3, 3),
            (99, None, None),
            "Threshold Crossed: 1 out of the last 3 datapoints [99.0 (28/11/25 11:57:00)] was greater "
            "than the threshold (50.0) (minimum 3 datapoints for OK -> ALARM transition).",
        ),
    ],
)
def test_a_reason_is_in_cloudwatchs_words(rule, values, text):
    assert reason_of(rule, *values).text == text


@pytest.mark.parametrize(("n", "text"), [(1, "1 datapoint was"), (3, "3 datapoints were")])
def test_silence_is_unknown(n, text):
    assert reason_of(rule(MORE, 1, n), before="OK").text == f"Insufficient Data: {text} unknown."


@pytest.mark.parametrize(
    ("beyond", "value", "words"),
    [
        ("above", 21.5, "was greater than the upper thresholds [20.0] (minimum 1 datapoint for OK -> ALARM"),
        ("below", 9.5, "was less than the lower thresholds [10.0] (minimum 1 datapoint for OK -> ALARM"),
        (
            "outside",
            15,
            "was not less than the lower thresholds [10.0] or not greater than the upper thresholds "
            "[20.0] (minimum 1 datapoint for ALARM -> OK",
        ),
    ],
)
def test_a_band_has_two_thresholds(beyond, value, words):
    band = Band(beyond, (Sample(NOON - 60, 10),), (Sample(NOON - 60, 20),))
    found = reason_of(rule(band), value)  # type: ignore[arg-type]
    point = f"[{float(value)} (28/11/25 11:59:00)]"
    assert found.text == f"Thresholds Crossed: 1 out of the last 1 datapoints {point} {words} transition)."
    data = json.loads(found.data)
    assert (data["recentLowerThresholds"], data["recentUpperThresholds"]) == ([10.0], [20.0])
    assert "threshold" not in data


def test_the_data_of_a_reason_have_recent_points_the_oldest_first_and_evaluated_ones_the_newest_first():
    assert json.loads(reason_of(rule(MORE, 2, 3, "breaching"), 1, None, 99, None, None).data) == {
        "version": "1.0",
        "queryDate": "2025-11-28T12:00:00.000+0000",
        "startDate": "2025-11-28T11:55:00.000+0000",
        "statistic": "Average",
        "period": 60,
        "recentDatapoints": [1, 99],
        "threshold": 50.0,
        "evaluatedDatapoints": [
            {"timestamp": "2025-11-28T11:59:00.000+0000"},
            {"timestamp": "2025-11-28T11:57:00.000+0000", "sampleCount": 1.0, "value": 99},
            {"timestamp": "2025-11-28T11:55:00.000+0000", "sampleCount": 1.0, "value": 1},
        ],
    }


def test_the_data_of_metric_math_have_no_statistic_and_no_samples():
    errors = Metric("Own", "errors", "Sum", {}, 60)
    math = Rule(Expression("twice", "2 * errors", {"errors": errors}), Limit(">", 1), 1, 1)
    standing = evaluated(math, {"errors": (Sample(NOON - 60, 3),)}, NOON, newborn(0))
    data = json.loads(standing.reason.data)
    assert "statistic" not in data
    assert data["evaluatedDatapoints"] == [{"timestamp": "2025-11-28T11:59:00.000+0000", "value": 6.0}]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1, "1.0"),
        (38.958, "38.958"),
        (-0.5, "-0.5"),
        (0, "0.0"),
        (1.25e7, "1.25E7"),
        (1e10, "1.0E10"),
        (2.5e-5, "2.5E-5"),
        (2**33, "8.589934592E9"),
    ],
)
def test_numbers_are_written_as_java_writes_them(value, text):
    assert number(value) == text
