"""A dashboard as CloudWatch would show it, as a picture: what its body says, with made-up curves."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

COLUMNS = 24
UNIT_IN = 0.62
POINTS = 60
Widget = Mapping[str, Any]


def draw(body: Mapping[str, Any], path: Path) -> None:
    """All widgets where they stand, with a day's worth of made-up data in which all is well, as a PNG."""
    widgets: Sequence[Widget] = body["widgets"]
    rows = max(each["y"] + each["height"] for each in widgets)
    figure = Figure(figsize=(COLUMNS * UNIT_IN, rows * UNIT_IN), layout=None)
    FigureCanvasAgg(figure)
    for widget in widgets:
        left, width = widget["x"] / COLUMNS, widget["width"] / COLUMNS
        bottom, height = 1 - (widget["y"] + widget["height"]) / rows, widget["height"] / rows
        drawn = {"metric": _graph, "alarm": _states, "text": _text}[widget["type"]]
        drawn(figure, (left, bottom, width, height), widget["properties"], rows)
    figure.savefig(path, dpi=60)


def _graph(figure: Figure, box: tuple[float, ...], said: Mapping[str, Any], rows: int) -> None:
    left, bottom, width, height = box
    axes = figure.add_axes((left + 0.03, bottom + 0.9 / rows, width - 0.045, height - 1.9 / rows))
    (line,) = said["annotations"]["horizontal"]
    limit = line["value"]
    top = 1.6 * limit if limit > 0 else 1.0
    middle = 1.3 if line["fill"] == "below" else 0.55
    values = [limit * (middle + 0.2 * math.sin(place / 7)) for place in range(POINTS)]
    axes.plot(range(POINTS), values, color="#1f77b4", linewidth=1.2)
    axes.axhline(limit, color=line["color"], linewidth=1.4)
    shade = {"above": (limit, top), "below": (0, limit), "none": (limit, limit)}[line["fill"]]
    axes.axhspan(*shade, color=line["color"], alpha=0.12)
    axes.text(0, limit, line["label"], color=line["color"], fontsize=8, va="bottom")
    axes.set_ylim(0, top)
    axes.set_xticks([])
    axes.tick_params(labelsize=7)
    axes.set_title(said["title"], fontsize=10, loc="left")
    axes.set_xlabel(_legend(said["metrics"]), fontsize=7, loc="left")


def _legend(metrics: Sequence[Sequence[Any]]) -> str:
    """What the legend names: the label of an expression, or the metric's name."""
    first = metrics[0]
    return str(first[0]["label"] if isinstance(first[0], Mapping) else f"{first[1]} ({first[-1]['stat']})")


def _states(figure: Figure, box: tuple[float, ...], said: Mapping[str, Any], rows: int) -> None:
    left, bottom, width, height = box
    figure.text(left + 0.01, bottom + height - 0.6 / rows, said["title"], fontsize=11, va="center")
    names = [arn.rpartition(":")[2] for arn in said["alarms"]]
    each = (width - 0.02) / max(len(names), 1)
    for place, name in enumerate(names):
        corner = (left + 0.01 + place * each, bottom + 0.4 / rows)
        size = each * 0.94, height - 1.5 / rows
        figure.add_artist(Rectangle(corner, *size, color="#d5e8d4", transform=figure.transFigure))
        middle = corner[0] + size[0] / 2, corner[1] + size[1] / 2
        figure.text(*middle, name, fontsize=8, ha="center", va="center")


def _text(figure: Figure, box: tuple[float, ...], said: Mapping[str, Any], rows: int) -> None:
    left, bottom, _, _ = box
    heading = said["markdown"].removeprefix("## ")
    figure.text(left + 0.01, bottom + 0.3 / rows, heading, fontsize=15, fontweight="bold")
