"""The Terraform files of a stack's folder: Groma's own, those of an older Groma, and those of somebody else.

Terraform takes every file of its kinds in a folder for a part of the stack. So Groma notes what it writes;
what it wrote once and no longer does is removed, and what it never wrote is named and refused.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from pathlib import Path

from groma.errors import InputError

LIST = "written.json"
"""Lies beside the stack's record: the paths of the files that were written last, below the stack's folder."""
KINDS = (".tf", ".tf.json", ".tofu", ".tofu.json", ".tfvars", ".tfvars.json")
"""How the names of files end that Terraform or OpenTofu read on their own."""
MODULES = "terraform/modules/"


def keep_clean(folder: Path, wanted: Iterable[str], own_names: Collection[str]) -> None:
    """Make a stack's folder ready to be written: nothing of another version or of somebody else is left.

    Args:
        folder: the stack's.
        wanted: the paths that will be written, below that folder.
        own_names: names of files that come and go with the target, wherever they lie.

    Raises:
        InputError: there are files that Terraform would read and Groma has not written.
    """
    before, known = _noted(folder), {*wanted}
    unknown = [path for path in _read_by_terraform(folder) if path not in known]
    unknown = [path for path in unknown if Path(path).name not in own_names]
    foreign = [path for path in unknown if not _was_ours(path, before)]
    if foreign:
        raise InputError(
            f"{', '.join(foreign)}: groma has not written this, and Terraform would take it for a part of "
            "the stack",
            where=str(folder),
            hint="move it elsewhere, then try again",
        )
    for path in unknown:
        (folder / path).unlink()


def noted(wanted: Iterable[str]) -> bytes:
    """What is noted of a folder that has been written."""
    return json.dumps(sorted(wanted)).encode()


def _was_ours(path: str, before: frozenset[str] | None) -> bool:
    """An older Groma noted nothing; of its copies of modules every file is its own."""
    return path.startswith(MODULES) if before is None else path in before


def _noted(folder: Path) -> frozenset[str] | None:
    try:
        paths = json.loads((folder / LIST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return frozenset(map(str, paths)) if isinstance(paths, list) else None


def _read_by_terraform(folder: Path) -> list[str]:
    """The files of the root and of its modules that Terraform reads, as paths below the folder."""
    root = folder / "terraform"
    places = [root, *(path for path in root.glob("modules/**/") if path.is_dir())]
    found = (path for place in dict.fromkeys(places) if place.is_dir() for path in place.iterdir())
    return sorted(str(path.relative_to(folder)) for path in found if path.name.endswith(KINDS))
