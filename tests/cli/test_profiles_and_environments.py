"""`groma profiles`, and `--env` of every command that takes a workload file."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from groma.cli.app import COMMANDS, app
from groma.errors import InputError, WorkloadError
from groma.workload import profiles
from groma.workload.reading import name_in

FILE = """\
name: shop
blueprint: starter
environments:
  staging: {tags: {stage: trial}}
  production: {}
"""


@pytest.fixture
def file(tmp_path: Path) -> str:
    path = tmp_path / "groma.yaml"
    path.write_text(FILE)
    return str(path)


def groma(*arguments: str) -> Result:
    return CliRunner().invoke(app, arguments)


def test_all_profiles_are_listed_and_one_is_shown_with_its_sources() -> None:
    listed = groma("profiles").output
    assert [name for name in profiles() if name not in listed] == []
    shown = groma("profiles", "web-shop").output
    for word in ("burst_to_peak_hour", "1–2.5–8", "as social-media", "checkout", "Web Almanac"):
        assert word in shown
    assert (
        json.loads(groma("profiles", "web-shop", "--json").output)["users"]["active_daily"]["guess"] is True
    )


def test_a_profile_that_is_none_is_named_with_those_that_are() -> None:
    done = groma("profiles", "webshop")
    assert isinstance(done.exception, InputError)
    assert "web-shop" in done.exception.hint


def test_every_command_with_a_file_takes_an_environment() -> None:
    for command in (each.__name__ for each in COMMANDS):
        said = groma(command, "--help").output
        assert ("--env" in said) == ("[FILE]" in said or "--file" in said), command


def test_the_stack_of_an_environment_is_planned_and_named(file: str) -> None:
    planned = json.loads(groma("plan", file, "--env", "staging", "--json").output)
    assert planned["architecture"]["name"] == "shop-staging"
    assert f"next: groma up {file} --env staging;" in groma("plan", file, "--env", "staging").output
    assert json.loads(groma("plan", file, "--env", "production", "--json").output)["workload"]["tags"] == {}


@pytest.mark.parametrize(("asked", "said"), [((), "2 stacks"), (("--env", "prod"), "no environment 'prod'")])
def test_who_names_none_or_another_is_told_which_there_are(
    file: str, asked: tuple[str, ...], said: str
) -> None:
    done = groma("plan", file, *asked)
    assert isinstance(done.exception, WorkloadError)
    assert f"{file}:3: environments: " in str(done.exception)
    assert said in str(done.exception)


def test_a_file_that_cannot_be_read_whole_still_names_its_stack(file: str) -> None:
    assert name_in(file, "staging") == "shop-staging"
    assert name_in(file) == "", "which of them is meant, nobody knows"
