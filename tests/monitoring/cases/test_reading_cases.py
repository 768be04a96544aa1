"""What is wrong in a file of cases is named with its line, and what to do."""

from __future__ import annotations

import pytest

from groma.errors import InputError
from groma.monitoring.cases import load, run
from groma.monitoring.cases.reading import CaseFile

ALARM = '{when: "> 80", datapoints: 2 of 3, period: 5m}'


def read(tmp_path, text: str) -> CaseFile:
    file = tmp_path / "cases.yaml"
    file.write_text(text, encoding="utf-8")
    return load(file, dict)


def case(*lines: str, alarm: str = ALARM) -> str:
    """A file with one case, whose lines begin at line 5."""
    return (
        "\n".join((f"alarms:\n  cpu: {alarm}\ncases:\n  - name: it", *(f"    {line}" for line in lines)))
        + "\n"
    )


@pytest.mark.parametrize(
    ("text", "where", "what", "hint"),
    [
        ("cases: [", ":1", "not valid YAML", "indentation"),
        ("- 1", ":1", "must be a list", "docs/guides/alarms.md"),
        ("case: []\n", ":1: case", "no key 'case'", "did you mean 'cases'?"),
        ("cases: 5\n", ":1: cases", "must be a list", "docs/guides/alarms.md"),
        ("cases:\n  - 5\n", ":2: cases.0", "key: value", "docs/guides/alarms.md"),
        (case("alarm: cpu"), ":4: cases.0", "not what is published", "write data, sees"),
        (case("alarm: cpu", "data: 1"), ":4: cases.0", "not what is to come", "write states"),
        (
            case("alarm: cup", "data: 1", "states: OK"),
            ":5: cases.0.alarm",
            "no alarm 'cup'",
            "define it under",
        ),
        (case("alarm: cpu", "data: 1 z", "states: OK"), ":6: cases.0.data", "'z' cannot", "write 5, _"),
        (
            case("alarm: cpu", "data: 1x3", "states: OK"),
            ":7: cases.0.states",
            "1 state for 3",
            "a state for",
        ),
        (case("alarm: cpu", "data: 1", "state: OK"), ":7: cases.0.state", "no key", "did you mean 'states'"),
        (case("alarm: cpu", "data: 1", "states: O"), ":7: cases.0.states", "'O' cannot", "write OK, ALARM"),
        (
            case("alarm: cpu", "data: 1", "at: {7s: OK}"),
            ":7: cases.0.at.7s",
            "evaluated then",
            "multiple of 1m",
        ),
        (case("alarm: cpu", "data: 1", "at: {5: OK}"), ":7: cases.0.at.5", "no duration", "5m"),
        (
            case("alarm: cpu", "data: 1", "every: 90s", "states: OK"),
            ":7: cases.0.every",
            "every 1m",
            "multiple",
        ),
        (
            case("alarm: cpu", "data: 1", "start: now", "states: OK"),
            ":7: cases.0.start",
            "no moment",
            "2026-03-29",
        ),
        (case("alarm: cpu", "data: {a: 1}", "states: OK"), ":6: cases.0.data", "no metric a", "data of m1"),
        (case("alarm: cpu", "data: {}", "states: OK"), ":6: cases.0.data", "is empty", "of each metric"),
        (case("alarm: cpu", "sees: 1x6", "gives: OK"), ":6: cases.0.sees", "sees 5 periods", "at most 5"),
        (case("alarm: cpu", "sees: 1", "gives: good"), ":7: cases.0.gives", "'good' cannot", "OK, ALARM"),
        (
            case("rule: ALARM(a", "inputs: {a: OK}"),
            ":5: cases.0.rule",
            "the end instead of ')'",
            "docs/guides",
        ),
        (case("rule: ALARM(a)", "inputs: {b: OK}"), ":6: cases.0.inputs.b", "no key 'b'", "allowed: a"),
        (case("rule: ALARM(a)", "inputs: {a: OK}"), ":4: cases.0", "not what is to come", "actions"),
        (
            case("rule: ALARM(a)", "inputs: {a: OK}", "states: OKx2"),
            ":7: cases.0.states",
            "2 states for 1",
            "one",
        ),
        (
            case("expression: m1", "data: {m1: 1 2}", "values: 1"),
            ":7: cases.0.values",
            "not one value",
            "as many",
        ),
        (case(alarm="{}"), ":4: cases.0", "not what is published", "write data"),
    ],
)
def test_a_mistake_has_a_line_and_a_next_step(tmp_path, text, where, what, hint):
    with pytest.raises(InputError) as raised:
        read(tmp_path, text)
    assert raised.value.where == f"{tmp_path}/cases.yaml{where}"
    assert what in raised.value.what
    assert hint in raised.value.hint


