"""The servers of a row over time: target tracking, boots, draining, and zones that are lost.

Target tracking as AWS does it: two alarms on the mean CPU of the servers that are warm, the high one on 3 of
3 minutes above the target, the low one on 15 of 15 more than 10 % below; the new number is in proportion,

    servers = ceil(warm · CPU / target),

within the group's bounds. AWS says no more than "proportional"; that formula is assumed. A metric of a minute
is known one minute later (assumed).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

from groma.catalog import fact
from groma.simulation.kernels.state import BROKEN, DRAINING, OFF, SERVING
from groma.simulation.running import Change
from groma.simulation.scene import DRAINED_S, WARM_UP_S, Row
from groma.sizing.starting import UNHEALTHY_S

KNOWN_AFTER_MINUTES = 1
PROMOTED_S = 900.0
"""Until somebody has made a replica the master by hand: minutes, says AWS. Assumed."""


@dataclass(slots=True)
class Server:
    """A server that stands, boots or drains: its zone, since when it is sent requests, and until when."""

    zone: int
    ready_s: float
    leaving: bool = False


class Group:
    """The servers of one row.

    Attributes:
        servers: by place; None where none stands.
        pending: changes still to come, in order.
        told: what happened, for people: when, and a few words.
    """

    def __init__(self, row: Row, first: int, count: int, standby: bool) -> None:
        self.row, self.first, self.standby = row, first, standby
        self.desired = count
        self.servers: list[Server | None] = [None] * max(row.room, count)
        for place in range(count):
            self.servers[place] = Server(place % row.zones, -math.inf)
        self.pending: list[Change] = []
        self.told: list[tuple[float, str]] = []
        self._cpu: list[float] = []
        self._shrunk_s = -math.inf
        self._lost: set[int] = set()
        self._dark_s = math.inf
        self._failing: list[tuple[float, float, list[int]]] = []
        self._old: list[tuple[int, Server]] = []
        self._rolls_s = math.inf

    def due(self, until_s: float) -> list[Change]:
        """The changes before a time, which are then no longer pending."""
        self.pending.sort(key=lambda change: change[0])
        now = [change for change in self.pending if change[0] < until_s]
        self.pending = self.pending[len(now) :]
        return now

    def serving(self, now_s: float) -> list[int]:
        """The places of those that are sent requests."""
        return [place for place, each in self._standing() if each.ready_s <= now_s <= self._dark_s]

    def warm(self, now_s: float) -> list[int]:
        """The places of those whose CPU counts."""
        return [p for p, each in self._standing() if each.ready_s + WARM_UP_S <= now_s]

    @property
    def booting(self) -> int:
        """Servers that were launched, counted with those that serve."""
        return len(self._standing())

    def _standing(self) -> list[tuple[int, Server]]:
        return [(at, each) for at, each in enumerate(self.servers) if each is not None and not each.leaving]

    def unready(self, now_s: float) -> int:
        """Servers that their load balancer knows and finds no answer of: that boot, or broke just now."""
        booting = sum(1 for _, each in self._standing() if each.ready_s > now_s)
        return booting + len(self.failing(now_s))

    def failing(self, now_s: float) -> list[int]:
        """The places of those that broke and were not found out yet, or are not back."""
        return [place for begin, end, places in self._failing if begin < now_s <= end for place in places]

    def observe(self, now_s: float, cpu: float) -> None:
        """Note the CPU of the minute that has just passed, and let target tracking act on what is known."""
        self._cpu.append(cpu)
        if not self.row.scales or now_s > self._dark_s:
            return
        upto, target = len(self._cpu) - KNOWN_AFTER_MINUTES, self.row.size.cpu_target_percent / 100
        high, low = (self._cpu[max(0, upto - _points(way)) : max(0, upto)] for way in ("out", "in"))
        warm = len(self.warm(now_s))
        if len(high) == _points("out") and min(high) > target:
            self._grow(now_s, math.ceil(warm * high[-1] / target - 1e-9))
        elif len(low) == _points("in") and max(low) < target * (
            1 - fact("autoscaling.scale_in_margin").value
        ):
            self._shrink(now_s, warm, math.ceil(warm * low[-1] / target - 1e-9))

    def _grow(self, now_s: float, wanted: int) -> None:
        wanted = min(wanted, self.row.size.max)
        if wanted > self.desired:
            self.told.append((now_s, f"{self.row.name}: {self.desired} → {wanted} servers"))
            self._launch(now_s, wanted - self.desired)
            self.desired = wanted

    def _launch(self, now_s: float, count: int) -> None:
        """Launch servers, each in the zone that has the fewest."""
        for _ in range(count):
            place = next((p for p, each in enumerate(self.servers) if each is None), None)
            if place is None:
                return
            zones = [zone for zone in range(self.row.zones) if zone not in self._lost]
            there = [each.zone for _, each in self._standing()]
            zone = min(zones, key=there.count)
            self.servers[place] = Server(zone, now_s + self.row.boot_s)
            self._change(now_s + self.row.boot_s, place, SERVING)

    def _shrink(self, now_s: float, warm: int, wanted: int) -> None:
        """Drain servers, from the zone that has the most, once all are warm and the cooldown has passed."""
        wanted = max(wanted, self.row.size.min)
        still = now_s - self._shrunk_s < fact("autoscaling.cooldown_s").value
        if wanted >= self.desired or still or warm < self.desired:
            return
        self.told.append((now_s, f"{self.row.name}: {self.desired} → {wanted} servers"))
        for _ in range(self.desired - wanted):
            there = [each.zone for _, each in self._standing()]
            fullest = max(range(self.row.zones), key=there.count)
            place = next(p for p, each in self._standing() if each.zone == fullest)
            self._leave(place, now_s, DRAINING, now_s + DRAINED_S)
        self.desired, self._shrunk_s = wanted, now_s

    def _leave(self, place: int, now_s: float, state: int, until_s: float) -> None:
        server = self.servers[place]
        assert server is not None
        server.leaving = True
        self.pending = [each for each in self.pending if self._place(each) != place]
        self._change(now_s, place, state)
        self._change(until_s, place, OFF)

    def gone(self, now_s: float) -> None:
        """Free the places of servers that have left."""
        waiting = {self._place(each) for each in self.pending}
        for place, each in enumerate(self.servers):
            if each is not None and each.leaving and place not in waiting:
                self.servers[place] = None

    def lose_zone(self, zone: int, at_s: float) -> None:
        """All servers of a zone break, are found out and replaced elsewhere; see `PROMOTED_S` of a master.

        Who reads from a replica that is gone asks another, or the master, at once (assumed). A database that
        exists stays: nobody knows where it stands.
        """
        if self.row.size.choice.stands:
            return
        lost = [place for place, each in self._standing() if each.zone == zone]
        self._lost.add(zone)
        self.told.append((at_s, f"{self.row.name}: {len(lost)} of {self.booting} servers lost"))
        if self.row.scales:
            self._replace(lost, at_s)
            return
        for place in lost:
            if place == 0 and self.standby:
                self._change(at_s, place, BROKEN)
                self._change(at_s + fact("rds.failover_high_s").value, place, SERVING)
                self.told.append(
                    (at_s + fact("rds.failover_high_s").value, f"{self.row.name}: standby took over")
                )
            elif place == 0 and self.row.routing == "by-role":
                self._leave(place, at_s, BROKEN, at_s + (self.row.size.choice.fails_over_s or PROMOTED_S))
            else:
                self._leave(place, at_s, OFF, at_s)

    def lose(self, places: Iterable[int], at_s: float, back_s: float | None) -> None:
        """Some servers break: by their order among those that stand, as far as there are so many.

        Those that are back at a time are sent requests until then, and fail them; of the others the group
        launches new ones, and a database goes on without.
        """
        standing = [place for place, _ in self._standing()]
        lost = [standing[number] for number in places if number < len(standing)]
        self.told.append((at_s, f"{self.row.name}: {len(lost)} of {len(standing)} servers lost"))
        if back_s is not None:
            for place in lost:
                self._change(at_s, place, BROKEN)
                self._change(back_s, place, SERVING)
            self._failing.append((at_s, back_s, lost))
            self.told.append((back_s, f"{self.row.name}: {len(lost)} servers are back"))
        elif self.row.scales:
            self._replace(lost, at_s)
        else:
            for place in lost:
                self._leave(place, at_s, OFF, at_s)

    def _replace(self, places: list[int], at_s: float) -> None:
        """Broken servers of a group are found out, and others are launched."""
        for place in places:
            self._leave(place, at_s, BROKEN, at_s + UNHEALTHY_S)
        self._failing.append((at_s, at_s + UNHEALTHY_S, places))
        self._launch(at_s + UNHEALTHY_S, len(places))

    def roll(self, at_s: float, servers: int | None) -> None:
        """From now on its servers are replaced one by one, or so many of them."""
        self._old = list(self._standing())[:servers]
        self._rolls_s = at_s
        self.told.append((at_s, f"{self.row.name}: {len(self._old)} servers are replaced, one by one"))

    def rolled(self, now_s: float) -> None:
        """The next step of that, if it is due: a new server is warm, an old one drains, another is begun."""
        if now_s < self._rolls_s:
            return
        self._old = [(place, each) for place, each in self._old if self._still(place, each)]
        if self.booting > self.desired and self._old:
            self._leave(self._old.pop(0)[0], now_s, DRAINING, now_s + DRAINED_S)
        if not self._old:
            self._rolls_s = math.inf
            return
        self._launch(now_s, 1)
        self._rolls_s = now_s + self.row.boot_s + WARM_UP_S

    def _still(self, place: int, server: Server) -> bool:
        """Whether a server that is to be replaced has not gone meanwhile: a group shrinks, or one breaks."""
        return self.servers[place] is server and not server.leaving

    def _place(self, change: Change) -> int:
        return (change[1] - self.first) // self.row.stations

    def lose_all(self, at_s: float) -> None:
        """All servers are lost, and none is launched again."""
        self._dark_s = at_s
        for place in range(len(self.servers)):
            self._change(at_s, place, OFF)
        self.told.append((at_s, f"{self.row.name}: all servers lost"))

    def _change(self, at_s: float, place: int, state: int) -> None:
        begin = self.first + place * self.row.stations
        self.pending += [(at_s, begin + station, state) for station in range(self.row.stations)]


@cache
def _points(way: str) -> int:
    return int(fact(f"autoscaling.scale_{way}_points").value)


def mean_cpu(busy_s: Sequence[float], cores: int, length_s: float) -> float:
    """The mean share of CPU in use of some servers, from the processor-seconds of each; 0 of none."""
    return sum(busy_s) / (len(busy_s) * cores * length_s) if busy_s else 0.0
