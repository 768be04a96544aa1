"""What takes seconds to make and is the same each time: kept in the user's cache by what it is made of."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable, Iterable
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

from groma.installation import cache_directory

MOST = 48
"""Files of a kind that are kept; of more, those go that nobody has asked for the longest."""


def kept(kind: str, made_of: Iterable[bytes], make: Callable[[], bytes]) -> bytes:
    """What `make` makes of something; made once on this machine, and read from then on.

    A file that cannot be written, or is not what was written, is as if there were none.

    Args:
        kind: the directory's name below the user's cache.
        made_of: everything that the result depends on, with the versions of who makes it.
    """
    digest = sha256(sys.version.encode())
    for part in made_of:
        digest.update(b"%d:" % len(part))
        digest.update(part)
    try:
        path = cache_directory() / kind / digest.hexdigest()
    except RuntimeError:  # a user without a home
        return make()
    found = _read(path)
    if found is None:
        found = make()
        _write(path, found)
    return found


def _read(path: Path) -> bytes | None:
    """The content of a file behind its own digest; None where there is none, or it does not fit."""
    try:
        stored = path.read_bytes()
    except OSError:
        return None
    with suppress(OSError):  # somebody else's to touch
        os.utime(path)
    size = sha256().digest_size
    digest, content = stored[:size], stored[size:]
    return content if sha256(content).digest() == digest else None


def _write(path: Path, content: bytes) -> None:
    """Keep a content, and let go of what nobody has asked for the longest."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor, aside = tempfile.mkstemp(dir=path.parent)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(sha256(content).digest() + content)
            Path(aside).replace(path)
        except OSError:
            Path(aside).unlink(missing_ok=True)
            raise
        by_age = sorted(path.parent.iterdir(), key=lambda each: each.stat().st_mtime)
        for old in by_age[:-MOST]:
            old.unlink(missing_ok=True)
    except OSError:
        pass  # a full disk, or another who lets go of the same: it is made again next time
