"""Long runs that are cut short: Ctrl-C, a killed Groma, and the next command that follows what is left."""

from __future__ import annotations

import fcntl
import json
import os
import signal
from pathlib import Path

import pytest
from fake_terraform import (
    DOES_NOT_STOP,
    STOPS_WHEN_ASKED,
    WAITS_FOR_GO,
    make_terraform,
    said,
    start_groma,
    until,
)

from groma.errors import TerraformError
from groma.live.terraform_cli import ApplyStart, Stopping, TerraformInterrupted, Tick, live_run


def is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    stat = Path(f"/proc/{pid}/stat")
    return not stat.exists() or stat.read_text().rpartition(")")[2].split()[0] != "Z"


def test_terraform_outlives_a_killed_groma_and_the_next_command_follows_it_to_its_end(tmp_path):
    terraform = make_terraform(tmp_path, WAITS_FOR_GO)
    groma = start_groma(terraform)
    until(lambda: said(terraform, "apply_start"))
    groma.kill()
    groma.communicate(timeout=60)

    run = live_run(terraform.directory)
    assert run is not None
    assert run.operation == "apply"
    with pytest.raises(TerraformError, match="already at work"):
        terraform.apply()

    events = []

    def let_go_on_tick(event):
        events.append(event)
        if isinstance(event, Tick):
            (terraform.directory / "go").touch()

    recovery = terraform.recover(let_go_on_tick)
    assert recovery.earlier is not None
    assert recovery.earlier.succeeded
    assert isinstance(events[0], ApplyStart)
    assert (terraform.directory / "made").read_text() == "x"
    assert live_run(terraform.directory) is None
    assert terraform.recover().earlier is None
    assert terraform.apply().added == 1


def test_an_earlier_run_that_failed_does_not_stop_the_next_command(tmp_path):
    terraform = make_terraform(tmp_path, 'say("x"); wait_for("go"); error("no"); sys.exit(1)')
    groma = start_groma(terraform)
    until(lambda: said(terraform, '"x"'))
    groma.kill()
    groma.communicate(timeout=60)
    earlier = terraform.recover(lambda _: (terraform.directory / "go").touch()).earlier
    assert earlier is not None
    assert not earlier.succeeded
    assert [error.summary for error in earlier.errors] == ["no"]


def test_an_earlier_run_can_be_asked_to_stop(tmp_path):
    terraform = make_terraform(tmp_path, STOPS_WHEN_ASKED)
    groma = start_groma(terraform)
    until(lambda: said(terraform, "apply_start"))
    groma.kill()
    groma.communicate(timeout=60)
    recovery = terraform.recover(stop=True)
    assert (terraform.directory / "stopped").exists()
    assert recovery.earlier is not None
    assert recovery.earlier.interrupted
    assert not recovery.earlier.succeeded


def test_ctrl_c_asks_terraform_to_stop_and_waits_for_it(tmp_path):
    terraform = make_terraform(tmp_path, STOPS_WHEN_ASKED)
    groma = start_groma(terraform)
    until(lambda: said(terraform, "apply_start"))
    groma.send_signal(signal.SIGINT)
    output, _ = groma.communicate(timeout=60)
    assert groma.returncode == 3
    assert output.startswith("TerraformInterrupted")
    assert "stopped during apply" in output
    assert (terraform.directory / "stopped").exists()
    assert live_run(terraform.directory) is None


def test_a_second_ctrl_c_kills_terraform_with_its_children(tmp_path):
    terraform = make_terraform(tmp_path, DOES_NOT_STOP)
    groma = start_groma(terraform)
    until(lambda: said(terraform, "apply_start"))
    run = live_run(terraform.directory)
    assert run is not None
    child = int((terraform.directory / "child").read_text())
    groma.send_signal(signal.SIGINT)
    until((terraform.directory / "asked").exists)
    assert is_running(run.pid)
    groma.send_signal(signal.SIGINT)
    output, _ = groma.communicate(timeout=60)
    assert "killed during apply" in output
    assert "missing from the state" in output
    until(lambda: not is_running(run.pid) and not is_running(child))


def test_ctrl_c_is_restored_afterwards(tmp_path):
    before = signal.getsignal(signal.SIGINT)
    make_terraform(tmp_path, 'summary("apply")').apply()
    assert signal.getsignal(signal.SIGINT) is before


def test_ctrl_c_at_the_very_end_is_not_swallowed(tmp_path):
    terraform = make_terraform(tmp_path, 'summary("apply")')
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        with pytest.raises(TerraformInterrupted):
            terraform.apply(lambda event: os.kill(os.getpid(), signal.SIGINT))
    finally:
        signal.signal(signal.SIGINT, before)


def test_a_display_that_breaks_leaves_terraform_at_work(tmp_path):
    terraform = make_terraform(tmp_path, WAITS_FOR_GO)

    def broken(event):
        raise BrokenPipeError

    with pytest.raises(BrokenPipeError):
        terraform.apply(broken)
    assert live_run(terraform.directory) is not None
    (terraform.directory / "go").touch()
    until(lambda: live_run(terraform.directory) is None)
    assert (terraform.directory / "made").read_text() == "x"


@pytest.mark.parametrize("record", ["", "{", "[]", '{"operation": "apply", "log": "gone.jsonl", "pid": 1}'])
def test_a_record_that_is_damaged_or_out_of_date_is_no_live_run(tmp_path, record):
    (tmp_path / "logs").mkdir()
    (tmp_path / "logs/running.json").write_text(record)
    assert live_run(tmp_path) is None


def test_a_process_id_given_out_again_is_not_taken_for_terraform(tmp_path):
    (tmp_path / "logs").mkdir()
    (tmp_path / "logs/0001-apply.jsonl").touch()
    record = {"operation": "apply", "log": "0001-apply.jsonl", "pid": os.getpid()}
    (tmp_path / "logs/running.json").write_text(json.dumps(record))
    assert live_run(tmp_path) is None


def test_a_run_killed_between_record_and_start_is_followed_without_its_process_id(tmp_path):
    logs = tmp_path / "logs"
    logs.mkdir()
    (logs / "running.json").write_text(
        json.dumps({"operation": "apply", "log": "0001-apply.jsonl", "pid": None})
    )
    with (logs / "0001-apply.jsonl").open("ab") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        run = live_run(tmp_path)
        assert run is not None
        run.send(signal.SIGKILL)
    assert live_run(tmp_path) is None


def test_stopping_is_told_to_the_display(tmp_path):
    terraform = make_terraform(tmp_path, STOPS_WHEN_ASKED)
    events = []

    def interrupt(event):
        events.append(event)
        if isinstance(event, ApplyStart):
            os.kill(os.getpid(), signal.SIGINT)

    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        with pytest.raises(TerraformInterrupted):
            terraform.apply(interrupt)
    finally:
        signal.signal(signal.SIGINT, before)
    assert [event.by_force for event in events if isinstance(event, Stopping)] == [False]
