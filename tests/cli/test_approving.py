"""What is told and asked before something that stands is changed."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from test_cli import within

from groma.cli.approving import approval, standing
from groma.design import design
from groma.errors import InputError
from groma.live.stack import Stack
from groma.live.target import EmbeddedTarget
from groma.live.terraform_cli import PlannedChange, PlanSummary
from groma.terraform.effects import Effect
from groma.workload import parse
from workloads import MINIMAL

pytestmark = pytest.mark.slow  # processes, each of which imports everything

RESTART = Effect("restarts", "module.database.aws_db_instance.master", "no queries for some minutes")
PLAN = PlanSummary(True, 0, 1, 0, (PlannedChange(0.0, RESTART.element, "update"),), (), (), (RESTART,))
QUIET = replace(PLAN, effects=())


@pytest.fixture
def stands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Stack:
    """A stack that was provisioned for fewer users than its file now has."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "groma.yaml").write_text(MINIMAL, encoding="utf-8")
    stack = Stack("chirp", "embedded", Path(".groma"))
    stack.remember(["us-east-1"], "three-tier", "1")
    stack.keep(MINIMAL.replace("50_000", "30_000"))
    return stack


def approve(stack: Stack, **more: Any) -> Any:
    made, where = design(parse(MINIMAL, source="groma.yaml")), EmbeddedTarget(stack.home / "cloud")
    said = {"yes": False, "as_json": False, **more}
    return approval(made, stack, where, Path("groma.yaml"), **said)


def person(monkeypatch: pytest.MonkeyPatch, answer: str) -> None:
    """Somebody who is there and gives this answer."""
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("typer.confirm", lambda *_, **__: answer == "y")


def test_what_interrupts_is_told_first_and_asked_about(stands, monkeypatch, capsys):
    with pytest.raises(InputError, match="nobody can be asked: go on, though 1 thing is interrupted"):
        approve(stands)(PLAN)
    told = capsys.readouterr().out
    assert told.splitlines()[0] == "by design, since the last `groma up` (`groma diff` shows it whole):"
    assert "a month (low" in told
    assert told.index("restarts: module.database") < told.index("0 to make, 1 to change, 0 to delete")
    person(monkeypatch, "n")
    with pytest.raises(InputError, match="nothing was changed"):
        approve(stands)(PLAN)
    person(monkeypatch, "y")
    approve(stands)(PLAN)
    approve(stands, yes=True)(PLAN)


def test_what_interrupts_nobody_is_told_and_done(stands, capsys):
    approve(stands)(QUIET)
    assert "0 to make, 1 to change, 0 to delete" in capsys.readouterr().out
    approve(stands, as_json=True)(QUIET)
    told = capsys.readouterr()
    assert (told.out, "1 to change" in told.err) == ("", True)
    approve(stands)(replace(QUIET, has_changes=False))
    assert capsys.readouterr().out == ""


def test_a_new_stack_of_the_embedded_cloud_is_not_asked_about(tmp_path):
    assert approve(Stack("chirp", "embedded", tmp_path)) is None


def test_a_plan_says_what_it_changes_of_what_stands(stands, tmp_path):
    told = within("plan", cwd=tmp_path)
    assert "changes what stands in the embedded cloud (`groma diff` shows it whole):" in told.stdout
    document = json.loads(within("plan", "--json", cwd=tmp_path).stdout)
    assert document["since_up"]["embedded"]["stated"][0]["before"] == "30,000"
    stands.keep(MINIMAL)
    assert "changes what stands" not in within("plan", cwd=tmp_path).stdout


def test_what_can_no_longer_be_read_is_not_compared(stands):
    stands.keep("name: chirp\nblueprint: castle\n")
    assert standing(design(parse(MINIMAL)), Path("groma.yaml")) == {}
