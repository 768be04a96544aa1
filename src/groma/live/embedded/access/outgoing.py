"""The server calls nobody but the cloud itself, whatever its emulator is asked to call.

A topic may have a subscription over HTTP, an authorizer an issuer of somebody else, a distribution an origin
anywhere: an emulator would call them as the person who runs it, from behind that person's firewall. So each
connection of the process is looked at before it is made (an audit hook, which cannot be taken away).
Programs that it starts, such as functions, are not looked at.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Collection
from typing import Any

from groma.live.embedded.processes import LOOPBACK

_CONNECTING = frozenset({"socket.connect", "socket.sendto", "socket.sendmsg"})
_NAMING = frozenset({"socket.getaddrinfo", "socket.gethostbyname"})
_HERE = frozenset({LOOPBACK, "localhost"})

Ports = Callable[[], Collection[int]]
"""Gives the ports of the cloud's servers as they are now."""


class OutgoingError(ConnectionRefusedError):
    """Somebody else was to be called."""


def stay_inside(ports: Ports) -> None:
    """From now on this process connects to nobody but the cloud's servers, and asks for no other name."""

    def looked_at(event: str, arguments: tuple[Any, ...]) -> None:
        if event in _CONNECTING:
            refuse_foreign(arguments[1], ports)
        elif event in _NAMING and _text(arguments[0]) not in _HERE:
            raise OutgoingError(f"the embedded cloud looks for no other name: {_text(arguments[0])}")

    sys.addaudithook(looked_at)


def refuse_foreign(address: object, ports: Ports) -> None:
    """Raise OutgoingError where an address is none of the cloud's servers."""
    is_own = (
        isinstance(address, tuple)
        and len(address) >= 2
        and _text(address[0]) in _HERE
        and address[1] in ports()
    )
    if not is_own:
        raise OutgoingError(f"the embedded cloud calls nobody but itself: {address!r}")


def _text(host: object) -> str:
    return host.decode("latin-1") if isinstance(host, bytes) else str(host)
