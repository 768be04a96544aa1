"""Straight lines and boxes against one another: one against one, or many against many at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from groma.diagram.shapes import Box, Point

Segment = tuple[Point, Point]
Pairs: TypeAlias = list[list[int]]
"""Positions in a first and in a second list, in their order."""
Columns: TypeAlias = tuple[NDArray[Any], ...]
"""One value of each of many lines or boxes, and so on."""


def span_box(segment: Segment) -> Box:
    """The box that a horizontal or vertical line covers, without width or without height."""
    (ax, ay), (bx, by) = segment
    return Box(min(ax, bx), min(ay, by), abs(ax - bx), abs(ay - by))


def is_straight(segment: Segment) -> bool:
    """Whether a line is horizontal or vertical."""
    (ax, ay), (bx, by) = segment
    return abs(ax - bx) < 1e-6 or abs(ay - by) < 1e-6


def hits(segment: Segment, box: Box, clearance: float = 0.0) -> bool:
    """Whether a line enters a box, or comes nearer than `clearance`."""
    return span_box(segment).overlaps(box, clearance)


def _is_vertical(segment: Segment) -> bool:
    return abs(segment[0][0] - segment[1][0]) < 1e-6


def overlapping(first: Sequence[Box], second: Sequence[Box], clearance: float = 0.0) -> Pairs:
    """Which boxes of a list share area with which of another, or come nearer to them than `clearance`."""
    x, y, right, bottom = _crosswise(_sides(first), 1)
    u, v, end, low = _crosswise(_sides(second), 0)
    found = (x < end + clearance) & (u < right + clearance) & (y < low + clearance) & (v < bottom + clearance)
    return np.argwhere(found).tolist()


def running_together(first: Sequence[Segment], second: Sequence[Segment], distance: float) -> Pairs:
    """Which lines are parallel and lie nearer to each other than a distance, along more than a point."""
    upright, at, begin, end = _crosswise(_runs(first), 1)
    other_upright, other_at, other_begin, other_end = _crosswise(_runs(second), 0)
    beside = np.minimum(end, other_end) - np.maximum(begin, other_begin) > 0.5
    found = (upright == other_upright) & (np.abs(at - other_at) < distance) & beside
    return np.argwhere(found).tolist()


def crossing(first: Sequence[Segment], second: Sequence[Segment]) -> Pairs:
    """Which lines of two lists, one horizontal and one vertical, cross inside of both."""
    upright, at, begin, end = _crosswise(_runs(first), 1)
    other_upright, other_at, other_begin, other_end = _crosswise(_runs(second), 0)
    inside = (begin < other_at) & (other_at < end) & (other_begin < at) & (at < other_end)
    return np.argwhere((upright != other_upright) & inside).tolist()


def _sides(boxes: Sequence[Box]) -> Columns:
    """Left, upper, right and lower edges."""
    rows = [(box.x, box.y, box.right, box.bottom) for box in boxes]
    return tuple(np.array(rows).reshape(-1, 4).T)


def _runs(segments: Sequence[Segment]) -> Columns:
    """Of each line whether it is vertical, where it lies across it, and where it begins and ends along it."""
    rows = []
    for segment in segments:
        box = span_box(segment)
        upright = (1.0, box.x, box.y, box.bottom)
        rows.append(upright if _is_vertical(segment) else (0.0, box.y, box.x, box.right))
    return tuple(np.array(rows).reshape(-1, 4).T)


def _crosswise(columns: Columns, axis: int) -> Columns:
    """The columns as the rows (axis 1) or the columns (axis 0) of a table of every pair."""
    return tuple(np.expand_dims(column, axis) for column in columns)


def edges(box: Box) -> tuple[Segment, Segment, Segment, Segment]:
    """The four sides of a box: left, right, top, bottom."""
    corners = ((box.x, box.y), (box.right, box.y), (box.x, box.bottom), (box.right, box.bottom))
    top_left, top_right, low_left, low_right = corners
    return (top_left, low_left), (top_right, low_right), (top_left, top_right), (low_left, low_right)
