"""How Groma is installed here: where its user's own files lie, and which of its extras are there.

Who only plans, draws and builds needs no extra. `pyproject.toml` says what is in each.

    kept.py         what takes seconds to make, made once on this machine
    processors.py   independent questions, asked of all processors of this machine at once
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from groma.errors import ToolMissing

_REQUIREMENT = re.compile(r"(?P<name>[\w.-]+).*;.*\bextra == ['\"](?P<extra>[\w-]+)['\"]")


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


def need(*extras: str) -> None:
    """Make sure that extras of Groma are installed.

    Raises:
        ToolMissing: one is not; the message says in one line what to install.
    """
    lacking = {extra: missing for extra in extras if (missing := tuple(_missing(extra)))}
    if lacking:
        names = ", ".join(dict.fromkeys(name for missing in lacking.values() for name in missing))
        raise ToolMissing(
            f"this needs what is not installed: {names}",
            hint=f"pip install 'groma[{','.join(lacking)}]'",
        )


def _missing(extra: str) -> Iterator[str]:
    """The distributions of an extra that are not installed."""
    from importlib.metadata import PackageNotFoundError, distribution, requires

    for name in packages_of(extra, requires("groma") or ()):
        try:
            distribution(name)
        except PackageNotFoundError:
            yield name


def packages_of(extra: str, requirements: Iterable[str]) -> tuple[str, ...]:
    """The distributions that an extra brings.

    Args:
        requirements: as the installed distribution states them: `moto[all]==5.2.5; extra == "embedded"`.
    """
    stated = (match for text in requirements if (match := _REQUIREMENT.match(text)))
    return tuple(match["name"] for match in stated if match["extra"] == extra)
