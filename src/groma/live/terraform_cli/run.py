"""Run Terraform so that it outlives Groma, and follow what it says.

Terraform is started in a session of its own and writes to a file. So neither the end of the terminal nor
`kill -9` of Groma stops it between making a resource and recording it in the state: it finishes, and the
next command finds it by its record, follows it to its end and goes on from there.

Whether a run is alive is told by a lock, not by a process id, which the system may give out again: the log
is locked when it is opened, and the lock lives as long as Terraform holds the log as its output.
"""

from __future__ import annotations

import fcntl
import json
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from groma.errors import TerraformError
from groma.live.terraform_cli.commands import Command
from groma.live.terraform_cli.events import ChangeSummary, Diagnostic, Event
from groma.live.terraform_cli.process import Process, Runner

_LOGS = "logs"
_RECORD = "running.json"


@dataclass(frozen=True)
class Run:
    """A Terraform that was started in a stack's directory, by this process or by an earlier one.

    Attributes:
        directory: the stack's directory.
        operation: "init", "plan", "apply" or "destroy".
        log: what it writes.
        pid: its process and process group; None in the moment between its record and its start.
        process: the handle of a run that this process started.
    """

    directory: Path
    operation: str
    log: Path
    pid: int | None
    process: Process | None = field(default=None, compare=False, repr=False)

    @property
    def is_change(self) -> bool:
        """Whether it changes the cloud."""
        return self.operation in ("apply", "destroy")

    def exit_code(self) -> int | None:
        """The exit code; None while it runs, and for a run that another process started."""
        return self.process.poll() if self.process else None

    def is_alive(self) -> bool:
        """Whether it still runs."""
        return self.exit_code() is None if self.process else _is_held(self.log)

    def send(self, number: signal.Signals) -> None:
        """Send a signal: SIGKILL to all of its processes, any other to Terraform, which passes it on."""
        if self.pid is None or not self.is_alive():
            return
        with suppress(ProcessLookupError):
            if number == signal.SIGKILL:
                os.killpg(self.pid, number)
            else:
                os.kill(self.pid, number)


@dataclass(frozen=True)
class RunResult:
    """A run that has ended.

    Attributes:
        operation: as in `Run`.
        log: the whole of what it wrote.
        exit_code: None for a run that another process started.
        events: what it said, in order.
        interrupted: it was asked to stop.
    """

    operation: str
    log: Path
    exit_code: int | None
    events: tuple[Event, ...]
    interrupted: bool = False

    @property
    def succeeded(self) -> bool:
        """Whether it did what it was asked to; told from what it said where its exit code is unknown."""
        if self.exit_code is not None:
            return self.exit_code == 0 or (self.operation == "plan" and self.exit_code == 2)
        said = [event for event in self.events if isinstance(event, ChangeSummary)]
        return not self.errors and any(summary.operation == self.operation for summary in said)

    @property
    def errors(self) -> tuple[Diagnostic, ...]:
        """The errors it reported, each once."""
        return self._diagnostics(errors=True)

    @property
    def warnings(self) -> tuple[Diagnostic, ...]:
        """The warnings it reported, each once."""
        return self._diagnostics(errors=False)

    def _diagnostics(self, *, errors: bool) -> tuple[Diagnostic, ...]:
        found = (event for event in self.events if isinstance(event, Diagnostic) and event.is_error == errors)
        return tuple({(each.address, each.place, each.summary, each.detail): each for each in found}.values())


def start_run(runner: Runner, command: Command, operation: str) -> Run:
    """Start a long command in its directory, whose log and record lie in `logs/`.

    Raises:
        TerraformError: a run that was started in this directory is still alive.
        ToolMissing: the program cannot be started.
    """
    logs = command.directory / _LOGS
    logs.mkdir(parents=True, exist_ok=True)
    with _alone(logs):
        if live := live_run(command.directory):
            raise TerraformError(
                f"Terraform is already at work on this stack ({live.operation}, process {live.pid}).",
                where=str(command.directory),
                hint="wait until it has ended",
            )
        log = _new_log(logs, operation)
        with log.open("ab") as output:
            fcntl.flock(output, fcntl.LOCK_EX)
            _write_record(logs, operation, log, None)
            process = runner.start(command, output)
            _write_record(logs, operation, log, process.pid)
    return Run(command.directory, operation, log, process.pid, process)


def live_run(directory: Path) -> Run | None:
    """Return the run in this directory that is still alive, whoever started it."""
    logs = directory / _LOGS
    try:
        record = json.loads((logs / _RECORD).read_text())
        run = Run(directory, str(record["operation"]), logs / str(record["log"]), record["pid"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return run if run.is_alive() else None


@contextmanager
def _alone(logs: Path) -> Iterator[None]:
    """Let one process at a time look for a live run and start another."""
    with (logs / ".starting").open("ab") as gate:
        fcntl.flock(gate, fcntl.LOCK_EX)
        yield


def _is_held(log: Path) -> bool:
    try:
        with log.open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return False
    return False


def _new_log(logs: Path, operation: str) -> Path:
    """Create the next log: `0001-plan.jsonl`, `0002-apply.jsonl`, ...; only the owner may read it."""
    numbers = [int(path.name[:4]) for path in logs.glob("[0-9][0-9][0-9][0-9]-*.jsonl")]
    log = logs / f"{max(numbers, default=0) + 1:04d}-{operation}.jsonl"
    os.close(os.open(log, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    return log


def _write_record(logs: Path, operation: str, log: Path, pid: int | None) -> None:
    fresh = logs / f"{_RECORD}.new"
    fresh.write_text(json.dumps({"operation": operation, "log": log.name, "pid": pid}))
    fresh.replace(logs / _RECORD)
