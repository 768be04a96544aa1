"""Unit prices of services, with their tiers and free allowances."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from groma.catalog._store import memo, table, unknown
from groma.catalog.fresh import EVERYWHERE, fresher, refreshed
from groma.catalog.own import memo_of_prices, own, said
from groma.catalog.places import region as known_region
from groma.errors import GromaError

CLOUDFRONT_GEOGRAPHIES = ("us", "eu", "za-me", "sa", "jp", "au", "apac", "in")


class UnknownPrice(GromaError):
    """The quantity reaches beyond the tiers whose price the catalog knows."""


@dataclass(frozen=True, slots=True)
class Tier:
    """USD per unit from ``from_quantity`` up to ``to_quantity`` (None: without end)."""

    from_quantity: float
    to_quantity: float | None
    usd: float


@dataclass(frozen=True, slots=True)
class TieredPrice:
    """The price of a service's unit over the quantity of one month.

    Tiers rise without overlap; a first tier of 0 USD is a published free allowance of the account. A gap
    between tiers, or an end to the last, is a price that the catalog does not know.
    """

    service: str
    key: str
    unit: str
    tiers: tuple[Tier, ...]
    source: str
    as_of: str

    @property
    def free_quantity(self) -> float:
        """Units per month and account that cost nothing."""
        first = self.tiers[0]
        return first.to_quantity or 0.0 if first.usd == 0 else 0.0

    def covers(self, quantity: float) -> bool:
        """Whether the price of every unit up to ``quantity`` is known."""
        reached = 0.0
        for tier in self.tiers:
            if tier.from_quantity > reached or reached >= quantity:
                break
            reached = float("inf") if tier.to_quantity is None else tier.to_quantity
        return quantity <= reached

    def cost(self, quantity: float, *, free: bool = True) -> float:
        """USD for ``quantity`` units in a month; UnknownPrice when a part of it has no known price.

        ``free=False`` withholds the free allowance and asks the first paid tier's price for it: the
        allowance is the account's, so of several regions only the first to use it has it.
        """
        if quantity < 0:
            raise ValueError(f"quantity must not be negative: {quantity}")
        if not self.covers(quantity):
            raise self._beyond(quantity)
        usd = sum(
            (min(quantity, _end(tier)) - tier.from_quantity) * tier.usd
            for tier in self.tiers
            if quantity > tier.from_quantity
        )
        if not free and self.free_quantity and quantity > 0:
            usd += min(quantity, self.free_quantity) * self._first_paid_usd(quantity)
        return usd

    def marginal(self, quantity: float) -> float:
        """USD that one more unit costs after ``quantity`` units; UnknownPrice where that is not known."""
        for tier in self.tiers:
            if tier.from_quantity <= quantity < _end(tier):
                return tier.usd
        raise self._beyond(quantity)

    def _first_paid_usd(self, quantity: float) -> float:
        if len(self.tiers) < 2:
            raise self._beyond(quantity)
        return self.tiers[1].usd

    def _beyond(self, quantity: float) -> UnknownPrice:
        return UnknownPrice(
            f"the price of {self.service} {self.key} is not known up to {quantity:,.0f} {self.unit}",
            where=f"catalog, {self.source} ({self.as_of})",
            hint="lower the quantity, or show this line as unknown and the total as 'at least'",
        )


def _end(tier: Tier) -> float:
    return float("inf") if tier.to_quantity is None else tier.to_quantity


@memo
def _records() -> dict[tuple[str, str], dict[str, tuple[dict[str, Any], dict[str, str]]]]:
    """(service, key) → region → (record, its source)."""
    data = table("services")
    found: dict[tuple[str, str], dict[str, tuple[dict[str, Any], dict[str, str]]]] = {}
    for record in data["records"]:
        by_region = found.setdefault((record["service"], record["key"]), {})
        for name in record["regions"]:
            by_region[name] = (record, data["sources"][record["source"]])
    return found


@memo
def _units() -> dict[tuple[str, str], str]:
    """(service, key) → its unit: of what is known in some region, and of what is only asked for."""
    known = {name: str(next(iter(by_region.values()))[0]["unit"]) for name, by_region in _records().items()}
    return known | {(service, key): unit for service, key, unit in table("services")["unpriced"]}


def unit_keys() -> tuple[tuple[str, str, str], ...]:
    """Every (service, key, unit) that ``unit_price`` may be asked for, also those known in no region."""
    return tuple((service, key, unit) for (service, key), unit in _units().items())


def unit_of(service: str, key: str) -> str | None:
    """The unit of what ``unit_price`` may be asked for; None for what it has never heard of."""
    return _units().get((service, key))


@memo
def cloudfront_place(region: str) -> str:
    """The geography whose edge locations serve the viewers around a region: one of CLOUDFRONT_GEOGRAPHIES."""
    for name, (record, _) in _records()["cloudfront", "internet_out"].items():
        if name == region:
            return next(str(each) for each in record["regions"] if each in CLOUDFRONT_GEOGRAPHIES)
    raise unknown("place of CloudFront", region, CLOUDFRONT_GEOGRAPHIES)


@memo_of_prices
def unit_price(service: str, key: str, region: str) -> TieredPrice | None:
    """The tiered price of a service's unit in a region, or None where the catalog does not know it.

    A price that AWS sets for all regions is found under any. CloudFront's depend on where the viewers
    are: ``region`` may be one of CLOUDFRONT_GEOGRAPHIES; an AWS region stands for the viewers around it.
    InputError for a service, key or region that the catalog has never heard of.
    """
    by_region = _records().get((service, key), {})
    if (service, key) not in _units():
        raise unknown("unit price", f"{service} {key}", (f"{s} {k}" for s, k in _units()))
    if not (service == "cloudfront" and region in CLOUDFRONT_GEOGRAPHIES):
        known_region(region)
    entry = by_region.get(region) or by_region.get("global")
    packaged = None
    if entry is not None:
        record, source = entry
        tiers = tuple(Tier(*tier) for tier in record["tiers"])
        packaged = TieredPrice(service, key, record["unit"], tiers, **source)
    return _own(fresher(packaged, _refreshed(service, key, region)), service, key, region)


def _own(price: TieredPrice | None, service: str, key: str, region: str) -> TieredPrice | None:
    """The price that the price book in use makes of the catalog's; allowances stay as they are."""
    row = own(service, key, region)
    if row is None:
        return price
    if row.usd is not None:
        tiers = _with_allowance([[0, None, row.usd]], _free_quantity(service, key, region))
        return TieredPrice(service, key, _units()[service, key], tiers, said(row, ""), row.as_of)
    if price is None or row.discount is None:
        return None
    tiers = tuple(replace(tier, usd=tier.usd * (1 - row.discount)) for tier in price.tiers)
    return replace(price, tiers=tiers, source=said(row, price.source))


