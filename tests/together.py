"""Which files of tests go to one worker: those that share what takes seconds to start or to compile."""

from __future__ import annotations

from xdist.scheduler import LoadFileScheduling

TOGETHER = ("tests/chirp/behaviour/", "tests/chirp/servers/", "tests/chirp/world/", "tests/simulation/")
"""Hosts, databases, and compiled kernels: three workers would start and compile them three times."""


class ByRoom(LoadFileScheduling):
    """A file's tests in one worker, as `--dist loadfile` has them, and all files of some rooms in one."""

    def _split_scope(self, nodeid: str) -> str:
        return next((room for room in TOGETHER if nodeid.startswith(room)), super()._split_scope(nodeid))
