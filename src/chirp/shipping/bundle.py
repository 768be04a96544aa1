"""The zip that Lambda runs: the functions, the application's core, and the libraries they import.

Everything is taken from what is installed here, so the functions run what was tested; boto3 is part of
Lambda's Python. The same installation always gives the same bytes: entries are sorted and carry one fixed
date.

A compiled library for Lambda's platform lies in a directory of its own, which `native.py` adds to the path
only where the library is not installed: the embedded cloud runs functions with this machine's Python, and has
it.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from importlib.metadata import distribution
from importlib.resources import files as package_files
from importlib.resources.abc import Traversable
from pathlib import Path, PurePosixPath

from chirp.functions.native import DIRECTORY
from chirp.shipping.archive import archive
from chirp.shipping.extra import EXTRA
from chirp.shipping.wheel import WHEELS, fetch
from groma.application import Function
from groma.installation import need

LIBRARIES = ("aws-lambda-powertools", "jmespath", "typing-extensions")
"""Distributions in pure Python that the functions import, and what these need."""

_PACKAGES = ("chirp.social", "chirp.functions")


def bundle(native: Iterable[bytes] = ()) -> bytes:
    """Return the zip, about 0.6 MB.

    Args:
        native: wheels of compiled libraries to add.

    Raises:
        ToolMissing: a library is not installed.
    """
    need(EXTRA)
    content = dict(_own()) | dict(_libraries())
    for wheel in native:
        content |= _unpacked(wheel)
    return archive(content)


def bundle_for(function: Function) -> bytes:
    """Return the zip for one function on AWS, with the compiled libraries that it needs.

    Raises:
        ToolMissing: a library is not installed, or cannot be fetched.
    """
    return bundle([fetch(WHEELS[name]) for name in function.native])


def _own() -> Iterator[tuple[str, bytes]]:
    """The application's modules, under the names they have here; the package above them is empty."""
    yield "chirp/__init__.py", b""
    for package in _PACKAGES:
        yield from _modules(package_files(package), PurePosixPath(*package.split(".")))


def _modules(directory: Traversable, path: PurePosixPath) -> Iterator[tuple[str, bytes]]:
    for entry in directory.iterdir():
        if entry.is_dir():
            yield from _modules(entry, path / entry.name)
        elif entry.name.endswith(".py"):
            yield str(path / entry.name), entry.read_bytes()


def _libraries() -> Iterator[tuple[str, bytes]]:
    """The modules and licences of the installed libraries."""
    for name in LIBRARIES:
        for file in distribution(name).files or []:
            if file.suffix == ".py" or "licenses" in file.parts or file.name == "LICENSE":
                yield str(PurePosixPath(*file.parts)), Path(str(file.locate())).read_bytes()


def _unpacked(wheel: bytes) -> Mapping[str, bytes]:
    """The wheel's files, below the directory for compiled libraries."""
    with zipfile.ZipFile(io.BytesIO(wheel)) as packed:
        names = [name for name in packed.namelist() if not name.endswith("/")]
        return {f"{DIRECTORY}/{name}": packed.read(name) for name in names}
