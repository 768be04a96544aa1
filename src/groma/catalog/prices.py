"""Prices of machines by the hour: EC2, RDS, Aurora, ElastiCache; spot as an advisory range."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from groma.catalog._store import memo, table, unknown
from groma.catalog.fresh import fresher, refreshed
from groma.catalog.hardware import Engine, cache_node, database_class, instance_type
from groma.catalog.own import memo_of_prices, own, said
from groma.catalog.places import region as known_region

Purchase = Literal["on-demand", "reserved-1y", "reserved-3y", "savings-plan-1y"]
"""`savings-plan-1y`, no upfront: of EC2 a Compute Savings Plan, of databases and Valkey a Database one. AWS
sells the latter for classes of generation 7 and later; what it does not sell has no price."""
CacheEngine = Literal["redis", "valkey"]
PURCHASES: tuple[Purchase, ...] = ("on-demand", "reserved-1y", "reserved-3y", "savings-plan-1y")


@dataclass(frozen=True, slots=True)
class Price:
    """USD for one ``unit`` ("hour"), with where and when it was read."""

    usd: float
    unit: str
    source: str
    as_of: str


@dataclass(frozen=True, slots=True)
class SpotAdvice:
    """Advice, not a price: the saving over on demand and the monthly interruption band, as fractions."""

    saving: float
    interruption_low: float
    interruption_high: float
    source: str
    as_of: str


def _look_up(name: str, key: str, region: str) -> Price | None:
    """The fresher of the packaged and the refreshed figure; None where neither has one."""
    known_region(region)
    return fresher(_packaged(name, key, region), _refreshed(name, key, region))


def _packaged(name: str, key: str, region: str) -> Price | None:
    """The figure of a row and region of a table; None where the table has none."""
    data = table(name)
    row = data["rows"].get(key)
    if row is None or region not in data["regions"]:
        return None
    column = data["regions"].index(region)
    profile, usd = row[0], row[1][column]
    if usd is None:
        return None
    return Price(usd=usd, unit=data["unit"], **data["sources"][data["provenance"][profile][column]])


def _refreshed(name: str, key: str, region: str) -> Price | None:
    """The same from the user's refreshed prices."""
    prices = refreshed(region)
    entry = prices.hourly.get(name, {}).get(key) if prices else None
    if prices is None or entry is None:
        return None
    usd, source = entry
    return Price(usd, "hour", **prices.sources[source])


def _own(price: Price | None, service: str, key: str, region: str, purchase: Purchase) -> Price | None:
    """The price that the price book in use makes of the catalog's; the catalog's where the book has none."""
    row = own(service, key, region, purchase)
    if row is None:
        return price
    if row.usd is not None:
        return Price(row.usd, "hour", said(row, ""), row.as_of)
    if price is None or row.discount is None:
        return None
    return Price(price.usd * (1 - row.discount), price.unit, said(row, price.source), price.as_of)


def _check_purchase(purchase: str) -> None:
    if purchase not in PURCHASES:
        raise unknown("way to purchase", purchase, PURCHASES)


@memo_of_prices
def ec2_price(region: str, name: str, purchase: Purchase = "on-demand") -> Price | None:
    """One hour of an EC2 instance, Linux, shared tenancy; reserved: standard, no upfront.

    None where AWS does not sell it or the catalog does not know; InputError for an unknown name.
    """
    _check_purchase(purchase)
    instance_type(name)
    on_demand = purchase == "on-demand"
    key = ("ec2_on_demand", name) if on_demand else ("ec2_reserved", f"{purchase}/{name}")
    return _own(_look_up(*key, region), "ec2", name, region, purchase)


@memo_of_prices
def rds_price(
    region: str,
    name: str,
    engine: Engine = "postgres",
    multi_az: bool = False,
    purchase: Purchase = "on-demand",
) -> Price | None:
    """One hour of an RDS instance; with ``multi_az`` that hour holds the standby too.

    reserved-1y is no upfront. reserved-3y is partial upfront, spread over the term, since AWS sells no
    3-year no-upfront reservation for RDS. None where the price is unknown; InputError for unknown names.
    """
    _check_purchase(purchase)
    if engine not in ("postgres", "mysql"):
        raise unknown("database engine", engine, ("postgres", "mysql"))
    database_class(name)
    deployment = "multi-az" if multi_az else "single-az"
    price = _look_up("rds", f"{engine}/{deployment}/{purchase}/{name}", region)
    return _own(price, "rds", f"{name}/multi-az" if multi_az else name, region, purchase)


@memo_of_prices
def aurora_price(region: str, name: str, purchase: Purchase = "on-demand") -> Price | None:
    """One hour of an Aurora instance, Standard storage; packaged for us-east-1, on demand, alone."""
    _check_purchase(purchase)
    database_class(name)
    return _own(_look_up("aurora", f"{purchase}/{name}", region), "aurora", name, region, purchase)


@memo_of_prices
def elasticache_price(
    region: str, name: str, engine: CacheEngine = "valkey", purchase: Purchase = "on-demand"
) -> Price | None:
    """One hour of an ElastiCache node; reserved: no upfront. None where the price is unknown."""
    _check_purchase(purchase)
    if engine not in ("redis", "valkey"):
        raise unknown("cache engine", engine, ("redis", "valkey"))
    cache_node(name)
    price = _look_up("elasticache", f"{engine}/{purchase}/{name}", region)
    return _own(price, "elasticache", name, region, purchase)


@memo
def spot_advice(region: str, name: str) -> SpotAdvice | None:
    """AWS's spot advice for a type in a region; None where the advisor says nothing."""
    known_region(region)
    instance_type(name)
    data = table("spot")
    row = data["rows"].get(name)
    entry = row[data["regions"].index(region)] if row else None
    if entry is None:
        return None
    saving_percent, band = entry
    low, high = (int(percent) / 100 for percent in data["bands_percent"][band].split("-"))
    return SpotAdvice(saving_percent / 100, low, high, **data["sources"][0])
