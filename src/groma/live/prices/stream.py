"""One file of the price list, read as it arrives: what is kept of it never depends on its size.

`products` comes before `terms`, so that one pass is enough: of the products only the SKUs of wanted figures
are kept, and their terms are joined as they come by.
"""

from __future__ import annotations

import http.client
from collections.abc import Callable, Generator, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from groma.errors import OutsideError
from groma.live.prices.figures import Figure, Machine, Offer, Unit, usage_type

OnBytes = Callable[[int, "int | None"], None]
"""Called with the bytes that have arrived and the bytes expected (None when the server does not say)."""

CHUNK_BYTES = 1 << 20
TERM_HOURS = {"1yr": 365 * 24, "3yr": 3 * 365 * 24}
PURCHASES = {"1yr": "reserved-1y", "3yr": "reserved-3y"}
Tiers = tuple[tuple[float, float | None, float], ...]


class PriceListError(OutsideError):
    """AWS's price list could not be reached, or is not laid out as it was when this was written."""


class Interrupted(PriceListError):
    """The transfer broke off; asking again may help."""


@dataclass
class Found:
    """Figures of one offer: hourly prices by (table, key), tiers by unit; and those that are left out.

    Left out, as `ambiguous`, is what has two prices, and what has none for more than some quantity.

    `machines` are the products, by SKU, that a savings plan may be for.
    """

    machines: dict[str, Machine] = field(default_factory=dict)
    hourly: dict[tuple[str, str], float] = field(default_factory=dict)
    units: dict[Unit, Tiers] = field(default_factory=dict)
    ambiguous: set[str] = field(default_factory=set)

    def add_hourly(self, place: tuple[str, str], usd: float) -> None:
        """Keep an hourly price, and remember when there are two different ones."""
        if self.hourly.setdefault(place, usd) != usd:
            self.ambiguous.add(f"{place[0]} {place[1]}")

    def add_unit(self, unit: Unit, tiers: Tiers) -> None:
        """The same for a price by quantity."""
        if self.units.setdefault(unit, tiers) != tiers or tiers[-1][1] is not None:
            self.ambiguous.add(unit.name)

    def names(self) -> set[str]:
        """Tables and units of which there is something, CloudFront's whatever the place."""
        return {table for table, _ in self.hourly} | {f"{u.service}/{u.key}" for u in self.units}


def fetch(url: str, timeout_s: float, on_bytes: OnBytes | None = None) -> Iterator[bytes]:
    """The body of an answer, as it arrives.

    Raises:
        Interrupted: the server cannot be reached, or the transfer breaks off.
        PriceListError: the server refuses.
    """
    done = 0
    try:
        with urlopen(Request(url, headers={"User-Agent": "groma"}), timeout=timeout_s) as answer:  # noqa: S310 - of `refresh`'s host
            length = answer.headers.get("Content-Length")
            total = int(length) if length else None
            while chunk := answer.read(CHUNK_BYTES):
                done += len(chunk)
                if on_bytes:
                    on_bytes(done, total)
                yield chunk
    except HTTPError as error:
        kind = Interrupted if error.code >= 500 else PriceListError
        raise kind(f"the price list answers {error.code} {error.reason}", where=url) from error
    except (OSError, http.client.HTTPException) as error:
        reason = getattr(error, "reason", error)
        raise Interrupted(f"the price list cannot be read: {reason}", where=url) from error
    if total is not None and done < total:
        raise Interrupted(f"the transfer broke off after {done:,} of {total:,} bytes", where=url)


def read_offer(chunks: Iterable[bytes], offer: Offer, region: str, url: str) -> Found:
    """Read an offer file, keeping the figures that the catalog has.

    Raises:
        PriceListError: it is not JSON, or is laid out differently; says what was expected.
    """
    import ijson

    reader = _Reader(offer, region, url)
    passes = [
        ijson.kvitems_coro(sink(reader.product), "products"),
        ijson.kvitems_coro(sink(reader.on_demand), "terms.OnDemand"),
        ijson.kvitems_coro(sink(reader.reserved), "terms.Reserved"),
    ]
    try:
        for chunk in chunks:
            for one in passes:
                one.send(chunk)
        for one in passes:
            one.close()
    except ijson.JSONError as error:
        reason = str(error).strip().splitlines()[0]
        raise PriceListError(f"the price list holds broken JSON: {reason}", where=url) from error
    missing = [name for name in offer.required if name not in reader.found.names()]
    if missing:
        raise changed(url, f"products with prices for {', '.join(missing)}", "none of them")
    return reader.found


def changed(url: str, expected: str, found: str) -> PriceListError:
    """The error for a layout that is not the one known here."""
    return PriceListError(
        f"the price list is not laid out as expected: expected {expected}, found {found}",
        where=url,
        hint="the prices that came with Groma, or were refreshed before, stay in use; a newer Groma may help",
    )


