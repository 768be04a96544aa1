"""The native tests of many modules in one run of Terraform, which so reads the provider's schemas once."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from workspace import MODULES, Workspace

from attached import attached

_RUN = re.compile(r'^run "[^"]*" \{$', re.MULTILINE)
_NAMED_BY_PATH = re.compile(r'(?<=")tests/')
_VERSIONS = "versions.tf"


@dataclass(frozen=True)
class Outcome:
    """How native tests went: how many runs passed, whether all did, and all that Terraform said."""

    passed: int
    all_passed: bool
    said: str


def native_tests(name: str) -> Mapping[str, str]:
    """File name → text of each of a module's native tests."""
    files = sorted((MODULES / name / "tests").glob("*.tftest.hcl"))
    return {file.name: file.read_text() for file in files}


def called(name: str, text: str) -> str:
    """A native test as one of the root above: each `run` names the module, each path leads into it."""
    named = _RUN.sub(lambda run: f'{run[0]}\n  module {{\n    source = "./{name}"\n  }}\n', text)
    return _NAMED_BY_PATH.sub(f"{name}/tests/", named)


def outcomes(workspace: Workspace, names: Iterable[str]) -> Mapping[str, Outcome]:
    """Runs the native tests of modules that mock the provider, in the root above them."""
    root, modules = workspace.root, tuple(names)
    (root / "tests").mkdir()
    for name in modules:
        for file, text in native_tests(name).items():
            (root / "tests" / _joined(name, file)).write_text(called(name, text))
    (root / _VERSIONS).write_text((MODULES / modules[0] / _VERSIONS).read_text())
    workspace.run(".", "init", "-backend=false")
    with attached(root, workspace.environment) as environment:
        done = workspace.within(environment).attempt(".", "test")
    said = done.stdout + done.stderr
    files = {name: [_joined(name, file) for file in native_tests(name)] for name in modules}
    return {name: outcome_of(files[name], done.stdout, said) for name in modules}


def outcome_of(files: Iterable[str], output: str, said: str) -> Outcome:
    """How the tests of some files went, by what `terraform test` put out."""
    tests = [f"tests/{file}" for file in files]
    parts = [_between(output, f"{test}... in progress\n", f"{test}... tearing down\n") for test in tests]
    passed = sum(len(re.findall(r'^  run "[^"]*"\.\.\. pass$', part, re.MULTILINE)) for part in parts)
    return Outcome(passed, all(f"\n{test}... pass\n" in output for test in tests), said)


def _joined(name: str, file: str) -> str:
    return f"{name}--{file}"


def _between(text: str, begin: str, end: str) -> str:
    return text.partition(begin)[2].partition(end)[0]
