"""A program in Terraform's place that does what a test needs, and another Groma that runs it."""

from __future__ import annotations

import subprocess
import sys
import textwrap
import time
from pathlib import Path

from groma.live.terraform_cli import Terraform
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

def wait_for(name, limit_s=60):
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
    signal.signal(signal.SIGINT, lambda *_: Path("asked").touch())
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


def until(condition, limit_s: float = 60.0) -> None:
    end = time.monotonic() + limit_s
    while not condition():
        assert time.monotonic() < end, "waited too long"
        time.sleep(0.02)


def said(terraform: Terraform, text: str) -> bool:
    return any(text in log.read_text() for log in terraform.directory.glob("logs/*.jsonl"))
