"""User data of one's own: a script beside the workload file, which servers of a machine image run."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from groma.errors import InputError
from groma.files import read_text

MOST_BYTES = 7_000
"""User data has room for 16,384, and what writes settings and secrets takes the rest."""
KEPT = Path("terraform", "servers")
"""Where it lies beside the workload that a stack keeps."""


@dataclass(frozen=True)
class Script:
    """A script, as the workload file names it.

    Attributes:
        stated: as the file names it: `./boot.sh`.
        beside: the folder of the file.
        tier: whose servers run it: `app`.
    """

    stated: str
    beside: Path
    tier: str

    @property
    def name(self) -> str:
        """What it is called among the files that servers boot with."""
        return f"{self.tier}-user-data.sh"

    def text(self) -> str:
        """What it says.

        Raises:
            InputError: it is not there, too long, or no script with a first line `#!`.
        """
        lies, kept = self.beside / self.stated, self.beside / KEPT / self.name
        path = kept if not lies.exists() and kept.is_file() else lies
        text = read_text(path, MOST_BYTES, "name a script beside this file, of 7,000 bytes at most")
        if not text.startswith("#!") or "\r" in text or "\nUSER_DATA_OF_ONES_OWN\n" in text:
            hint = "begin it with #!/bin/bash, and end its lines as Linux does"
            raise InputError("is no script of Linux", where=str(path), hint=hint)
        return text

    def lacks(self) -> str:
        """Why it cannot be run; empty where it can."""
        try:
            self.text()
        except InputError as error:
            return f"{self.stated} {error.what}"
        return ""
