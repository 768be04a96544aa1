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
        data = json.loads((directory / _STATE).read_bytes())
    except (OSError, ValueError):
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


def repair_state(directory: Path) -> tuple[str, ...]:
    """Mend the local state of a stack on which no Terraform is at work; return what was done, in words.

    - The note of a dead Terraform's lock is removed.
    - A state that Terraform could not store in its place (`errored.tfstate`) is put there.
    - A state that was cut off while it was written is replaced by the newest whole one.

    A state that is kept in a bucket is mended by nobody but its owner: what could not be stored there is
    named, with the command that stores it.

    Raises:
        TerraformError: the state is damaged and there is no whole one, or waits to be stored in its bucket.
    """
    if (directory / _BACKEND).is_file():
        _must_be_stored(directory)
        return ()
    if is_locked(directory):
        return ()
    notes: list[str] = []
    lock_info = directory / _LOCK_INFO
    if lock_info.exists():
        lock_info.unlink()
        notes.append("removed the lock that a killed Terraform left behind")
    if note := _mend(directory):
        notes.append(note)
    return tuple(notes)


def _must_be_stored(directory: Path) -> None:
    """Refuse to go on without a state that Terraform could not store in its bucket. Raises TerraformError."""
    errored = directory / _ERRORED
    if errored.is_file():
        raise TerraformError(
            "The last run's state could not be stored in its bucket.",
            where=str(errored),
            hint=f"in {directory}: `terraform state push {_ERRORED}`, then remove that file",
        )


def _mend(directory: Path) -> str:
    state = directory / _STATE
    current, errored = _snapshot(state), _snapshot(directory / _ERRORED)
    if errored and (current is None or _continues(errored, current)):
        _put(errored.path, state)
        errored.path.unlink()
        return f"took over the newer state that Terraform had saved in {_ERRORED}"
    if current or not state.exists():
        return ""
    if backup := _snapshot(directory / _BACKUP):
        kept = _put(backup.path, state)
        return (
            f"the state was damaged and was replaced by its backup (the damaged one is {kept.name}); "
            "what Terraform made in its last run may be missing from it"
        )
    if state.stat().st_size == 0:
        return ""
    raise TerraformError(
        "The state of this stack is damaged, and there is no backup of it.",
        where=str(state),
        hint="put a copy of the state back; or, when nothing of the stack exists any more, remove the file",
    )


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
    kept = state.with_name(f"{_STATE}.damaged-{time.strftime('%Y%m%dT%H%M%SZ', time.gmtime())}")
    fresh = state.with_name(f"{_STATE}.new")
    shutil.copy2(source, fresh)
    if state.exists():
        shutil.copy2(state, kept)
    fresh.replace(state)
    return kept
