"""Start programs: short ones to their end, long ones so that they outlive this process."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from typing import IO, Protocol

from groma.errors import TerraformError, ToolMissing
from groma.live.terraform_cli.commands import Command


@dataclass(frozen=True)
class Completed:
    """A short command that has ended."""

    exit_code: int
    stdout: str
    stderr: str


class Process(Protocol):
    """What is needed of a started process."""

    @property
    def pid(self) -> int:
        """Its process id."""

    def poll(self) -> int | None:
        """Its exit code; None while it runs. Below zero: the signal that ended it."""


class Runner(Protocol):
    """What runs commands: the operating system, or a test."""

    def run(self, command: Command, timeout_s: float) -> Completed:
        """Run a short command to its end."""

    def start(self, command: Command, output: IO[bytes]) -> Process:
        """Start a long command that writes to `output` and shall outlive this process."""


class SubprocessRunner:
    """Runs commands as processes of the operating system."""

    def run(self, command: Command, timeout_s: float) -> Completed:
        """Run a short command to its end."""
        try:
            done = subprocess.run(
                command.argv,
                cwd=command.directory,
                env=dict(command.environment),
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                errors="replace",
                timeout=timeout_s,
                check=False,
            )
        except subprocess.TimeoutExpired as problem:
            raise TerraformError(
                f"`{command.shown}` did not end within {timeout_s:.0f} seconds.", where=str(command.directory)
            ) from problem
        except OSError as problem:
            raise _cannot_start(command, problem) from problem
        return Completed(done.returncode, done.stdout, done.stderr)

    def start(self, command: Command, output: IO[bytes]) -> Process:
        """Start a long command that writes to `output` and shall outlive this process."""
        try:
            return subprocess.Popen(
                command.argv,
                cwd=command.directory,
                env=dict(command.environment),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        except OSError as problem:
            raise _cannot_start(command, problem) from problem


def _cannot_start(command: Command, problem: OSError) -> ToolMissing:
    return ToolMissing(f"`{command.shown}` cannot be started: {problem}.", where=str(command.directory))
