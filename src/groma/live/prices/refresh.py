"""Read AWS's public price list for one region and put its figures into the user's cache, whole or not at all.

The layout is that of AWS's "price list bulk API" (AWS Billing guide); no credentials are needed.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urljoin

from groma import catalog
from groma.catalog import fresh
from groma.errors import InputError, OutsideError
from groma.live.prices.figures import Machine, Offer
from groma.live.prices.offers import OFFERS
from groma.live.prices.plans import PLANS, Plan, read_plan, region_index, version_url
from groma.live.prices.stream import Found, Interrupted, PriceListError, changed, fetch, read_offer
from groma.words import abridged

T = TypeVar("T")

PRICE_LIST_URL = "https://pricing.us-east-1.amazonaws.com"
INDEX = "/offers/v1.0/aws/index.json"

OnProgress = Callable[[str, int, "int | None"], None]
"""Called with the offer, the bytes of it that have arrived, and those expected (None when unknown)."""


@dataclass(frozen=True)
class Refresh:
    """What a refresh did.

    Attributes:
        as_of: the day of publication, ISO.
        hourly, units: how many prices by the hour and by quantity it found.
        left_out: figures with two different prices or with none, and offers that the region lacks.
    """

    region: str
    path: Path
    as_of: str
    hourly: int
    units: int
    left_out: tuple[str, ...]

    def lines(self) -> tuple[str, ...]:
        """What was found, and what was left out."""
        return (
            f"{self.hourly:,} prices by the hour and {self.units} by quantity for {self.region}, "
            f"published {self.as_of}, in {self.path}",
            *(f"left out: {name}" for name in self.left_out),
        )


def refresh(
    region: str,
    *,
    directory: Path | None = None,
    base_url: str = PRICE_LIST_URL,
    offers: tuple[Offer, ...] = OFFERS,
    plans: tuple[Plan, ...] = PLANS,
    on_progress: OnProgress | None = None,
    attempts: int = 3,
    timeout_s: float = 60.0,
) -> Refresh:
    """Read all offers for a region and replace the region's file of refreshed prices.

    Args:
        region: a region of the catalog.
        directory: where the file goes; the user's cache when left out.
        base_url: the price list's host.
        offers: what is read.
        plans: the savings plans that are read; one that cannot be is left out, and the rest stands.
        on_progress: told how each transfer goes.
        attempts: how often a transfer that breaks off is begun again.
        timeout_s: how long the server may stay silent.

    Raises:
        InputError: there is no such region, or refreshed prices are switched off.
        PriceListError: the list cannot be read or has changed its layout; the old file stays as it is.
    """
    catalog.region(region)
    if not base_url.startswith(("https://", "http://")):
        raise InputError(
            f"{abridged(base_url)} is no address of a host", where="--url", hint=f"such as {PRICE_LIST_URL}"
        )
    folder = directory or fresh.price_directory()
    if folder is None:
        raise InputError(
            "refreshed prices are switched off", where=fresh.VARIABLE, hint=f"unset {fresh.VARIABLE}"
        )
    source = _Source(base_url, timeout_s, attempts, on_progress)
    published, listed = source.index()
    left_out: list[str] = []
    found: dict[Offer, Found] = {}
    for offer in offers:
        url = source.offer_url(listed, offer, region)
        if url is None:
            left_out.append(f"{offer.name}: nothing is sold in {region}")
            continue
        found[offer] = source.read(url, offer, region)
        left_out += sorted(found[offer].ambiguous)
        left_out += [f"{name}: not in the list" for name in offer.reads if name not in found[offer].names()]
    read = [_named(offer.code, figures, offer.everywhere) for offer, figures in found.items()]
    read += source.plans(plans, region, found.values(), left_out)
    bodies = [_document(name, published, read, everywhere) for name, everywhere in _files(region)]
    for body in bodies:
        _write(folder / f"{body['region']}.json", body)
    catalog.forget()
    hourly = sum(len(table) for body in bodies for table in body["hourly"].values())
    units = sum(len(body["units"]) for body in bodies)
    return Refresh(region, folder / f"{region}.json", published, hourly, units, tuple(left_out))


def _files(region: str) -> tuple[tuple[str, bool], ...]:
    """The files that are written, and whether each holds what costs the same everywhere."""
    return ((fresh.EVERYWHERE, True), (region, False))


@dataclass(frozen=True)
class _Source:
    base_url: str
    timeout_s: float
    attempts: int
    on_progress: OnProgress | None

    def index(self) -> tuple[str, Mapping[str, Any]]:
        """The day of publication, and the offers."""
        url = self.base_url + INDEX
        body = self._json(url)
        published, listed = body.get("publicationDate"), body.get("offers")
        if not isinstance(published, str) or len(published) < 10 or not isinstance(listed, dict):
            raise changed(url, "publicationDate and offers", f"the keys {sorted(body)}")
        return published[:10], listed

    def offer_url(self, listed: Mapping[str, Any], offer: Offer, region: str) -> str | None:
        """Where an offer's file for the region lies; None when the region lacks the offer."""
        entry = listed.get(offer.code)
        key = "currentVersionUrl" if offer.everywhere else "currentRegionIndexUrl"
        if not isinstance(entry, dict) or key not in entry:
            raise changed(self.base_url + INDEX, f"{key} of offer {offer.code}", f"{entry}")
        url = self._join(entry[key])
        if offer.everywhere:
            return url
        regions = self._json(url).get("regions")
        if not isinstance(regions, dict):
            raise changed(url, "regions by their codes", type(regions).__name__)
        if region not in regions:
            return None
        version = regions[region]
        if not isinstance(version, dict) or "currentVersionUrl" not in version:
            raise changed(url, f"currentVersionUrl of region {region}", f"{version}")
        return self._join(version["currentVersionUrl"])

    def read(self, url: str, offer: Offer, region: str) -> Found:
        """The figures of an offer file; begun again when the transfer breaks off."""

        def progress(done: int, total: int | None) -> None:
            if self.on_progress:
                self.on_progress(offer.name, done, total)

        return self._again(lambda: read_offer(fetch(url, self.timeout_s, progress), offer, region, url))

    def plans(
        self, plans: Sequence[Plan], region: str, found: Iterable[Found], left_out: list[str]
    ) -> list[_Read]:
        """What the savings plans say of the machines that were found; what they lack goes to `left_out`."""
        machines = {sku: machine for each in found for sku, machine in each.machines.items()}
        read = []
        for plan in plans:
            figures, lacking = self.plan(plan, region, machines)
            read.append(_named(plan.code, figures, False))
            left_out += [lacking] if lacking else sorted(figures.ambiguous)
        return read

    def plan(self, plan: Plan, region: str, machines: Mapping[str, Machine]) -> tuple[Found, str]:
        """The figures of a savings plan, and why there are none."""

        def progress(done: int, total: int | None) -> None:
            if self.on_progress:
                self.on_progress(plan.code, done, total)

        try:
            index = self._join(region_index(plan))
            version = version_url(self._json(index), region, index)
            if version is None:
                return Found(), f"{plan.code}: nothing is sold in {region}"
            url = self._join(version)
            figures = self._again(
                lambda: read_plan(fetch(url, self.timeout_s, progress), plan, machines, url)
            )
        except PriceListError as error:
            return Found(), f"{plan.code}: {error.what}"
        return figures, ""

    def _json(self, url: str) -> dict[str, Any]:
        text = self._again(lambda: b"".join(fetch(url, self.timeout_s)))
        try:
            body = json.loads(text)
        except ValueError as error:
            raise changed(url, "JSON", f"something else ({error})") from error
        if not isinstance(body, dict):
            raise changed(url, "a JSON object", type(body).__name__)
        return body

    def _join(self, path: object) -> str:
        """A URL of the list; it is relative to the host, and nothing else is followed."""
        if not isinstance(path, str) or not path.startswith("/") or path.startswith("//"):
            raise changed(self.base_url, "URLs relative to the host", f"{path}")
        return urljoin(self.base_url, path)

    def _again(self, act: Callable[[], T]) -> T:
        for attempt in range(1, self.attempts + 1):
            try:
                return act()
            except Interrupted:
                if attempt == self.attempts:
                    raise
        raise AssertionError("attempts must be at least 1")


