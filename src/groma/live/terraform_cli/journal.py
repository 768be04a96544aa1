"""What earlier runs had begun to make and may not have noted in the state.

Terraform itself writes what it begins and what is done, line by line, into the log of its run, also when
Groma is killed; whoever follows it sees to it that these lines reach the disk. So the logs of applies are the
journal. A run that ended by itself, with its totals or with an answer of the cloud, has its state in order.
After any other end, what was begun may stand in the cloud and be missing from the state: it is in doubt until
somebody has looked, and has noted here up to which log.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from groma.files import write_atomically
from groma.live.terraform_cli.events import (
    ApplyComplete,
    ApplyStart,
    ChangeSummary,
    Diagnostic,
    Event,
    parse_line,
)
from groma.live.terraform_cli.explanations import ALREADY_EXISTS
from groma.live.terraform_cli.state import read_state

LOGS = "logs"
_MARK = "settled.json"
_NAME = re.compile(r"(\d{4,})-(apply|destroy)\.jsonl")
_TAKEN = re.compile(ALREADY_EXISTS, re.IGNORECASE)
_UNANSWERED = re.compile(
    r"plugin (did not respond|process exited)|cancell?ed|connection is (shut|closed)|rpc error"
    r"|request send failed|connection (refused|reset)|unexpected EOF|\bEOF$|timeout while waiting"
    r"|exceeded maximum number of attempts",
    re.IGNORECASE,
)
"""Errors after which nobody knows whether the cloud has done what it was asked."""


@dataclass(frozen=True)
class Doubt:
    """What is in doubt in a stack.

    Attributes:
        begun: addresses whose making was begun by runs that did not end well.
        everything: the journal or the state may be cut off, so that any other thing may be in doubt too.
        why: what happened, in words; empty when nothing is in doubt.
    """

    begun: frozenset[str] = frozenset()
    everything: bool = False
    why: str = ""

    def __bool__(self) -> bool:
        return bool(self.begun) or self.everything

    def and_all(self, why: str) -> Doubt:
        """The same, and everything else as well."""
        return Doubt(self.begun, True, why)


def doubt(directory: Path, losses: int = 0) -> Doubt:
    """What the runs in a stack's directory have left in doubt since somebody last looked.

    Args:
        directory: Terraform's.
        losses: how often the cloud has lost what it had been told.
    """
    begun: set[str] = set()
    is_cut_off = False
    for log in _unsettled(directory):
        events = tuple(map(parse_line, log.read_text("utf-8", "replace").splitlines()))
        if not _ended_well(events):
            begun |= _begun(events)
            is_cut_off |= log.stat().st_mtime < _booted_at_s()
    if (directory / LOGS / _MARK).is_file() and losses != _noted(directory, "losses"):
        return Doubt(frozenset(begun), True, "the cloud ended without saving what it had been told")
    if _is_rolled_back(directory):
        return Doubt(frozenset(begun), True, "the state is older than the last run left it")
    if is_cut_off:
        return Doubt(frozenset(begun), True, "the machine went down while Terraform was at work")
    return Doubt(frozenset(begun), False, "the last run did not end well" if begun else "")


def note_settled(directory: Path, losses: int = 0) -> None:
    """Note on the disk that nothing is in doubt of all runs so far, and of what the cloud has lost."""
    logs = directory / LOGS
    logs.mkdir(parents=True, exist_ok=True)
    serial = (read_state(directory) or {}).get("serial", 0)
    upto = max((_number(log) for log in _runs(logs)), default=0)
    noted = {"upto": upto, "serial": serial, "losses": losses}
    write_atomically(logs / _MARK, json.dumps(noted).encode())


def _unsettled(directory: Path) -> tuple[Path, ...]:
    upto = _noted(directory, "upto")
    return tuple(log for log in _runs(directory / LOGS) if _number(log) > upto)


def _is_rolled_back(directory: Path) -> bool:
    """Whether the state beside the root is an earlier one than that of the last run that ended well."""
    state = read_state(directory)
    return state is not None and int(state.get("serial", 0)) < _noted(directory, "serial")


def _noted(directory: Path, key: str) -> int:
    try:
        return int(json.loads((directory / LOGS / _MARK).read_bytes())[key])
    except (OSError, ValueError, KeyError, TypeError):
        return 0


def _runs(logs: Path) -> tuple[Path, ...]:
    return tuple(sorted((path for path in logs.glob("*.jsonl") if _NAME.fullmatch(path.name)), key=_number))


def _number(log: Path) -> int:
    found = _NAME.fullmatch(log.name)
    return int(found[1]) if found else 0


def _ended_well(events: Iterable[Event]) -> bool:
    """Whether a run gave its totals, or ended by itself with errors that say what the cloud has done."""
    events = tuple(events)
    if any(isinstance(each, ChangeSummary) and each.operation in ("apply", "destroy") for each in events):
        return True
    errors = [each for each in events if isinstance(each, Diagnostic) and each.is_error]
    return bool(errors) and not any(_UNANSWERED.search(f"{each.summary} {each.detail}") for each in errors)


def _begun(events: Iterable[Event]) -> set[str]:
    """Addresses that were to be made and have not been deleted since, but for those whose names are taken."""
    begun: set[str] = set()
    for event in events:
        if isinstance(event, ApplyStart) and event.action == "create":
            begun.add(event.address)
        if isinstance(event, ApplyComplete) and event.action == "delete":
            begun.discard(event.address)
        if isinstance(event, Diagnostic) and _TAKEN.search(event.detail or event.summary):
            begun.discard(event.address)
    return begun


def _booted_at_s() -> float:
    """When this machine was started, in seconds since 1970; a little late where sleep is not counted."""
    clock = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)
    return time.time() - time.clock_gettime(clock)
