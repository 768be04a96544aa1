"""The keys of the cloud whose server this process is, for what an emulator itself gives out or checks."""

from __future__ import annotations

from groma.live.embedded.access.credentials import Credentials

_kept: list[Credentials] = []


def keep_own(credentials: Credentials) -> None:
    """Note, once, whose server this process is."""
    _kept[:] = [credentials]


def own() -> Credentials:
    """The keys of this process's cloud; LookupError in a process that is no server."""
    return _kept[0]
