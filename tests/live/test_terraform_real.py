"""The same with the real program, on roots that need no provider but the built-in one."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from groma.live.terraform_cli import (
    ApplyComplete,
    ApplyStart,
    Outputs,
    Terraform,
    TerraformFailed,
    Version,
    live_run,
)
from groma.live.toolchain import find_engine

pytestmark = pytest.mark.slow

ROOT = """\
resource "terraform_data" "slow" {
  count = 2
  provisioner "local-exec" {
    command = "sleep 4; echo made >> made"
  }
}

resource "terraform_data" "after" {
  input = terraform_data.slow[0].id
}

output "after" {
  value = terraform_data.after.output
}

output "password" {
  value     = "hush"
  sensitive = true
}
"""

GROMA = """\
import signal, sys
from pathlib import Path
from groma.errors import GromaError
from groma.live.terraform_cli import Terraform
from groma.live.toolchain import find_engine
signal.signal(signal.SIGINT, signal.default_int_handler)
terraform = Terraform(find_engine(), Path(sys.argv[1]))
terraform.init()
try:
    terraform.apply()
except GromaError as error:
    print(type(error).__name__, error, flush=True)
    sys.exit(3)
"""

ALL = ["terraform_data.after", "terraform_data.slow[0]", "terraform_data.slow[1]"]


def stack(tmp_path: Path, root: str) -> Terraform:
    (tmp_path / "main.tf").write_text(root)
    return Terraform(find_engine(), tmp_path)


def start_groma(directory: Path) -> subprocess.Popen[str]:
    return subprocess.Popen([sys.executable, "-c", GROMA, str(directory)], stdout=subprocess.PIPE, text=True)


def until_said(directory: Path, text: str, limit_s: float = 60.0) -> None:
    end = time.monotonic() + limit_s
    while not any(text in log.read_text() for log in directory.glob("logs/*-apply.jsonl")):
        assert time.monotonic() < end, "waited too long"
        time.sleep(0.05)


def asked(terraform: Terraform, *arguments: str) -> dict[str, Any]:
    """What Terraform itself answers."""
    command = terraform.command(arguments)
    done = subprocess.run(command.argv, cwd=command.directory, capture_output=True, check=True)
    return dict(json.loads(done.stdout))


def test_a_stack_s_whole_life(tmp_path):
    terraform = stack(tmp_path, ROOT)
    terraform.init()
    assert terraform.validate() == ()
    assert terraform.fmt_check() == []
    assert terraform.state_list() == []
    assert terraform.output() == {}
    assert terraform.state() == {}

    plan = terraform.plan(save_as=Path("up.tfplan"))
    assert plan.has_changes
    assert plan.added == 3
    assert {change.address: change.action for change in plan.changes} == dict.fromkeys(ALL, "create")
    assert len(asked(terraform, "show", "-json", "up.tfplan")["resource_changes"]) == 3

    events = []
    applied = terraform.apply(events.append, plan_file=Path("up.tfplan"))
    assert (applied.added, applied.changed, applied.removed) == (3, 0, 0)
    assert isinstance(events[0], Version)
    assert {event.address for event in events if isinstance(event, ApplyComplete)} == set(ALL)
    [outputs] = [event for event in events if isinstance(event, Outputs)]
    assert outputs.values["password"] is None
    assert "hush" not in applied.log.read_text()

    assert terraform.state_list() == ALL
    assert terraform.output()["password"] == "hush"
    assert terraform.output() == {k: o["value"] for k, o in asked(terraform, "output", "-json").items()}
    assert terraform.state() == asked(terraform, "state", "pull")
    assert not terraform.plan().has_changes
    assert terraform.destroy().removed == 3
    assert terraform.state_list() == []


def test_a_killed_groma_leaves_a_terraform_that_the_next_one_follows(tmp_path):
    terraform = stack(tmp_path, ROOT)
    groma = start_groma(tmp_path)
    until_said(tmp_path, "apply_start")
    groma.kill()
    groma.communicate(timeout=60)
    assert live_run(tmp_path) is not None

    events = []
    recovery = terraform.recover(events.append)
    assert recovery.earlier is not None
    assert recovery.earlier.succeeded
    assert {event.address for event in events if isinstance(event, ApplyStart)} == set(ALL)
    assert not terraform.plan().has_changes
    assert (tmp_path / "made").read_text() == "made\nmade\n"


def test_ctrl_c_lets_terraform_record_what_it_has_begun(tmp_path):
    terraform = stack(tmp_path, ROOT)
    groma = start_groma(tmp_path)
    until_said(tmp_path, "apply_start")
    groma.send_signal(signal.SIGINT)
    output, _ = groma.communicate(timeout=60)
    assert output.startswith("TerraformInterrupted")
    assert live_run(tmp_path) is None
    assert terraform.recover().notes == ()
    terraform.apply()
    assert terraform.state_list() == ALL


def test_after_terraform_itself_was_killed_the_next_command_goes_on(tmp_path):
    terraform = stack(tmp_path, ROOT)
    groma = start_groma(tmp_path)
    until_said(tmp_path, "apply_start")
    groma.kill()
    groma.communicate(timeout=60)
    run = live_run(tmp_path)
    assert run is not None
    run.send(signal.SIGKILL)
    end = time.monotonic() + 10
    while live_run(tmp_path):
        assert time.monotonic() < end
        time.sleep(0.05)

    recovery = terraform.recover()
    assert recovery.earlier is None
    assert recovery.notes == ("removed the lock that a killed Terraform left behind",)
    terraform.apply()
    assert terraform.state_list() == ALL


def test_a_failed_provisioner_is_told_with_resource_and_line(tmp_path):
    root = 'resource "terraform_data" "bad" {\n  provisioner "local-exec" {\n    command = "exit 3"\n  }\n}\n'
    terraform = stack(tmp_path, root)
    terraform.init()
    with pytest.raises(TerraformFailed) as caught:
        terraform.apply()
    assert caught.value.where == "terraform_data.bad (main.tf:2)"
    assert "exit status 3" in caught.value.what
    assert (tmp_path / "logs/0002-apply.jsonl").exists()


def test_a_wrong_configuration_is_told_with_its_line(tmp_path):
    terraform = stack(tmp_path, 'resource "terraform_data" "a" {\n  inputt = 3\n}\n')
    terraform.init()
    with pytest.raises(TerraformFailed) as caught:
        terraform.validate()
    assert caught.value.where == "main.tf:2"
    assert "inputt" in caught.value.what
    with pytest.raises(TerraformFailed, match="inputt"):
        terraform.plan()


def test_what_needs_init_says_so(tmp_path):
    (tmp_path / "inner").mkdir()
    terraform = stack(tmp_path, 'module "inner" {\n  source = "./inner"\n}\n')
    with pytest.raises(TerraformFailed, match="terraform init"):
        terraform.plan()
