"""Requests over time: the daily curve of a workload with its burst, weekends, crowds, or a recorded series.

A slab is ten seconds of one rate. The arrivals of a slab depend on the seed, the region and the slab alone,
so that any part of a day can be computed again by itself.
"""

from __future__ import annotations

import csv
import io
import math
import re
import threading
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from groma.errors import InputError
from groma.sizing.cold_starts import BURST_S
from groma.sizing.values import POISSON, Bursts
from groma.words import abridged
from groma.workload import Workload
from groma.workload.demand import Demand, daily_curve
from groma.workload.people import DAY_S

SLAB_S = 10
MINUTE_S, HOUR_S = 60, 3600
NOISE = 0.05
"""Standard deviation of the logarithm of a minute's rate about the curve. Assumed."""
WEEKEND = 0.8
"""Load of a Saturday or Sunday over that of a working day. Assumed."""
MOST_DAYS = 31
MOST_FACTOR = 1000.0
MOST_ROWS = 2_000_000
_FLASH = re.compile(
    r"(?P<factor>\d+(?:\.\d+)?)x@(?P<hour>\d\d?):(?P<minute>\d\d)/(?P<length>\d+)(?P<unit>s|min|h)"
)
_UNITS = {"s": 1, "min": 60, "h": 3600}

Rates = NDArray[np.float64]
_NOTHING = np.zeros(4, np.uint64)


@dataclass(frozen=True, slots=True)
class Flash:
    """A crowd: so many times the usual rate, from a time of the first day on, for so long."""

    factor: float
    at_s: float
    length_s: float


@dataclass(frozen=True, slots=True)
class Traffic:
    """Requests per second, by slab, of all regions together or of one.

    Attributes:
        rates: one for each slab of `SLAB_S`.
        seed: of the arrivals.
        begins_s: the time of day of the first slab.
        bursts: how they come within a slab.
    """

    rates: Rates
    seed: int
    begins_s: float = 0.0
    bursts: Bursts = POISSON

    @property
    def length_s(self) -> float:
        """How long it is."""
        return self.rates.size * SLAB_S

    @property
    def requests(self) -> float:
        """How many come, on average."""
        return float(self.rates.sum()) * SLAB_S

    def of_region(self, shares: Rates) -> Traffic:
        """What of it comes to a region, which gets these shares by slab."""
        return replace(self, rates=self.rates * shares)

    def arrivals(self, region: int, first: int, last: int) -> Rates:
        """When requests come in the slabs from `first` up to `last`, in order, in seconds.

        Given their number, Poisson arrivals of one rate are as many independent uniform times. Where some
        come at once, each of these times is one of a geometric number of requests; where the rate swings,
        that of a slab is lognormal about its mean.

        Args:
            region: a number that tells the arrivals of one region from those of another.
        """
        bits, draws = _generator()
        parts = [self._slab(region, slab, bits, draws) for slab in range(first, last)]
        return np.concatenate(parts) if parts else np.empty(0)

    def _slab(self, region: int, slab: int, bits: np.random.Philox, draws: np.random.Generator) -> Rates:
        """The arrivals of a slab, by a generator that is set to its own key: making one takes longer."""
        key = np.array([self.seed, region << 32 | slab], np.uint64)
        bits.state = {
            "bit_generator": "Philox",
            "state": {"counter": _NOTHING, "key": key},
            "buffer": _NOTHING,
            "buffer_pos": 4,
            "has_uint32": 0,
            "uinteger": 0,
        }
        at_once, swing = self.bursts
        rate = self.rates[slab]
        if swing > 0:
            sigma = math.sqrt(math.log1p(swing**2))
            rate *= math.exp(draws.normal(-(sigma**2) / 2, sigma))
        count = draws.poisson(rate / at_once * SLAB_S)
        times = np.sort(slab * SLAB_S + draws.random(count) * SLAB_S)
        return times if at_once == 1 else np.repeat(times, draws.geometric(1 / at_once, count))


_OF_THREAD = threading.local()


def _generator() -> tuple[np.random.Philox, np.random.Generator]:
    """The one generator of this thread, with its bits."""
    if not hasattr(_OF_THREAD, "both"):
        bits = np.random.Philox(key=0)
        _OF_THREAD.both = bits, np.random.Generator(bits)
    both: tuple[np.random.Philox, np.random.Generator] = _OF_THREAD.both
    return both


