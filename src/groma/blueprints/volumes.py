"""The volumes of a database: how large, how far they may grow, and what they do."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from groma import catalog
from groma.catalog import fact
from groma.errors import Infeasible, WorkloadError
from groma.sizing.values import Decision
from groma.workload import Workload
from groma.workload.demand import Demand

LEAST_GROWTH = 1.1
"""RDS takes a limit of automatic growth only from a tenth above the volume on."""
PAGE_MBIT = 8 * 1024 * 8 / 1e6
LEAST_GP3_GIB, LARGE_GP3_GIB = 20, 400
SMALL_GP3, LARGE_GP3 = (3_000.0, 1_000.0), (12_000.0, 4_000.0)
"""Operations/s and Mbit/s that RDS includes with gp3, below and from 400 GiB on
(https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_Storage.html, undated, read 2026-11-22)."""
LEAST_IO2_GIB, LEAST_IO2_IOPS, MOST_IO2_IOPS = 100, 1_000, 256_000
LEAST_IOPS_PER_GIB, MOST_IOPS_PER_GIB = 0.5, 1_000
MBIT_PER_IOPS, MOST_IO2_MBIT = 0.256 * 8.388608, 4_000 * 8.388608
"""Of io2 Block Express for PostgreSQL and MySQL, which every class that Groma takes has; the ratios hold for
what a volume may grow to as well (the same page, read 2026-11-29)."""
STEP_IOPS = 500
"""To which operations that nobody has stated are rounded up."""
IO2_PRICES = ("storage_io2_single", "storage_io2_multi", "io2_iops_single", "io2_iops_multi")


@dataclass(frozen=True, slots=True)
class Volume:
    """What each instance of a database stores its rows on.

    Attributes:
        kind: its class of storage.
        gib, most_gib: what it starts with, and may grow to by itself.
        iops: operations/s that are bought apart; 0 where they come with the size.
    """

    kind: Literal["gp3", "io2"]
    gib: int
    most_gib: int
    iops: int = 0


def limits(workload: Workload, demand: Demand, headroom: float) -> tuple[float, float]:
    """Operations/s and Mbit/s of a volume at the most: gp3's that is enlarged for them, or io2's as bought.

    Raises:
        WorkloadError: of the class of storage no price is known in the region.
        Infeasible: no volume does as many.
    """
    if workload.database.storage == "gp3":
        return LARGE_GP3
    _has_a_price(workload)
    iops = _iops(workload, demand, headroom)
    return float(iops), min(iops * MBIT_PER_IOPS, MOST_IO2_MBIT)


def volume(workload: Workload, demand: Demand, headroom: float = 1.0) -> Volume:
    """What the rows of a year need, and as much as brings the operations that so many times the peak need.

    Raises:
        Infeasible: no instance of RDS holds as much, and has room to grow by a tenth; or the operations that
            are stated are too few for the size.
    """
    operations = demand.storage_ops_per_s.likely * headroom
    if workload.database.storage == "io2":
        return _io2(workload, demand, _iops(workload, demand, headroom))
    rows = max(LEAST_GP3_GIB, _rows_gib(demand))
    small = operations <= SMALL_GP3[0] and operations * PAGE_MBIT <= SMALL_GP3[1]
    gib = rows if small else max(rows, LARGE_GP3_GIB)
    return Volume("gp3", gib, _most_gib(gib))


def _rows_gib(demand: Demand) -> int:
    return math.ceil(demand.database_stored_gib.likely / 10) * 10


def _most_gib(gib: int) -> int:
    """As far as it may grow by itself: five times, at least 100 GiB, as far as RDS lets it."""
    most = int(fact("rds.storage_most_gib").value)
    if gib * LEAST_GROWTH > most:
        raise Infeasible(
            f"a year's rows take {gib:,} GiB, and an RDS instance holds {most:,.0f}",
            hint="lower users.total or load.database_stored_gib_per_million_users, or take another blueprint",
        )
    return min(max(gib * 5, 100), most)


def _iops(workload: Workload, demand: Demand, headroom: float) -> int:
    """Operations/s that are bought: as stated, or what so many times the likely peak and the size take."""
    stated, asked = workload.database.iops, demand.storage_ops_per_s.likely * headroom
    if stated is not None and stated < asked:
        raise Infeasible(
            f"the peak takes {asked:,.0f} operations/s of a volume, when one carries all",
            where=workload.where("database", "iops"),
            hint=f"write `iops: {math.ceil(asked / STEP_IOPS) * STEP_IOPS}` or more, or leave it out",
        )
    if stated is not None:
        return stated
    for_size = max(LEAST_IO2_GIB, _rows_gib(demand)) * LEAST_GROWTH * LEAST_IOPS_PER_GIB
    wanted = max(LEAST_IO2_IOPS, asked, for_size)
    found = math.ceil(wanted / STEP_IOPS) * STEP_IOPS
    if found > MOST_IO2_IOPS:
        raise Infeasible(
            f"the peak takes {wanted:,.0f} operations/s, and an io2 volume gives {MOST_IO2_IOPS:,}",
            where=workload.where("database", "storage"),
            hint="lower users.total or load.storage_reads_per_read, or take another blueprint",
        )
    return found


def _io2(workload: Workload, demand: Demand, iops: int) -> Volume:
    gib = max(LEAST_IO2_GIB, _rows_gib(demand), math.ceil(iops / MOST_IOPS_PER_GIB / 10) * 10)
    most = min(_most_gib(gib), int(iops / LEAST_IOPS_PER_GIB))
    if most < gib * LEAST_GROWTH:
        least = math.ceil(gib * LEAST_GROWTH * LEAST_IOPS_PER_GIB)
        raise Infeasible(
            f"{iops:,} operations/s are too few for {gib:,} GiB that may grow: RDS takes one for each 2 GiB",
            where=workload.where("database", "iops"),
            hint=f"write `iops: {least}` or more, or leave it out",
        )
    return Volume("io2", gib, most, iops)


def _has_a_price(workload: Workload) -> None:
    region = workload.regions[0]
    if _priced(region):
        return
    known = ", ".join(each.name for each in catalog.regions() if _priced(each.name))
    raise WorkloadError(
        f"io2 has no price in {region} that is known whole, of its GB and of its operations",
        where=workload.where("database", "storage"),
        hint=f"it has in {known}; `groma prices refresh` reads AWS's list, a `price_book` says your own, or "
        "write `storage: gp3`",
    )


def _priced(region: str) -> bool:
    return all(catalog.unit_price("rds", key, region) is not None for key in IO2_PRICES)


def of_volume(workload: Workload, demand: Demand, headroom: float = 1.0) -> tuple[Decision, ...]:
    """What is bought for volumes; nothing is said of gp3."""
    if workload.database.existing is not None or workload.database.storage == "gp3":
        return ()
    found, needed = volume(workload, demand, headroom), demand.storage_ops_per_s.likely * headroom
    least = "as stated" if workload.database.iops else f"the least that the peak and {found.gib:,} GiB take"
    because = (
        f"{least}; the peak takes {needed:,.0f}. Each instance pays for its own, a standby as much again; "
        f"gp3 includes {SMALL_GP3[0]:,.0f}, from {LARGE_GP3_GIB} GiB on {LARGE_GP3[0]:,.0f}"
    )
    return (
        Decision("volumes", f"io2 Block Express, {found.gib:,} GiB, {found.iops:,} operations/s", because),
    )