@pytest.mark.parametrize(
    ("alarm", "where", "what", "hint"),
    [
        ("{}", "when", "'when' is required", "docs/guides"),
        ('{when: "80"}', "when", "no comparison", '"> 80"'),
        ('{when: "> 80", datapoints: "3"}', "datapoints", "no datapoints", "3 of 5"),
        ('{when: "> 80", period: 45s}', "period", "periods of 45s", "whole minutes"),
        ('{when: "> 80", statistic: average}', "statistic", "'average' is no statistic", "Average, Sum"),
        ('{when: "> 80", missing: bad}', "missing", "'bad' cannot be chosen", "notBreaching"),
        ('{when: "> 80", window: monthly}', "window", "no window", "wall clock"),
        ('{when: "> 80", window: wall clock Nowhere}', "window", "no time zone 'Nowhere'", "docs/guides"),
        ('{when: "> 80", window: wall clock +01:03}', "window", "multiple of five minutes", "docs/guides"),
        ('{when: "> 80", band: {lower: 1, upper: 2}}', "when", "a band has a side", "outside or above"),
        ("{when: above, band: {lower: 1}}", "band.upper", "'upper' is required", "docs/guides"),
        ('{when: "> 80", treshold: 5}', "treshold", "no key", "allowed: when"),
    ],
)
def test_a_mistake_in_an_alarm_is_found_where_it_is_defined(tmp_path, alarm, where, what, hint):
    with pytest.raises(InputError) as raised:
        read(tmp_path, case("alarm: cpu", "data: 1", "states: OK", alarm=alarm))
    assert raised.value.where == f"{tmp_path}/cases.yaml:2: alarms.cpu.{where}"
    assert what in raised.value.what
    assert hint in raised.value.hint


def test_a_window_of_the_clock_has_few_periods(tmp_path):
    alarm = '{when: "> 1_000", period: 2m, window: wall clock}'
    with pytest.raises(InputError, match="no periods of 120 s") as raised:
        read(tmp_path, case("alarm: cpu", "data: 1", "states: OK", alarm=alarm))
    assert raised.value.where == f"{tmp_path}/cases.yaml:2: alarms.cpu"


def test_more_datapoints_than_periods_cannot_be_asked_for(tmp_path):
    with pytest.raises(InputError, match="4 of 3 datapoints") as raised:
        read(
            tmp_path, case("alarm: cpu", "data: 1", "states: OK", alarm='{when: "> 80", datapoints: 4 of 3}')
        )
    assert raised.value.where == f"{tmp_path}/cases.yaml:2: alarms.cpu"


def test_an_expression_that_cannot_be_computed_is_named_with_its_case(tmp_path):
    file = read(tmp_path, case("expression: m1 + m3", "data: {m1: 1}", "values: 1"))
    with pytest.raises(InputError) as raised:
        run(file)
    assert raised.value.where == f"{tmp_path}/cases.yaml:4"
    assert "no metric 'm3', only m1" in raised.value.what


def test_a_file_that_is_not_there_is_an_error_of_the_user(tmp_path):
    with pytest.raises(InputError, match="cannot be read"):
        load(tmp_path / "none.yaml", dict)


def test_numbers_stay_as_they_are_written(tmp_path):
    """`0x10` alone would be 16 in YAML, and `1_000` a thousand without a trace."""
    (outcome,) = run(read(tmp_path, case("alarm: cpu", "data: 0x10", "states: OKx10"))).cases
    assert outcome.came == "OKx10"


def test_what_came_otherwise_says_since_when_and_what_was_seen(tmp_path):
    file = read(tmp_path, case("alarm: cpu", "data: 10 90 90", "states: OKx3"))
    outcomes = run(file)
    (outcome,) = outcomes.cases
    assert (outcomes.failed, outcome.ok, outcome.came) == (1, False, "OKx2 ALARM")
    assert outcome.why[0] == "after 15m: ALARM since 11m, not OK"
    assert outcome.why[1].startswith("Threshold Crossed: 2 out of the last 3 datapoints [90.0 (")
    assert outcome.why[1].endswith("(it saw _x2 10 90x2)")
    told = outcomes.words()
    assert f"{tmp_path}/cases.yaml:4: it" in told.lines
    assert told.lines[-1] == "0 of 1 cases came as expected"