@dataclass(frozen=True)
class _Read:
    """What was read of an offer or a plan, with where it says it comes from."""

    source: str
    figures: Found
    everywhere: bool


def _named(code: str, figures: Found, everywhere: bool) -> _Read:
    return _Read(f"AWS public price list, offer {code}", figures, everywhere)


def _document(region: str, published: str, found: Sequence[_Read], everywhere: bool) -> dict[str, Any]:
    """A file as `groma.catalog.fresh` reads it; figures with two prices are left to the packaged data."""
    hourly: dict[str, dict[str, list[float]]] = {}
    units: dict[str, list[Any]] = {}
    read = [each for each in found if each.everywhere == everywhere]
    for number, figures in enumerate(each.figures for each in read):
        for (table, key), usd in figures.hourly.items():
            if f"{table} {key}" not in figures.ambiguous:
                hourly.setdefault(table, {})[key] = [usd, number]
        for unit, tiers in figures.units.items():
            if unit.name not in figures.ambiguous:
                units[unit.name] = [unit.unit, [list(tier) for tier in tiers], number]
    sources = [{"source": each.source, "as_of": published} for each in read]
    return {"format": fresh.FORMAT, "region": region, "sources": sources, "hourly": hourly, "units": units}


def _write(path: Path, body: Mapping[str, Any]) -> None:
    """Put a file in the place of the old one in one step."""
    new = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        new.write_text(json.dumps(body, indent=1), encoding="utf-8")
        new.replace(path)
    except OSError as error:
        new.unlink(missing_ok=True)
        raise OutsideError(
            f"the prices cannot be stored: {error.strerror or error}",
            where=str(path),
            hint="make room or give write permission there, or point XDG_CACHE_HOME elsewhere",
        ) from error
