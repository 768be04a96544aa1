"""The compiled libraries in the functions' zip, fetched as wheels for Lambda's platform.

Lambda runs Linux on arm64, whatever the machine that builds is; so pip is asked for that platform's wheel. A
wheel is named with its version and its hash: the zip built from it always has the same bytes.
"""

from __future__ import annotations

import hashlib
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from chirp.shipping.functions import RUNTIME
from groma.errors import OutsideError, ToolMissing
from groma.installation import cache_directory

Runner = Callable[[Sequence[str]], "subprocess.CompletedProcess[str]"]

_PLATFORMS = ("manylinux_2_28_aarch64", "manylinux_2_27_aarch64", "manylinux2014_aarch64")
_TIMEOUT_S = 120.0


@dataclass(frozen=True)
class Wheel:
    """One wheel of the Python Package Index for Lambda's platform."""

    project: str
    version: str
    sha256: str


WHEELS = {
    "pillow": Wheel("pillow", "13.0.0", "19b66ca0a4d25cc0200b381ce824c7ea090db61427315e73cfb05dbf1b35c369"),
}


def _run(command: Sequence[str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, capture_output=True, text=True, timeout=_TIMEOUT_S, check=False)


def fetch(wheel: Wheel, *, cache: Path | None = None, run: Runner = _run) -> bytes:
    """Return the wheel's bytes: from the cache when it is there, else from the package index by pip.

    Raises:
        ToolMissing: there is no pip, or the index cannot be reached.
        OutsideError: what came is not the wheel of that hash.
    """
    directory = (
        cache or cache_directory() / "wheels"
    ) / f"{wheel.project}-{wheel.version}-{wheel.sha256[:12]}"
    content = _kept(directory, wheel)
    if content is None:
        directory.mkdir(parents=True, exist_ok=True)
        _download(wheel, directory, run)
        content = _kept(directory, wheel)
    if content is None:
        raise OutsideError(
            f"the wheel of {wheel.project} {wheel.version} that was fetched is not the one expected",
            where=str(directory),
            hint="remove the directory and try again; if it happens again, ask who runs your package index",
        )
    return content


def _kept(directory: Path, wheel: Wheel) -> bytes | None:
    """The content of the file in the directory whose hash is the wheel's."""
    for path in sorted(directory.glob("*.whl")):
        content = path.read_bytes()
        if hashlib.sha256(content).hexdigest() == wheel.sha256:
            return content
    return None


def _download(wheel: Wheel, directory: Path, run: Runner) -> None:
    try:
        done = run(_command(wheel, directory))
    except (OSError, subprocess.TimeoutExpired) as error:
        raise _unreachable(wheel, str(error)) from error
    if done.returncode != 0:
        raise _unreachable(
            wheel, done.stderr.strip().splitlines()[-1] if done.stderr.strip() else "pip failed"
        )


def _command(wheel: Wheel, directory: Path) -> list[str]:
    """Pip's command line for the wheel of Lambda's platform, whatever this machine is."""
    platforms = [part for platform in _PLATFORMS for part in ("--platform", platform)]
    version = RUNTIME.removeprefix("python")
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check"]
    what = ["--no-deps", "--only-binary", ":all:", "--python-version", version, *platforms]
    return [*pip, *what, "--dest", str(directory), f"{wheel.project}=={wheel.version}"]


def _unreachable(wheel: Wheel, why: str) -> ToolMissing:
    return ToolMissing(
        f"{wheel.project} {wheel.version} for Lambda ({RUNTIME}, arm64) cannot be fetched: {why}",
        where="pip download",
        hint="AWS needs it for thumbnails; connect to a package index once, then it is kept. "
        "The embedded cloud does without",
    )
