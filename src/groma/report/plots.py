"""Pictures of what else could be built and of growth, made to be shown on a wall."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from groma.questions.alternatives import Alternative, Alternatives, Kind
from groma.questions.blueprints import Comparison
from groma.questions.growth import Growth, Stage
from groma.questions.sensitivity import Sensitivity
from groma.report.figures import (
    BLUE,
    FAINT,
    GREEN,
    GRID,
    INK,
    ORANGE,
    RED,
    VIOLET,
    canvas,
    check_format,
    plain_ticks,
    title,
    written,
)
from groma.report.tornado import plot_sensitivity

__all__ = ["check_format", "plot", "plot_alternatives", "plot_comparison", "plot_growth"]

if TYPE_CHECKING:
    from matplotlib.axes import Axes

COLOURS: dict[Kind, str] = {
    "cheaper": ORANGE,
    "design": INK,
    "faster": BLUE,
    "safer": GREEN,
    "independent": VIOLET,
}
MEANINGS: dict[Kind, str] = {
    "cheaper": "cheaper, misses the p99 goal",
    "design": "the cheapest that keeps the goals",
    "faster": "faster",
    "safer": "safer: the database master has a standby",
    "independent": "a NAT gateway per zone",
}
MOST_LABELS = 6
NARROW = 1.2


def plot(found: Alternatives | Comparison | Growth | Sensitivity, suffix: str) -> bytes:
    """The picture of an answer, in the format of a suffix that `check_format` accepts."""
    match found:
        case Alternatives():
            return plot_alternatives(found, suffix)
        case Comparison():
            return plot_comparison(found, suffix)
        case Growth():
            return plot_growth(found, suffix)
        case Sensitivity():
            return plot_sensitivity(found, suffix)


def plot_alternatives(found: Alternatives, suffix: str) -> bytes:
    """The front of cost and p99 as a picture: one point per design, the goal as a line."""
    figure, axes = canvas(11, 6.2)
    rows, goal_ms = found.rows, found.workload.slo.p99_ms
    ordered = sorted((each for kind, each in rows if kind != "independent"), key=lambda a: a.usd_per_month)
    costs = [each.usd_per_month for each in ordered]
    times = [each.p99_ms for each in ordered]
    for share in {each.availability for each in ordered}:
        line = [each for each in ordered if each.availability == share]
        where = [each.usd_per_month for each in line]
        axes.step(where, [a.p99_ms for a in line], where="post", color=GRID, linewidth=2.5, zorder=1)
    for kind, meaning in MEANINGS.items():
        points = [each for row, each in rows if row == kind]
        axes.scatter(
            [p.usd_per_month for p in points],
            [p.p99_ms for p in points],
            s=130,
            color=COLOURS[kind],
            marker="D" if kind == "independent" else "o",
            edgecolor="white",
            linewidth=1.2,
            zorder=3,
            label=meaning if points else None,
        )
    goal_line(axes, goal_ms)
    axes.set_yscale("log")
    plain_ticks(axes, "y", [*times, goal_ms])
    axes.set_xlabel("bill, $ a month")
    axes.set_ylabel("p99 at peak with a zone lost, ms")
    axes.xaxis.set_major_formatter(lambda value, _: f"${value:,.0f}")
    _label_front(axes, [each for each in ordered if each.availability == ordered[0].availability])
    spread = max(costs[-1] - costs[0], costs[0] * 0.02)
    axes.set_xlim(costs[0] - 0.16 * spread, costs[-1] + 0.06 * spread)
    axes.set_ylim(min(times) * 0.62, max(*times, goal_ms) * 1.25)
    axes.legend(loc="upper right", bbox_to_anchor=(1, 0.86), frameon=False)
    title(axes, f"{found.workload.name}: what more money buys", _availability(rows))
    return written(figure, suffix)


def plot_growth(grown: Growth, suffix: str) -> bytes:
    """Cost and p99 over the number of users, with a mark where each design breaks."""
    figure, (above, below) = canvas(12, 7.4, heights=(3, 2))
    goal_ms = grown.workload.slo.p99_ms
    for index, stage in enumerate(grown.stages):
        colour = BLUE if index % 2 == 0 else "#67a9cf"
        users = [p.users for p in stage.points]
        above.plot(users, [p.usd_per_month for p in stage.points], color=colour, linewidth=3.2)
        below.plot(users, [p.p99_ms for p in stage.points], color=colour, linewidth=3.2)
        if stage.breaks is not None:
            above.scatter(users[-1], stage.points[-1].usd_per_month, s=70, color=RED, zorder=4)
            below.scatter(users[-1], stage.points[-1].p99_ms, s=70, color=RED, zorder=4)
            for axes in (above, below):
                axes.axvline(stage.up_to, color=GRID, linewidth=1.2, zorder=0)
        _name_stage(above, stage)
    goal_line(below, goal_ms)
    above.set_yscale("log")
    above.set_ylim(bottom=0.65 * min(p.usd_per_month for s in grown.stages for p in s.points))
    plain_ticks(above, "y", [p.usd_per_month for s in grown.stages for p in s.points], money=True)
    above.set_ylabel("bill, $ a month")
    below.set_ylabel("p99 with a zone lost, ms")
    below.set_ylim(0, goal_ms * 1.15)
    below.set_xscale("log")
    first, last = grown.stages[0].since, grown.stages[-1].up_to
    above.set_xlim(first * 0.93, last * 1.12)
    plain_ticks(below, "x", [first, last])
    below.set_xlabel("users")
    figure.align_ylabels()
    title(above, f"{grown.workload.name}: from {first:,} to {last:,} users", _story(grown))
    return written(figure, suffix)


def plot_comparison(found: Comparison, suffix: str) -> bytes:
    """What two blueprints cost over the number of users, and where they cross."""
    figure, axes = canvas(11, 6.2)
    for number, (side, colour) in enumerate(zip(found.sides, (BLUE, ORANGE), strict=True)):
        known = [(p.users, p.usd[number]) for p in found.points if p.usd[number] is not None]
        axes.plot(*zip(*known, strict=True), color=colour, linewidth=3.2, label=side.blueprint)
    for cross in found.crossings:
        axes.scatter(cross.users, cross.usd, s=90, color=RED, zorder=4)
        axes.annotate(
            f"{cross.users:,} users",
            (cross.users, cross.usd),
            xytext=(10, -18),
            textcoords="offset points",
            color=RED,
        )
    axes.set_xscale("log")
    axes.set_yscale("log")
    plain_ticks(axes, "x", [p.users for p in found.points])
    axes.set_xticks([10**power for power in range(2, 8)])
    plain_ticks(axes, "y", [usd for p in found.points for usd in p.usd if usd is not None], money=True)
    axes.set_xlabel("users")
    axes.set_ylabel("bill, $ a month")
    axes.legend(loc="upper left", frameon=False)
    names = " and ".join(side.blueprint for side in found.sides)
    title(axes, f"{found.workload.name}: {names}", _crossings(found))
    return written(figure, suffix)


def _crossings(found: Comparison) -> str:
    told = [f"{c.cheaper_below} is cheaper up to {c.users:,} users" for c in found.crossings]
    return "; ".join(told) or "they do not cross"


def goal_line(axes: Axes, goal_ms: float) -> None:
    """The goal for the p99."""
    axes.axhline(goal_ms, color=RED, linewidth=1.4, linestyle=(0, (5, 3)), zorder=2)
    axes.annotate(
        f"goal {goal_ms:g} ms",
        (0.005, goal_ms),
        xycoords=("axes fraction", "data"),
        xytext=(0, 5),
        textcoords="offset points",
        color=RED,
    )


def _label_front(axes: Axes, ordered: Sequence[Alternative]) -> None:
    """The machines at a few points, below the front, where no design is; far enough apart to be read."""
    gap = (ordered[-1].usd_per_month - ordered[0].usd_per_month) / MOST_LABELS
    last_x, last_y = -math.inf, math.inf
    for each in ordered:
        if each.usd_per_month - last_x < gap and each.p99_ms > last_y * 0.68:
            continue
        axes.annotate(
            each.machines.replace(", ", "\n"),
            (each.usd_per_month, each.p99_ms),
            xytext=(-9, -5),
            textcoords="offset points",
            horizontalalignment="right",
            verticalalignment="top",
            fontsize=11,
            color=FAINT,
            linespacing=1.15,
        )
        last_x, last_y = each.usd_per_month, each.p99_ms


def _availability(rows: Sequence[tuple[Kind, Alternative]]) -> str:
    shares = sorted({f"{each.availability:.4%}" for _, each in rows})
    return (
        f"each point is a design that none beats; availability {' to '.join({shares[0]: 0, shares[-1]: 0})}"
    )


def _name_stage(axes: Axes, stage: Stage) -> None:
    """The database's class, centred under the middle of a stage's line: it is what grows in steps."""
    if stage.up_to < NARROW * stage.since:
        return
    middle = stage.points[len(stage.points) // 2]
    database = stage.design.plan.sizes[-1].choice.name
    axes.annotate(
        database,
        (middle.users, middle.usd_per_month),
        xytext=(5, -17),
        textcoords="offset points",
        horizontalalignment="center",
        verticalalignment="top",
        fontsize=10.5,
        color=FAINT,
    )


def _story(grown: Growth) -> str:
    first = grown.stages[0]
    if first.breaks is None:
        return "the first design carries all of them"
    return (
        f"first to break: the {first.breaks.tier} beyond {first.up_to:,} users ({first.breaks.limit});"
        f" {len(grown.stages)} designs, a red dot where each ends"
    )
