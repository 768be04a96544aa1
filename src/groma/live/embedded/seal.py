"""Snapshots that only Groma's own user can have written.

A snapshot of moto is a pickle, and loading a pickle runs what it says. A project directory may come
from anywhere (a clone, an archive), so a snapshot lying in it is loaded only when it carries the seal
of a key that never leaves the user's state directory.
"""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import json
import os
import secrets
from pathlib import Path

from groma.errors import CloudError
from groma.files import write_aside, write_atomically

_KEY_BYTES = 32
_SEAL_BYTES = hashlib.sha256().digest_size


def user_key_file() -> Path:
    """Where the user's key lies: `$XDG_STATE_HOME/groma/snapshot.key`, else under `~/.local/state`."""
    base = os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state"
    return Path(base) / "groma" / "snapshot.key"


def read_key(path: Path) -> bytes:
    """Read the key at `path`; make it, readable by its owner only, when there is none."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        if not path.exists():
            _create_once(path, secrets.token_bytes(_KEY_BYTES))
        key = path.read_bytes()
    except OSError as error:
        raise CloudError(
            f"the key that seals snapshots cannot be read or made: {error.strerror}", where=str(path)
        ) from error
    if len(key) != _KEY_BYTES:
        raise CloudError(
            "the key that seals snapshots is damaged",
            where=str(path),
            hint=f"`rm {path}`: it is made anew, and what it sealed has to be removed",
        )
    return key


def _create_once(path: Path, content: bytes) -> None:
    """Put a whole file at `path` unless another process was first: never half a file."""
    temporary = write_aside(path, content)
    try:
        with contextlib.suppress(FileExistsError):
            path.hardlink_to(temporary)
    finally:
        temporary.unlink()


def write_sealed(path: Path, key: bytes, kind: dict[str, str], payload: bytes) -> None:
    """Write `payload` with its seal. `kind` says who wrote it, and must be the same when it is read."""
    body = json.dumps(kind, sort_keys=True).encode() + b"\n" + payload
    write_atomically(path, _seal(key, body) + body)


def read_sealed(path: Path, key: bytes, kind: dict[str, str]) -> bytes:
    """Return the payload at `path`.

    Raises:
        CloudError: another key sealed it, it is damaged, or another version wrote it.
    """
    content = path.read_bytes()
    seal, body = content[:_SEAL_BYTES], content[_SEAL_BYTES:]
    hint = f"to begin with an empty cloud, remove {path}"
    if not hmac.compare_digest(seal, _seal(key, body)):
        what = f"{path.name} is damaged, or was not written by Groma for this user"
        raise CloudError(what, where=str(path), hint=hint)
    header, _, payload = body.partition(b"\n")
    if (written := json.loads(header)) != kind:
        raise CloudError(f"{path.name} is of {written}, needed is {kind}", where=str(path), hint=hint)
    return payload


def _seal(key: bytes, body: bytes) -> bytes:
    return hmac.digest(key, body, "sha256")
