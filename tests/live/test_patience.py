"""`up` gives servers their time, and nothing else."""

from __future__ import annotations

import pytest

from groma.architecture import Finding
from groma.live.patience import WITHIN_S, settled


class Clock:
    """Time passes by sleeping alone."""

    def __init__(self) -> None:
        self.s = 0.0

    def sleep(self, seconds: float) -> None:
        self.s += seconds


def finding(id_: str, ok: bool) -> Finding:
    return Finding(id_, "servers", "healthy", "none", ok)


def looked(*rounds: tuple[Finding, ...]) -> tuple[tuple[Finding, ...], float, list[str]]:
    """What is found at last, after how many seconds, and what was said; the last round goes on for ever."""
    clock, rest, said = Clock(), list(rounds), list[str]()

    def look() -> tuple[Finding, ...]:
        return rest.pop(0) if len(rest) > 1 else rest[0]

    return settled(look, said.append, now_s=lambda: clock.s, sleep=clock.sleep), clock.s, said


@pytest.mark.parametrize("id_", ["us-west-2/app.targets", "app.in-service"])
def test_servers_that_are_still_starting_are_waited_for(id_: str) -> None:
    good = (finding(id_, True),)
    found, seconds, said = looked((finding(id_, False),), (finding(id_, False),), good)
    assert found == good
    assert seconds == 40
    assert len(said) == 2


def test_what_no_time_mends_is_told_at_once() -> None:
    wrong = (finding("app.targets", False), finding("app.type", False))
    assert looked(wrong, ()) == (wrong, 0.0, [])


def test_waiting_has_an_end() -> None:
    wrong = (finding("app.targets", False),)
    found, seconds, _ = looked(wrong)
    assert found == wrong
    assert WITHIN_S <= seconds < WITHIN_S + 60
