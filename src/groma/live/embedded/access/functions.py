"""How functions are begun: with an environment and a place of their own, and without the user's files."""

from __future__ import annotations

import functools
import json
import os
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from groma.live.embedded.access import confined

READ_BY_ALL = (
    "/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/nix/store",
    "/etc/alternatives", "/etc/ca-certificates", "/etc/crypto-policies", "/etc/gai.conf", "/etc/group",
    "/etc/host.conf", "/etc/hosts", "/etc/ld.so.cache", "/etc/ld.so.conf", "/etc/ld.so.conf.d",
    "/etc/localtime", "/etc/mime.types", "/etc/nsswitch.conf", "/etc/passwd", "/etc/pki",
    "/etc/protocols", "/etc/resolv.conf", "/etc/services", "/etc/ssl", "/etc/timezone",
    "/dev/random", "/dev/urandom", "/dev/zero",
    "/proc/cpuinfo", "/proc/meminfo", "/proc/self", "/proc/sys", "/sys/devices/system/cpu",
)  # fmt: skip
"""What the system has for everybody."""
WRITTEN_BY_ALL = ("/dev/null",)
_KEPT = ("PATH", "LANG", "LANGUAGE", "LD_LIBRARY_PATH", "TZ")
"""What a function has of the server's own environment: how programs, and words and hours, are found."""


def environment(given: Mapping[str, str], server: Mapping[str, str], place: Path) -> dict[str, str]:
    """A function's environment: what it was given, and nothing that it would merely inherit.

    Args:
        given: what an emulator would begin it with: the server's own, and over it the function's.
        server: the server's own.
        place: the function's folder, which is its home.
    """
    kept = {
        name: value
        for name, value in given.items()
        if server.get(name) != value or name in _KEPT or name.startswith("LC_")
    }
    return {**kept, "HOME": str(place), "TMPDIR": str(place)}


@functools.cache
def readable() -> tuple[str, ...]:
    """What every function may read: the system's programs, and Python with its packages, as in Lambda."""
    paths = {*map(Path, (sys.prefix, sys.base_prefix, sys.exec_prefix, sys.base_exec_prefix))}
    paths |= {Path(sysconfig.get_path(kind)) for kind in ("stdlib", "platstdlib", "purelib", "platlib")}
    boto3 = find_spec("boto3")
    paths |= {Path(boto3.origin).parents[1]} if boto3 and boto3.origin else set()
    paths |= {Path(sys.executable), Path(sys.executable).resolve()}
    return (*READ_BY_ALL, *sorted(map(str, paths)))


def command(program: Sequence[str], place: Path) -> list[str]:
    """How a program is begun so that it sees its place and the system alone; as it is, without the means."""
    if not confined.means():
        return list(program)
    settings = {"read": (*readable(), *_of_program(program[0])), "write": (*WRITTEN_BY_ALL, str(place))}
    return [sys.executable, "-I", "-S", confined.__file__, json.dumps(settings), *program]


def _of_program(name: str) -> tuple[str, ...]:
    """The program itself, wherever its user has installed it, and the libraries beside it."""
    found = shutil.which(name)
    if found is None:
        return ()
    file = Path(found).resolve()
    return found, str(file), str(file.parents[1] / "lib")


def told() -> str:
    """What functions can reach on this machine, in one line."""
    if confined.means():
        return "functions in the embedded cloud run without your files (Landlock)"
    return "functions in the embedded cloud can read and write your files: this system has no Landlock"


def beginning() -> SimpleNamespace:
    """What takes the place of `subprocess` in the modules that begin functions: the same, but for its place.

    A function's working directory holds its code, and lies in the folder that was made for it.
    """

    def placed(options: Mapping[str, Any]) -> tuple[dict[str, Any], Path]:
        folder = Path(options["cwd"]).resolve()
        place = folder.parent if folder.name == "code" else folder
        own = environment(options.get("env") or os.environ, os.environ, place)
        return {**options, "env": own}, place

    def popen(program: Sequence[str], **options: Any) -> subprocess.Popen[Any]:
        options, place = placed(options)
        return subprocess.Popen(command(program, place), **options)

    def run(program: Sequence[str], **options: Any) -> subprocess.CompletedProcess[Any]:
        options, place = placed(options)
        return subprocess.run(command(program, place), **options)

    usual = {name: value for name, value in vars(subprocess).items() if not name.startswith("__")}
    return SimpleNamespace(**{**usual, "Popen": popen, "run": run})
