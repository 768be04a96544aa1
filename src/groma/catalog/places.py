"""AWS regions and their availability zones."""

from __future__ import annotations

from dataclasses import dataclass

from groma.catalog._store import memo, table, unknown


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
    """The region of that name; InputError, naming near matches, when the catalog does not have it."""
    found = _regions().get(name)
    if found is None:
        raise unknown("region", name, _regions())
    return found