def sink(take: Callable[..., None]) -> Generator[None, Any, None]:
    """A coroutine that hands what comes to a function: a tuple as its arguments, all else as its one."""

    def run() -> Generator[None, Any, None]:
        while True:
            come = yield
            take(*come) if isinstance(come, tuple) else take(come)

    waiting = run()
    next(waiting)
    return waiting


class _Reader:
    """Joins products and terms of one offer as they come by."""

    def __init__(self, offer: Offer, region: str, url: str) -> None:
        self.offer, self.region, self.url = offer, region, url
        self.wanted: dict[str, Figure] = {}
        self.found = Found()

    def product(self, sku: str, product: Any) -> None:
        attributes = product.get("attributes") if isinstance(product, dict) else None
        if not isinstance(attributes, dict):
            raise changed(self.url, f"attributes of product {sku}", type(product).__name__)
        if not self._is_here(attributes):
            return
        usage = attributes.get("usagetype", "") if self.offer.everywhere else usage_type(attributes)
        figure = self.offer.select(product.get("productFamily", ""), usage, attributes)
        if figure is not None:
            self.wanted[sku] = figure
            if isinstance(figure, Machine):
                self.found.machines[sku] = figure

    def _is_here(self, attributes: dict[str, str]) -> bool:
        """Whether it is sold in the region itself, not in a local zone, on an outpost or elsewhere."""
        kind = attributes.get("locationType") or attributes.get("fromLocationType") or "AWS Region"
        region = attributes.get("regionCode") or attributes.get("fromRegionCode") or self.region
        return self.offer.everywhere or (kind == "AWS Region" and region == self.region)

    def on_demand(self, sku: str, terms: Any) -> None:
        figure = self.wanted.get(sku)
        for term in self._terms(sku, terms) if figure else ():
            tiers = self._tiers(sku, term)
            if isinstance(figure, Unit):
                self.found.add_unit(figure, tiers)
            elif isinstance(figure, Machine):
                self.found.add_hourly(figure.places["on-demand"], tiers[0][2])

    def reserved(self, sku: str, terms: Any) -> None:
        figure = self.wanted.get(sku)
        if not isinstance(figure, Machine):
            return
        for term in self._terms(sku, terms):
            attributes = term.get("termAttributes", {})
            length, option = attributes.get("LeaseContractLength"), attributes.get("PurchaseOption")
            standard = attributes.get("OfferingClass", "standard") == "standard"
            upfront = "Partial Upfront" if figure.upfront_3y and length == "3yr" else "No Upfront"
            if standard and length in PURCHASES and option == upfront:
                self.found.add_hourly(figure.places[PURCHASES[length]], self._per_hour(sku, term, length))

    def _terms(self, sku: str, terms: Any) -> list[dict[str, Any]]:
        if not isinstance(terms, dict) or not all(isinstance(term, dict) for term in terms.values()):
            raise changed(self.url, f"terms of product {sku} by their codes", type(terms).__name__)
        return list(terms.values())

    def _dimensions(self, sku: str, term: dict[str, Any]) -> list[tuple[str, dict[str, Any], float]]:
        """(unit, price dimension, USD) of a term."""
        dimensions = term.get("priceDimensions")
        if not isinstance(dimensions, dict) or not dimensions:
            raise changed(self.url, f"priceDimensions of product {sku}", f"the keys {sorted(term)}")
        found = []
        for dimension in dimensions.values():
            try:
                usd = float(dimension["pricePerUnit"]["USD"])
                found.append((str(dimension["unit"]), dimension, usd))
            except (KeyError, TypeError, ValueError) as error:
                known = sorted(dimension) if isinstance(dimension, dict) else dimension
                raise changed(
                    self.url, f"unit and pricePerUnit.USD in a price of product {sku}", f"{known}"
                ) from error
        return found

    def _tiers(self, sku: str, term: dict[str, Any]) -> Tiers:
        """The tiers of a term, lowest first."""
        tiers = []
        for unit, dimension, usd in self._dimensions(sku, term):
            begin, end = str(dimension.get("beginRange", "0")), str(dimension.get("endRange", "Inf"))
            per = 1024 if unit.lower().startswith("gibps") else 1  # the catalog counts MiB/s
            try:
                tiers.append((float(begin), None if end == "Inf" else float(end), usd / per))
            except ValueError as error:
                raise changed(self.url, f"numbers as range of product {sku}", f"{begin} to {end}") from error
        return tuple(sorted(tiers, key=lambda tier: tier[0]))

    def _per_hour(self, sku: str, term: dict[str, Any], length: str) -> float:
        """The price of an hour of a reservation, with what is paid in advance spread over its term."""
        usd = 0.0
        for unit, _, price in self._dimensions(sku, term):
            usd += price / TERM_HOURS[length] if unit.lower() == "quantity" else price
        return round(usd, 6)
