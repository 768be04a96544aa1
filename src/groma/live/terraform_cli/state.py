"""What a killed Terraform or a full disk can leave behind in a stack's local state, and how to mend it."""

from __future__ import annotations

import fcntl
import json
import shutil
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from groma.errors import TerraformError

_STATE = "terraform.tfstate"
_BACKUP = "terraform.tfstate.backup"
_ERRORED = "errored.tfstate"
_BACKEND = "backend.tf"
_LOCK_INFO = ".terraform.tfstate.lock.info"
_VERSION = 4


@dataclass(frozen=True)
class _Snapshot:
    path: Path
    serial: int
    lineage: str


def read_state(directory: Path) -> Mapping[str, Any] | None:
    """Read the local state of a stack without Terraform, which takes a second to begin.

    None when there is none here, or none that is whole and as Terraform 1.11 writes it: ask Terraform then.
    """
    if (directory / _BACKEND).is_file():
        return None
    try:
        return known_state((directory / _STATE).read_bytes())
    except OSError:
        return None


def known_state(content: bytes) -> Mapping[str, Any] | None:
    """A state as Terraform 1.11 writes it; None for anything else."""
    try:
        data = json.loads(content)
    except ValueError:
        return None
    known = (
        isinstance(data, dict) and data.get("version") == _VERSION and {"outputs", "resources"} <= set(data)
    )
    return data if known else None


def is_locked(directory: Path) -> bool:
    """Tell whether a living Terraform holds the local state; its lock ends with its process."""
    try:
        with (directory / _STATE).open("r+b") as file:
            fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return False
    return False


@dataclass(frozen=True)
class Repair:
    """What was mended: in words, and whether the state may lack what stands in the cloud."""

    notes: tuple[str, ...] = ()
    is_lossy: bool = False


def repair_state(directory: Path) -> Repair:
    """Mend the local state of a stack on which no Terraform is at work; return what was done.

    - The note of a dead Terraform's lock is removed.
    - A state that Terraform could not store in its place (`errored.tfstate`) is put there.
    - A state that was cut off while it was written is replaced by the newest whole one; where there is none,
      it is put aside, and what stands is to be found again in the cloud.

    A state that is kept in a bucket is mended by nobody but its owner: what could not be stored there is
    named, with the command that stores it.

    Raises:
        TerraformError: the state waits to be stored in its bucket.
    """
    if (directory / _BACKEND).is_file():
        _must_be_stored(directory)
        return Repair()
    if is_locked(directory):
        return Repair()
    notes: list[str] = []
    lock_info = directory / _LOCK_INFO
    if lock_info.exists():
        lock_info.unlink()
        notes.append("removed the lock that a killed Terraform left behind")
    mended = _mend(directory)
    is_lossy = mended.is_lossy or _is_lost(directory)
    return Repair((*notes, *mended.notes), is_lossy)


def _is_lost(directory: Path) -> bool:
    """Whether there is no state though something was applied."""
    if (directory / _STATE).exists():
        return False
    return any(b'"apply_start"' in log.read_bytes() for log in (directory / "logs").glob("*-apply.jsonl"))


def _must_be_stored(directory: Path) -> None:
    """Refuse to go on without a state that Terraform could not store in its bucket. Raises TerraformError."""
    errored = directory / _ERRORED
    if errored.is_file():
        raise TerraformError(
            "The last run's state could not be stored in its bucket.",
            where=str(errored),
            hint=f"in {directory}: `terraform state push {_ERRORED}`, then remove that file",
        )


def _mend(directory: Path) -> Repair:
    state = directory / _STATE
    current, errored = _snapshot(state), _snapshot(directory / _ERRORED)
    if errored and (current is None or _continues(errored, current)):
        _put(errored.path, state)
        errored.path.unlink()
        return Repair((f"took over the newer state that Terraform had saved in {_ERRORED}",))
    if current or not state.exists():
        return Repair()
    if backup := _snapshot(directory / _BACKUP):
        kept = _put(backup.path, state)
        return Repair(
            (f"the state was damaged and was replaced by its backup (the damaged one is {kept.name})",),
            is_lossy=True,
        )
    if state.stat().st_size == 0:
        state.unlink()
        return Repair()
    state.replace(kept := _aside(state))
    return Repair((f"the state was damaged and was put aside as {kept.name}",), is_lossy=True)


def _continues(later: _Snapshot, earlier: _Snapshot) -> bool:
    return later.lineage == earlier.lineage and later.serial > earlier.serial


def _snapshot(path: Path) -> _Snapshot | None:
    """Read a state's serial and lineage; None when the file is not there or not a whole state."""
    try:
        data = json.loads(path.read_bytes())
        return _Snapshot(path, int(data["serial"]), str(data["lineage"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _put(source: Path, state: Path) -> Path:
    """Put a copy in the state's place, whole or not at all; return where the earlier file is kept."""
    kept = _aside(state)
    fresh = state.with_name(f"{_STATE}.new")
    shutil.copy2(source, fresh)
    if state.exists():
        shutil.copy2(state, kept)
    fresh.replace(state)
    return kept


def _aside(state: Path) -> Path:
    """Where a damaged state is kept."""
    return state.with_name(f"{_STATE}.damaged-{time.strftime('%Y%m%dT%H%M%SZ', time.gmtime())}")
