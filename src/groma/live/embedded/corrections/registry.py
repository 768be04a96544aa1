"""The list of corrections, and the decorator that puts a function on it."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass

Install = Callable[[], None]


@dataclass(frozen=True)
class Correction:
    """One fault of an emulator and its cure.

    Attributes:
        name: `<file>.<function>`.
        upstream: what the emulator does wrong.
        effect: what is right with the correction.
        seen_in: the version of the emulator in which the fault was last seen.
        install: makes the correction in this process.
    """

    name: str
    upstream: str
    effect: str
    seen_in: str
    install: Install


_registered: dict[str, Correction] = {}


def described(install: Install, seen_in: str) -> Correction:
    """The correction that a function makes, whose docstring says `Upstream: …` and then `Effect: …`."""
    name = f"{install.__module__.rpartition('.')[2]}.{install.__name__}"
    upstream, effect = (" ".join(part.split()) for part in (inspect.getdoc(install) or "").split("\n\n"))
    return Correction(
        name, upstream.removeprefix("Upstream: "), effect.removeprefix("Effect: "), seen_in, install
    )


def correction(seen_in: str) -> Callable[[Install], Install]:
    """Register the decorated function, see `described`."""

    def register(install: Install) -> Install:
        made = described(install, seen_in)
        _registered[made.name] = made
        return install

    return register


def registered() -> tuple[Correction, ...]:
    """What has been registered so far."""
    return tuple(_registered.values())
