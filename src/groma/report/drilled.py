"""Pictures of drills: one fault over time with its alarms, and the matrix of faults and alarms."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from groma.answers import Metric
from groma.monitoring.evaluate.windows import MINUTE_S
from groma.questions.drills.answer import Drill, promise
from groma.questions.drills.fault import Reads
from groma.questions.drills.many import Drills
from groma.questions.drills.watching import Guard, Turned
from groma.report.figures import BLUE, FAINT, GRID, INK, ORANGE, RED, canvas, title, written
from groma.report.plots import goal_line
from groma.simulation.kernels.state import GOOD

if TYPE_CHECKING:
    from matplotlib.axes import Axes

COLOURS = {"page": RED, "ticket": ORANGE, None: FAINT}
BEFORE_MIN = 15
MOST_LANES = 14
LANE_IN = 0.32


def plot_drill(drill: Drill, suffix: str) -> bytes:
    """A drill, in the format of a suffix that `check_format` accepts: what users felt, alarms below."""
    lanes = _lanes(drill)
    low = max(1.2, LANE_IN * (len(lanes) + 1))
    heights: tuple[float, ...] = (2.6, 1.6, low) if drill.fault.is_simulated else (2.6, low)
    figure, axes = canvas(12, 1.6 + 1.35 * sum(heights), heights=heights)
    if drill.fault.is_simulated:
        _latency(axes[0], drill)
        _load(axes[1], drill)
    else:
        _metric(axes[0], drill)
    _alarms(axes[-1], drill, lanes)
    last = (drill.scenes.at_s(drill.scenes.minutes) - drill.begin_s) / 60
    for each in axes:
        each.axvspan(0, (drill.end_s - drill.begin_s) / 60, color="#fbe9e7", zorder=-2, linewidth=0)
        each.set_xlim(-BEFORE_MIN, last)
    axes[-1].set_xlabel("minutes since the fault began (it lasts as long as the shade)")
    verdict = "as promised" if drill.ok else "; ".join(drill.wrong)
    told = "nobody was told" if drill.caught is None else (
        f"{drill.caught.guard.id} told of it as a {drill.caught.told} "
        f"after {(drill.caught.at_s - drill.begin_s) / 60:,.0f} min"
    )  # fmt: skip
    title(axes[0], f"{drill.fault.name}: {drill.fault.what}", f"{told}; {promise(drill.fault)}: {verdict}")
    return written(figure, suffix)


def _minutes(drill: Drill) -> Any:
    """The simulated minutes, from the fault's beginning on."""
    count = len(drill.scenes.regions[0].minutes)
    return (drill.scenes.begins_s + np.arange(count) * MINUTE_S - drill.begin_s) / 60


def _latency(axes: Axes, drill: Drill) -> None:
    at = _minutes(drill)
    for seen in drill.scenes.regions:
        times = seen.by_minute_s((0.5, 0.99)).T * 1000
        axes.plot(at, times[1], color=BLUE, linewidth=2.2)
        axes.plot(at, times[0], color=BLUE, linewidth=1.2, alpha=0.6)
        for values, name in zip(times, ("p50", "p99"), strict=True):
            known = np.flatnonzero(np.isfinite(values))
            if known.size and len(drill.scenes.regions) == 1:
                where = (at[known[0]], values[known[0]])
                axes.annotate(name, where, xytext=(4, 5), textcoords="offset points", color=BLUE)
    axes.set_yscale("log")
    goal_line(axes, drill.design.workload.slo.p99_ms)
    axes.minorticks_off()
    low, high = axes.get_ylim()
    high = max(high, drill.design.workload.slo.p99_ms * 1.6)
    axes.set_ylim(low, high)
    ticks = [10.0**power * base for power in range(6) for base in (1, 2, 5)]
    axes.set_yticks([each for each in ticks if low <= each <= high])
    axes.yaxis.set_major_formatter(lambda value, _: f"{value:,g}")
    axes.set_ylabel("latency, ms")


def _load(axes: Axes, drill: Drill) -> None:
    at = _minutes(drill)
    asked = np.sum([seen.rate_per_s for seen in drill.scenes.regions], axis=0)
    axes.fill_between(at, asked, color="#dfe7ee", linewidth=0)
    failed = np.sum([seen.failed_by_minute for seen in drill.scenes.regions], axis=0) / MINUTE_S
    good = np.sum(
        [[m.outcomes[:, GOOD].sum() for m in seen.minutes] for seen in drill.scenes.regions], axis=0
    )
    failed = failed + np.array([drill.felt.failing(number) for number in range(at.size)]) * good / MINUTE_S
    if failed.any():
        axes.fill_between(at, failed, color=RED, linewidth=0, alpha=0.85)
        place = int(np.argmax(failed))
        axes.annotate(
            "failed", (at[place], failed[place]), color=RED, xytext=(6, 2), textcoords="offset points"
        )
    axes.set_ylim(bottom=0)
    axes.set_ylabel("requests/s")


