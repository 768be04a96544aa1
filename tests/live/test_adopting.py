"""`groma adopt`, with a cloud in which something is found or nothing."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from groma.design import Design
from groma.live import adopting
from groma.live.adopting import Adopted, adopt
from groma.live.settling import Settled
from groma.live.stack import RECORD, Stack

TAKEN = ("aws_vpc.this",)


class Target:
    name = "embedded"
    saved = 0

    def settle(self) -> None:
        self.saved += 1


@pytest.fixture
def stack(tmp_path: Path) -> Stack:
    """One whose record was damaged."""
    made = Stack("chirp", "embedded", tmp_path)
    made.directory.mkdir(parents=True)
    (made.directory / RECORD).write_text("{")
    return made


def found(monkeypatch: pytest.MonkeyPatch, *addresses: str) -> list[bool]:
    """Have these be found; tells whether all of the stack was looked for."""
    looked: list[bool] = []

    def prepared(_: Design, __: object, stack: Stack, *___: Any, whole: bool) -> SimpleNamespace:
        assert not stack.exists, "what is damaged is out of the way"
        looked.append(whole)
        stack.remember(("us-east-1",), "three-tier", "123456789012")
        terraform = SimpleNamespace(state_list=lambda: list(addresses))
        return SimpleNamespace(settler=SimpleNamespace(terraform=terraform), settled=Settled(addresses))

    monkeypatch.setattr(adopting, "prepared", prepared)
    monkeypatch.setattr(adopting, "build", lambda *_, **__: {})
    return looked


def test_a_stack_is_found_again_and_its_record_is_written_anew(
    designed: Design, stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked, target = found(monkeypatch, *TAKEN), Target()
    answer = adopt(designed, stack, target)  # type: ignore[arg-type]
    assert answer == Adopted("chirp", "embedded", TAKEN, (), 1)
    assert looked == [True]
    assert target.saved == 1
    assert stack.record()["account"] == "123456789012"
    told = "chirp in the embedded cloud: 1 thing was found in the cloud and taken over; its state holds"
    assert answer.lines()[0] == f"{told} 1 resources"


def test_a_stack_of_which_nothing_is_found_leaves_no_record(
    designed: Design, stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    found(monkeypatch)
    answer = adopt(designed, stack, Target())  # type: ignore[arg-type]
    assert answer.lines() == ("nothing of chirp was found in the embedded cloud",)
    assert not stack.exists


def test_strangers_are_named() -> None:
    answer = Adopted("chirp", "aws", TAKEN, ("aws_iam_role.server",), 1)
    assert "left alone, since it is not the stack's: aws_iam_role.server" in answer.lines()
    assert answer.document()["foreign"] == ("aws_iam_role.server",)
