"""How long a look-up in the catalog takes: the first one, which reads its table, and every later one.

python benchmarks/catalog.py
"""

from __future__ import annotations

import time
from collections.abc import Callable

from groma import catalog

HERE = "us-east-1"
LOOK_UPS: dict[str, Callable[[], object]] = {
    "ec2_price": lambda: catalog.ec2_price(HERE, "m7g.large"),
    "ec2_price, reserved": lambda: catalog.ec2_price(HERE, "m7g.large", "reserved-3y"),
    "rds_price": lambda: catalog.rds_price(HERE, "db.m7g.large"),
    "elasticache_price": lambda: catalog.elasticache_price(HERE, "cache.m7g.large"),
    "unit_price": lambda: catalog.unit_price("natgateway", "hour", HERE),
    "instance_type": lambda: catalog.instance_type("m7g.large"),
    "database_class": lambda: catalog.database_class("db.m7g.large"),
    "performance": lambda: catalog.performance("m7g"),
    "spot_advice": lambda: catalog.spot_advice(HERE, "m7g.large"),
}


def first_ms(act: Callable[[], object]) -> float:
    """The first look-up in milliseconds, with nothing read yet."""
    catalog.forget()
    start = time.perf_counter()
    act()
    return 1e3 * (time.perf_counter() - start)


def later_us(act: Callable[[], object], times: int = 100_000) -> float:
    """A look-up in microseconds once its table is read, the best of five runs."""
    best = float("inf")
    for _ in range(5):
        start = time.perf_counter()
        for _ in range(times):
            act()
        best = min(best, time.perf_counter() - start)
    return 1e6 * best / times


def uncached_us() -> float:
    """A look-up of a price that was never asked for, in microseconds, its table being read."""
    names = [machine.name for machine in catalog.instance_types()]
    places = [region.name for region in catalog.regions()]
    catalog.ec2_price(HERE, names[0])
    start = time.perf_counter()
    for place in places:
        for name in names:
            catalog.ec2_price(place, name)
    return 1e6 * (time.perf_counter() - start) / (len(names) * len(places))


def main() -> None:
    print(f"{'look-up':<22}{'first, ms':>12}{'later, µs':>12}")
    for name, act in LOOK_UPS.items():
        print(f"{name:<22}{first_ms(act):>12.2f}{later_us(act):>12.3f}")
    print(f"\n{'never asked before':<22}{'':>12}{uncached_us():>12.3f}")


if __name__ == "__main__":
    main()
