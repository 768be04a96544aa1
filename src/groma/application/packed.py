"""A directory or an archive of one's own, as a release that servers fetch: same content, same bytes."""

from __future__ import annotations

import io
import os
import stat
import tarfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from groma.errors import InputError

SINCE = (1980, 1, 1, 0, 0, 0)
"""The earliest time that a zip archive can hold, given to every file."""
LEFT_OUT = frozenset({".git", ".groma", "__pycache__", ".DS_Store", ".env"})
"""What no server needs, or what is no one else's to know."""
ZIPS, TARS = (".zip",), (".tar", ".tar.gz", ".tgz", ".tar.xz", ".tar.bz2")
MOST_BYTES = 250_000_000
"""Of a release: each server fetches and unpacks it while its boot is waited for."""
MOST_FILES = 50_000
KEPT = Path("terraform", "servers", "application.zip")
"""Where it lies beside the workload that a stack keeps, once it has been shipped."""
Entry = tuple[str, bool, bytes]
"""A file: its path, whether it can be run, what it holds."""


@dataclass(frozen=True)
class Packed:
    """What is shipped of an application of one's own.

    Attributes:
        stated: as the workload file names it: `./build`.
        beside: the folder of that file.
    """

    stated: str
    beside: Path

    @property
    def path(self) -> Path:
        """Where it lies; beside the workload that a stack keeps, what was shipped last."""
        lies = self.beside / self.stated
        kept = self.beside / KEPT
        return kept if not lies.exists() and kept.is_file() else lies

    def lacks(self) -> str:
        """Why it cannot be shipped, as far as that is seen without reading it; empty where it can."""
        path = self.path
        if path.is_dir():
            return "" if next(_files(path), None) else f"{self.stated} holds no file"
        if not path.exists():
            return f"there is no {self.stated} beside this file"
        known = (*ZIPS, *TARS)
        return (
            "" if path.name.endswith(known) else f"{self.stated} is neither a directory nor {_one_of(known)}"
        )

    def size_bytes(self) -> int:
        """What it holds, before it is compressed, or the archive as it is; 0 where there is nothing."""
        path = self.path
        try:
            return sum(file.stat().st_size for file in _files(path)) if path.is_dir() else path.stat().st_size
        except OSError:
            return 0

    def content(self) -> bytes:
        """A zip archive, compressed by bzip2, which has one implementation and so the same bytes everywhere.

        Raises:
            InputError: it is not there, is larger than a boot has time for, or cannot be read.
        """
        if why := self.lacks():
            raise self._wrong(why, "build it first, or name another")
        try:
            entries = sorted(self._entries())
        except (OSError, zipfile.BadZipFile, tarfile.TarError, EOFError, RuntimeError) as error:
            raise self._wrong(f"{self.stated} cannot be read: {error}", "build it anew") from error
        written = io.BytesIO()
        with zipfile.ZipFile(written, "w", zipfile.ZIP_BZIP2) as made:
            for name, runs, data in entries:
                entry = zipfile.ZipInfo(name, SINCE)
                entry.external_attr = (0o100755 if runs else 0o100644) << 16
                entry.create_system = 3
                entry.compress_type = zipfile.ZIP_BZIP2
                made.writestr(entry, data)
        return written.getvalue()

    def _entries(self) -> Iterator[Entry]:
        path = self.path
        read = _of_folder if path.is_dir() else _of_zip if path.name.endswith(ZIPS) else _of_tar
        total = count = 0
        for name, runs, data in read(path):
            total, count = total + len(data), count + 1
            if total > MOST_BYTES or count > MOST_FILES:
                most = f"{MOST_BYTES / 1e6:.0f} MB or {MOST_FILES:,} files"
                raise self._wrong(f"{self.stated} has more than {most}", "leave out what servers do not need")
            parts = name.split("/")
            if name.startswith("/") or ".." in parts:
                raise self._wrong(f"{self.stated} holds {name}, which lies outside of it", "build it anew")
            if not LEFT_OUT.intersection(parts):
                yield name, runs, data

    def _wrong(self, what: str, hint: str) -> InputError:
        return InputError(what, where=str(self.beside / self.stated), hint=hint)


def _files(folder: Path) -> Iterator[Path]:
    """The files of a directory that are shipped; what a link points to counts where the link is."""
    for at, inner, names in os.walk(folder):
        inner[:] = sorted(set(inner) - LEFT_OUT)
        yield from (Path(at, name) for name in sorted(names) if name not in LEFT_OUT)


def _of_folder(folder: Path) -> Iterator[Entry]:
    inside = folder.resolve()
    for file in _files(folder):
        name = file.relative_to(folder).as_posix()
        if not file.resolve().is_relative_to(inside):
            raise InputError(
                "is a link to what lies outside of the directory", where=str(file), hint="copy it there"
            )
        yield name, bool(file.stat().st_mode & stat.S_IXUSR), file.read_bytes()


def _of_zip(path: Path) -> Iterator[Entry]:
    with zipfile.ZipFile(path) as held:
        for entry in held.infolist():
            if not entry.is_dir():
                yield entry.filename, bool(entry.external_attr >> 16 & stat.S_IXUSR), held.read(entry)


def _of_tar(path: Path) -> Iterator[Entry]:
    with tarfile.open(path) as held:
        for member in held:
            found = held.extractfile(member) if member.isfile() or member.issym() or member.islnk() else None
            if found is not None:
                yield member.name.removeprefix("./"), bool(member.mode & stat.S_IXUSR), found.read()


def _one_of(names: tuple[str, ...]) -> str:
    return f"{', '.join(names[:-1])} or {names[-1]}"
