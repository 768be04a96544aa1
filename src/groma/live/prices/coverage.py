"""What the prices in use cover: by region and service the oldest and newest figure, and what is unknown.

Counted is what bills ask for: the machines of the catalog in every way to buy them, and the units of meters.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from functools import partial
from typing import Any

from groma import catalog
from groma.catalog.fresh import day
from groma.catalog.prices import PURCHASES
from groma.live.prices.offers import OFFERS, UNREAD
from groma.words import Table, Words

MACHINES = {"ec2": "EC2", "rds": "RDS", "aurora": "Aurora", "elasticache": "cache"}
"""Services of machines by the hour, and their heads."""
UNDATED = "undated"
Dated = catalog.Price | catalog.TieredPrice
Ask = Callable[[], Dated | None]


@dataclass(frozen=True, slots=True)
class Covered:
    """A service in a region: how many figures are known of those that may be asked for, and what is not.

    `oldest` and `newest` are ISO dates as far as they are known, `undated`, or empty where nothing is known.
    `unknown` names units; of machines it names whole ways to buy them: `reserved-1y`.
    """

    service: str
    known: int
    wanted: int
    oldest: str
    newest: str
    unknown: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Coverage:
    """Region → service → what is known of it."""

    regions: dict[str, dict[str, Covered]]

    def words(self) -> Words:
        """One region in full; of several, the oldest figures and where something is unknown."""
        if len(self.regions) == 1:
            return Words(tables=(self._of_region(*next(iter(self.regions.items()))),))
        return Words(
            tables=(self._by_region(), self._by_service()),
            lines=("The oldest figure of each. One region in full: groma prices coverage --region R",),
        )

    def document(self) -> dict[str, Any]:
        """The same as plain values, every region and service by itself."""
        return {
            "regions": {
                region: {service: _values(covered) for service, covered in services.items()}
                for region, services in self.regions.items()
            }
        }

    def _of_region(self, region: str, services: dict[str, Covered]) -> Table:
        rows = [
            (each.service, f"{each.known:,} of {each.wanted:,}", each.oldest, ", ".join(each.unknown))
            for each in services.values()
        ]
        return Table(f"Prices in {region}", ("service", "known", "oldest", "unknown"), tuple(rows))

    def _by_region(self) -> Table:
        rows = []
        for region, services in self.regions.items():
            units = [each for name, each in services.items() if name not in MACHINES]
            dates = [each.oldest for each in units if each.oldest not in ("", UNDATED)]
            machines = (services[name].oldest[:7] or "unknown" for name in MACHINES)
            unknown = sum(len(each.unknown) for each in units)
            rows.append((region, *machines, min(dates, default="unknown")[:7], str(unknown)))
        head = ("region", *MACHINES.values(), "services", "unknown")
        return Table(
            "Prices by region",
            head,
            tuple(rows),
            right=("unknown",),
            notes=("services: all but machines; unknown: how many of their units have no price there",),
        )

    def _by_service(self) -> Table:
        rows = []
        for name in next(iter(self.regions.values())):
            each = {region: services[name] for region, services in self.regions.items()}
            dates = [covered.oldest for covered in each.values() if covered.oldest]
            most = max(covered.wanted for covered in each.values())
            rows.append((name, f"{most:,}", _oldest(dates), _where_unknown(each)))
        head = ("service", "figures", "oldest", "something unknown in")
        return Table("Prices by service", head, tuple(rows), right=("figures",))


def coverage(region: str = "") -> Coverage:
    """What is known in a region, or in all of them.

    Raises:
        InputError: there is no such region.
    """
    regions = (catalog.region(region),) if region else catalog.regions()
    return Coverage({each.name: dict(_of(each.name)) for each in regions})


def _of(region: str) -> Iterator[tuple[str, Covered]]:
    for service in MACHINES:
        asks = {purchase: tuple(_machines(service, region, purchase)) for purchase in PURCHASES}
        found = {purchase: [price for ask in each if (price := ask())] for purchase, each in asks.items()}
        prices = [price for each in found.values() for price in each]
        lacking = tuple(purchase for purchase, each in found.items() if not each)
        yield service, _covered(service, prices, sum(map(len, asks.values())), lacking)
    units: dict[str, list[str]] = {}
    for name in sorted({name for offer in OFFERS for name in offer.reads if "/" in name} | UNREAD.keys()):
        service, _, key = name.partition("/")
        units.setdefault(service, []).append(key)
    for service, keys in sorted(units.items()):
        known = {key: price for key in keys if (price := catalog.unit_price(service, key, region))}
        unknown = tuple(key for key in keys if key not in known)
        label = f"{service} units" if service in MACHINES else service
        yield label, _covered(label, known.values(), len(keys), unknown)


def _machines(service: str, region: str, purchase: catalog.Purchase) -> Iterator[Ask]:
    """A question for each machine of the service, bought in one way."""
    if service == "ec2":
        for machine in catalog.instance_types():
            yield partial(catalog.ec2_price, region, machine.name, purchase)
    elif service == "elasticache":
        for node in catalog.cache_nodes():
            yield partial(catalog.elasticache_price, region, node.name, "valkey", purchase)
    elif service == "aurora":
        for name in catalog.aurora_classes():
            yield partial(catalog.aurora_price, region, name, purchase)
    else:
        for one in catalog.database_classes():
            for multi_az in (False, True):
                yield partial(catalog.rds_price, region, one.name, "postgres", multi_az, purchase)


def _covered(service: str, prices: Iterable[Dated], wanted: int, unknown: tuple[str, ...]) -> Covered:
    dates = [day(price.as_of) for price in prices]
    dated = [date for date in dates if date]
    newest = max(dated, default=UNDATED if dates else "")
    return Covered(service, len(dates), wanted, _oldest(dates) if dates else "", newest, unknown)


def _oldest(dates: list[str]) -> str:
    """The oldest of the dates that are known; that none is, is said."""
    return min((date for date in dates if date and date != UNDATED), default=UNDATED if dates else "")


def _where_unknown(services: dict[str, Covered]) -> str:
    """The regions in which something of a service is unknown, in the fewer words."""
    lacking = [region for region, covered in services.items() if covered.unknown]
    whole = [region for region in services if region not in lacking]
    if len(lacking) > len(whole):
        return f"all but {', '.join(whole)}" if whole else "every region"
    return ", ".join(lacking)


def _values(covered: Covered) -> dict[str, Any]:
    return {key: value for key, value in asdict(covered).items() if key != "service"}
