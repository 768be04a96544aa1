"""The Terraform modules: complete, documented, formatted, valid, tested and without findings of Checkov."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, TypeGuard

import pytest
from native import Outcome, called, native_tests, outcome_of, outcomes
from workspace import MODULES, Workspace

from attached import attached
from groma.terraform.readme import blocks, labelled, parse
from groma.terraform.repository import example

NAMES = sorted(path.name for path in MODULES.iterdir() if path.is_dir())
REPOSITORY = Path(__file__).parents[2]
REQUIRED_FILES = ("main.tf", "vars.tf", "outputs.tf", "versions.tf", "README.md")
SHORTEST_REASON = 20  # characters; less is no argument

each_module = pytest.mark.parametrize("name", NAMES)


# Reading HCL --------------------------------------------------------------------------------------


@cache
def variables(name: str) -> dict[str, dict[str, Any]]:
    return blocks(MODULES / name / "vars.tf", "variable")


@cache
def outputs(name: str) -> dict[str, dict[str, Any]]:
    return blocks(MODULES / name / "outputs.tf", "output")


# Documentation ------------------------------------------------------------------------------------


def test_the_three_tier_stack_has_its_modules() -> None:
    assert {"alarms", "cdn", "database", "database-secret", "key", "network", "server-tier"} <= set(NAMES)


@each_module
def test_required_files_exist(name: str) -> None:
    missing = [file for file in REQUIRED_FILES if not (MODULES / name / file).is_file()]
    assert not missing
    assert list((MODULES / name / "tests").glob("*.tftest.hcl")), "no native test"


@each_module
def test_every_variable_and_output_is_described(name: str) -> None:
    described = {**variables(name), **outputs(name)}
    assert described
    assert [label for label, body in described.items() if not body.get("description", "").endswith(".")] == []


@each_module
def test_every_variable_has_a_type_and_all_but_switches_a_validation(name: str) -> None:
    unchecked = [
        label
        for label, body in variables(name).items()
        if "type" not in body or (body["type"] != "bool" and "validation" not in body)
    ]
    assert unchecked == []


@each_module
def test_native_tests_give_each_input_that_is_required(name: str) -> None:
    tested = parse((MODULES / name / "tests" / f"{name}.tftest.hcl").read_text())["variables"][0]
    assert_is_accepted(name, set(tested))


@each_module
def test_readme_example_calls_the_module_and_its_neighbours_as_they_are(name: str) -> None:
    calls = labelled(read_example(name), "module").values()
    called = [str(call["source"]).removeprefix("./modules/") for call in calls]
    assert name in called
    for module, call in zip(called, calls, strict=True):
        assert_is_accepted(module, set(call) - {"source", "providers", "depends_on"})


@each_module
def test_readme_example_says_where_it_is_made(name: str) -> None:
    """Each provider's alias is its region's name, and the one without an alias is in us-east-1."""
    providers = [block["aws"] for block in read_example(name)["provider"]]
    assert providers[0] == {"region": "us-east-1"}
    for provider in providers[1:]:
        assert provider == {"alias": provider["region"].replace("-", "_"), "region": provider["region"]}


@cache
def read_example(name: str) -> Any:
    return parse(example((MODULES / name / "README.md").read_text()))


def assert_is_accepted(name: str, given: set[str]) -> None:
    """The module has these inputs, and needs no other."""
    inputs = variables(name)
    assert given <= set(inputs)
    assert {label for label, body in inputs.items() if "default" not in body} <= given


@each_module
def test_every_suppression_is_argued(name: str) -> None:
    for file in (MODULES / name).glob("*.tf"):
        for check, reason in re.findall(r"checkov:skip=(\w+):?(.*)", file.read_text()):
            assert len(reason.strip()) >= SHORTEST_REASON, f"{file.name}: {check} without a reason"


# Terraform ----------------------------------------------------------------------------------------


@pytest.mark.slow
def test_modules_are_formatted(workspace: Workspace) -> None:
    workspace.run(".", "fmt", "-check", "-diff", "-recursive")


@pytest.fixture(scope="module")
def mocked(workspace: Workspace, request: pytest.FixtureRequest) -> Mapping[str, Outcome]:
    """How the native tests went of each module that is to be tested, in one run of Terraform."""
    tested = {item.callspec.params["name"] for item in request.session.items if is_of_native_tests(item)}
    return outcomes(workspace, (name for name in NAMES if name in tested and is_mocked(name)))


def is_of_native_tests(item: pytest.Item) -> TypeGuard[pytest.Function]:
    own = test_module_is_valid_and_passes_its_own_tests.__name__
    return isinstance(item, pytest.Function) and item.originalname == own


def is_mocked(name: str) -> bool:
    return 'mock_provider "aws"' in read_tests(name)


def read_tests(name: str) -> str:
    """All of a module's native tests in one text."""
    return "\n".join(native_tests(name).values())


@pytest.mark.slow
@each_module
def test_module_is_valid_and_passes_its_own_tests(name: str, request: pytest.FixtureRequest) -> None:
    """A test validates first. What Terraform cannot mock is tested against an embedded cloud, and valid when
    a stack calls it. That all versions of the provider asked for are one, their examples say together.
    """
    runs = len(re.findall(r'^run "', read_tests(name), re.MULTILINE))
    if is_mocked(name):
        outcome = request.getfixturevalue("mocked")[name]
        assert (outcome.all_passed, outcome.passed) == (True, runs), outcome.said
        return
    workspace = request.getfixturevalue("workspace")
    workspace = workspace.within(request.getfixturevalue("embedded").environment())
    for directory in (name, f"{name}/tests/stack"):
        workspace.run(directory, "init", "-backend=false")
    with attached(workspace.root / name, workspace.environment) as environment:
        workspace.within(environment).run(f"{name}/tests/stack", "validate")
        said = workspace.within(environment).run(name, "test").stdout
    passed = re.search(r"Success! (\d+) passed, 0 failed\.", said)
    assert passed
    assert int(passed[1]) == runs


SAID = """\
tests/a--a.tftest.hcl... in progress
  run "first"... pass
  run "second"... pass
tests/a--a.tftest.hcl... tearing down
tests/a--a.tftest.hcl... pass
tests/a--more.tftest.hcl... in progress
  run "first"... pass
  run "second"... fail
  run "third"... skip
tests/a--more.tftest.hcl... tearing down
tests/a--more.tftest.hcl... fail

Failure! 3 passed, 1 failed, 1 skipped.
"""


def test_a_run_that_fails_or_is_left_out_does_not_count() -> None:
    good, bad = "a--a.tftest.hcl", "a--more.tftest.hcl"
    assert outcome_of([good], SAID, "") == Outcome(2, True, "")
    assert outcome_of([bad], SAID, "why") == Outcome(1, False, "why")
    assert outcome_of([good, bad], SAID, "why") == Outcome(3, False, "why")
    assert outcome_of(["b--b.tftest.hcl"], SAID, "") == Outcome(0, False, "")


def test_a_native_test_is_told_which_module_is_meant() -> None:
    text = 'run "a" {\n  variables { file = "tests/a.zip" }\n}\n'
    told = 'run "a" {\n  module {\n    source = "./site"\n  }\n  variables { file = "site/tests/a.zip" }\n}\n'
    assert called("site", text).replace("\n\n", "\n") == told
