"""Where compiled libraries lie in the functions' zip, and how they are found."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

DIRECTORY = "native"
"""Directory at the root of the zip."""


def make_importable(package: str) -> None:
    """Make `package` importable: as it is installed here, else from the zip."""
    if importlib.util.find_spec(package) is None:
        sys.path.append(str(Path(__file__).parents[2] / DIRECTORY))
