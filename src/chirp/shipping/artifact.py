"""The application's server as one zip archive, which needs nothing besides Python 3.11 and libpq.

It holds the servers' code, the pure-Python distributions that it imports as they are installed here, and a
`__main__.py`, so that `python3.11 <where it was unpacked>` serves. Nothing in it depends on machine, path or
time of day: the same versions give the same bytes, so that Terraform finds nothing to change.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.metadata import PackagePath, distribution
from importlib.resources import files
from importlib.resources.abc import Traversable

from chirp.shipping.archive import archive
from chirp.shipping.extra import EXTRA
from groma.installation import need
from groma.installation.kept import kept

DISTRIBUTIONS = (
    "boto3",
    "botocore",
    "gunicorn",
    "jmespath",
    "psycopg",
    "psycopg-pool",
    "python-dateutil",
    "s3transfer",
    "six",
    "typing_extensions",
    "urllib3",
    "valkey",
)
AWS_SERVICES = ("dynamodb", "s3", "secretsmanager", "sns", "sso-oidc", "sts")
"""Whose descriptions are taken along: botocore describes four hundred services, in most of its 100 MB."""
DESCRIBED = ("boto3/data/", "botocore/data/")
"""Where descriptions lie, each service in a directory of its own."""
ROOMS = ("social", "servers", "world")
SHARED = ("__init__.py", "names.py", "posts.py", "table.py", "uploads.py")
"""Modules of the functions that the worldwide servers share."""
LEFT_OUT = (".pyc", ".pyi", ".so")
MAIN = '''"""Serves the application."""

from runpy import run_module

run_module("chirp.servers", run_name="__main__")
'''


class NotPure(RuntimeError):
    """A distribution brings compiled code, which runs on one kind of machine only."""


@cache
def artifact() -> bytes:
    """The archive, compressed by bzip2, which has one implementation and so the same bytes everywhere.

    It is packed once on a machine, and kept by what is in it (`groma/installation/kept.py`).

    Raises:
        NotPure: psycopg or another distribution is installed in a compiled form only.
        ToolMissing: one of `DISTRIBUTIONS` is not installed.
    """
    need(EXTRA)
    content = _content()
    packing = (files("chirp") / "shipping" / "archive.py").read_bytes()
    parts = (part for name, data in sorted(content.items()) for part in (name.encode(), data))
    return kept("releases", (packing, *parts), lambda: archive(content, zipfile.ZIP_BZIP2))


def _content() -> Mapping[str, bytes]:
    """Path in the archive → content."""
    content = {"__main__.py": MAIN.encode(), "chirp/__init__.py": b""}
    for room in ROOMS:
        for path, file in _walk(files("chirp") / room, f"chirp/{room}"):
            content[path] = file.read_bytes()
    for module in SHARED:
        content[f"chirp/functions/{module}"] = (files("chirp") / "functions" / module).read_bytes()
    for name in DISTRIBUTIONS:
        for installed in distribution(name).files or ():
            if _wanted(installed):
                content[installed.as_posix()] = installed.read_binary()
    return content


def _walk(folder: Traversable, path: str) -> Iterator[tuple[str, Traversable]]:
    for entry in folder.iterdir():
        inside = f"{path}/{entry.name}"
        if entry.is_dir() and entry.name != "__pycache__":
            yield from _walk(entry, inside)
        elif entry.is_file() and not entry.name.endswith(LEFT_OUT):
            yield inside, entry


def _wanted(path: PackagePath) -> bool:
    """Code, data and licences; of the installation's own records only what names the version."""
    name, parts = path.as_posix(), path.parts
    if name.endswith((".so", ".pyd")):
        raise NotPure(f"{name} is compiled; install the pure-Python distribution")
    if name.startswith("..") or "__pycache__" in parts or name.endswith(LEFT_OUT):
        return False
    if parts[0].endswith((".dist-info", ".egg-info")):
        return parts[-1] == "METADATA" or "licen" in name.lower()
    if name.startswith(DESCRIBED) and len(parts) > 3:
        return parts[2] in AWS_SERVICES
    return not {"tests", "examples"} & set(parts)
