"""Commands beside one another in one folder."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from groma.errors import InputError, OutsideError
from groma.live.destroying import leave
from groma.live.embedded import EmbeddedCloud
from groma.live.locks import discarding_the_cloud, keeping_the_cloud
from groma.live.stack import RECORD, Stack, tidy
from groma.live.target import EmbeddedTarget


def _recorded(stack: Stack) -> Stack:
    stack.remember(("us-east-1",), "starter", "123456789012")
    return stack


def test_a_stack_is_held_though_the_last_other_one_takes_the_folder_away(tmp_path: Path) -> None:
    """`down` of one beside `up` of another: the folder of the lock is gone just before it is opened."""
    home, faults = tmp_path / ".groma", list[Exception]()
    first, second = (Stack(name, "embedded", home) for name in ("first", "second"))
    ended = threading.Event()

    def come_and_go(stack: Stack) -> None:
        while not ended.is_set():
            with stack.held():
                stack.forget()
            tidy(home)

    other = threading.Thread(target=come_and_go, args=(second,))
    other.start()
    try:
        for _ in range(3_000):
            with first.held():
                assert home.is_dir()
            (home / "first-embedded.lock").unlink()
            tidy(home)
    except OSError as error:
        faults.append(error)
    finally:
        ended.set()
        other.join()
    assert faults == []


def test_a_lock_whose_file_was_removed_is_no_lock(tmp_path: Path) -> None:
    stack = Stack("first", "embedded", tmp_path)
    with stack.held():
        with pytest.raises(OutsideError, match="another groma is at work on this stack"), stack.held():
            pass
        stack.forget()
        with stack.held(), pytest.raises(OutsideError), stack.held():
            pass


def test_the_cloud_is_not_discarded_between_its_opening_and_the_record_of_a_stack(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home, stopped = tmp_path / ".groma", list[bool]()
    monkeypatch.setattr(EmbeddedCloud, "stop", lambda _, *, discard: stopped.append(discard))
    last, target = Stack("first", "embedded", home), EmbeddedTarget(home / "cloud")
    with keeping_the_cloud(home), keeping_the_cloud(home):
        assert not leave(target, last, keep_cloud=False)
    _recorded(Stack("second", "embedded", home))
    assert not leave(target, last, keep_cloud=False)
    Stack("second", "embedded", home).forget()
    assert stopped == []
    assert leave(target, last, keep_cloud=False)
    assert stopped == [True]
    assert not home.exists()


def test_who_opens_the_cloud_waits_while_it_is_discarded(tmp_path: Path) -> None:
    events = list[str]()

    def enter() -> None:
        with keeping_the_cloud(tmp_path):
            events.append("opened")

    with discarding_the_cloud(tmp_path) as alone:
        assert alone
        other = threading.Thread(target=enter)
        other.start()
        other.join(0.2)
        events.append("discarded")
    other.join()
    assert events == ["discarded", "opened"]


@pytest.mark.parametrize(
    "content",
    [
        "",
        "{",
        "[]",
        "null",
        '{"account": 1}',
        '{"account": "1", "region": "r", "blueprint": "b", "regions": 1}',
    ],
)
def test_a_damaged_record_is_an_error_with_a_way_on(tmp_path: Path, content: str) -> None:
    stack = Stack("first", "embedded", tmp_path)
    stack.directory.mkdir(parents=True)
    (stack.directory / RECORD).write_text(content)
    for ask in (stack.record, stack.regions, stack.state, lambda: stack.must_be_in("1")):
        with pytest.raises(InputError, match="the record of first is damaged") as caught:
            ask()
        assert "groma adopt" in caught.value.hint
    stack.forget_damage()
    assert not stack.exists
    stack.forget_damage()
    assert _recorded(stack).record()["region"] == "us-east-1"
    stack.forget_damage()
    assert stack.exists
