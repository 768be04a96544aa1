"""Questions on the command line: one at a time, for people and machines."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from groma.cli.app import app
from groma.errors import InputError
from workloads import EXAMPLE, ROOT

SERVERLESS = ROOT / "examples" / "social-serverless.yaml"
COMPARE = ("--compare", "three-tier", "serverless")


@pytest.mark.slow
def test_two_blueprints_are_compared_for_machines():
    run = CliRunner().invoke(app, ["plan", str(SERVERLESS), *COMPARE, "--json"])
    assert run.exit_code == 0
    document = json.loads(run.stdout)
    assert [d["blueprint"] for d in document["designs"]] == ["three-tier", "serverless"]
    assert document["crossings"][0]["cheaper_below"] == "serverless"


@pytest.mark.parametrize(
    "options", [(*COMPARE, "--ranges"), ("--why", "web", "--account", "new"), ("--ranges", "--plot", "a.svg")]
)
def test_two_questions_at_once_are_refused(options: tuple[str, ...]):
    run = CliRunner().invoke(app, ["plan", str(EXAMPLE), *options])
    assert isinstance(run.exception, InputError)
    assert "are different questions" in run.exception.what


def test_a_picture_that_cannot_be_drawn_is_refused_before_anything_long_begins():
    for command in (["growth"], ["plan", "--alternatives"], ["plan", *COMPARE]):
        run = CliRunner().invoke(app, [command[0], str(EXAMPLE), *command[1:], "--plot", "a.gif"])
        assert isinstance(run.exception, InputError)
        assert "cannot plot to .gif" in run.exception.what
        assert run.stderr == ""


def test_why_answers_people_and_machines():
    told = CliRunner().invoke(app, ["plan", str(EXAMPLE), "--why", "web"])
    assert told.exit_code == 0
    assert told.stdout.startswith("web: 2 × ")
    written = CliRunner().invoke(app, ["plan", str(EXAMPLE), "--why", "web", "--json"])
    assert json.loads(written.stdout)["tier"] == "web"
