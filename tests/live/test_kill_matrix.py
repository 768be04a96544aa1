"""A sample of the kill matrix, in one life of a stack; `make kill-matrix` plays all of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from groma.live.terraform_cli import doubt
from killing import PHASES, SIGNALS, VICTIMS, Shot, Stand, finish, shoot, shots, stand_in

pytestmark = pytest.mark.slow

SAMPLE = (
    Shot("plan", "all", "SIGKILL", 0.3, "up"),
    Shot("apply", "terraform", "SIGKILL", 0.5, "up"),
    Shot("apply", "cloud", "SIGKILL", 0.3, "up"),
    Shot("apply", "groma", "SIGTERM", 0.3, "down"),
    Shot("destroy", "provider", "SIGKILL", 0.3, "down"),
    Shot("destroy", "all", "SIGHUP", 0.3, "down"),
)
"""Everybody once, one after the other on what the one before has left."""
BEGUN_AND_DONE = 20
"""Of an apply or a destroy, when somebody is shot at with a share of 1: less than any of them has to do."""


def test_whoever_is_killed_the_next_command_goes_on_and_nothing_is_left(tmp_path: Path) -> None:
    stand, in_doubt = stand_in(tmp_path), 0
    try:
        for shot in SAMPLE:
            assert hit(stand, shot), f"{shot} came too late: {stand.said()}"
            in_doubt += bool(doubt(stand.root))
        assert in_doubt, "something was begun and is in nobody's state for certain"
        fault, _ = finish(stand, "down")
        assert fault == "", stand.said()
    finally:
        stand.target.cloud.stop(discard=True)


def hit(stand: Stand, shot: Shot) -> bool:
    """Whether anybody was hit. On a busy machine a command that has little to do may be over before it is
    noticed to have begun: then it is given all there is to do, and shot at again.
    """
    for _ in range(3):
        if shoot(stand, shot, BEGUN_AND_DONE):
            return True
        undone = ("up", "--yes") if shot.phase == "destroy" else ("down", "--keep-cloud")
        done = stand.groma(*undone)
        assert done.returncode == 0, done.stderr
    return False


def test_the_matrix_shoots_at_everybody_in_every_phase() -> None:
    fired = list(shots(100, seed=1))
    assert {(shot.phase, shot.victim) for shot in fired} == {
        (phase, victim) for phase in PHASES for victim in VICTIMS
    }
    assert {shot.signal for shot in fired} == set(SIGNALS)
    assert fired == list(shots(100, seed=1))
