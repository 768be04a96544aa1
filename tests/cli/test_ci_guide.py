"""The guide for continuous integration: its workflow and its hooks, as far as they run without GitHub."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from workloads import MINIMAL, ROOT

GUIDE = (ROOT / "docs" / "guides" / "ci.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```", GUIDE, re.DOTALL | re.MULTILINE)
STARTER = "name: first\nblueprint: starter\nalerts: ops@example.com\n"
STATED = f"{MINIMAL}slo: {{p99_ms: 400, availability: 0.9995}}\nalerts: ops@example.com\n"


def block(language: str, beginning: str) -> str:
    """The one block of the guide that begins so."""
    (found,) = (text for kind, text in BLOCKS if kind == language and text.startswith(beginning))
    return found


class Repository:
    """A git repository with a workload, and `groma` on its path."""

    def __init__(self, folder: Path, workload: str) -> None:
        self.folder, self.tools = folder / "work", folder / "tools"
        self.folder.mkdir()
        self.tools.mkdir()
        shim = f'#!/bin/sh\nexec "{sys.executable}" -m groma.cli "$@"\n'
        (self.tools / "groma").write_text(shim, encoding="utf-8")
        (self.tools / "groma").chmod(0o755)
        self.environment = {
            **os.environ,
            "PATH": f"{self.tools}:{os.environ['PATH']}",
            "GIT_AUTHOR_NAME": "Ada", "GIT_AUTHOR_EMAIL": "ada@example.com",
            "GIT_COMMITTER_NAME": "Ada", "GIT_COMMITTER_EMAIL": "ada@example.com",
            "GITHUB_STEP_SUMMARY": str(folder / "summary.md"),
            "GITHUB_OUTPUT": str(folder / "output.txt"),
        }  # fmt: skip
        self.must("git", "init", "-q", "-b", "main")
        self.state(workload)
        self.must("git", "commit", "-q", "-m", "first")

    def state(self, text: str) -> None:
        """Write a workload and stage it."""
        (self.folder / "groma.yaml").write_text(text, encoding="utf-8")
        self.must("git", "add", "groma.yaml")

    def ran(self, *command: str, **variables: str) -> subprocess.CompletedProcess[str]:
        """A command in it."""
        environment = {**self.environment, **variables}
        return subprocess.run(command, cwd=self.folder, env=environment, capture_output=True, text=True)

    def must(self, *command: str, **variables: str) -> str:
        """A command that has to succeed."""
        done = self.ran(*command, **variables)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout


def steps() -> dict[str, dict[str, Any]]:
    """The steps of the workflow that run something, by name."""
    (job,) = yaml.safe_load(block("yaml", "name: groma"))["jobs"].values()
    return {step["name"]: step for step in job["steps"] if "run" in step}


def shell(repository: Repository, step: str, **variables: str) -> None:
    """One step as a runner of GitHub runs it: bash -e, with the variables that it is given."""
    assert set(steps()[step].get("env", {})) == set(variables)
    repository.must("bash", "-eo", "pipefail", "-c", steps()[step]["run"], **variables)


@pytest.mark.slow
def test_the_workflow_writes_the_comment_of_a_pull_request(tmp_path):
    """All but what GitHub alone can: checking out, Python, the packages. `gh` is one that notes its words."""
    repository = Repository(tmp_path, STATED)
    words = repository.folder.parent / "gh.txt"
    gh = repository.tools / "gh"
    gh.write_text(f'#!/bin/sh\necho "$@" > "{words}"\n', encoding="utf-8")
    gh.chmod(0o755)
    base = repository.must("git", "rev-parse", "HEAD").strip()
    repository.state(STATED.replace("50_000", "200_000"))
    repository.must("git", "commit", "-q", "-m", "more users")
    assert list(steps()) == ["Install", "Plan", "Compare", "Comment"]
    shell(repository, "Plan")
    shell(repository, "Compare", BASE=base)
    comment = (repository.folder / "diff.md").read_text(encoding="utf-8")
    assert comment.startswith(f"### chirp: groma.yaml against {base}")
    assert "| restarts | database master |" in comment
    summary, output = (repository.environment[name] for name in ("GITHUB_STEP_SUMMARY", "GITHUB_OUTPUT"))
    assert Path(summary).read_text(encoding="utf-8") == comment
    assert Path(output).read_text(encoding="utf-8") == "changes=1\n"
    assert steps()["Comment"]["if"] == "steps.compare.outputs.changes == '1'"
    shell(repository, "Comment", GH_TOKEN="none", PULL="7")
    assert words.read_text().startswith("pr comment 7 --body-file diff.md")


def test_nothing_that_a_pull_request_says_is_part_of_a_script():
    assert [step["run"] for step in steps().values() if "${{" in step["run"]] == []


def hooks() -> list[list[str]]:
    """The commands of both hooks."""
    (repo,) = yaml.safe_load(block("yaml", "repos:"))["repos"]
    (hook,) = repo["hooks"]
    assert re.fullmatch(hook["files"], "groma.yaml")
    return [shlex.split(hook["entry"]), ["sh", "-c", block("sh", "#!/bin/sh")]]


@pytest.mark.slow
@pytest.mark.parametrize("command", hooks(), ids=["pre-commit", "plain"])
def test_a_hook_shows_what_changes_and_stops_what_cannot_be_planned(tmp_path, command):
    repository = Repository(tmp_path, STARTER)
    repository.state(STARTER.replace("ops@", "all@"))
    assert "first: groma.yaml against HEAD" in repository.must(*command)
    repository.state(f"{STARTER}budget_usd_per_month: 1\n")
    stopped = repository.ran(*command)
    assert stopped.returncode == 1
    assert "the bill stays within the budget" in stopped.stderr