def _refreshed(service: str, key: str, region: str) -> TieredPrice | None:
    """The price from the user's refreshed prices, below it the free allowance of the packaged one.

    AWS's price list has some allowances and lacks others: where its first tier is free, that one holds. What
    costs the same everywhere, and CloudFront by its places, lies in a file of its own.
    """
    name = f"{service}/{key}"
    everywhere = f"{name}@{cloudfront_place(region)}" if service == "cloudfront" else name
    here = refreshed(region) if region not in CLOUDFRONT_GEOGRAPHIES else None
    for prices, wanted in ((here, name), (refreshed(EVERYWHERE), everywhere)):
        entry = prices.units.get(wanted) if prices else None
        if prices is not None and entry is not None:
            unit, rows, source = entry
            tiers = _with_allowance(rows, _free_quantity(service, key, region))
            return TieredPrice(service, key, unit, tiers, **prices.sources[source])
    return None


def _with_allowance(rows: list[list[Any]], free: float) -> tuple[Tier, ...]:
    """The tiers of the price list, above an allowance that they do not have themselves."""
    tiers = tuple(Tier(*row) for row in rows)
    if not free or tiers[0].usd == 0:
        return tiers
    paid = (replace(tier, from_quantity=max(tier.from_quantity, free)) for tier in tiers if _end(tier) > free)
    return (Tier(0, free, 0), *paid)


def _free_quantity(service: str, key: str, region: str) -> float:
    """The packaged free allowance, of this region or of any other: it is the account's."""
    by_region = _records().get((service, key), {})
    entry = by_region.get(region) or by_region.get("global") or next(iter(by_region.values()), None)
    if entry is None:
        return 0.0
    first = entry[0]["tiers"][0]
    return float(first[1] or 0) if first[2] == 0 else 0.0
