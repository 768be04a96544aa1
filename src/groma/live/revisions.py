"""A workload as a revision of its git repository has it, and the one that a stack was provisioned from."""

from __future__ import annotations

import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

from groma.errors import InputError, ToolMissing
from groma.live.stack import Stack
from groma.workload import Workload, parse
from groma.workload.lines import parse_yaml

TIMEOUT_S = 60.0


def at_revision(file: Path, revision: str) -> Workload:
    """The workload of a file in a revision, with the price book that lay beside it then.

    Args:
        file: the workload file, in a working tree of git; it need not exist any more.
        revision: as git names it: `HEAD~1`, `main`, `origin/main`, a hash.

    Raises:
        InputError: there is no such revision, or it has no such file.
        ToolMissing: git is not there.
        WorkloadError: what it says there cannot be read.
    """
    folder = file.parent
    asked = ("rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
    commit = _git(folder, *asked).decode().strip()
    if not commit:
        raise InputError(
            f"{revision!r} is neither a file nor a revision that git knows here",
            where=str(folder.resolve()),
            hint="name a revision such as HEAD~1 or main, or another workload file",
        )
    text = _of_commit(folder, commit, file.name)
    if text is None:
        raise InputError(f"{revision} has no such file", where=str(file))
    name = f"{revision}:{file}"
    book = parse_yaml(text.decode(errors="replace"), name)[0].get("price_book")
    beside = _of_commit(folder, commit, book) if isinstance(book, str) else None
    if not isinstance(book, str) or beside is None:
        return parse(text.decode(errors="replace"), source=name)
    with TemporaryDirectory() as directory:
        place = Path(directory) / "workload"
        (place / book).parent.mkdir(parents=True, exist_ok=True)
        (place / book).write_bytes(beside)
        return parse(text.decode(errors="replace"), source=str(place / file.name))


def provisioned(stack: Stack, file: Path) -> Workload:
    """The workload that a stack was provisioned from, by the prices that its file goes by now.

    Raises:
        InputError: nothing of it is provisioned, or by a Groma that kept no workload.
        WorkloadError: what it says is no longer allowed.
    """
    if stack.workload is None:
        kept = "its workload was not kept" if stack.exists else "nothing of it is provisioned"
        raise InputError(
            f"{stack.name} on {stack.target}: {kept}",
            where=str(stack.directory),
            hint="name what to compare with: `groma diff HEAD`, or another workload file",
        )
    return parse(stack.workload.read_text(encoding="utf-8"), source=str(file))


def _of_commit(folder: Path, commit: str, path: str) -> bytes | None:
    """A file as a commit has it, by its path from the folder; None where it has none there."""
    if not path or Path(path).is_absolute():
        return None
    return _git(folder, "show", "--end-of-options", f"{commit}:./{path}") or None


def _git(folder: Path, *arguments: str) -> bytes:
    """What git says; nothing when it refuses."""
    command = ["git", "-C", str(folder), *arguments]
    try:
        done = subprocess.run(command, capture_output=True, timeout=TIMEOUT_S)
    except FileNotFoundError:
        raise ToolMissing("git is not installed", hint="install git, or name a file") from None
    except subprocess.TimeoutExpired:
        raise ToolMissing(f"git has not answered within {TIMEOUT_S:.0f} s", where=str(folder)) from None
    return done.stdout if done.returncode == 0 else b""
