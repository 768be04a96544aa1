"""Whether a copy of the AWS provider is the one that HashiCorp published."""

from __future__ import annotations

import base64
import hashlib
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import BinaryIO

HASHES: Mapping[tuple[str, str], str] = {
    ("5.100.0", "darwin_arm64"): "Ijt7pOlB7Tr7maGQIqtsLFbl7pSMIj06TVdkoSBcYOw=",
    ("5.100.0", "linux_amd64"): "edXOJWE4ORX8Fm+dpVpICzMZJat4AX0VRCAy/xkcOc0=",
    ("5.100.0", "windows_amd64"): "H3mU/7URhP0uCRGK8jeQRKxx2XFzEqLiOq/L2Bbiaxs=",
}
"""Version and platform → what `terraform init`, which checks HashiCorp's signature, writes into lock files as
`h1:`. As it stands in lock files that several projects keep in public (read 2026-11-29)."""
_BLOCK_BYTES = 1 << 20


def forged(package: Path, version: str, platform: str, known: Mapping[tuple[str, str], str] = HASHES) -> str:
    """Why a copy cannot be what was published; empty where it is, or where nobody here knows its hash.

    Args:
        package: an unpacked directory, or a zip archive.
        version, platform: such as "5.100.0" and "linux_amd64".
        known: version and platform → hash.
    """
    published = known.get((version, platform))
    try:
        found = published and hash_of(package)
    except (OSError, zipfile.BadZipFile) as error:
        return f"it cannot be read: {error}"
    return "" if found == published else f"its hash is h1:{found}, and h1:{published} was published"


def hash_of(package: Path) -> str:
    """The hash of a package as Terraform's lock files have it after `h1:`.

    SHA-256, in base 64, of a line for each file in the order of their names: SHA-256 of its content in
    hexadecimal digits, two spaces, its name
    (https://pkg.go.dev/golang.org/x/mod/sumdb/dirhash#Hash1, undated).

    Raises:
        OSError, BadZipFile: it cannot be read.
    """
    lines = sorted((name, _digest(file)) for name, file in _files(package))
    text = "".join(f"{digest}  {name}\n" for name, digest in lines)
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _files(package: Path) -> Iterator[tuple[str, BinaryIO]]:
    if package.is_dir():
        for path in package.rglob("*"):
            if path.is_file():
                with path.open("rb") as file:
                    yield path.relative_to(package).as_posix(), file
        return
    with zipfile.ZipFile(package) as archive:
        for name in archive.namelist():
            if not name.endswith("/"):
                with archive.open(name) as file:
                    yield name, file  # type: ignore[misc]


def _digest(file: BinaryIO) -> str:
    digest = hashlib.sha256()
    while block := file.read(_BLOCK_BYTES):
        digest.update(block)
    return digest.hexdigest()
