"""What is told to the user when Terraform fails."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from groma.errors import TerraformError
from groma.live.terraform_cli.events import Diagnostic, RawLine, Stopping
from groma.live.terraform_cli.explanations import ALREADY_EXISTS, explained
from groma.live.terraform_cli.run import RunResult

_SHOWN_ERRORS = 5
_SHOWN_LINES = 12
_ALREADY_EXISTS = re.compile(ALREADY_EXISTS, re.IGNORECASE)


class TerraformFailed(TerraformError):
    """Terraform ran and reported errors.

    Attributes:
        diagnostics: the errors, each once.
        log: the file that holds all that Terraform said; None for a short command.
    """

    def __init__(
        self,
        what: str,
        *,
        where: str,
        hint: str,
        diagnostics: Sequence[Diagnostic] = (),
        log: Path | None = None,
    ) -> None:
        super().__init__(what, where=where, hint=hint)
        self.diagnostics = tuple(diagnostics)
        self.log = log

    @property
    def is_of_root(self) -> bool:
        """Whether the configuration itself is refused, before any resource was asked of the cloud."""
        return bool(self.diagnostics) and all(each.file and not each.address for each in self.diagnostics)

    @property
    def already_existing(self) -> tuple[str, ...]:
        """The addresses that could not be made since the cloud has them, though the state has not."""
        return tuple(
            each.address
            for each in self.diagnostics
            if each.address and _ALREADY_EXISTS.search(each.detail or each.summary)
        )


class TerraformInterrupted(TerraformError):
    """Terraform was asked to stop, by Ctrl-C or by `stop`, and has stopped."""


def failure_of(result: RunResult, directory: Path) -> TerraformError:
    """Return the error that tells about a run that did not succeed."""
    logged = f"everything Terraform said is in {result.log}"
    if result.interrupted:
        killed = any(isinstance(event, Stopping) and event.by_force for event in result.events)
        lost = "what it was making may be missing from the state; " if killed else ""
        return TerraformInterrupted(
            f"Terraform was {'killed' if killed else 'stopped'} during {result.operation}.",
            where=str(directory),
            hint=f"{lost}the same command goes on from here; {logged}",
        )
    if result.errors:
        return diagnosed(result.errors, hint=logged, log=result.log)
    lines = [event.text for event in result.events if isinstance(event, RawLine)][-_SHOWN_LINES:]
    return TerraformFailed(
        _unexplained(f"terraform {result.operation}", result.exit_code, lines),
        where=str(directory),
        hint=logged,
        log=result.log,
    )


def failure_of_short(command: str, exit_code: int, output: str, directory: Path) -> TerraformFailed:
    """Return the error that tells about a short command that failed."""
    lines = output.strip().splitlines()[-_SHOWN_LINES:]
    return TerraformFailed(_unexplained(command, exit_code, lines), where=str(directory), hint="")


def diagnosed(errors: Sequence[Diagnostic], *, hint: str = "", log: Path | None = None) -> TerraformFailed:
    """Return the error that tells about diagnostics: the first in place, the others below it."""
    telling = [each for each in errors if each.summary != "execution halted"] or list(errors)
    first, others = telling[0], telling[1:_SHOWN_ERRORS]
    what = "\n  ".join(
        [_text(first), *(f"{each.place}: {_text(each)}".removeprefix(": ") for each in others)]
    )
    if len(telling) > _SHOWN_ERRORS:
        what += f"\n  and {len(telling) - _SHOWN_ERRORS} more errors"
    advice = next((told for each in telling if (told := explained(_text(each)))), "")
    return TerraformFailed(
        what,
        where=first.place,
        hint="; ".join(part for part in (advice, hint) if part),
        diagnostics=telling,
        log=log,
    )


def _text(error: Diagnostic) -> str:
    detail = " ".join(error.detail.split())
    return f"{error.summary.rstrip('.:')}: {detail}" if detail else error.summary


def _unexplained(command: str, exit_code: int | None, lines: Sequence[str]) -> str:
    how = "ended early"
    if exit_code is not None:
        how = f"was ended by signal {-exit_code}" if exit_code < 0 else f"failed with exit code {exit_code}"
    said = "".join(f"\n  {line}" for line in lines)
    return f"`{command}` {how}" + (f", saying:{said}" if said else " and did not say why.")
