"""A tornado: a bar for each range, from the bill at its one end to that at its other."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from groma.questions.guesses import Guess
from groma.questions.sensitivity import LEAST_USD, Sensitivity
from groma.report.figures import BLUE, FAINT, INK, ORANGE, RED, canvas, title, written

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MOST_BARS = 14
ROW_IN, AROUND_IN = 0.46, 2.1
NO_DESIGN = 0.06
"""How far a bar reaches beyond all others at an end at which there is no design, as a share of the width."""


def plot_sensitivity(found: Sensitivity, suffix: str) -> bytes:
    """The ranges that move the bill most, the widest on top; what no design carries ends in a cross."""
    money, now = found.currency, found.usd_per_month
    bars = [each for each in found.rows if each.swing(now) >= LEAST_USD][:MOST_BARS]
    figure, axes = canvas(12, AROUND_IN + ROW_IN * max(len(bars), 1))
    known = [money.of(usd) for each in bars for usd in each.usd if usd is not None] + [money.of(now)]
    width = max(known) - min(known) or 1.0
    beyond = max(known) + NO_DESIGN * width
    for place, each in enumerate(reversed(bars)):
        _bar(axes, place, each, money.of(now), [beyond if usd is None else money.of(usd) for usd in each.usd])
    axes.axvline(money.of(now), color=INK, linewidth=1.4, zorder=4)
    axes.set_yticks(range(len(bars)), [each.key for each in reversed(bars)])
    axes.set_xlim(min(known) - 0.12 * width, beyond + 0.12 * width)
    axes.set_ylim(-0.7, max(len(bars), 1) - 0.3)
    axes.grid(axis="y", visible=False)
    axes.xaxis.set_major_formatter(lambda value, _: f"{money.sign}{value:,.0f}")
    axes.set_xlabel("bill a month of the cheapest design, the range at its end, all others likely")
    least = "at least " if found.at_least else ""
    below = (
        f"{least}{money.sign}{money.of(now):,.0f} a month at the likely values; low end blue, high orange, "
        "× where no design keeps the goals"
    )
    title(axes, f"{found.name}: what hangs on each range", below)
    return written(figure, suffix)


def _bar(axes: Axes, place: int, each: Guess, now: float, ends: list[float]) -> None:
    """Both halves of a bar, with the values of the range beside its ends."""
    values = (each.value.low, each.value.high)
    for end, value, usd, colour in zip(ends, values, each.usd, (BLUE, ORANGE), strict=True):
        axes.barh(place, end - now, left=now, height=0.58, color=colour, zorder=3)
        if usd is None:
            axes.scatter(end, place, s=70, marker="x", color=RED, zorder=5)
        if math.isclose(end, now, rel_tol=1e-6):
            continue
        right = end > now
        axes.annotate(
            f"{value:g}",
            (end, place),
            xytext=(9 if right else -7, 0),
            textcoords="offset points",
            horizontalalignment="left" if right else "right",
            verticalalignment="center",
            fontsize=10.5,
            color=FAINT,
        )
