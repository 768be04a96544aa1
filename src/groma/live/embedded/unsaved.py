"""Whether an emulator has been told something that is not on the disk yet.

A mark lies on the disk from before the first request that may change something until the state that holds it
is saved. Who starts the emulator and finds the mark knows that it is back at an earlier state, and counts it:
what clients were told since then is lost.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from groma.files import write_atomically

MARK = "unsaved"
"""Ends the name of the mark, one for each emulator."""
LOSSES = "cloud.losses"
"""The file that counts how often the cloud began with an earlier state than it had ended with."""


@dataclass
class Unsaved:
    """One emulator's mark, which its server sets and takes away.

    Attributes:
        file: the mark.
    """

    file: Path
    _is_changed: bool = False
    _turn: threading.Lock = field(default_factory=threading.Lock)

    def note(self) -> None:
        """Set the mark, on the disk, before anything is changed."""
        with self._turn:
            if not self._is_changed:
                self._is_changed = True
                write_atomically(self.file, b"")

    @contextmanager
    def saving(self) -> Iterator[None]:
        """Within it the state is saved; the mark goes afterwards, unless something was changed meanwhile."""
        with self._turn:
            self._is_changed = False
        yield
        with self._turn:
            if not self._is_changed:
                self.file.unlink(missing_ok=True)


def losses(directory: Path) -> int:
    """How often the cloud of a directory has lost what its clients had been told."""
    try:
        return int((directory / LOSSES).read_text())
    except (OSError, ValueError):
        return 0


def count_losses(directory: Path, emulators: Iterable[str]) -> None:
    """Count it, if one of these emulators, which are about to be started, has left its mark."""
    marks = [mark for name in emulators if (mark := directory / f"{name}.{MARK}").exists()]
    if marks:
        write_atomically(directory / LOSSES, str(losses(directory) + 1).encode())
    for mark in marks:
        mark.unlink()
