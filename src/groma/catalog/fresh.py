"""Prices that the user refreshed from AWS's price list, laid over the packaged ones figure by figure.

`groma prices refresh` writes one file per region and one for all; here they are only read. A file holds

    {"format": 1, "region": "us-east-1",
     "sources": [{"source": "…", "as_of": "2026-11-20"}],
     "hourly": {"ec2_on_demand": {"m7g.large": [0.0816, 0]}, "rds": {…}},
     "units": {"natgateway/hour": ["hour", [[0, null, 0.045]], 0]}}

with the tables and keys of the packaged data; the number behind each figure is that of its source. What
costs the same in every region lies in `global.json`; CloudFront's units there name a place:
`cloudfront/internet_out@eu`.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, TypeVar

from groma.catalog._store import memo
from groma.errors import InputError
from groma.files import read_text
from groma.installation import cache_directory
from groma.words import abridged

FORMAT = 1
EVERYWHERE = "global"
"""The name of the file, and of its region, for what costs the same everywhere."""
MOST_BYTES = 50_000_000
"""A hundred times what a refresh of one region writes."""
MOST_USD = 1e18
"""Ends of tiers are bytes or requests, and never more."""
VARIABLE = "GROMA_PRICES"
"""Environment variable that names another directory of refreshed prices; empty: use none."""


class _Dated(Protocol):
    @property
    def as_of(self) -> str: ...


Dated = TypeVar("Dated", bound=_Dated)


@dataclass(frozen=True)
class Refreshed:
    """What a file of refreshed prices holds; see above."""

    sources: tuple[Mapping[str, str], ...]
    hourly: Mapping[str, Mapping[str, tuple[float, int]]]
    units: Mapping[str, tuple[str, list[list[Any]], int]]


def price_directory(environment: Mapping[str, str] | None = None) -> Path | None:
    """Where refreshed prices lie; None when the environment says to use none."""
    variables = os.environ if environment is None else environment
    stated = variables.get(VARIABLE)
    if stated is None:
        return cache_directory(variables) / "prices"
    return Path(stated) if stated else None


@memo
def refreshed(region: str) -> Refreshed | None:
    """The refreshed prices of a region, or of EVERYWHERE, or None.

    Raises:
        InputError: the file is there but is not what a refresh writes.
    """
    folder = price_directory()
    if folder is None:
        return None
    path = folder / f"{region}.json"
    try:
        if not path.exists():
            return None
        return _sound(json.loads(read_text(path, MOST_BYTES)), region)
    except (InputError, OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        raise InputError(
            f"the refreshed prices cannot be used: {abridged(str(error), 200, quoted=False)}",
            where=str(path),
            hint=f"write them again with: groma prices refresh --region {region}; or remove the file",
        ) from error


def _sound(body: Any, region: str) -> Refreshed:
    """What a file holds, if all of it is what a refresh writes. Raises ValueError, LookupError, TypeError."""
    if body["format"] != FORMAT or body["region"] != region:
        raise ValueError(f"format {body['format']} of {body['region']}, not format {FORMAT} of {region}")
    sources = tuple({"source": str(each["source"]), "as_of": str(each["as_of"])} for each in body["sources"])
    for place, (usd, source) in ((p, e) for table in body["hourly"].values() for p, e in table.items()):
        _check(place, sources, source, usd)
    for place, (unit, tiers, source) in body["units"].items():
        if not isinstance(unit, str) or tiers[-1][1] is not None:
            raise ValueError(f"{place} has no unit, or no price for more")
        for first, last, usd in tiers:
            _check(place, sources, source, first, usd, *([] if last is None else [last]))
    return Refreshed(sources, body["hourly"], body["units"])


def _check(place: str, sources: Sequence[object], source: object, *numbers: object) -> None:
    """Refuse a figure without a source, and one that is no amount. Raises ValueError."""
    if type(source) is not int or not 0 <= source < len(sources):
        raise ValueError(f"{place} has the source {source!r}, and there are {len(sources)}")
    for number in numbers:
        if isinstance(number, bool) or not isinstance(number, int | float) or not 0 <= number < MOST_USD:
            raise ValueError(f"{place} has {number!r} for a number")


def fresher(packaged: Dated | None, update: Dated | None) -> Dated | None:
    """The later of two figures; a refreshed one goes before a packaged one of the same or of no day."""
    if packaged is None or update is None:
        return packaged or update
    return update if update.as_of >= day(packaged.as_of) else packaged


def day(as_of: str) -> str:
    """The ISO date that a text begins with, as far as it goes; empty for an undated figure."""
    found = re.match(r"\d{4}(-\d\d){0,2}", as_of)
    return found.group() if found else ""
