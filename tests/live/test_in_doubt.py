"""What is done about things in doubt, with a Terraform that fails as it does when names are taken."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from groma.live import in_doubt
from groma.live.in_doubt import TAKEN, Settler
from groma.live.settling import Settled
from groma.live.settling.taking_over import IMPORTS
from groma.live.stack import Stack
from groma.live.target import AwsTarget
from groma.live.terraform_cli import ApplySummary, Diagnostic, Doubt, TerraformFailed, doubt

ROLE = "aws_iam_role.server"
DONE = ApplySummary(1, 0, 0, (), Path("log"))
DOUBT = Doubt(frozenset({ROLE}), False, "the last run did not end well")


def refused(text: str) -> TerraformFailed:
    return TerraformFailed(text, where="", hint="", diagnostics=[Diagnostic(0.0, "error", text, "", ROLE)])


class Terraform:
    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.inits = 0

    def init(self, *, reconfigure: bool) -> None:
        self.inits += 1


@pytest.fixture
def looked_for(monkeypatch: pytest.MonkeyPatch) -> list[Doubt]:
    """All that is looked for; the first time a role is found, then nothing more."""
    asked: list[Doubt] = []

    def take_over(terraform: Any, target: Any, what: Doubt, say: Any) -> Settled:
        asked.append(what)
        return Settled((ROLE,)) if len(asked) == 1 else Settled()

    monkeypatch.setattr(in_doubt, "take_over", take_over)
    return asked


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.fixture
def settler(tmp_path: Path, said: list[str]) -> Settler:
    stack = Stack("first", "aws", tmp_path)
    stack.terraform.mkdir(parents=True)
    return Settler(Terraform(stack.terraform), stack, AwsTarget("us-east-1"), said.append)  # type: ignore[arg-type]


def test_where_names_are_taken_the_stack_is_looked_for_and_applied_again(
    settler: Settler, looked_for: list[Doubt], said: list[str]
) -> None:
    answers = iter([refused("EntityAlreadyExists: Role with name first already exists"), DONE])

    def apply() -> ApplySummary:
        answer = next(answers)
        if isinstance(answer, Exception):
            raise answer
        return answer

    assert settler.applied(apply) is DONE
    assert looked_for == [TAKEN]
    assert said[-1] == "1 thing was found in the cloud and taken over"


def test_where_a_stranger_has_the_name_what_the_cloud_said_is_told(
    settler: Settler, looked_for: list[Doubt]
) -> None:
    looked_for.append(DOUBT)  # so that nothing is found

    def apply() -> ApplySummary:
        raise refused("EntityAlreadyExists: Role with name first already exists")

    with pytest.raises(TerraformFailed, match="already exists"):
        settler.applied(apply)
    assert looked_for[1:] == [TAKEN]


def test_another_failure_is_told_at_once(settler: Settler, looked_for: list[Doubt]) -> None:
    def apply() -> ApplySummary:
        raise refused("AccessDenied")

    with pytest.raises(TerraformFailed, match="AccessDenied"):
        settler.applied(apply)
    assert looked_for == []


def test_what_is_in_doubt_is_settled_with_the_root_that_is_there_and_only_once(
    settler: Settler, looked_for: list[Doubt]
) -> None:
    (settler.stack.terraform / "versions.tf").touch()
    (settler.stack.terraform / IMPORTS).write_text("of a groma that was killed")
    assert not settler.before_change(DOUBT)
    assert looked_for == [DOUBT]
    assert not (settler.stack.terraform / IMPORTS).exists()
    assert not doubt(settler.stack.terraform)
    assert not settler.before_change(Doubt())
    assert looked_for == [DOUBT]


def test_a_root_that_cannot_be_read_any_more_leaves_it_to_the_next(
    settler: Settler, monkeypatch: pytest.MonkeyPatch
) -> None:
    def take_over(*_: object) -> Settled:
        raise TerraformFailed(
            "", where="", hint="", diagnostics=[Diagnostic(0.0, "error", "Invalid", file="main.tf")]
        )

    monkeypatch.setattr(in_doubt, "take_over", take_over)
    (settler.stack.terraform / "versions.tf").touch()
    assert settler.before_change(DOUBT) == DOUBT


def test_a_stack_that_was_never_begun_has_nothing_in_doubt(settler: Settler) -> None:
    assert not settler.before_change(DOUBT)
    settler.stack.remember(("us-east-1",), "starter", "123456789012")
    assert settler.before_change(DOUBT) == DOUBT
