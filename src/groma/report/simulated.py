"""A simulated day as a picture: latency, load and failures, servers and what happened to them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from groma.report.figures import BLUE, FAINT, GREEN, GRID, ORANGE, RED, VIOLET, canvas, title, written
from groma.report.plots import goal_line
from groma.simulation.answer import Simulated, milliseconds
from groma.simulation.histogram import quantile_s
from groma.simulation.seen import Seen
from groma.simulation.traffic import HOUR_S, MINUTE_S

if TYPE_CHECKING:
    from matplotlib.axes import Axes

BANDS = ((0.5, 0.95, "#c6dbef"), (0.95, 0.99, "#9ecae1"))
TIER_COLOURS = (ORANGE, GREEN, VIOLET)
WINDOW = 5
"""Minutes over which each figure is taken: a p99 of a minute in the night is one of a few requests."""


def plot_simulated(found: Simulated, suffix: str) -> bytes:
    """The picture of the first region, in the format of a suffix that `check_format` accepts."""
    figure, (latency, load, servers) = canvas(12, 9, heights=(3, 2, 2))
    seen = found.regions[0]
    hours = (seen.begins_s + np.arange(len(seen.minutes)) * MINUTE_S) / HOUR_S
    _latency(latency, seen, hours, found.goal_s)
    _load(load, seen, hours)
    _servers(servers, seen, hours)
    servers.set_xlabel("hour")
    _hours(servers, hours)
    for at_s, text in seen.told:
        for axes in (latency, load, servers):
            axes.axvline(at_s / HOUR_S, color=RED if "lost" in text else GRID, linewidth=1.0, zorder=0)
    where = f" in {seen.cast.region}" if len(found.regions) > 1 else ""
    p99 = milliseconds(quantile_s(found.felt.sum(axis=0), 0.99))
    below = f"{found.asked:,} requests, p99 {p99} ms, {sum(each.failed for each in found.regions):,} failed"
    title(latency, f"{found.name}: {found.what}{where}", f"{below}; every figure is of {WINDOW} minutes")
    return written(figure, suffix)


def _latency(axes: Axes, seen: Seen, hours: Any, goal_s: float) -> None:
    shares = sorted({share for low, high, _ in BANDS for share in (low, high)})
    times = dict(zip(shares, seen.by_minute_s(shares, WINDOW).T * 1000, strict=True))
    for low, high, colour in BANDS:
        axes.fill_between(hours, times[low], times[high], color=colour, linewidth=0)
    for share, width in zip(shares, (2.6, 1.2, 1.8), strict=True):
        axes.plot(hours, times[share], color=BLUE, linewidth=width)
        last = np.flatnonzero(np.isfinite(times[share]))
        if last.size:
            where = (hours[last[-1]], times[share][last[-1]])
            axes.annotate(f"p{share * 100:g}", where, xytext=(6, -4), textcoords="offset points", color=BLUE)
    axes.set_yscale("log")
    goal_line(axes, goal_s * 1000)
    known = np.concatenate([each[np.isfinite(each)] for each in times.values()])
    low, high = (float(known.min()), float(known.max())) if known.size else (1.0, 10.0)
    axes.set_ylim(low * 0.8, max(high, goal_s * 1000) * 1.4)
    ticks = [
        each for each in (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000) if low * 0.8 <= each
    ]
    axes.set_yticks([each for each in ticks if each <= max(high, goal_s * 1000) * 1.4])
    axes.minorticks_off()
    axes.yaxis.set_major_formatter(lambda value, _: f"{value:,g}")
    axes.set_ylabel("latency, ms")


def _load(axes: Axes, seen: Seen, hours: Any) -> None:
    axes.fill_between(hours, seen.rate_per_s, color="#dfe7ee", linewidth=0)
    axes.plot(hours, seen.rate_per_s, color=FAINT, linewidth=1.2)
    failed = seen.failed_by_minute / MINUTE_S
    if failed.any():
        axes.fill_between(hours, failed, color=RED, linewidth=0)
        axes.annotate(
            "failed",
            (hours[int(np.argmax(failed))], failed.max()),
            color=RED,
            xytext=(6, 0),
            textcoords="offset points",
        )
    axes.set_ylim(bottom=0)
    axes.set_ylabel("requests/s")


def _servers(axes: Axes, seen: Seen, hours: Any) -> None:
    for number, ((name, machine), colour) in enumerate(zip(seen.cast.rows, TIER_COLOURS, strict=False)):
        cpu = np.array([minute.cpu[number] for minute in seen.minutes])
        axes.plot(hours, cpu * 100, color=colour, linewidth=1.2, alpha=0.9)
        counts = np.array([minute.serving[number] for minute in seen.minutes])
        label = f"{name}: {counts.min()}" + (f"–{counts.max()}" if counts.max() > counts.min() else "")
        axes.plot([], [], color=colour, linewidth=3, label=f"{label} × {machine}")
    axes.set_ylim(0, 100)
    axes.set_ylabel(f"{seen.cast.use}, %")
    axes.legend(loc="upper left", frameon=False, ncols=3)


def _hours(axes: Axes, hours: Any) -> None:
    span = float(hours[-1] - hours[0]) if len(hours) > 1 else 1.0
    step = next(each for each in (0.25, 0.5, 1, 3, 6, 12, 24, 72) if span / each <= 12 or each == 72)
    axes.set_xlim(hours[0], hours[0] + span * 1.05)
    axes.set_xticks(np.arange(np.ceil(hours[0] / step) * step, hours[-1] + 0.02, step))
    axes.xaxis.set_major_formatter(lambda value, _: f"{int(value % 24):02}:{round(value % 1 * 60):02}")
