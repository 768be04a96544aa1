"""A sample of the kill matrix, in one life of a stack; `make kill-matrix` plays all of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from groma.live.terraform_cli import doubt
from killing import PHASES, SIGNALS, VICTIMS, Shot, finish, shoot, shots, stand_in

pytestmark = pytest.mark.slow

SAMPLE = (
    Shot("plan", "all", "SIGKILL", 0.3, "up"),
    Shot("apply", "terraform", "SIGKILL", 0.5, "down"),
)
"""Two, since each costs some 20 s of a processor: Terraform reads the provider's schemas three times."""


def test_whoever_is_killed_the_next_command_goes_on_and_nothing_is_left(tmp_path: Path) -> None:
    stand = stand_in(tmp_path)
    try:
        for shot in SAMPLE:
            assert shoot(stand, shot, 30), f"{shot} came too late"
        assert doubt(stand.root).begun, "something was begun and is in nobody's state for certain"
        fault, _ = finish(stand, "down")
        assert fault == "", stand.said()
    finally:
        stand.target.cloud.stop(discard=True)


def test_the_matrix_shoots_at_everybody_in_every_phase() -> None:
    fired = list(shots(100, seed=1))
    assert {(shot.phase, shot.victim) for shot in fired} == {
        (phase, victim) for phase in PHASES for victim in VICTIMS
    }
    assert {shot.signal for shot in fired} == set(SIGNALS)
    assert fired == list(shots(100, seed=1))
