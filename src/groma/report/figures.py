"""How all plots look: a figure, its title, its ticks, and the file that it becomes."""

from __future__ import annotations

import io
import math
from collections.abc import Sequence
from importlib import resources
from typing import TYPE_CHECKING, Any

from groma.errors import InputError

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

INK, FAINT, GRID = "#1f2933", "#7b8794", "#e4e7eb"
BLUE, ORANGE, GREEN, RED, VIOLET = "#2166ac", "#d9730d", "#2e8b57", "#c0392b", "#7b4ea3"
FORMATS = (".svg", ".png")
FONT = "Source Sans Pro"
FONT_FILES = {"SourceSansPro-Regular", "SourceSansPro-Bold"}
STYLE: dict[Any, Any] = {
    "font.family": [FONT, "DejaVu Sans"],
    "font.size": 13,
    "axes.edgecolor": FAINT,
    "axes.labelcolor": INK,
    "text.color": INK,
    "xtick.color": INK,
    "ytick.color": INK,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "svg.hashsalt": "groma",
    "svg.fonttype": "path",
}


def check_format(suffix: str, *, where: str) -> None:
    """Refuse a file that no plot can be written to.

    Raises:
        InputError: the suffix is neither `.svg` nor `.png`.
    """
    if suffix not in FORMATS:
        raise InputError(
            f"cannot plot to {suffix or 'a file without extension'}",
            where=where,
            hint="name a .svg or .png file",
        )


def canvas(width: float, height: float, heights: Sequence[float] = (1,)) -> tuple[Figure, Any]:
    """An empty figure of so many inches, and its axes below each other, their heights in proportion."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    _register_font()
    matplotlib.rcParams.update(STYLE)
    rows = len(heights)
    figure, axes = pyplot.subplots(
        rows, 1, figsize=(width, height), sharex=rows > 1, layout="constrained", height_ratios=heights
    )
    for each in axes if rows > 1 else (axes,):
        each.grid(axis="y", color=GRID, linewidth=0.9)
        each.set_axisbelow(True)
        each.tick_params(length=0)
    return figure, axes


def _register_font() -> None:
    """The font of the diagrams, once."""
    from matplotlib import font_manager

    if any(font.name == FONT for font in font_manager.fontManager.ttflist):
        return
    for path in resources.files("font_source_sans_pro").joinpath("files").iterdir():
        if path.name.removesuffix(".ttf") in FONT_FILES:
            font_manager.fontManager.addfont(str(path))


def title(axes: Axes, title: str, below: str) -> None:
    """What stands above a plot, and a line below that."""
    axes.set_title(f"{title}\n", loc="left", fontsize=20, fontweight="bold", pad=14)
    axes.text(0, 1.03, below, transform=axes.transAxes, fontsize=13, color=FAINT)


def plain_ticks(axes: Axes, which: str, values: Sequence[float], *, money: bool = False) -> None:
    """Ticks at 1, 2 and 5 of each power of ten, written out."""
    low, high = min(values), max(values)
    ticks = [
        base * 10.0**power
        for power in range(math.floor(math.log10(low)) - 1, math.ceil(math.log10(high)) + 1)
        for base in (1, 2, 5)
    ]
    axis = axes.yaxis if which == "y" else axes.xaxis
    axis.set_ticks([tick for tick in ticks if low * 0.7 <= tick <= high * 1.3])
    axis.set_minor_locator(_no_ticks())
    axis.set_major_formatter(lambda value, _: f"{'$' if money else ''}{_short(value)}")


def _no_ticks() -> Any:
    from matplotlib.ticker import NullLocator

    return NullLocator()


def _short(value: float) -> str:
    if value >= 1e6:
        return f"{value / 1e6:g} M"
    return f"{value:,.0f}"


def written(figure: Figure, suffix: str) -> bytes:
    """The file of a suffix that a figure becomes."""
    from matplotlib import pyplot

    written = io.BytesIO()
    metadata = {"Date": None} if suffix == ".svg" else {}
    figure.savefig(written, format=suffix.removeprefix("."), dpi=160, facecolor="white", metadata=metadata)
    pyplot.close(figure)
    return written.getvalue()
