"""A region under its traffic, minute by minute: what comes is handled, what is seen moves the groups."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from groma.simulation.disturbed import Broken, Disturbance, Rolled, Work
from groma.simulation.groups import Group, mean_cpu
from groma.simulation.kernels.state import DRAINING, GOOD, OFF, SERVING, Floats, Network
from groma.simulation.network import Behaviour, first_servers, network
from groma.simulation.running import Change, Run
from groma.simulation.scene import Scene
from groma.simulation.seen import Minute, Seen, Trimmed, trimmed
from groma.simulation.traffic import MINUTE_S, SLAB_S, Traffic

MOST_CPU, MOST_CHANGE, SAME_WORK = 0.8, 0.15, 0.01
"""A minute is not left out when it or the last is busier, or when its load, that of a server or the work of a
request differs by more."""
CHANGING = ("work_s", "hits")
"""What of the work of a tier may be other in another minute."""
ENOUGH_REQUESTS, EVEN = 3e4, 0.02
"""Of a minute so many are simulated, if its load is even: 300 take longer than their p99."""
ORDERLY = {(OFF, SERVING), (SERVING, DRAINING), (DRAINING, OFF)}
"""Changes of servers by which no request is lost."""
NOBODY_COMES = np.empty(0)

Tell = Callable[[float, int], bool]
"""Told the simulated time and the requests so far after every minute; whether to go on."""


@dataclass(frozen=True, slots=True)
class Loss:
    """A zone of a region, from 0, that is lost at a time."""

    zone: int
    at_s: float
    region: str


@dataclass(frozen=True, slots=True)
class Setting:
    """Under what a region is simulated.

    Attributes:
        behaviour: of clients.
        losses: zones that are lost.
        held: whether all groups stand at their size for the peak, and target tracking is off.
        without_zone: whether one zone is lost from the beginning, and nothing comes in its place.
        standby: whether the database master has a standby.
        dark_s: when all servers are lost at once, for good; None when they are not.
        seed: of all draws of requests, below 2^32.
        every: one of so many minutes is simulated, and every one that differs from the last, the others are
            taken to be as that; and of a calm one with many requests a part stands for all.
        disturbances: what goes wrong besides.
    """

    behaviour: Behaviour = Behaviour()  # noqa: RUF009
    losses: tuple[Loss, ...] = ()
    held: bool = False
    without_zone: bool = False
    standby: bool = False
    dark_s: float | None = None
    seed: int = 1
    every: int = 1
    disturbances: tuple[Disturbance, ...] = ()


def simulate(scene: Scene, number: int, traffic: Traffic, setting: Setting, tell: Tell) -> Seen:
    """Simulate a region; `number` tells its arrivals from those of others."""
    region = _Region(scene, number, traffic, setting)
    per_minute = MINUTE_S // SLAB_S
    for minute in range(math.ceil(traffic.rates.size / per_minute)):
        region.pass_minute(minute)
        if not tell((minute + 1) * MINUTE_S, region.serial):
            break
    told = sorted(each for group in region.groups for each in group.told)
    return Seen(scene.cast, tuple(region.minutes), tuple(told), traffic.begins_s)


class _Region:
    """A region on its way through its minutes.

    Attributes:
        serial: requests simulated so far.
    """

    def __init__(self, scene: Scene, number: int, traffic: Traffic, setting: Setting) -> None:
        self.scene, self.number, self.traffic, self.setting = scene, number, traffic, setting
        counts = [_servers_at_first(scene, position, traffic, setting) for position in range(len(scene.rows))]
        tiers = [
            row.tier(count, scene.rows[position - 1].stations if position else 1)
            for position, (row, count) in enumerate(zip(scene.rows, counts, strict=True))
        ]
        seed = setting.seed + (number << 32)
        self.run = Run(network(tiers, scene.kinds, setting.behaviour, seed=seed))
        self.disturbances = tuple(each for each in setting.disturbances if each.region in ("", scene.region))
        self.work = Work(self.run.net, tuple(row.name for row in scene.rows))
        self.groups = [
            Group(row, first, count, setting.standby)
            for row, first, count in zip(scene.rows, first_servers(tiers), counts, strict=True)
        ]
        if setting.dark_s is not None:
            for group in self.groups:
                group.lose_all(setting.dark_s)
        self.minutes: list[Minute] = []
        self.serial = 0
        self._due: list[Change] = []
        self._last, self._last_work = -1, self.run.net.work.copy()

    def pass_minute(self, minute: int) -> None:
        """Handle a minute, and let the groups act on what was seen."""
        begin_s, end_s = minute * MINUTE_S, (minute + 1) * MINUTE_S
        for loss in self.setting.losses:
            if loss.region == self.scene.region and begin_s <= loss.at_s < end_s:
                for group in self.groups:
                    group.lose_zone(loss.zone, loss.at_s)
        self._disturb(begin_s, end_s)
        due = (change for group in self.groups for change in group.due(end_s))
        self._due = sorted(due, key=lambda change: change[0])
        cpu = self._foreseen(minute, end_s)
        if cpu is not None and self._is_like_the_last(minute, cpu):
            self._until(end_s, NOBODY_COMES)
            self.minutes.append(self._as_the_last(cpu, end_s))
        else:
            self._simulate(minute, calm=cpu is not None)
        for group, used in zip(self.groups, self.minutes[-1].cpu, strict=True):
            group.gone(end_s)
            if not self.setting.held:
                group.observe(end_s, used)

    def _disturb(self, begin_s: float, end_s: float) -> None:
        """What goes wrong in a minute."""
        if not self.disturbances:
            return
        self.work.set(self.run.net, begin_s, self.disturbances, self._answered)
        by_name = {group.row.name: group for group in self.groups}
        for each in self.disturbances:
            if isinstance(each, Broken) and begin_s <= each.at_s < end_s:
                by_name[each.row].lose(each.places, each.at_s, each.back_s)
            elif isinstance(each, Rolled) and begin_s <= each.at_s < end_s:
                by_name[each.row].roll(each.at_s, each.servers)
        for group in self.groups:
            group.rolled(begin_s)

    def _answered(self, since_s: float) -> int:
        """Good answers since the minute of a time."""
        return sum(int(each.outcomes[:, GOOD].sum()) for each in self.minutes[int(since_s) // MINUTE_S :])

    def _simulate(self, minute: int, *, calm: bool) -> None:
        """The requests of a minute, or of its last slabs; after a gap from ten seconds before, uncounted."""
        first = minute * MINUTE_S // SLAB_S
        last = min(first + MINUTE_S // SLAB_S, self.traffic.rates.size)
        begin = last - (_enough(self.traffic.rates[first:last]) if calm else last - first)
        if begin > first or self._last < minute - 1:
            self._until((begin - 1) * SLAB_S, NOBODY_COMES)
            self._until(begin * SLAB_S, self.traffic.arrivals(self.number, begin - 1, begin))
            self.run.forget()
        self._until(last * SLAB_S, self.traffic.arrivals(self.number, begin, last))
        times = (last - first) // (last - begin)
        self.minutes.append(_minute(self.run.net, self.groups, (minute + 1) * MINUTE_S, times))
        self.run.forget()
        self._last, self._last_work = minute, self.run.net.work.copy()

    def _until(self, until_s: float, arrivals_s: Floats) -> None:
        """Handle what comes until then, and the changes."""
        changes = [change for change in self._due if change[0] < until_s]
        self._due = self._due[len(changes) :]
        self.run.until(until_s, arrivals_s, self.serial, changes)
        self.run.settle(until_s)
        self.serial += arrivals_s.size

    def _foreseen(self, minute: int, end_s: float) -> tuple[float, ...] | None:
        """The CPU of each tier in a minute, from the last that was simulated, by load and servers.

        None where that says nothing of it: all is to be simulated, or something failed then, or breaks now,
        or is other work, or is too busy.
        """
        if self.setting.every == 1 or self._last < 0 or not self._is_orderly():
            return None
        last, work = self.minutes[self._last], self.run.net.work
        if last.outcomes[:, GOOD + 1 :].any() or max(last.cpu) >= MOST_CPU:
            return None
        if not all(np.allclose(work[name], self._last_work[name], rtol=SAME_WORK) for name in CHANGING):
            return None
        ratio = self._rate(minute) / self._rate(self._last)
        serving = (len(group.serving(end_s)) for group in self.groups)
        by_server = zip(last.cpu, last.serving, serving, strict=True)
        cpu = tuple(share * ratio * before / max(now, 1) for share, before, now in by_server)
        return None if max(cpu) >= MOST_CPU else cpu

    def _is_orderly(self) -> bool:
        """Whether servers only come, drain, and are gone when they have drained."""
        states: dict[int, int] = {}
        for _, server, to in self._due:
            before = states.get(server, int(self.run.net.servers["state"][server]))
            if (before, to) not in ORDERLY:
                return False
            states[server] = to
        return True

    def _is_like_the_last(self, minute: int, cpu: Sequence[float]) -> bool:
        """Whether a minute is left out: one of `every` is not, nor one with another load or other CPU."""
        last = self.minutes[self._last]
        ratios = (self._rate(minute) / self._rate(self._last), *np.divide(cpu, np.maximum(last.cpu, 1e-9)))
        return minute - self._last < self.setting.every and max(abs(r - 1) for r in ratios) < MOST_CHANGE

    def _as_the_last(self, cpu: tuple[float, ...], end_s: float) -> Minute:
        """A minute that is left out."""
        return replace(
            self.minutes[self._last],
            simulated=0,
            cpu=cpu,
            serving=tuple(len(group.serving(end_s)) for group in self.groups),
            standing=tuple(group.booting for group in self.groups),
            wanted=tuple(group.desired for group in self.groups),
            unready=tuple(group.unready(end_s) for group in self.groups),
        )

    def _rate(self, minute: int) -> float:
        slabs = self.traffic.rates[minute * MINUTE_S // SLAB_S : (minute + 1) * MINUTE_S // SLAB_S]
        return max(float(slabs.mean()), 1e-9)


def _enough(rates: Floats) -> int:
    """How many slabs of a calm minute are simulated: a half or less, if they hold `ENOUGH_REQUESTS`."""
    whole = MINUTE_S // SLAB_S
    if rates.size == whole and np.ptp(rates) < EVEN * rates[0]:
        for count in (1, 2, 3):
            if rates[0] * SLAB_S * count >= ENOUGH_REQUESTS:
                return count
    return int(rates.size)


def _servers_at_first(scene: Scene, position: int, traffic: Traffic, setting: Setting) -> int:
    """As many as the first minute needs, or as stand at peak; where nobody comes, as there are."""
    row = scene.rows[position]
    size, zones = row.size, row.zones
    if setting.without_zone:
        return size.desired * max(zones - 1, 1) // zones
    if setting.held or not row.scales or not scene.share:
        return size.desired
    part = min(1.0, float(traffic.rates[:30].mean()) * scene.burst / (scene.peak_per_s * scene.share))
    return max(size.min, zones * math.ceil(size.desired / zones * part - 1e-9))


def _minute(net: Network, groups: Sequence[Group], end_s: float, times: int) -> Minute:
    """What was seen since the counters were cleared, so many times: of a part of a minute."""
    cpu: list[float] = []
    each_cpu: list[tuple[float | None, ...]] = []
    busy_s: Floats = net.servers["busy_s"] * times
    for group in groups:
        row = group.row
        by_server = busy_s[group.first : group.first + len(group.servers) * row.stations]
        used = by_server.reshape(-1, row.stations).sum(axis=1)
        serving = group.serving(end_s)
        counted = group.warm(end_s) or serving
        cpu.append(mean_cpu([float(used[p]) for p in counted], row.stations * row.cores, MINUTE_S))
        used /= row.stations * row.cores * MINUTE_S
        there = set(serving) - set(group.failing(end_s))
        each_cpu.append(tuple(float(each) if place in there else None for place, each in enumerate(used)))
    return Minute(
        asked=net.asked * times,
        outcomes=net.outcomes * times,
        retried=int(net.retried[0]) * times,
        felt=_times(trimmed(net.felt), times),
        stayed=_times(trimmed(net.stayed), times),
        cpu=tuple(cpu),
        serving=tuple(len(group.serving(end_s)) for group in groups),
        standing=tuple(group.booting for group in groups),
        inside=int(net.heads["inside"][0]),
        wanted=tuple(group.desired for group in groups),
        unready=tuple(group.unready(end_s) for group in groups),
        each_cpu=tuple(each_cpu),
        attempts=net.attempts * times,
        simulated=None if times == 1 else int(net.asked.sum()),
    )


def _times(seen: Trimmed, times: int) -> Trimmed:
    """Counts that stand for so many as they are."""
    return seen if times == 1 else (seen[0], seen[1] * np.uint32(times))
