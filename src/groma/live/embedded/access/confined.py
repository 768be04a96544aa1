"""Begins a program that sees no file of the person who runs it: `python confined.py SETTINGS PROGRAM …`.

It is run as a script by a plain Python and imports nothing of Groma, so that it begins quickly. SETTINGS is
JSON: `{"read": [path, …], "write": [path, …]}`. Two means of Linux, neither of which needs a right:

- Landlock (5.13) allows the paths that are named, below them everything, and nothing else; from 6.12 on also
  no signal to, and no abstract socket of, a program outside. A program outside cannot be debugged, either.
- seccomp refuses sockets of the local kind, by which a program outside (a session's bus, Docker) would do
  what this one may not, and io_uring, which goes past the filter.

Where the system has no Landlock, the program ends with `NO_MEANS`: who calls asks `means()` before.

https://docs.kernel.org/userspace-api/landlock.html, read 2026-11-29.
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import platform
import stat
import struct
import sys

NO_MEANS = 78
"""The exit code (`EX_CONFIG`) where the system cannot confine a program."""
_CREATE, _ADD, _RESTRICT = 444, 445, 446
_VERSION_FLAG = 1
_NO_NEW_PRIVILEGES, _SECCOMP, _FILTER = 38, 22, 2
_READ = 1 << 0 | 1 << 2 | 1 << 3
"""Execute, read a file, read a folder."""
_OF_FILES = 1 << 0 | 1 << 1 | 1 << 2 | 1 << 14 | 1 << 15
"""What can be allowed of a file: execute, write, read, truncate, ioctl of a device."""
_RIGHTS = {1: 13, 2: 14, 3: 15, 4: 15, 5: 16}
"""By version of Landlock, how many kinds of access to files it knows."""
_SCOPES = 1 << 0 | 1 << 1
"""Abstract sockets and signals, from version 6 on."""
_ARCHITECTURES = {"x86_64": (0xC000003E, 41), "aarch64": (0xC00000B7, 198)}
"""By machine: seccomp's number of it, and the number of the call `socket`."""
_IO_URING, _X32, _LOCAL = 425, 0x40000000, 1
_ALLOW, _REFUSE = 0x7FFF0000, 0x00050000 | 13


def means() -> int:
    """The version of Landlock; 0 where the system has none, or has switched it off."""
    if sys.platform != "linux":
        return 0
    flag = ctypes.c_uint32(_VERSION_FLAG)
    return max(int(_library().syscall(_CREATE, None, ctypes.c_size_t(0), flag)), 0)


def confine(read: list[str], write: list[str]) -> None:
    """From now on this process and all that it begins reach nothing but these paths. Raises OSError."""
    library, version = _library(), means()
    if not version:
        raise OSError(NO_MEANS, "this system has no Landlock")
    handled = (1 << _RIGHTS.get(version, 16)) - 1
    scoped = _SCOPES if version >= 6 else 0
    rules = struct.pack("=QQQ", handled, 0, scoped)[: 8 if version < 4 else 16 if version < 6 else 24]
    ruleset = _checked(library.syscall(_CREATE, rules, ctypes.c_size_t(len(rules)), ctypes.c_uint32(0)))
    for paths, rights in ((read, _READ), (write, handled)):
        for path in paths:
            with contextlib.suppress(FileNotFoundError):
                _allow(library, ruleset, path, rights & handled)
    _checked(library.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0))
    _checked(library.syscall(_RESTRICT, ctypes.c_int(ruleset), ctypes.c_uint32(0)))
    os.close(ruleset)
    _without_local_sockets(library)


def _allow(library: ctypes.CDLL, ruleset: int, path: str, rights: int) -> None:
    descriptor = os.open(path, os.O_PATH | os.O_CLOEXEC)
    try:
        if not stat.S_ISDIR(os.fstat(descriptor).st_mode):
            rights &= _OF_FILES
        rule = struct.pack("=Qi", rights, descriptor)
        _checked(library.syscall(_ADD, ctypes.c_int(ruleset), ctypes.c_int(1), rule, ctypes.c_uint32(0)))
    finally:
        os.close(descriptor)


def _without_local_sockets(library: ctypes.CDLL) -> None:
    """A filter of calls: a foreign architecture, x32, io_uring and `socket(AF_UNIX)` are refused."""
    known = _ARCHITECTURES.get(platform.machine())
    if known is None:
        return
    architecture, socket_call = known
    load, equal, any_bit, answer = 0x20, 0x15, 0x45, 0x06
    steps = (
        (load, 0, 0, 4),  # the architecture
        (equal, 0, 7, architecture),
        (load, 0, 0, 0),  # the number of the call
        (any_bit, 5, 0, _X32),
        (equal, 4, 0, _IO_URING),
        (equal, 0, 2, socket_call),
        (load, 0, 0, 16),  # the first argument
        (equal, 1, 0, _LOCAL),
        (answer, 0, 0, _ALLOW),
        (answer, 0, 0, _REFUSE),
    )
    program = b"".join(struct.pack("=HBBI", *step) for step in steps)
    kept = ctypes.create_string_buffer(program, len(program))
    head = struct.pack("@HP", len(steps), ctypes.addressof(kept))
    _checked(library.prctl(_SECCOMP, _FILTER, head, 0, 0))


def _library() -> ctypes.CDLL:
    library = ctypes.CDLL(None, use_errno=True)
    library.syscall.restype = ctypes.c_long
    return library


def _checked(result: int) -> int:
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
    return result


def main(settings: str, program: list[str]) -> None:
    """Confine this process and become the program."""
    paths = json.loads(settings)
    try:
        confine(paths["read"], paths["write"])
    except OSError as error:
        sys.stderr.write(f"the function cannot be confined: {error}\n")
        sys.exit(NO_MEANS)
    os.execvp(program[0], program)  # noqa: S606 - no shell is the safe way


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
