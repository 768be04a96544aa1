"""Long runs, with a program in Terraform's place that does what each test needs."""

from __future__ import annotations

import fcntl
import json
import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

from groma.errors import TerraformError, ToolMissing
from groma.live.terraform_cli import (
    ApplyStart,
    Message,
    RawLine,
    Stopping,
    Terraform,
    TerraformFailed,
    TerraformInterrupted,
    Tick,
    live_run,
)
from groma.live.toolchain import Engine

PRELUDE = """\
import json, os, signal, sys, time
from pathlib import Path

def say(kind, **rest):
    event = {"@message": kind, "@timestamp": "2026-03-01T10:00:00Z", "type": kind, **rest}
    print(json.dumps(event), flush=True)

def resource(kind, address, **rest):
    say(kind, hook={"resource": {"addr": address}, "action": "create", **rest})

def summary(operation, add=0, change=0, remove=0):
    say("change_summary", changes={"add": add, "change": change, "remove": remove, "operation": operation})

def error(summary, detail="", address="", **rest):
    found = {"severity": "error", "summary": summary, "detail": detail, "address": address, **rest}
    say("diagnostic", diagnostic=found)

def wait_for(name, limit_s=20):
    end = time.monotonic() + limit_s
    while not Path(name).exists():
        if time.monotonic() > end:
            sys.exit(99)
        time.sleep(0.02)

"""

WAITS_FOR_GO = """
    resource("apply_start", "aws_vpc.main")
    wait_for("go")
    Path("made").write_text(Path("made").read_text() + "x" if Path("made").exists() else "x")
    resource("apply_complete", "aws_vpc.main", elapsed_seconds=3, id_value="vpc-1")
    summary("apply", add=1)
"""

STOPS_WHEN_ASKED = """
    asked = []
    signal.signal(signal.SIGINT, lambda *_: asked.append(1))
    resource("apply_start", "aws_vpc.main")
    while not asked:
        time.sleep(0.02)
    Path("stopped").touch()
    error("execution halted")
    sys.exit(1)
"""

DOES_NOT_STOP = """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Path("child").write_text(str(os.fork() or os.getpid()))
    resource("apply_start", "aws_vpc.main")
    time.sleep(60)
"""

GROMA = """\
import signal, sys
from pathlib import Path
from groma.errors import GromaError
from groma.live.terraform_cli import Terraform
from groma.live.toolchain import Engine
signal.signal(signal.SIGINT, signal.default_int_handler)
try:
    Terraform(Engine(Path(sys.argv[1]), "terraform", "1.11.4"), Path(sys.argv[2])).apply()
except GromaError as error:
    print(type(error).__name__, error, flush=True)
    sys.exit(3)
"""


def make_terraform(tmp_path: Path, body: str) -> Terraform:
    program = tmp_path / "terraform"
    program.write_text(f"#!{sys.executable} -IS\n{PRELUDE}{textwrap.dedent(body)}")
    program.chmod(0o755)
    stack = tmp_path / "stack"
    stack.mkdir(exist_ok=True)
    return Terraform(Engine(program, "terraform", "1.11.4"), stack)


def start_groma(terraform: Terraform) -> subprocess.Popen[str]:
    """Run `apply` as another Groma would, in a process of its own."""
    arguments = [str(terraform.engine.path), str(terraform.directory)]
    return subprocess.Popen([sys.executable, "-c", GROMA, *arguments], stdout=subprocess.PIPE, text=True)


def until(condition, limit_s: float = 20.0) -> None:
    end = time.monotonic() + limit_s
    while not condition():
        assert time.monotonic() < end, "waited too long"
        time.sleep(0.02)


def said(terraform: Terraform, text: str) -> bool:
    return any(text in log.read_text() for log in terraform.directory.glob("logs/*.jsonl"))


def is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    stat = Path(f"/proc/{pid}/stat")
    return not stat.exists() or stat.read_text().rpartition(")")[2].split()[0] != "Z"


def test_apply_hands_on_events_and_returns_the_totals(tmp_path):
    terraform = make_terraform(
        tmp_path, 'resource("apply_start", "a"); summary("apply", add=3, change=2, remove=1)'
    )
    events = []
    summary = terraform.apply(events.append)
    assert (summary.added, summary.changed, summary.removed) == (3, 2, 1)
    assert [event.address for event in events if isinstance(event, ApplyStart)] == ["a"]
    assert said(terraform, "apply_start")
    assert summary.log == terraform.directory / "logs/0001-apply.jsonl"


def test_the_log_is_for_the_owner_alone_and_each_run_has_its_own(tmp_path):
    terraform = make_terraform(tmp_path, 'summary("apply")')
    first, second = terraform.apply().log, terraform.apply().log
    assert [first.name, second.name] == ["0001-apply.jsonl", "0002-apply.jsonl"]
    assert first.stat().st_mode & 0o777 == 0o600


