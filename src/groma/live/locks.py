"""Locks between commands of Groma, which end with the process that holds them.

The file of a lock may be removed by who held it last, with its folder; so whoever has got a lock looks
whether its file is still the one at that path.
"""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from groma.errors import OutsideError

_ENTERING = "entering.lock"
A_LOOK_S = 2.0
"""How long a command may hold a stack that only looks whether anybody is at work on it."""


@contextmanager
def held(path: Path, what: str, where: Path, *, alone: bool = True) -> Iterator[None]:
    """Hold a lock alone, or with others who only look.

    Raises:
        OutsideError: another groma holds it for longer than a look takes; told with `what` and `where`.
    """
    deadline = time.monotonic() + A_LOOK_S
    kind = fcntl.LOCK_EX if alone else fcntl.LOCK_SH
    while (file := _locked(path, kind | fcntl.LOCK_NB)) is None:
        if time.monotonic() > deadline:
            raise OutsideError(what, where=str(where), hint="wait for its end")
        time.sleep(0.05)
    with file:
        yield


@contextmanager
def keeping_the_cloud(home: Path) -> Iterator[None]:
    """Within it nobody discards the embedded cloud: from its opening to a record of a stack in it."""
    file = _locked(home / _ENTERING, fcntl.LOCK_SH)
    assert file is not None, "without LOCK_NB it is waited for"
    with file:
        yield


@contextmanager
def discarding_the_cloud(home: Path) -> Iterator[bool]:
    """Whether the cloud may be discarded, as far as others are concerned; within it nobody opens it."""
    path = home / _ENTERING
    file = _locked(path, fcntl.LOCK_EX | fcntl.LOCK_NB)
    if file is None:
        yield False
        return
    with file:
        try:
            yield True
        finally:
            path.unlink(missing_ok=True)


def _locked(path: Path, kind: int) -> IO[str] | None:
    """Open and lock the file at a path; None when somebody holds it and `kind` says not to wait."""
    while True:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            file = path.open("a")
        except (FileNotFoundError, FileExistsError):
            if path.parent.is_file():
                raise
            continue  # its folder was removed in between
        try:
            fcntl.flock(file, kind)
        except BlockingIOError:
            file.close()
            return None
        if _is_still_at(file, path):
            return file
        file.close()


def _is_still_at(file: IO[str], path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(file.fileno()), path.stat())
    except FileNotFoundError:
        return False
