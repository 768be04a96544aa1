from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from groma.errors import TerraformError
from groma.live.terraform_cli.state import Repair, is_locked, read_state, repair_state

HOLD_THE_LOCK = """
import fcntl, sys
file = open(sys.argv[1], "r+b")
fcntl.lockf(file, fcntl.LOCK_EX)
print("held", flush=True)
sys.stdin.read()
"""


def write_state(path: Path, serial: int, lineage: str = "one") -> str:
    text = json.dumps({"version": 4, "serial": serial, "lineage": lineage, "resources": []})
    path.write_text(text)
    return text


def serial_of(directory: Path) -> int:
    return json.loads((directory / "terraform.tfstate").read_text())["serial"]


def test_a_whole_state_is_left_alone(tmp_path):
    text = write_state(tmp_path / "terraform.tfstate", 7)
    write_state(tmp_path / "terraform.tfstate.backup", 6)
    assert repair_state(tmp_path) == Repair()
    assert (tmp_path / "terraform.tfstate").read_text() == text


def test_a_whole_state_beside_the_root_is_read(tmp_path):
    state = {"version": 4, "serial": 1, "lineage": "one", "outputs": {}, "resources": []}
    (tmp_path / "terraform.tfstate").write_text(json.dumps(state))
    assert read_state(tmp_path) == state


@pytest.mark.parametrize(
    "text",
    ['{"version": 4, "half":', '{"version": 5, "outputs": {}, "resources": []}', '{"version": 4}', "[]"],
    ids=["cut off", "of another version", "encrypted", "no state"],
)
def test_what_only_terraform_can_read_is_left_to_it(tmp_path, text):
    (tmp_path / "terraform.tfstate").write_text(text)
    assert read_state(tmp_path) is None


def test_a_state_in_a_bucket_is_not_looked_for_beside_the_root(tmp_path):
    state = {"version": 4, "serial": 1, "lineage": "one", "outputs": {}, "resources": []}
    (tmp_path / "terraform.tfstate").write_text(json.dumps(state))
    (tmp_path / "backend.tf").touch()
    assert read_state(tmp_path) is None


def test_a_directory_without_state_needs_no_repair(tmp_path):
    assert repair_state(tmp_path) == Repair()
    assert list(tmp_path.iterdir()) == []


def test_the_lock_of_a_dead_terraform_is_removed(tmp_path):
    write_state(tmp_path / "terraform.tfstate", 1)
    (tmp_path / ".terraform.tfstate.lock.info").write_text("{}")
    [note] = repair_state(tmp_path).notes
    assert "lock" in note
    assert not (tmp_path / ".terraform.tfstate.lock.info").exists()


def test_the_lock_of_a_living_terraform_is_respected(tmp_path):
    state = tmp_path / "terraform.tfstate"
    state.write_text('{"half":')
    (tmp_path / ".terraform.tfstate.lock.info").write_text("{}")
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD_THE_LOCK, str(state)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert holder.stdout.readline() == "held\n"
        assert is_locked(tmp_path)
        assert repair_state(tmp_path) == Repair()
        assert (tmp_path / ".terraform.tfstate.lock.info").exists()
        assert state.read_text() == '{"half":'
    finally:
        holder.communicate("", timeout=60)
    assert not is_locked(tmp_path)


@pytest.mark.parametrize(
    "damage", ['{"version": 4, "serial": 8, "line', "", "\x00" * 40, "[]", '{"version": 4}']
)
def test_a_state_cut_off_while_written_is_replaced_by_its_backup_and_kept(tmp_path, damage):
    (tmp_path / "terraform.tfstate").write_text(damage)
    write_state(tmp_path / "terraform.tfstate.backup", 6)
    [note] = repair_state(tmp_path).notes
    assert "damaged" in note
    assert serial_of(tmp_path) == 6
    [kept] = tmp_path.glob("terraform.tfstate.damaged-*")
    assert kept.read_text() == damage
    assert repair_state(tmp_path) == Repair()


def test_a_newer_state_that_could_not_be_stored_is_taken_over(tmp_path):
    write_state(tmp_path / "terraform.tfstate", 7)
    write_state(tmp_path / "errored.tfstate", 9)
    [note] = repair_state(tmp_path).notes
    assert "errored.tfstate" in note
    assert serial_of(tmp_path) == 9
    assert not (tmp_path / "errored.tfstate").exists()


@pytest.mark.parametrize(("serial", "lineage"), [(6, "one"), (9, "another")])
def test_an_older_or_foreign_state_is_not_taken_over(tmp_path, serial, lineage):
    write_state(tmp_path / "terraform.tfstate", 7)
    write_state(tmp_path / "errored.tfstate", serial, lineage)
    assert repair_state(tmp_path) == Repair()
    assert serial_of(tmp_path) == 7


def test_the_saved_state_is_better_than_the_backup(tmp_path):
    (tmp_path / "terraform.tfstate").write_text("{")
    write_state(tmp_path / "terraform.tfstate.backup", 6)
    write_state(tmp_path / "errored.tfstate", 9)
    repair_state(tmp_path)
    assert serial_of(tmp_path) == 9


def test_an_empty_state_of_a_first_apply_is_no_damage(tmp_path):
    (tmp_path / "terraform.tfstate").touch()
    assert repair_state(tmp_path) == Repair()


def test_damage_without_a_backup_is_put_aside_and_known_to_be_a_loss(tmp_path):
    state = tmp_path / "terraform.tfstate"
    state.write_text('{"version": 4, "ser')
    repaired = repair_state(tmp_path)
    [kept] = tmp_path.glob("terraform.tfstate.damaged-*")
    assert repaired == Repair((f"the state was damaged and was put aside as {kept.name}",), is_lossy=True)
    assert kept.read_text() == '{"version": 4, "ser'
    assert not state.exists()


def test_a_backup_may_lack_what_the_last_run_has_made(tmp_path):
    (tmp_path / "terraform.tfstate").write_text("{")
    write_state(tmp_path / "terraform.tfstate.backup", 6)
    assert repair_state(tmp_path).is_lossy


@pytest.mark.parametrize(("said", "lost"), [('{"type":"apply_start"}', True), ('{"type":"version"}', False)])
def test_a_state_that_is_not_there_is_lost_once_something_was_begun(tmp_path, said, lost):
    (tmp_path / "logs").mkdir()
    (tmp_path / "logs" / "0002-apply.jsonl").write_text(said)
    assert repair_state(tmp_path).is_lossy == lost


def test_a_state_in_a_bucket_is_not_mended_here(tmp_path):
    (tmp_path / "backend.tf").touch()
    assert repair_state(tmp_path) == Repair()
    write_state(tmp_path / "errored.tfstate", 9)
    with pytest.raises(TerraformError) as caught:
        repair_state(tmp_path)
    assert "terraform state push errored.tfstate" in caught.value.hint
    assert not (tmp_path / "terraform.tfstate").exists()
