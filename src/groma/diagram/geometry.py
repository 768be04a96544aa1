"""Straight lines against boxes and against one another."""

from __future__ import annotations

from groma.diagram.shapes import Box, Point

Segment = tuple[Point, Point]


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


def run_together(first: Segment, second: Segment, distance: float) -> bool:
    """Whether two parallel lines lie nearer to each other than a distance, along more than a point."""
    if _is_vertical(first) != _is_vertical(second):
        return False
    a, b = span_box(first), span_box(second)
    if _is_vertical(first):
        return abs(a.x - b.x) < distance and min(a.bottom, b.bottom) - max(a.y, b.y) > 0.5
    return abs(a.y - b.y) < distance and min(a.right, b.right) - max(a.x, b.x) > 0.5


def cross(first: Segment, second: Segment) -> bool:
    """Whether a horizontal and a vertical line cross inside of both."""
    if _is_vertical(first) == _is_vertical(second):
        return False
    upright, level = (first, second) if _is_vertical(first) else (second, first)
    a, b = span_box(upright), span_box(level)
    return b.x < a.x < b.right and a.y < b.y < a.bottom


def edges(box: Box) -> tuple[Segment, Segment, Segment, Segment]:
    """The four sides of a box: left, right, top, bottom."""
    corners = ((box.x, box.y), (box.right, box.y), (box.x, box.bottom), (box.right, box.bottom))
    top_left, top_right, low_left, low_right = corners
    return (top_left, low_left), (top_right, low_right), (top_left, top_right), (low_left, low_right)
