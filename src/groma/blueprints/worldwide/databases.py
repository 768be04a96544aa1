"""How many global databases, of which class: the writes of all users pass one writer each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from groma import catalog
from groma.blueprints.aurora import aurora_choices
from groma.errors import Infeasible
from groma.quantity import Range
from groma.sizing.pools import MOST_CONNECTIONS, MOST_POOL_BUSY
from groma.sizing.values import Choice

MOST_BUSY, MOST_BUSY_HIGH = 0.6, 0.95
"""Of the CPU of a writer: at the likely peak, and at the high end of the ranges."""
SPARE_POOLS = 2.5
"""Servers that may run over those that carry the peak with a zone lost: a third spare, and the high end."""
MOST_SHARDS = 30
"""User data of 16 KiB has room for the addresses of some 36 databases with the longest names."""
MOST_READERS = 15
"""Of a global database's primary region, less one for each region that follows it."""


@dataclass(frozen=True)
class Shards:
    """So many global databases, each with a part of the users, and the classes that can write for one."""

    count: int
    choices: tuple[Choice, ...]
    priced_in: str


def shards(
    regions: Sequence[str],
    writes_busy: Range,
    writes_away: float,
    reads_busy: float,
    working_gib: float,
    stored_gib: float,
    least: int = 1,
) -> Shards:
    """The fewest global databases whose writers keep up and have connections enough, whose readers are few
    enough, and whose rows fit.

    A database writes at one instance: with w vCPUs busy by the writes of all users and a largest class of
    V·speed vCPUs it takes ⌈w / (V·speed·u)⌉ of them, each for a part of the users. Of the classes only those
    are left that can write for one of them, since every instance may have to. Each of c writes on their way
    needs a connection; the pools of all servers, at the most that may run, have c·s/b of them.

    Args:
        regions: all regions, the home region first; any of them may be the primary.
        writes_busy: vCPUs of the reference family that all writes keep busy at the peak.
        writes_away: writes of all users that are on their way between regions at the peak, on average.
        reads_busy: the same of the reads in one region.
        working_gib: rows of one region that must lie in memory, all databases together.
        stored_gib: rows of all users, of which each database's volume holds its part.
        least: so many at the least.

    Raises:
        Infeasible: not even `MOST_SHARDS` would do.
    """
    priced_in, choices = aurora_choices(regions[0])
    readers = MOST_READERS - (len(regions) - 1)
    for count in range(least, MOST_SHARDS + 1):
        part = Part(
            writes_busy / count, writes_away / count, reads_busy / count, working_gib / count, readers // 3
        )
        room = stored_gib / count <= catalog.fact("aurora.storage_most_gib").value
        able = tuple(choice for choice in choices if room and part.fits(choice))
        if able:
            return Shards(count, able, priced_in)
    raise Infeasible(
        f"not even {MOST_SHARDS} Aurora databases take {writes_busy.likely:,.0f} vCPUs of writes with "
        f"{writes_away:,.0f} of them on their way between regions at once, and {stored_gib:,.0f} GiB of rows",
        hint="lower the writes of the request classes, or let queues and tables take more of them",
    )


@dataclass(frozen=True)
class Part:
    """What one of the global databases takes; see `shards`."""

    writes_busy: Range
    writes_away: float
    reads_busy: float
    working_gib: float
    readers_per_zone: int

    def fits(self, choice: Choice) -> bool:
        """Whether a class writes it, and enough of them read it with one of three zones lost."""
        power = choice.vcpu * choice.speed
        return (
            self.writes_busy.likely <= MOST_BUSY * power
            and self.writes_busy.high <= MOST_BUSY_HIGH * power
            and self.writes_away * SPARE_POOLS / MOST_POOL_BUSY
            <= MOST_CONNECTIONS * (choice.max_connections or 0)
            and self.reads_busy <= MOST_BUSY * power * self.readers_per_zone * 2
            and self.working_gib <= choice.mem_gib
        )
