"""What goes wrong while a design is simulated: servers break, work grows, a cache goes cold, releases roll.

Each is a value with its times in seconds from the beginning. What changes the work of a tier changes it for
visits that begin later, from the full minute on.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from groma.simulation.kernels.state import Network


@dataclass(frozen=True, slots=True)
class Heavier:
    """A tier whose work is so many times as much, from the minute of a time to that of another.

    Attributes:
        row: the name of the tier; region: empty for all of them.
        times: over what it was planned to be.
    """

    row: str
    times: float
    begin_s: float
    end_s: float
    region: str = ""


@dataclass(frozen=True, slots=True)
class Colder:
    """A cache that answers nothing: all reads of a tier go to the one behind it."""

    row: str
    begin_s: float
    end_s: float
    region: str = ""


@dataclass(frozen=True, slots=True)
class Emptied:
    """A cache that is empty, and fills with what is answered: *1 − e^(−answers / fills)* of it is back.

    Attributes:
        row: the name of the tier that it stands before; region: empty for all of them.
        fills: good answers after which 63 % of what is asked for is in it again.
    """

    row: str
    at_s: float
    fills: float
    region: str = ""


@dataclass(frozen=True, slots=True)
class Broken:
    """Servers of a tier that break.

    Attributes:
        row: the name of the tier; region: empty for all of them.
        places: which of its servers, from 0; of a database the first is the master.
        back_s: when they answer again; None where the group replaces them, or nobody does.
    """

    row: str
    places: tuple[int, ...]
    at_s: float
    back_s: float | None = None
    region: str = ""


@dataclass(frozen=True, slots=True)
class Rolled:
    """All servers of a tier, replaced one after the other: a new one first, then an old one drains."""

    row: str
    at_s: float
    servers: int | None = None
    region: str = ""


Disturbance = Heavier | Colder | Emptied | Broken | Rolled


class Work:
    """The work of a network over time, beside what it was at first."""

    def __init__(self, net: Network, rows: tuple[str, ...]) -> None:
        self._planned, self._rows = net.work.copy(), rows

    def set(
        self,
        net: Network,
        begin_s: float,
        disturbances: tuple[Disturbance, ...],
        answered: Callable[[float], int] = lambda _: 0,
    ) -> None:
        """Make it what it is in the minute that begins now.

        Args:
            answered: tells how many good answers there were since a time.
        """
        net.work[...] = self._planned
        for each in disturbances:
            if isinstance(each, Heavier | Colder) and each.begin_s <= begin_s < each.end_s:
                own = net.work[:, self._rows.index(each.row)]
                if isinstance(each, Heavier):
                    own["work_s"] *= each.times
                else:
                    own["hits"] = 0.0
            elif isinstance(each, Emptied) and each.at_s <= begin_s:
                own = net.work[:, self._rows.index(each.row)]
                own["hits"] *= -math.expm1(-answered(each.at_s) / each.fills)
