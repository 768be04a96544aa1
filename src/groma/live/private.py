"""What Groma keeps of a stack is for its user's eyes: files 0600 in folders 0700, also its children's."""

from __future__ import annotations

import os
import stat
from contextlib import suppress
from pathlib import Path

OTHERS = stat.S_IRWXG | stat.S_IRWXO


def keep_private(home: Path) -> int:
    """Let this process and those that it starts write for nobody else, and take what is there from others.

    Args:
        home: the folder of all stacks; it need not be there yet.

    Returns:
        The mask of the process before, for who goes on with files that are not private.
    """
    before = os.umask(OTHERS)
    with suppress(OSError):
        if home.stat().st_mode & OTHERS:
            _take_back(home)
    return before


def _take_back(home: Path) -> None:
    """Close a folder that an older Groma made: the folder first, so that nothing in it can be opened."""
    home.chmod(0o700)
    for folder, folders, files in os.walk(home):
        for name in (*folders, *files):
            path = Path(folder, name)
            with suppress(OSError):
                if not path.is_symlink():
                    path.chmod(path.stat().st_mode & ~OTHERS & 0o777)
