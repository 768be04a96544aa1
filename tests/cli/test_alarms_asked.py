"""`groma alarms` on the command line."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from groma.cli.app import app
from groma.errors import InputError
from workloads import EXAMPLE

CASE = """
cases:
  - name: one request of thirty
    alarm: web-5xx
    data: {requests: 3000x3, target_5xx: 0 STEP 0}
    states: OK ALARM OK
"""


def run(*arguments: str):
    return CliRunner().invoke(app, ["alarms", *arguments])


def cases(tmp_path, step: str) -> str:
    file = tmp_path / "cases.yaml"
    file.write_text(CASE.replace("STEP", step), encoding="utf-8")
    return str(file)


def test_alarms_are_listed_for_people_and_machines():
    told = run(str(EXAMPLE))
    assert told.exit_code == 0
    assert "web-5xx" in told.stdout
    document = json.loads(run(str(EXAMPLE), "--json").stdout)
    assert {"id", "watches", "threshold", "unit", "missing_data"} <= set(document["alarms"][0])


def test_what_aws_recommends_is_told_with_what_is_done():
    told = run(str(EXAMPLE), "--coverage")
    assert told.exit_code == 0
    assert "recommendations" in told.stdout
    assert "nobody has said why" not in told.stdout
    document = json.loads(run(str(EXAMPLE), "--coverage", "--json").stdout)
    assert {line["verdict"] for line in document["recommended"]} == {"watched", "instead", "left out"}


def test_cases_of_the_designs_own_alarms_are_run(tmp_path):
    done = run(str(EXAMPLE), "--test", cases(tmp_path, "300"))
    assert done.exit_code == 0, done.stdout
    assert "1 of 1 cases came as expected" in done.stdout


def test_a_case_that_comes_otherwise_ends_with_1_and_says_why(tmp_path):
    done = run(str(EXAMPLE), "--test", cases(tmp_path, "1"), "--json")
    assert done.exit_code == 1
    (case,) = json.loads(done.stdout)["cases"]
    assert (case["expected"], case["came"]) == ("OK ALARM OK", "OKx3")
    assert case["why"][0] == "after 10m: OK since 1m, not ALARM"


def test_an_alarm_that_nobody_defines_is_named_with_those_that_there_are(tmp_path):
    file = tmp_path / "cases.yaml"
    file.write_text("cases:\n  - {name: it, alarm: web, data: 1, states: OK}\n", encoding="utf-8")
    done = run(str(EXAMPLE), "--test", str(file))
    assert isinstance(done.exception, InputError)
    assert done.exception.where == f"{file}:2: cases.0.alarm"
    assert "web-cpu" in done.exception.hint


def test_a_file_that_defines_its_alarms_needs_no_design(tmp_path):
    file = tmp_path / "cases.yaml"
    file.write_text(
        'cases:\n  - {name: it, alarm: {when: "> 1"}, data: 1 2, states: OK ALARM}\n', encoding="utf-8"
    )
    assert run("none.yaml", "--test", str(file)).exit_code == 0


@pytest.mark.parametrize("name", ["none.yaml"])
def test_without_a_design_there_is_nothing_to_list(name):
    assert isinstance(run(name).exception, InputError)


@pytest.mark.parametrize(
    "asked", [("--of", "web-cpu", "--coverage"), ("--coverage", "--test", "x.yaml"), ("--of", "")]
)
def test_what_cannot_be_answered_at_once_or_at_all_is_refused(asked: tuple[str, ...]):
    done = run(str(EXAMPLE), *asked)
    assert isinstance(done.exception, InputError)
    assert "only one of" in str(done.exception) or "there is no alarm ''" in str(done.exception)