def of_days(
    workload: Workload, demand: Demand, seed: int, *, days: int = 1, flashes: Sequence[Flash] = ()
) -> Traffic:
    """The likely days of a workload, from a Monday on.

    Its curve by the hour, joined by lines, with noise by the minute; the burst in the middle of the busiest
    hour, which keeps its mean; weekends, and crowds.
    """
    slabs = np.arange(days * DAY_S // SLAB_S)
    at_s = np.asarray((slabs + 0.5) * SLAB_S, np.float64)
    rates = demand.mean_per_s.likely * _curve(workload, demand, at_s)
    rates *= np.where(at_s // DAY_S % 7 >= 5, WEEKEND, 1.0)
    noise = np.random.Generator(np.random.Philox(key=[seed, 1 << 62])).normal(
        0, NOISE, days * DAY_S // MINUTE_S
    )
    rates *= np.repeat(np.exp(noise - NOISE**2 / 2), MINUTE_S // SLAB_S)
    for flash in flashes:
        rates[(at_s >= flash.at_s) & (at_s < flash.at_s + flash.length_s)] *= flash.factor
    return Traffic(rates, seed, bursts=bursts_of(workload))


def bursts_of(workload: Workload) -> Bursts:
    """How the requests of a workload come within a slab."""
    return Bursts(workload.load.arrivals.at_once, workload.load.arrivals.swing)


def steady(rate_per_s: float, length_s: float, seed: int, bursts: Bursts = POISSON) -> Traffic:
    """One rate all the time."""
    return Traffic(np.full(math.ceil(length_s / SLAB_S), rate_per_s), seed, bursts=bursts)


def _curve(workload: Workload, demand: Demand, at_s: Rates) -> Rates:
    """The rate over the day's mean at some times."""
    hourly = np.array(daily_curve(workload.load.peak_hour_to_mean.likely))
    middle = (np.arange(-1, 26) + 0.5) * HOUR_S
    curve = np.interp(at_s % DAY_S, middle, hourly[np.arange(-1, 26) % 24])
    busiest = int(np.argmax(hourly))
    inside = (at_s % DAY_S // HOUR_S) == busiest
    from_middle = np.abs(at_s % DAY_S - (busiest + 0.5) * HOUR_S)
    burst = max(1.0, demand.peak_per_s.likely / demand.peak_hour_per_s.likely)
    rest = max(0.0, (HOUR_S - burst * BURST_S) / (HOUR_S - BURST_S))
    factor = np.where(from_middle < BURST_S / 2, burst, rest)
    return np.asarray(np.where(inside, hourly[busiest] * factor, curve))


def flash_of(text: str) -> Flash:
    """A crowd as an option says it: `3x@14:00/60s`. Raises InputError."""
    found = _FLASH.fullmatch(text)
    if found is None or not 0 < float(found["factor"]) <= MOST_FACTOR or int(found["hour"]) > 23:
        raise InputError(
            f"{abridged(text)} is no crowd",
            where="--flash",
            hint="write how many times the usual load, when, and for how long: 3x@14:00/60s",
        )
    at_s = int(found["hour"]) * HOUR_S + int(found["minute"]) * MINUTE_S
    return Flash(float(found["factor"]), at_s, int(found["length"]) * _UNITS[found["unit"]])


def of_series(text: str, where: str, seed: int) -> Traffic:
    """A recorded series: columns `time` and `rate` (requests/s until the next row), or `time` alone, a line
    for each request. Times are seconds, or dates and times of ISO 8601.

    Raises:
        InputError: with the line, where something is no time or rate, is out of order or missing.
    """
    rows = list(csv.reader(io.StringIO(text)))
    if not rows or [name.strip().lower() for name in rows[0]] not in (["time"], ["time", "rate"]):
        raise InputError(
            "the first line must name the columns",
            where=f"{where}, line 1",
            hint="write `time,rate` (requests/s), or `time` alone with a line for each request",
        )
    if not 2 <= len(rows) <= MOST_ROWS:
        raise InputError(
            f"{len(rows) - 1:,} rows are no series", where=where, hint=f"from 1 to {MOST_ROWS - 1:,} rows"
        )
    width = len(rows[0])
    read = [_row(row, width, f"{where}, line {line}") for line, row in enumerate(rows[1:], 2)]
    times = np.array([time for time, _ in read])
    early = np.flatnonzero(np.diff(times) < 0)
    if early.size:
        raise InputError(
            "comes before the line above",
            where=f"{where}, line {early[0] + 3}",
            hint="sort the rows by time",
        )
    times -= times[0]
    if times[-1] > MOST_DAYS * DAY_S:
        raise InputError(f"lasts more than {MOST_DAYS} days", where=where, hint="simulate a part of it")
    return _counted(times, seed) if width == 1 else _rated(times, np.array([r for _, r in read]), where, seed)


def _row(row: Sequence[str], width: int, where: str) -> tuple[float, float]:
    if len(row) != width:
        raise InputError(f"has {len(row)} columns, not {width}", where=where, hint="fill the gap or drop it")
    try:
        time, rate = _time(row[0]), float(row[1]) if width == 2 else 0.0
    except ValueError:
        bad = row[0] if width == 1 or _is_number(row[1]) else row[1]
        raise InputError(
            f"{abridged(bad)} is no number", where=where, hint="seconds, or 2026-11-29T14:00:00; requests/s"
        ) from None
    if not (math.isfinite(time) and math.isfinite(rate) and rate >= 0):
        raise InputError(f"{abridged(','.join(row))} is not finite and positive", where=where, hint="mend it")
    return time, rate


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _time(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return datetime.fromisoformat(text.strip()).timestamp()


def _counted(times: Rates, seed: int) -> Traffic:
    counts = np.bincount((times // SLAB_S).astype(np.int64))
    return Traffic(counts / SLAB_S, seed)


def _rated(times: Rates, rates: Rates, where: str, seed: int) -> Traffic:
    """By slab the rate of the last row before its middle; the last row lasts as long as the one before it."""
    steps = np.diff(times)
    usual = float(np.median(steps)) if steps.size else MINUTE_S
    gaps = np.flatnonzero(steps > 10 * usual)
    if gaps.size:
        raise InputError(
            f"{steps[gaps[0]]:,.0f} s pass until the next row, usually {usual:,.0f} s",
            where=f"{where}, line {gaps[0] + 2}",
            hint="fill the gap with rows, of rate 0 where nobody came",
        )
    slabs = max(1, round((times[-1] + usual) / SLAB_S))
    middle = (np.arange(slabs) + 0.5) * SLAB_S
    return Traffic(rates[np.clip(np.searchsorted(times, middle, side="right") - 1, 0, None)], seed)
