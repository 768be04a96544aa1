"""What a simulation came to, in words for people and in plain values for machines."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from groma.simulation.histogram import quantile_s, share_above
from groma.simulation.kernels.state import GOOD, OUTCOMES, Ints
from groma.simulation.scene import Assumed
from groma.simulation.seen import Seen
from groma.simulation.traffic import HOUR_S, MINUTE_S
from groma.sizing.cold_starts import BURST_S
from groma.words import Cell, Mark, Table, Words
from groma.workload.people import DAY_S

PERCENTILES = (0.5, 0.95, 0.99, 0.999)
MOST_TOLD = 8
BUSIEST_MINUTES = BURST_S // MINUTE_S


@dataclass(frozen=True, eq=False)
class Simulated:
    """A design under its traffic.

    Attributes:
        name: of the stack; what: of the traffic, in a few words.
        regions: what each of them has seen.
        seed: of everything that was drawn.
        assumed: what neither the workload nor the design says.
        every: one of so many minutes was simulated, and those that differ; the others are taken as alike.
        stopped: whether it was stopped before its end.
    """

    name: str
    what: str
    regions: tuple[Seen, ...]
    seed: int
    assumed: Assumed
    every: int = 1
    stopped: bool = False

    @cached_property
    def felt(self) -> Ints:
        """Times of all good answers of all regions, by class."""
        return np.asarray(np.sum([seen.felt for seen in self.regions], axis=0))

    @cached_property
    def begun(self) -> Ints:
        """Requests of all regions that were begun, by class."""
        return np.asarray(np.sum([seen.begun for seen in self.regions], axis=0))

    @cached_property
    def ended(self) -> Ints:
        """Requests of all regions that ended, by class and outcome."""
        return np.asarray(np.sum([seen.ended for seen in self.regions], axis=0))

    @property
    def asked(self) -> int:
        """Requests that were begun."""
        return int(self.begun.sum())

    @property
    def goal_s(self) -> float:
        """What 99 % of all requests are to keep."""
        return self.regions[0].cast.goal_s

    @property
    def reached_s(self) -> float:
        """How far it came, from its beginning."""
        return min(seen.lasted_s for seen in self.regions)

    def words(self) -> Words:
        """What users felt, what the servers did, and what happened."""
        heading = f"{self.name}: {self.what}, request by request: {self.asked:,} of them"
        return Words(
            heading, (self._felt_table(), *(self._rows(seen) for seen in self.regions)), self._lines()
        )

    def _felt_table(self) -> Table:
        kinds = self.regions[0].cast.kinds
        goal = f"over {self.goal_s * 1000:,.0f} ms"
        every = (self.felt.sum(axis=0), self.begun.sum(), self.ended.sum(axis=0))
        rows = [self._felt_row("all requests", *every)]
        rows += map(self._felt_row, kinds, self.felt, self.begun, self.ended)
        heads = ("", "requests", "p50", "p95", "p99", "p99.9", goal, "failed")
        return Table("what users felt, in ms", heads, tuple(rows), right=heads[1:], bold=(0,))

    def _felt_row(self, name: str, counts: Ints, asked: int, ended: Ints) -> tuple[Cell, ...]:
        failed = int(ended[GOOD + 1 :].sum())
        shown = [milliseconds(quantile_s(counts, share)) for share in PERCENTILES]
        over = share_above(counts, self.goal_s)
        mark = Mark(_percent(over), "good" if over <= 0.01 else "bad")
        lost = Mark(f"{failed:,}", "bad") if failed else "0"
        return (name, f"{asked:,}", *shown, mark, lost)

    def _rows(self, seen: Seen) -> Table:
        rows = []
        for number, (name, machine) in enumerate(seen.cast.rows):
            serving = [minute.serving[number] for minute in seen.minutes]
            cpu = np.array([minute.cpu[number] for minute in seen.minutes])
            least, most = min(serving), max(serving)
            servers = f"{least}" if least == most else f"{least}–{most}"
            shown = (
                f"{cpu.mean():.0%}",
                f"{cpu.max():.0%}",
                milliseconds(quantile_s(seen.stayed[number], 0.99)),
            )
            rows.append((name, f"{servers} × {machine}", *shown))
        heads = ("", seen.cast.members, seen.cast.use, "busiest minute", seen.cast.beyond)
        return Table(f"{seen.cast.members} in {seen.cast.region}", heads, tuple(rows), right=heads[2:])

    def _lines(self) -> tuple[str, ...]:
        lines = [self._busiest(seen) for seen in self.regions]
        told = [(at_s, seen.cast.region, text) for seen in self.regions for at_s, text in seen.told]
        several = len(self.regions) > 1
        shown = sorted(sorted(told, key=lambda each: "→" in each[2])[:MOST_TOLD])
        for at_s, region, text in shown:
            lines.append(f"{_clock(at_s)} {f'{region}: ' if several else ''}{text}")
        if len(told) > MOST_TOLD:
            lines.append(f"… and {len(told) - MOST_TOLD} more changes of servers")
        failed = {name: self._outcome(number) for number, name in enumerate(OUTCOMES) if number != GOOD}
        if any(failed.values()):
            lines.append(
                "failed: " + ", ".join(f"{count:,} {name}" for name, count in failed.items() if count)
            )
        retried = sum(seen.retried for seen in self.regions)
        if retried:
            lines.append(f"retried: {retried:,} attempts")
        lines += [line for seen in self.regions for line in _cold(seen)]
        lines.append(self._assumptions())
        if self.every > 1:
            lines += self._left_out()
        if self.stopped:
            lines.append(f"stopped at {_clock(self.reached_s)}; what stands above is of the time until then")
        return tuple(lines)

    @property
    def simulated(self) -> int:
        """Requests that were simulated; the others are taken to be as those."""
        return sum(seen.simulated for seen in self.regions)

    @cached_property
    def off(self) -> dict[float, float]:
        """How far percentiles may be off because minutes were left out, as a share of each of them.

        What lies between two minutes that were simulated is taken to be as the first of them. Taken to be as
        the second it would come to other percentiles; what is true lies between.
        """
        one = self.felt.sum(axis=0)
        other = np.sum([seen.felt_otherwise.sum(axis=0) for seen in self.regions], axis=0)
        return {
            share: abs(quantile_s(other, share) / quantile_s(one, share) - 1) for share in PERCENTILES[:3]
        }

    def _left_out(self) -> tuple[str, str]:
        """That not every request was simulated, and how far that may be off."""
        off = ", ".join(f"p{100 * share:g} by {by:.1%}" for share, by in self.off.items())
        which = f"one of {self.every} minutes, and all that differ"
        return (
            f"{self.simulated:,} requests were simulated: {which}; --full for every one",
            f"the others taken as the minute behind them, not as the one before, would change {off}",
        )

    def _outcome(self, number: int) -> int:
        return int(self.ended[:, number].sum())

    def _busiest(self, seen: Seen) -> str:
        first, felt = busiest(seen)
        rate = seen.rate_per_s[first : first + BUSIEST_MINUTES].mean()
        name = f" in {seen.cast.region}" if len(self.regions) > 1 else ""
        at = _clock(seen.begins_s + first * MINUTE_S)
        p99 = milliseconds(quantile_s(felt, 0.99))
        return f"busiest five minutes{name}: from {at}, {rate:,.0f} requests/s, p99 {p99} ms"

    def _assumptions(self) -> str:
        assumed = f"{self.assumed.shape} service times"
        if self.regions[0].cast.members == "servers":
            each = "works on what it was sent" if self.assumed.apart else "takes what comes to its server"
            assumed += f", {self.assumed.routing} routing, each process {each}"
        return f"assumed: {assumed}; seed {self.seed}"

    def document(self) -> object:
        """The same for machines; times in ms."""
        return {
            "stack": self.name,
            "traffic": self.what,
            "seed": self.seed,
            "requests": self.asked,
            "one_of_minutes": self.every,
            "simulated_requests": self.simulated,
            "off": {f"p{100 * share:g}": by for share, by in self.off.items()},
            "stopped": self.stopped,
            "simulated_s": self.reached_s,
            "latency_ms": _percentiles(self.felt.sum(axis=0)),
            "latency_by_class_ms": {
                kind: _percentiles(self.felt[number])
                for number, kind in enumerate(self.regions[0].cast.kinds)
            },
            "over_goal": share_above(self.felt.sum(axis=0), self.goal_s),
            "outcomes": {name: self._outcome(number) for number, name in enumerate(OUTCOMES)},
            "regions": [_region(seen) for seen in self.regions],
        }

    def minutes_csv(self) -> str:
        """A row for each region and minute: load, latency, failures; of each tier p99, CPU and servers."""
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\n")
        names = [name for name, _ in self.regions[0].cast.rows]
        latency = [f"p{share * 100:g}_ms" for share in PERCENTILES]
        tiers = [f"{name}_{what}" for name in names for what in ("p99_ms", "cpu", "serving", "standing")]
        ends = ("failed", "retried", "inside")
        writer.writerow(["region", "minute", "requests_per_s", *latency, *ends, *tiers])
        for seen in self.regions:
            writer.writerows([seen.cast.region, number, *row] for number, row in enumerate(_minutes(seen)))
        return out.getvalue()


def _minutes(seen: Seen) -> Iterator[list[str | int]]:
    """The figures of each minute."""
    times, tiers = seen.by_minute_s(PERCENTILES), seen.tiers_by_minute_s(0.99)
    for minute, latency, by_tier in zip(seen.minutes, times, tiers, strict=True):
        row: list[str | int] = [f"{minute.asked.sum() / MINUTE_S:.3f}", *map(_cell_ms, latency)]
        row += [int(minute.outcomes[:, GOOD + 1 :].sum()), minute.retried, minute.inside]
        figures = zip(by_tier, minute.cpu, minute.serving, minute.standing, strict=True)
        for p99_s, cpu, serving, standing in figures:
            row += [_cell_ms(p99_s), f"{cpu:.4f}", serving, standing]
        yield row


def _cell_ms(time_s: float) -> str:
    return "" if math.isnan(time_s) else f"{time_s * 1000:.2f}"


def busiest(seen: Seen) -> tuple[int, Ints]:
    """The first of the five minutes with the most requests, and the times of their good answers."""
    rates = seen.rate_per_s
    width = min(BUSIEST_MINUTES, rates.size)
    first = int(np.argmax(np.convolve(rates, np.ones(width), "valid")))
    return first, seen.felt_between(first, first + width)


def _cold(seen: Seen) -> list[str]:
    """How many environments were begun, where there are any."""
    begun = np.array([minute.cold for minute in seen.minutes])
    if not begun.size:
        return []
    calls = np.array([minute.asked.sum() for minute in seen.minutes])
    hours = [slice(at, at + 60) for at in range(0, calls.size, 60)]
    worst = max(hours, key=lambda hour: begun[hour, 0].sum() / max(calls[hour].sum(), 1))
    share, most = begun[:, 0].sum() / max(calls.sum(), 1), begun[worst, 0].sum() / max(calls[worst].sum(), 1)
    at = _clock(seen.begins_s + worst.start * MINUTE_S)
    return [f"cold starts: {_percent(share)} of the requests, in the hour from {at} {_percent(most)}"]


def milliseconds(time_s: float) -> str:
    """A time for people, without its unit."""
    if math.isnan(time_s):
        return "–"
    return f"{time_s * 1000:,.1f}" if time_s < 0.01 else f"{time_s * 1000:,.0f}"


def _percent(share: float) -> str:
    return "0 %" if share == 0 else f"{share:.2%}".replace("%", " %") if share >= 5e-5 else "< 0.01 %"


def _clock(at_s: float) -> str:
    day, inside = divmod(int(at_s), DAY_S)
    time = f"{inside // HOUR_S:02}:{inside % HOUR_S // 60:02}"
    return f"day {day + 1}, {time}" if day else time


def _percentiles(counts: Ints) -> dict[str, float | None]:
    found = {f"p{share * 100:g}": quantile_s(counts, share) * 1000 for share in PERCENTILES}
    return {name: None if math.isnan(value) else round(value, 2) for name, value in found.items()}


def _region(seen: Seen) -> object:
    first, felt = busiest(seen)
    return {
        "region": seen.cast.region,
        "requests": seen.asked,
        "latency_ms": _percentiles(seen.felt.sum(axis=0)),
        "busiest_five_minutes": {
            "from_minute": first,
            "requests_per_s": round(float(seen.rate_per_s[first : first + BUSIEST_MINUTES].mean()), 2),
            "latency_ms": _percentiles(felt),
        },
        "tiers": {
            name: {
                "machine": machine,
                "serving": [min(m.serving[n] for m in seen.minutes), max(m.serving[n] for m in seen.minutes)],
                "cpu": round(float(np.mean([m.cpu[n] for m in seen.minutes])), 4),
                "cpu_busiest_minute": round(float(max(m.cpu[n] for m in seen.minutes)), 4),
            }
            for n, (name, machine) in enumerate(seen.cast.rows)
        },
        "events": [{"at_s": round(at_s, 1), "what": text} for at_s, text in seen.told],
    }
