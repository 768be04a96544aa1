"""`groma diff`: what it is asked for, and its exit code."""

from __future__ import annotations

import json

import pytest
from test_cli import within

from groma.live.stack import Stack
from workloads import EXAMPLE, MINIMAL


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "groma.yaml").write_text(MINIMAL, encoding="utf-8")
    more = MINIMAL.replace("50_000", "60_000")
    (tmp_path / "more.yaml").write_text(more, encoding="utf-8")
    return tmp_path


def test_a_file_that_says_the_same_changes_nothing(folder):
    same = within("diff", "groma.yaml", cwd=folder)
    assert (same.returncode, same.stdout.splitlines()[-1]) == (0, "nothing changes")


def test_another_file_changes_something_in_each_form(folder):
    told = within("diff", "groma.yaml", "-f", "more.yaml", cwd=folder)
    assert told.returncode == 1
    assert told.stdout.startswith("chirp: more.yaml against groma.yaml\n+$")
    starter = "name: first\nblueprint: starter\nalerts: {}@example.com\n"
    for name in ("one", "other"):
        (folder / f"{name}.yaml").write_text(starter.format(name), encoding="utf-8")
    plain = within("diff", "one.yaml", "-f", "other.yaml", "--json", cwd=folder)
    assert plain.returncode == 1
    assert json.loads(plain.stdout)["stated"][0]["now"] == "other@example.com"
    marked = within("diff", "one.yaml", "-f", "other.yaml", "--markdown", cwd=folder)
    assert marked.returncode == 1
    assert "| alerts | one@example.com | other@example.com |" in marked.stdout


def test_two_environments_are_compared_side_by_side(folder):
    both = "environments: {staging: {users: {total: 500}}, production: {}}\n"
    (folder / "both.yaml").write_text(MINIMAL + both, encoding="utf-8")
    told = within("diff", "both.yaml", "--env", "staging", "--against", "production", cwd=folder)
    assert told.returncode == 1, told.stderr
    first, second, third = told.stdout.splitlines()[:3]
    assert first == "chirp-staging: staging against production"
    assert second.startswith("-$")
    assert third == "two stacks side by side: neither becomes the other"
    same = within("diff", "both.yaml", "--env", "staging", "--against", "staging", cwd=folder)
    assert (same.returncode, same.stdout.splitlines()[-1]) == (0, "nothing changes")
    none = within("diff", "both.yaml", "--env", "staging", "--against", "prod", cwd=folder)
    assert none.returncode == 2
    assert "no environment 'prod'" in none.stderr


def test_what_stands_is_the_default(folder):
    none = within("diff", cwd=folder)
    assert none.returncode == 2
    assert "nothing of it is provisioned" in none.stderr
    stack = Stack("chirp", "embedded", folder / ".groma")
    stack.directory.mkdir(parents=True)
    stack.keep(MINIMAL.replace("50_000", "60_000"))
    found = within("diff", cwd=folder)
    assert found.returncode == 1
    assert "groma.yaml against what stands in the embedded cloud" in found.stdout


def test_what_is_neither_a_file_nor_a_revision_is_wrong_use(folder):
    wrong = within("diff", "nonsense", "-f", str(EXAMPLE), cwd=folder)
    assert wrong.returncode == 2
    assert "neither a file nor a revision" in wrong.stderr


def test_two_forms_at_once_are_refused(folder):
    both = within("diff", "groma.yaml", "--markdown", "--json", cwd=folder)
    assert (both.returncode, both.stdout) == (2, "")
    assert "only one of --markdown and --json" in both.stderr
