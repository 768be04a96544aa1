"""What a stack's folder held before it was written anew: it gets it back when somebody says no."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from groma.live.stack import Stack, write_at_once

KINDS = (".tf", ".tf.json", ".ini")
"""How the files of a root end that Groma writes."""


@dataclass(frozen=True)
class Earlier:
    """The files of a stack that Groma writes, as they were: path below the folder → content.

    Terraform's own (state, logs, providers) are not among them.
    """

    folder: Path
    files: Mapping[str, bytes]

    @classmethod
    def of(cls, stack: Stack) -> Earlier:
        """As they are now; none when nothing of the stack stands."""
        folder = stack.directory
        paths = _own(folder) if stack.exists else ()
        return cls(folder, {str(path.relative_to(folder)): path.read_bytes() for path in paths})

    def put_back(self) -> None:
        """Let them be as they were, and no others."""
        for path in tuple(_own(self.folder)):
            if str(path.relative_to(self.folder)) not in self.files:
                path.unlink()
        for name, content in self.files.items():
            write_at_once(self.folder / name, content)


def _own(folder: Path) -> Iterator[Path]:
    """Documents, the files of the root, what the application ships, and modules."""
    terraform = folder / "terraform"
    yield from (path for path in folder.glob("*") if path.is_file())
    yield from (path for path in terraform.glob("*") if path.is_file() and path.name.endswith(KINDS))
    for inner in terraform.glob("*/"):
        if inner.name not in (".terraform", "logs"):
            yield from (path for path in inner.rglob("*") if path.is_file() and not path.is_symlink())
