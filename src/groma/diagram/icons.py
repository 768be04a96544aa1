"""Icons of AWS services, from the `diagrams` package (nothing is copied into Groma)."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable
from functools import cache
from importlib.metadata import distribution
from pathlib import Path

from groma.errors import InputError

FALLBACK = "general/general"
"""For a component whose icon is not in the set; the lint names it."""


@cache
def _folder() -> Path:
    return Path(str(distribution("diagrams").locate_file("resources/aws")))


def file_of(icon: str) -> Path:
    """The PNG file of an icon, whether or not there is one."""
    return _folder() / f"{icon}.png"


def known(icon: str) -> str:
    """The icon itself, or the general one when the set does not have it."""
    return icon if exists(icon) else FALLBACK


@cache
def exists(icon: str) -> bool:
    """Whether the icon set has an icon of this name, such as `network/nat-gateway`."""
    return file_of(icon).is_file()


def symbol_id(icon: str) -> str:
    """The id under which an icon is defined once in the drawing."""
    return "icon-" + icon.replace("/", "-")


@cache
def data_uri(icon: str) -> str:
    """The icon as a data URI. Raises InputError when the set has no such icon."""
    if not exists(icon):
        raise InputError(
            f"the diagrams package has no icon {icon!r}",
            hint="take a name such as network/nat-gateway: a folder and a file without .png",
        )
    return "data:image/png;base64," + b64encode(file_of(icon).read_bytes()).decode("ascii")


def definitions(used: Iterable[str]) -> str:
    """SVG symbols for these icons, each once, in a fixed order."""
    return "".join(
        f'<symbol id="{symbol_id(icon)}" viewBox="0 0 64 64">'
        f'<image width="64" height="64" href="{data_uri(icon)}"/></symbol>'
        for icon in sorted(set(used))
    )
