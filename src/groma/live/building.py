"""Writing what `groma build` makes: never over what a person has changed since.

A list in the folder says what Groma wrote there last, by hashes. A file that is as it was written then is
written anew. One that is not was edited, or is somebody else's: it stays, and Groma's own lies beside it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from groma.live.stack import write_at_once

LIST = ".groma-written.json"
BESIDE = ".new"
"""What is put behind the name of a file that lies beside an edited one: Terraform does not read it."""


@dataclass(frozen=True)
class Built:
    """How many files were written, and which were kept since somebody has edited them."""

    folder: Path
    written: int
    kept: tuple[str, ...]

    def lines(self) -> tuple[str, ...]:
        """For people: each file that was kept, and what can be done about it."""
        if not self.kept:
            return ()
        number, wrote = len(self.kept), "from what groma wrote there, and"
        one = f"1 file differs {wrote} was kept; its own lies beside it:"
        return (
            one if number == 1 else f"{number} files differ {wrote} were kept; its own lie beside them:",
            *(f"  {self.folder / path}  (see {Path(path).name}{BESIDE})" for path in self.kept),
            "compare, or say --force to have groma's",
        )


def build_into(folder: Path, documents: Mapping[str, bytes], *, force: bool = False) -> Built:
    """Write documents (path → content) below a folder, each at once or not at all.

    Args:
        force: whether edited files are written over.

    Raises:
        OutsideError: something cannot be written.
    """
    before = _noted(folder)
    edited = () if force else tuple(path for path in documents if _is_edited(folder, path, documents, before))
    noted = {path: known for path, known in before.items() if path in edited or path not in documents}
    for path, content in documents.items():
        beside = f"{path}{BESIDE}"
        if path in edited:
            write_at_once(folder / beside, content)
            noted[beside] = _hash(content)
        else:
            write_at_once(folder / path, content)
            noted[path] = _hash(content)
            _take_away(folder, beside, before)
            noted.pop(beside, None)
    write_at_once(folder / LIST, json.dumps(noted, indent=1, sort_keys=True).encode())
    return Built(folder, len(documents) - len(edited), edited)


def _is_edited(folder: Path, path: str, documents: Mapping[str, bytes], before: Mapping[str, str]) -> bool:
    """Whether a file is there that is neither what was written before nor what is to be written."""
    file = folder / path
    if not file.is_file():
        return False
    there = file.read_bytes()
    return there != documents[path] and _hash(there) != before.get(path)


def _take_away(folder: Path, beside: str, before: Mapping[str, str]) -> None:
    """Remove what lay beside a file that was edited once, if nobody has touched it."""
    file = folder / beside
    if beside in before and file.is_file() and _hash(file.read_bytes()) == before[beside]:
        file.unlink()


def _noted(folder: Path) -> dict[str, str]:
    """Path → hash of what was written last; nothing where an older Groma has noted nothing."""
    try:
        found = json.loads((folder / LIST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return {str(path): str(each) for path, each in found.items()} if isinstance(found, dict) else {}


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
