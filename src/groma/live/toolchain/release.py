"""Fetch the pinned Terraform release: checked against its SHA-256, in place whole or not at all."""

from __future__ import annotations

import hashlib
import http.client
import os
import shutil
import tempfile
import time
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import IO
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from groma.errors import ToolMissing
from groma.live.toolchain.engine import (
    Engine,
    cache_directory,
    find_engine,
    pinned_path,
    platform_name,
)
from groma.terraform.versions import PINNED

RELEASES_URL = "https://releases.hashicorp.com/terraform"
OnBytes = Callable[[int, "int | None"], None]
"""Called with the bytes that have arrived and the bytes expected (None when the server does not say)."""

_CHUNK_BYTES = 256 * 1024
_WORTH_RETRYING = {408, 416, 425, 429, 500, 502, 503, 504}
_BY_HAND = (
    "install Terraform or OpenTofu yourself so that it is on PATH, or try again when the network is back"
)


@dataclass(frozen=True)
class _Patience:
    attempts: int
    timeout_s: float
    sleep: Callable[[float], None]


def ensure_engine(
    *,
    search_path: str | None = None,
    cache: Path | None = None,
    base_url: str = RELEASES_URL,
    on_bytes: OnBytes | None = None,
) -> Engine:
    """Return the engine that is installed; where there is none, fetch the pinned Terraform first.

    The arguments are those of `find_engine` and `fetch_terraform`.

    Raises:
        ToolMissing: there is none and it cannot be fetched.
    """
    try:
        return find_engine(search_path=search_path, cache=cache)
    except ToolMissing:
        fetch_terraform(cache=cache, base_url=base_url, on_bytes=on_bytes)
        return find_engine(search_path=search_path, cache=cache)


def fetch_terraform(
    *,
    cache: Path | None = None,
    version: str = PINNED,
    platform: str | None = None,
    base_url: str = RELEASES_URL,
    on_bytes: OnBytes | None = None,
    attempts: int = 4,
    timeout_s: float = 30.0,
    sleep: Callable[[float], None] = time.sleep,
) -> Path:
    """Fetch a Terraform release into the cache and return the path of its executable.

    A transfer that breaks off is taken up where it stopped. What is there already is not fetched again.
    The archive is verified against the SHA256SUMS file of the same release.

    Args:
        cache: Groma's cache directory.
        version: the release.
        platform: such as "linux_amd64"; this machine's when left out.
        base_url: below it lies `<version>/terraform_<version>_<platform>.zip`.
        on_bytes: told how the transfer goes.
        attempts: how often a file is asked for before giving up.
        timeout_s: how long the server may stay silent.
        sleep: waits between attempts.

    Raises:
        ToolMissing: it cannot be fetched, is not what its checksum says, or cannot be stored.
            Nothing of it is left behind.
    """
    folder = cache or cache_directory()
    target = pinned_path(folder, version)
    if os.access(target, os.X_OK):
        return target
    archive_name = f"terraform_{version}_{platform or platform_name()}.zip"
    sums_url = f"{base_url}/{version}/terraform_{version}_SHA256SUMS"
    archive_url = f"{base_url}/{version}/{archive_name}"
    patience = _Patience(attempts, timeout_s, sleep)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".fetch-", dir=folder) as scratch:
            sums = _download(sums_url, Path(scratch) / "SHA256SUMS", patience)
            expected = _checksum_of(archive_name, sums.read_text("utf-8", "replace"), sums_url)
            archive = _download(archive_url, Path(scratch) / archive_name, patience, on_bytes)
            _verify(archive, expected, archive_url)
            _install(archive, target)
    except OSError as problem:
        raise ToolMissing(
            f"Terraform cannot be stored: {problem}.",
            where=str(folder),
            hint="make room or give write permission there, or point XDG_CACHE_HOME elsewhere",
        ) from problem
    return target


def _download(url: str, path: Path, patience: _Patience, on_bytes: OnBytes | None = None) -> Path:
    problem: Exception | None = None
    with path.open("wb") as file:
        for attempt in range(patience.attempts):
            if attempt:
                patience.sleep(min(2.0 ** (attempt - 1), 10.0))
            try:
                with _ask(url, file.tell(), patience.timeout_s) as answer:
                    _receive(answer, file, on_bytes)
                return path
            except HTTPError as error:
                problem = error
                if error.code not in _WORTH_RETRYING:
                    break
                if error.code == 416:
                    _empty(file)
            except (_Broken, http.client.HTTPException) as error:
                problem = error
    raise ToolMissing(f"Terraform cannot be fetched: {problem}.", where=url, hint=_BY_HAND) from problem


class _Broken(Exception):
    """The transfer broke off, or the server could not be reached."""


def _ask(url: str, start: int, timeout_s: float) -> http.client.HTTPResponse:
    headers = {"User-Agent": "groma"} | ({"Range": f"bytes={start}-"} if start else {})
    try:
        answer: http.client.HTTPResponse = urlopen(Request(url, headers=headers), timeout=timeout_s)  # noqa: S310 - our host
    except HTTPError:
        raise
    except OSError as problem:
        raise _Broken(str(getattr(problem, "reason", problem))) from problem
    return answer


def _receive(answer: http.client.HTTPResponse, file: IO[bytes], on_bytes: OnBytes | None) -> None:
    """Append the answer's body to the file; from the start when the server sends the whole again."""
    if answer.status != 206:
        _empty(file)
    length = answer.headers.get("Content-Length")
    expected = file.tell() + int(length) if length else None
    while chunk := _read(answer):
        file.write(chunk)
        if on_bytes:
            on_bytes(file.tell(), expected)
    if expected is not None and file.tell() < expected:
        raise _Broken(f"the transfer broke off after {file.tell()} of {expected} bytes")


def _read(answer: http.client.HTTPResponse) -> bytes:
    try:
        return answer.read(_CHUNK_BYTES)
    except OSError as problem:
        raise _Broken(f"the transfer broke off: {problem}") from problem


def _empty(file: IO[bytes]) -> None:
    file.seek(0)
    file.truncate()


def _checksum_of(archive_name: str, sums: str, url: str) -> str:
    for line in sums.splitlines():
        digest, _, name = line.partition("  ")
        if name.strip() == archive_name and len(digest) == 64:
            return digest.lower()
    raise ToolMissing(
        f"The release has no checksum for {archive_name}.",
        where=url,
        hint="install Terraform or OpenTofu yourself, so that it is on PATH",
    )


def _verify(archive: Path, expected: str, url: str) -> None:
    with archive.open("rb") as file:
        actual = hashlib.file_digest(file, "sha256").hexdigest()
    if actual != expected:
        raise ToolMissing(
            f"The archive does not have the checksum of its release: SHA-256 {actual}, not {expected}.",
            where=url,
            hint="try again; if it stays so, something between here and the server alters the file",
        )


def _install(archive: Path, target: Path) -> None:
    unpacked = archive.parent / "terraform"
    try:
        with (
            zipfile.ZipFile(archive) as package,
            package.open("terraform") as source,
            unpacked.open("wb") as destination,
        ):
            shutil.copyfileobj(source, destination)
    except (zipfile.BadZipFile, KeyError) as problem:
        raise ToolMissing(
            f"The archive holds no Terraform: {problem}.", where=archive.name, hint=_BY_HAND
        ) from problem
    unpacked.chmod(0o755)
    target.parent.mkdir(parents=True, exist_ok=True)
    unpacked.replace(target)
