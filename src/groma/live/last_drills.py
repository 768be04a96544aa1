"""What the last drills of a stack came to, beside what is provisioned of it."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from groma.live.stack import HOME, write_at_once
from groma.questions.drills.matrix import Matrix, read

if TYPE_CHECKING:
    from groma.questions.drills.many import Drills

LAST = "last.json"


def folder(name: str, home: Path = HOME) -> Path:
    """Where what drills of a stack came to lies."""
    return home / name / "drills"


def keep(found: Drills, home: Path = HOME) -> Path:
    """Write what drills came to, so that `groma status` can tell it; the path of the file."""
    path = folder(found.name, home) / LAST
    told = {"at": datetime.now(UTC).isoformat(timespec="seconds"), **found.document()}
    write_at_once(path, (json.dumps(told, indent=2) + "\n").encode())
    return path


def matrix_path(name: str, home: Path = HOME) -> Path:
    """Where the picture of faults and alarms lies."""
    return folder(name, home) / "matrix.svg"


def last_matrix(name: str, home: Path = HOME) -> Matrix | None:
    """Which fault set off which alarm in the last drills; None where there were none that can be read."""
    try:
        return read((folder(name, home) / LAST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None


def last_told(name: str, home: Path = HOME) -> str:
    """What the last drills of a stack came to, in a line; empty where there were none that can be read."""
    try:
        told = json.loads((folder(name, home) / LAST).read_text(encoding="utf-8"))
        drills = told["drills"]
        wrong = [each["fault"] for each in drills if not each["ok"]]
        when, whose = str(told["at"])[:16].replace("T", " "), told["alarms"]
    except (OSError, ValueError, KeyError, TypeError):
        return ""
    count = f"{len(drills) - len(wrong)} of {len(drills)} as promised"
    return f"{count} on {when} UTC, {whose}" + (f"; not: {', '.join(wrong)}" if wrong else "")
