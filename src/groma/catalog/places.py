"""AWS regions and their availability zones."""

from __future__ import annotations

from dataclasses import dataclass

from groma.catalog._store import memo, table, unknown
from groma.errors import InputError


@dataclass(frozen=True, slots=True)
class Region:
    """An AWS region: ``zones`` are full names ("us-east-1a"); a real account sees its own subset."""

    name: str
    label: str
    zones: tuple[str, ...]
    source: str
    as_of: str


@memo
def _regions() -> dict[str, Region]:
    data = table("regions")
    source = data["sources"][0]
    return {
        name: Region(name, label, tuple(name + letter for letter in letters), **source)
        for name, (label, letters) in data["rows"].items()
    }


def regions() -> tuple[Region, ...]:
    """Every region that the catalog has prices for, us-east-1 first."""
    return tuple(_regions().values())


def region(name: str) -> Region:
    """The region of that name.

    Raises:
        InputError: there is none, or it exists and the catalog has no prices for it; the hint names those
            that it has.
    """
    found = _regions().get(name)
    if found is not None:
        return found
    if name in table("regions")["without_prices"]:
        known = ", ".join(_regions())
        raise InputError(
            f"AWS has the region {name}, but the catalog has no prices for it", hint=f"choose one of: {known}"
        )
    raise unknown("region", name, _regions())
