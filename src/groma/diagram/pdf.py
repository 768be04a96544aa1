"""Layout → PDF: vectors, the font embedded, text that can be searched and copied.

The same strokes, boxes and lines of text as in the SVG, so that it is the same picture.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from groma.diagram import icons
from groma.diagram.shapes import Box, Card, Frame, Layout, Picture, Point, Route, Sample, Text
from groma.diagram.strokes import ARROW, Stroke, arrow_corners, route_strokes
from groma.diagram.style import LIGHT, Pen, Theme
from groma.diagram.text import font_files

if TYPE_CHECKING:
    from reportlab.pdfgen.canvas import Canvas

POINTS = 0.75
"""Points for each unit of the drawing, which is a CSS pixel."""
_FONTS = ("GromaSans", "GromaSans-Semibold")


class _Page:
    """A PDF page on which y grows downwards, as in the layout."""

    def __init__(self, canvas: Canvas, height: float, theme: Theme) -> None:
        self.canvas, self.height, self.theme = canvas, height, theme

    def _at(self, point: Point) -> Point:
        return point[0], self.height - point[1]

    def box(self, box: Box, fill: str, border: str = "", width: float = 0.0,
            dashes: str = "", radius: float = 0.0) -> None:  # fmt: skip
        self._pen(border, width, dashes)
        if fill != "none":
            self.canvas.setFillColor(fill)
        shape = (box.x, self.height - box.bottom, box.width, box.height)
        paint = {"stroke": int(bool(border)), "fill": int(fill != "none")}
        if radius:
            self.canvas.roundRect(*shape, radius, **paint)
        else:
            self.canvas.rect(*shape, **paint)

    def _pen(self, colour: str, width: float, dashes: str) -> None:
        if colour:
            self.canvas.setStrokeColor(colour)
            self.canvas.setLineWidth(width)
            self.canvas.setDash([float(length) for length in dashes.split()])

    def text(self, line: Text, colour: str) -> None:
        self.canvas.setFont(_FONTS[line.semibold], line.size)
        self.canvas.setFillColor(colour)
        self.canvas.drawString(line.box.x, self.height - line.baseline, line.content)

    def picture(self, picture: Picture, plate: float, radius: float) -> None:
        if self.theme.icon_plate != "none":
            self.box(picture.box.grown(plate), self.theme.icon_plate, radius=radius)
        box, path = picture.box, str(icons.file_of(icons.known(picture.icon)))
        self.canvas.drawImage(path, box.x, self.height - box.bottom, box.width, box.height, mask="auto")

    def line(self, strokes: tuple[Stroke, ...], pen: Pen) -> None:
        self._pen(pen.colour, pen.width, pen.dashes)
        path, at = self.canvas.beginPath(), (0.0, 0.0)
        for stroke in strokes:
            to = self._at(stroke.to)
            if stroke.kind == "move":
                path.moveTo(*to)
            elif stroke.kind == "line":
                path.lineTo(*to)
            else:
                control = self._at(stroke.control)
                path.curveTo(*_two_thirds(at, control), *_two_thirds(to, control), *to)
            at = to
        self.canvas.drawPath(path, stroke=1, fill=0)

    def arrow(self, tip: Point, before: Point, colour: str) -> None:
        path = self.canvas.beginPath()
        first, *rest = (self._at(corner) for corner in arrow_corners(tip, before))
        path.moveTo(*first)
        for corner in rest:
            path.lineTo(*corner)
        path.close()
        self.canvas.setFillColor(colour)
        self.canvas.drawPath(path, stroke=0, fill=1)


def _two_thirds(end: Point, control: Point) -> Point:
    """The control point of the cubic curve that equals a quadratic one."""
    return end[0] + (control[0] - end[0]) * 2 / 3, end[1] + (control[1] - end[1]) * 2 / 3


def _frame(page: _Page, frame: Frame) -> None:
    look = page.theme.frames[frame.kind]
    page.box(frame.box, look.fill, look.border, 1.3, look.dashes)
    if frame.icon:
        page.picture(frame.icon, 0, 0)
    for line in frame.texts:
        page.text(line, look.ink)


def _card(page: _Page, card: Card) -> None:
    if card.members:
        page.box(card.box, "none", page.theme.group, 1.4, "6 4", 6)
    else:
        page.box(card.box, page.theme.card, page.theme.card_border, 1.0, "", 6)
    for picture in card.pictures:
        page.picture(picture, 2, 5)
    for line in card.texts:
        page.text(line, page.theme.inks[line.ink])


def _route(page: _Page, route: Route) -> None:
    pen = page.theme.flows[route.flow]
    page.line(route_strokes(route), pen)
    page.arrow(route.points[-1], route.points[-2], pen.colour)
    for line in route.texts:
        page.text(line, pen.colour)


def _sample(page: _Page, sample: Sample) -> None:
    pen, end = page.theme.flows[sample.flow], (sample.end[0] - ARROW + 1, sample.end[1])
    page.line((Stroke("move", sample.start), Stroke("line", end)), pen)
    page.arrow(sample.end, sample.start, pen.colour)
    page.text(sample.text, page.theme.inks["text"])


def to_pdf(layouts: Sequence[Layout], theme: Theme = LIGHT) -> bytes:
    """Finished pictures as a PDF, a page each; the same layouts give the same bytes."""
    from reportlab.pdfbase.pdfmetrics import registerFont
    from reportlab.pdfbase.ttfonts import TTFont
    from reportlab.pdfgen.canvas import Canvas

    for name, path in zip(_FONTS, font_files(), strict=True):
        registerFont(TTFont(name, path))
    out, last = io.BytesIO(), layouts[-1]
    first: Any = _FONTS[0]  # the stubs take it for a number
    canvas = Canvas(out, invariant=1, initialFontName=first, lang="en")
    canvas.setTitle(last.name)
    canvas.setAuthor(last.author)
    canvas.setSubject(last.description)
    canvas.setCreator("Groma")
    for number, layout in enumerate(layouts):
        canvas.setPageSize((layout.width * POINTS, layout.height * POINTS))
        if len(layouts) > 1:
            canvas.bookmarkPage(f"sheet-{number}")
            canvas.addOutlineEntry(layout.name, f"sheet-{number}")
        canvas.scale(POINTS, POINTS)
        _picture(canvas, layout, theme)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def _picture(canvas: Canvas, layout: Layout, theme: Theme) -> None:
    page = _Page(canvas, layout.height, theme)
    page.box(Box(0, 0, layout.width, layout.height), theme.page)
    for frame in layout.frames:
        _frame(page, frame)
    for card in layout.cards:
        _card(page, card)
    for route in layout.routes:
        _route(page, route)
    for sample in layout.legend:
        _sample(page, sample)
    for line in layout.title_block:
        page.text(line, theme.inks[line.ink])