def _metric(axes: Axes, drill: Drill) -> None:
    """What the fault changes, as the first alarm that tells of it reads it, with its threshold."""
    found = next(iter(_watched(drill)), None)
    if found is None:
        axes.set_yticks([])
        return
    guard, name, metric = found
    samples = drill.series.get(guard.keys[name], ())
    shown = [(s.at_s, s.value) for s in samples if s.at_s >= drill.begin_s - BEFORE_MIN * 60]
    at = [(at_s - drill.begin_s) / 60 for at_s, _ in shown]
    axes.plot(at, [value for _, value in shown], color=BLUE, linewidth=0, marker=".", markersize=5)
    limit = getattr(guard.rule.limit, "threshold", None) if guard.rule else None
    if limit is not None and guard.rule is not None and len(guard.rule.metrics) == 1:
        axes.axhline(limit, color=RED, linewidth=1.4, linestyle=(0, (5, 3)))
        axes.annotate(
            f"{guard.id} at {limit:,g}", (0.005, limit), xycoords=("axes fraction", "data"),
            xytext=(0, 5), textcoords="offset points", color=RED,
        )  # fmt: skip
    axes.set_ylabel(f"{metric.name},\n{guard.component}")
    axes.margins(y=0.15)


def _watched(drill: Drill) -> Iterator[tuple[Guard, str, Metric]]:
    changed = [each for each in drill.fault.effects if isinstance(each, Reads)]
    first = [drill.caught.guard] if drill.caught else []
    for guard in (*first, *drill.guards):
        for name, metric in guard.rule.metrics.items() if guard.rule else ():
            key = guard.keys[name]
            if any(each.is_of(key.component, key.namespace, key.name) for each in changed):
                yield guard, name, metric


def _lanes(drill: Drill) -> list[tuple[Guard, list[Turned]]]:
    """The alarms that were on or silent from the fault's beginning on, those that told of it first."""
    by_id: dict[str, list[Turned]] = {}
    for each in drill.turned:
        if each.at_s > drill.begin_s:
            by_id.setdefault(each.guard.id, []).append(each)
    lanes = [(those[0].guard, those) for those in by_id.values() if any(t.state != "OK" for t in those)]
    lanes.sort(key=lambda lane: (not any(t.is_call for t in lane[1]), lane[1][0].at_s))
    return lanes[:MOST_LANES]


def _alarms(axes: Axes, drill: Drill, lanes: list[tuple[Guard, list[Turned]]]) -> None:
    last = (drill.scenes.at_s(drill.scenes.minutes) - drill.begin_s) / 60
    for place, (_, those) in enumerate(lanes):
        ends = [(each.at_s - drill.begin_s) / 60 for each in those[1:]] + [last]
        for each, end in zip(those, ends, strict=True):
            begin = (each.at_s - drill.begin_s) / 60
            if each.state == "OK":
                continue
            colour = COLOURS[each.told]
            axes.barh(place, end - begin, left=begin, height=0.5, color=colour, alpha=0.35, linewidth=0)
            if each.is_call:
                axes.plot([begin], [place], marker="o", color=colour, markersize=9, zorder=5)
    axes.set_yticks(range(len(lanes)), [guard.id for guard, _ in lanes], fontsize=11)
    axes.set_ylim(len(lanes) - 0.4, -0.6)
    axes.grid(axis="y", visible=False)
    for severity in ("page", "ticket"):
        axes.plot([], [], marker="o", linewidth=0, color=COLOURS[severity], markersize=9, label=severity)
    axes.plot([], [], color=FAINT, alpha=0.5, linewidth=7, label="on, tells nobody itself")
    axes.legend(loc="lower right", frameon=False, fontsize=11, ncols=3, bbox_to_anchor=(1.0, 1.0))


def plot_matrix(found: Drills, suffix: str) -> bytes:
    """Faults below each other, alarms beside each other: which of these set off which of those."""
    names = [each.id for each in found.guards if each.id not in found.untried]
    drills = [each for each in found.drills if each.calls or each.fault.told]
    figure, axes = canvas(4.5 + 0.3 * max(len(names), 12), 3.5 + 0.27 * max(len(drills), 6))
    for row, drill in enumerate(drills):
        for turned in drill.turned:
            if turned.at_s > drill.begin_s and turned.state != "OK" and turned.guard.id in names:
                axes.plot(
                    [names.index(turned.guard.id)],
                    [row],
                    marker="s",
                    color=COLOURS[turned.told],
                    markersize=9,
                )
    for severity, word in (("page", "page"), ("ticket", "ticket"), (None, "on, tells nobody itself")):
        axes.plot([], [], marker="s", linewidth=0, color=COLOURS[severity], markersize=9, label=word)
    axes.set_xticks(range(len(names)), names, rotation=90, fontsize=10)
    axes.set_yticks(range(len(drills)), [each.fault.name for each in drills], fontsize=10)
    for label, drill in zip(axes.get_yticklabels(), drills, strict=True):
        label.set_color(INK if drill.ok else RED)
    axes.grid(axis="both", color=GRID)
    axes.set_xlim(-0.7, len(names) - 0.3)
    axes.set_ylim(len(drills) - 0.3, -0.7)
    axes.legend(loc="lower left", frameon=False, ncols=3, bbox_to_anchor=(0.0, 1.0), fontsize=11)
    good = sum(each.ok for each in found.drills)
    axes.set_title(
        f"{found.name}: {good} of {len(found.drills)} drills as promised\n", loc="left", fontsize=18,
        fontweight="bold", pad=18,
    )  # fmt: skip
    return written(figure, suffix)
