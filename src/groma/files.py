"""Files: reading what people wrote, never more of it than is meant; writing what has to outlive a power loss;
and what to do on a full disk."""

from __future__ import annotations

import errno
import os
import tempfile
from pathlib import Path

from groma.errors import InputError

FULL = (errno.ENOSPC, errno.EDQUOT)
"""A disk, or this user's share of it, on which there is no room."""
NO_ROOM = "make room; the same command goes on from here"


def read_text(path: Path, most_bytes: int, hint: str = "") -> str:
    """The text of a file.

    Args:
        path: of the file; also of a pipe.
        most_bytes: of a larger one nothing is read beyond that.
        hint: what to do where it cannot be read.

    Raises:
        InputError: it cannot be read, is larger, or is no UTF-8 text; then with the line.
    """
    named = str(path) if str(path).isprintable() else repr(str(path))
    try:
        with path.open("rb") as file:
            content = file.read(most_bytes + 1)
        if len(content) > most_bytes:
            raise InputError(f"has more than {most_bytes:,} bytes, and is not read", where=named, hint=hint)
        return content.decode()
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise InputError("cannot be read: not UTF-8 text", where=f"{named}:{line}", hint=hint) from error
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise InputError(f"cannot be read: {reason}", where=named, hint=hint) from error


def write_atomically(path: Path, content: bytes) -> None:
    """Replace the file at `path` by `content` in one step; readable by its owner only (0600)."""
    write_aside(path, content).replace(path)
    _note_names(path.parent)


def write_aside(path: Path, content: bytes) -> Path:
    """Write `content` to a new file beside `path`, and to the disk; `mkstemp` makes it 0600."""
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    return Path(name)


def _note_names(directory: Path) -> None:
    """See to it that the names in a directory are on the disk: without that a new file may have none."""
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
