"""What of Terraform's commands an `up` on a standing stack needs, by a program in Terraform's place."""

from __future__ import annotations

from pathlib import Path
from typing import cast

import pytest
from fake_terraform import make_terraform

from groma.live.applying import Before, apply
from groma.live.reporting import Reporter
from groma.live.stack import Stack
from groma.live.target import Target
from groma.live.terraform_cli import PlanSummary

PROGRAM = """\
    command = sys.argv[1] if not sys.argv[1].startswith("-chdir") else sys.argv[2]
    with open("asked", "a") as asked:
        asked.write(command + "\\n")
    if command == "plan":
        {events}
        sys.exit({code})
    if command == "show":
        print(json.dumps({{"resource_changes": []}}))
    if command == "apply":
        summary("apply", add=1)
"""
SAID = 'say("{kind}", change={{"resource": {{"addr": "module.web.aws_lb.this"}}, "action": "{action}"}})'


def asked(tmp_path: Path, events: str, code: int, *, made: int = 0) -> tuple[list[str], int]:
    """The commands that were needed, and how many resources are said to be made."""
    terraform = make_terraform(tmp_path, PROGRAM.format(events=events or "pass", code=code))
    stack = Stack("shop", "embedded", tmp_path)
    stack.terraform.mkdir(parents=True)
    plans: list[PlanSummary] = []
    before = Before((), cast(Target, None), Reporter(), lambda: made)
    done = apply(terraform, stack, Reporter(), plans.append, before, ())
    assert plans
    return (terraform.directory / "asked").read_text().split(), done.added


def test_a_stack_that_is_as_planned_takes_one_command(tmp_path: Path) -> None:
    assert asked(tmp_path, "", 0) == (["plan"], 0)


def test_what_is_only_made_is_not_looked_through(tmp_path: Path) -> None:
    events = SAID.format(kind="planned_change", action="create")
    assert asked(tmp_path, events, 2) == (["plan", "apply"], 1)


@pytest.mark.parametrize("action", ["update", "replace", "delete"])
def test_what_changes_something_that_stands_is_looked_through(tmp_path: Path, action: str) -> None:
    events = SAID.format(kind="planned_change", action=action)
    assert asked(tmp_path, events, 2) == (["plan", "show", "apply"], 1)


def test_a_change_of_outputs_alone_is_applied(tmp_path: Path) -> None:
    assert asked(tmp_path, "", 2) == (["plan", "apply"], 1)


def test_what_somebody_else_has_changed_is_taken_into_the_state(tmp_path: Path) -> None:
    events = SAID.format(kind="resource_drift", action="update")
    assert asked(tmp_path, events, 0) == (["plan", "apply"], 1)


def test_what_was_made_before_is_counted_though_nothing_else_is(tmp_path: Path) -> None:
    assert asked(tmp_path, "", 0, made=2) == (["plan", "plan"], 2)
