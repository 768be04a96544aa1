"""What a laid-out diagram is made of: boxes, lines of text, frames, cards, groups, routes.

All lengths are in user units of the drawing, which are pixels at scale 1; y grows downwards.
The drawing and the lint both read these values, so what is checked is what is drawn.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from groma.architecture import Flow, PlaceKind

Ink = Literal["title", "text", "muted", "accent", "frame"]
FrameKind = PlaceKind | Literal["operations"]
Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle; (x, y) is its upper left corner."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """Its right edge."""
        return self.x + self.width

    @property
    def bottom(self) -> float:
        """Its lower edge."""
        return self.y + self.height

    @property
    def centre(self) -> Point:
        """Its middle."""
        return self.x + self.width / 2, self.y + self.height / 2

    def overlaps(self, other: Box, clearance: float = 0.0) -> bool:
        """Whether the two share area, or come nearer to each other than `clearance`."""
        return (
            self.x < other.x + other.width + clearance
            and other.x < self.x + self.width + clearance
            and self.y < other.y + other.height + clearance
            and other.y < self.y + self.height + clearance
        )

    def contains(self, other: Box, slack: float = 0.01) -> bool:
        """Whether the other lies wholly inside."""
        return (
            other.x >= self.x - slack
            and other.y >= self.y - slack
            and other.right <= self.right + slack
            and other.bottom <= self.bottom + slack
        )

    def grown(self, by: float) -> Box:
        """The same box, larger by a margin on every side."""
        return Box(self.x - by, self.y - by, self.width + 2 * by, self.height + 2 * by)


@dataclass(frozen=True, slots=True)
class Text:
    """One line of text: `box` is what it covers, `owner` the id of what it speaks of."""

    owner: str
    content: str
    box: Box
    baseline: float
    size: float
    ink: Ink = "text"
    semibold: bool = False
    anchor: Literal["start", "middle", "end"] = "start"

    @property
    def x(self) -> float:
        """Where it is anchored."""
        return {"start": self.box.x, "middle": self.box.centre[0], "end": self.box.right}[self.anchor]


@dataclass(frozen=True, slots=True)
class Picture:
    """An icon and the square it is drawn in."""

    icon: str
    box: Box


@dataclass(frozen=True, slots=True)
class Frame:
    """The border around a place, or around the operations strip of a place."""

    id: str
    kind: FrameKind
    parent: str | None
    box: Box
    texts: tuple[Text, ...]
    icon: Picture | None = None


@dataclass(frozen=True, slots=True)
class Card:
    """A component: its icon, name, service and parameters.

    With `members` it is a group that spans several places: a dashed frame with one icon in each place.
    """

    component: str
    box: Box
    pictures: tuple[Picture, ...]
    texts: tuple[Text, ...]
    frames: tuple[str, ...]
    members: bool = False


@dataclass(frozen=True, slots=True)
class Route:
    """A link: the corners of its line, from source to target, and its label."""

    link: str
    source: str
    target: str
    flow: Flow
    points: tuple[Point, ...]
    texts: tuple[Text, ...]
    label: Box

    @property
    def segments(self) -> tuple[tuple[Point, Point], ...]:
        """Its straight pieces, in order."""
        return tuple(zip(self.points, self.points[1:], strict=False))


@dataclass(frozen=True, slots=True)
class Sample:
    """One entry of the legend: a short line in the style of a flow, and what it means."""

    flow: Flow
    start: Point
    end: Point
    text: Text


@dataclass(frozen=True, slots=True)
class Layout:
    """A finished diagram: where everything is; `page` is the width of its page over the usual one."""

    name: str
    author: str
    description: str
    width: float
    height: float
    frames: tuple[Frame, ...]
    cards: tuple[Card, ...]
    routes: tuple[Route, ...]
    legend: tuple[Sample, ...]
    title_block: tuple[Text, ...]
    page: float = 1.0

    def texts(self) -> tuple[Text, ...]:
        """Every line of text in the picture."""
        parts: tuple[Frame | Card | Route, ...] = (*self.frames, *self.cards, *self.routes)
        return (
            *self.title_block,
            *(text for part in parts for text in part.texts),
            *(sample.text for sample in self.legend),
        )
