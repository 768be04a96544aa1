"""Standard output and error as they come: any encoding, a pipe that nobody reads, a disk without room."""

from __future__ import annotations

import os
import sys
from io import TextIOWrapper

from groma.errors import GromaError, OutsideError
from groma.files import FULL, NO_ROOM


def speak() -> None:
    """Let both streams take every text: what their encoding lacks becomes `?`."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace" if _has_all(stream) else "replace")


def has_all_letters() -> bool:
    """Whether standard output can show every text."""
    return _has_all(sys.stdout)


def hush() -> None:
    """Write no more to standard output, which takes nothing: not even what Python still holds for it."""
    try:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)
    except (OSError, ValueError):
        sys.stdout = sys.__stdout__


def told(error: GromaError) -> GromaError:
    """An error; where a full disk is behind it, with what to do about that."""
    behind: BaseException | None = error
    while behind is not None:
        if isinstance(behind, OSError) and behind.errno in FULL:
            error.hint = error.hint or NO_ROOM
        behind = behind.__cause__ or behind.__context__
    return error


def unusable(error: OSError) -> OutsideError:
    """What the system refused, in words: which file, and what to do where its disk is full."""
    where = error.filename if isinstance(error.filename, str) else ""
    what = error.strerror or str(error) or type(error).__name__
    hint = NO_ROOM if error.errno in FULL else "check the file, its folder and their permissions"
    return OutsideError(what, where=where, hint=hint)


def _has_all(stream: object) -> bool:
    encoding: str = getattr(stream, "encoding", "") or ""
    return encoding.lower().replace("-", "").replace("_", "").startswith("utf")
