"""Where the user's own files of Groma lie."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path


def cache_directory(
    environment: Mapping[str, str] | None = None, *, home: Path | None = None, system: str = sys.platform
) -> Path:
    """Return the user's cache directory of Groma; it is not created."""
    variables = os.environ if environment is None else environment
    base = variables.get("XDG_CACHE_HOME", "")
    if Path(base).is_absolute():
        return Path(base) / "groma"
    user = home or Path.home()
    return user / ("Library/Caches" if system == "darwin" else ".cache") / "groma"
