"""Everything that the catalog knows of one thing's price: what `groma prices show` lists."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from groma.catalog.hardware import Engine
from groma.catalog.prices import (
    PURCHASES,
    CacheEngine,
    Price,
    aurora_price,
    ec2_price,
    elasticache_price,
    rds_price,
    spot_advice,
)
from groma.catalog.services import CLOUDFRONT_GEOGRAPHIES, unit_keys, unit_price
from groma.terms import CALCULATOR_HOURS
from groma.words import Table, Words

ENGINES: tuple[Engine, ...] = ("postgres", "mysql")
CACHES: tuple[CacheEngine, ...] = ("valkey", "redis")


@dataclass(frozen=True, slots=True)
class Quote:
    """One price with its source; `usd` is None where the catalog does not know it.

    `from_quantity` and `to_quantity` bound a tier of the month (None: without end). `note` is what else
    there is to say, such as advice on spot, which is no price.
    """

    what: str
    usd: float | None
    unit: str
    source: str
    as_of: str
    from_quantity: float = 0.0
    to_quantity: float | None = None
    note: str = ""

    def cells(self, *, tiered: bool) -> tuple[str, ...]:
        """For people: the price of a unit, and of a month of 730 hours where it is by the hour."""
        advice = self.note and self.usd is None
        begin = [f"{self.from_quantity:,.0f}"] if tiered else []
        what = f"{self.what}, {self.note}" if self.note and not advice else self.what
        if self.usd is None:
            return what, *begin, "" if advice else "unknown", "", self.unit, self.as_of
        month = f"{self.usd * CALCULATOR_HOURS:,.2f}" if "hour" in self.unit else ""
        return what, *begin, f"{self.usd:.10g}", month, self.unit, self.as_of


@dataclass(frozen=True, slots=True)
class Quotes:
    """Every price of one thing in a region, unknown ones as such."""

    name: str
    region: str
    prices: tuple[Quote, ...]

    def words(self) -> Words:
        """A row each, then advice and sources."""
        tiered = any(quote.from_quantity or quote.to_quantity is not None for quote in self.prices)
        numbers = (*(["from"] if tiered else []), "USD", "730 hours")
        table = Table(
            f"{self.name} in {self.region}",
            ("price", *numbers, "unit", "date"),
            tuple(quote.cells(tiered=tiered) for quote in self.prices),
            right=numbers,
        )
        advice = [f"{quote.what}: {quote.note}" for quote in self.prices if quote.note and quote.usd is None]
        sources = dict.fromkeys(quote.source for quote in self.prices if quote.source)
        return Words(tables=(table,), lines=(*advice, *(f"source: {source}" for source in sources)))

    def document(self) -> dict[str, Any]:
        """The same as plain values."""
        return {"name": self.name, "region": self.region, "prices": [asdict(each) for each in self.prices]}


def quotes(name: str, region: str) -> Quotes:
    """All prices of an EC2 type, an RDS class, a cache node or a `service/key` in a region.

    Raises:
        InputError: the catalog has never heard of the name or the region; near ones are named.
    """
    return Quotes(name, region, _prices(name, region))


def _prices(name: str, region: str) -> tuple[Quote, ...]:
    if "/" in name:
        service, _, key = name.partition("/")
        return _unit(service, key, region)
    if name.startswith("db."):
        return _database(name, region)
    if name.startswith("cache."):
        return tuple(
            _hourly(f"{engine} {purchase}", elasticache_price(region, name, engine, purchase))
            for engine in CACHES
            for purchase in PURCHASES
        )
    return (*(_hourly(p, ec2_price(region, name, p)) for p in PURCHASES), *_spot(name, region))


def _hourly(what: str, price: Price | None) -> Quote:
    if price is None:
        return Quote(what, None, "hour", "", "")
    return Quote(what, price.usd, price.unit, price.source, price.as_of)


def _database(name: str, region: str) -> tuple[Quote, ...]:
    instances = [
        _hourly(
            f"{engine} {'multi-az' if multi else 'single-az'} {purchase}",
            rds_price(region, name, engine, multi, purchase),
        )
        for engine in ENGINES
        for multi in (False, True)
        for purchase in PURCHASES
    ]
    aurora = [_hourly(f"aurora {purchase}", aurora_price(region, name, purchase)) for purchase in PURCHASES]
    return (*instances, *aurora)


def _spot(name: str, region: str) -> tuple[Quote, ...]:
    advice = spot_advice(region, name)
    if advice is None:
        return ()
    low, high = advice.interruption_low, advice.interruption_high
    note = f"about {advice.saving:.0%} below on demand, {low:.0%} to {high:.0%} interrupted a month"
    return (Quote("spot (advice)", None, "hour", advice.source, advice.as_of, note=note),)


def _unit(service: str, key: str, region: str) -> tuple[Quote, ...]:
    price = unit_price(service, key, region)
    if price is None:
        unit = next(unit for s, k, unit in unit_keys() if (s, k) == (service, key))
        return (Quote(f"{service} {key}", None, unit, "", ""),)
    place = " (viewers there)" if service == "cloudfront" and region in CLOUDFRONT_GEOGRAPHIES else ""
    return tuple(
        Quote(
            f"{service} {key}{place}",
            tier.usd,
            price.unit,
            price.source,
            price.as_of,
            tier.from_quantity,
            tier.to_quantity,
            "free allowance" if tier.usd == 0 else "",
        )
        for tier in price.tiers
    )
