"""The lines of links as strokes of a pen, for every format: rounded corners, label gaps, arrowheads."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from groma.diagram import style
from groma.diagram.shapes import Box, Point, Route

CORNER = 5.0
ARROW = 8.0


@dataclass(frozen=True, slots=True)
class Stroke:
    """Move to a point, draw a straight line to it, or a quadratic curve around `control` to it."""

    kind: Literal["move", "line", "curve"]
    to: Point
    control: Point = (0.0, 0.0)


def _without_label(a: Point, b: Point, label: Box) -> list[tuple[Point, Point]]:
    """A straight line with a gap where it passes under its own label."""
    gap = label.grown(style.LINE_GAP)
    x, y = label.centre
    if a[1] == b[1] and gap.y < a[1] < gap.bottom and min(a[0], b[0]) < x < max(a[0], b[0]):
        near, far = (gap.x, gap.right) if a[0] < b[0] else (gap.right, gap.x)
        return [(a, (near, a[1])), ((far, a[1]), b)]
    if a[0] == b[0] and gap.x < a[0] < gap.right and min(a[1], b[1]) < y < max(a[1], b[1]):
        near, far = (gap.y, gap.bottom) if a[1] < b[1] else (gap.bottom, gap.y)
        return [(a, (a[0], near)), ((a[0], far), b)]
    return [(a, b)]


def _towards(a: Point, b: Point, length: float) -> Point:
    """The point so far from a on the way to b."""
    whole = abs(b[0] - a[0]) + abs(b[1] - a[1])
    share = min(1.0, length / whole) if whole else 0.0
    return a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share


def _reach(a: Point, b: Point) -> float:
    return (abs(b[0] - a[0]) + abs(b[1] - a[1])) / 2


def line_strokes(points: tuple[Point, ...], label: Box) -> Iterator[Stroke]:
    """Straight lines with rounded corners and a gap for the label."""
    at = points[0]
    yield Stroke("move", at)
    for number, corner in enumerate(points[1:], start=1):
        last = number == len(points) - 1
        radius = min(CORNER, _reach(points[number - 1], corner))
        if not last:
            radius = min(radius, _reach(corner, points[number + 1]))
        stop = corner if last else _towards(corner, at, radius)
        pieces = _without_label(at, stop, label)
        if len(pieces) == 2:
            yield Stroke("line", pieces[0][1])
            yield Stroke("move", pieces[1][0])
        yield Stroke("line", stop)
        if not last:
            at = _towards(corner, points[number + 1], radius)
            yield Stroke("curve", at, corner)


def route_strokes(route: Route) -> tuple[Stroke, ...]:
    """The line of a link, up to its arrowhead."""
    tip, before = route.points[-1], route.points[-2]
    return tuple(line_strokes((*route.points[:-1], _towards(tip, before, ARROW - 1)), route.label))


def arrow_corners(tip: Point, before: Point) -> tuple[Point, Point, Point]:
    """An arrowhead as a triangle of its own, so that it looks the same in every viewer."""
    back = _towards(tip, before, ARROW)
    across = (0.0, ARROW * 0.42) if tip[1] == before[1] else (ARROW * 0.42, 0.0)
    return tip, (back[0] + across[0], back[1] + across[1]), (back[0] - across[0], back[1] - across[1])