def test_plan_tells_changes_from_none_by_the_exit_code(tmp_path):
    body = """
    def change(kind, address, action):
        say(kind, change={"resource": {"addr": address}, "action": action})
    change("resource_drift", "aws_route.nat", "delete")
    change("planned_change", "aws_route.nat", "create")
    change("planned_change", "data.aws_ami.al2023", "read")
    summary("plan", add=1)
    sys.exit(2)
    """
    plan = make_terraform(tmp_path, body).plan()
    assert plan.has_changes
    assert (plan.added, plan.changed, plan.removed) == (1, 0, 0)
    assert [(change.address, change.action) for change in plan.changes] == [("aws_route.nat", "create")]
    assert [(drift.address, drift.action) for drift in plan.drift] == [("aws_route.nat", "delete")]

    empty = make_terraform(tmp_path, 'summary("plan")').plan()
    assert not empty.has_changes
    assert empty.changes == ()


def test_a_silent_run_ticks(tmp_path):
    terraform = make_terraform(tmp_path, 'time.sleep(1.4); summary("apply")')
    events = []
    terraform.apply(events.append)
    assert 1 <= sum(isinstance(event, Tick) for event in events) <= 2


def test_unknown_events_and_raw_lines_do_no_harm(tmp_path):
    body = """
    say("from_the_future")
    print("a warning of the system")
    summary("apply")
    print("no line end", end="")
    """
    events = []
    make_terraform(tmp_path, body).apply(events.append)
    assert [event.kind for event in events if isinstance(event, Message)] == ["from_the_future"]
    assert [event.text for event in events if isinstance(event, RawLine)] == [
        "a warning of the system",
        "no line end",
    ]


def test_an_error_says_resource_place_cause_and_log(tmp_path):
    body = """
    error("creating VPC", "VpcLimitExceeded: too many", "module.network.aws_vpc.main",
          range={"filename": "modules/network/main.tf", "start": {"line": 4}})
    error("execution halted")
    error("creating bucket", "no", "aws_s3_bucket.content")
    error("creating bucket", "no", "aws_s3_bucket.content")
    sys.exit(1)
    """
    terraform = make_terraform(tmp_path, body)
    with pytest.raises(TerraformFailed) as caught:
        terraform.apply()
    failure = caught.value
    assert failure.where == "module.network.aws_vpc.main (modules/network/main.tf:4)"
    assert failure.what.splitlines() == [
        "creating VPC: VpcLimitExceeded: too many",
        "  aws_s3_bucket.content: creating bucket: no",
    ]
    assert "Service Quotas" in failure.hint
    assert str(terraform.directory / "logs/0001-apply.jsonl") in failure.hint
    assert len(failure.diagnostics) == 2
    assert failure.already_existing == ()


def test_what_the_cloud_has_but_the_state_has_not_is_named(tmp_path):
    body = """
    error("creating IAM Role", "EntityAlreadyExists: Role with name web already exists.", "aws_iam_role.web")
    error("creating VPC", "no", "aws_vpc.main")
    sys.exit(1)
    """
    with pytest.raises(TerraformFailed) as caught:
        make_terraform(tmp_path, body).apply()
    assert caught.value.already_existing == ("aws_iam_role.web",)
    assert "terraform import" in caught.value.hint


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ('print("panic: nil map"); sys.exit(11)', "exit code 11, saying:\n  panic: nil map"),
        ("os.kill(os.getpid(), signal.SIGKILL)", "ended by signal 9 and did not say why"),
    ],
)
def test_a_run_that_ends_without_an_error_report_is_told_by_what_it_left(tmp_path, body, told):
    with pytest.raises(TerraformFailed) as caught:
        make_terraform(tmp_path, body).apply()
    assert told in caught.value.what


def test_a_missing_program_is_an_error_with_its_name(tmp_path):
    terraform = Terraform(Engine(tmp_path / "gone", "terraform", "1.11.4"), tmp_path)
    with pytest.raises(ToolMissing, match="gone"):
        terraform.apply()
    with pytest.raises(ToolMissing, match="gone"):
        terraform.output()
    assert live_run(tmp_path) is None


def test_terraform_outlives_a_killed_groma_and_the_next_command_follows_it_to_its_end(tmp_path):
    terraform = make_terraform(tmp_path, WAITS_FOR_GO)
    groma = start_groma(terraform)
    until(lambda: said(terraform, "apply_start"))
    groma.kill()
    groma.communicate(timeout=10)

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
    groma.communicate(timeout=10)
    earlier = terraform.recover(lambda _: (terraform.directory / "go").touch()).earlier
    assert earlier is not None
    assert not earlier.succeeded
    assert [error.summary for error in earlier.errors] == ["no"]


def test_an_earlier_run_can_be_asked_to_stop(tmp_path):
    terraform = make_terraform(tmp_path, STOPS_WHEN_ASKED)
    groma = start_groma(terraform)
    until(lambda: said(terraform, "apply_start"))
    groma.kill()
    groma.communicate(timeout=10)
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
    output, _ = groma.communicate(timeout=10)
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
    time.sleep(0.4)
    assert is_running(run.pid)
    groma.send_signal(signal.SIGINT)
    output, _ = groma.communicate(timeout=10)
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
