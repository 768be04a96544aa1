"""Layout → draw.io (diagrams.net): for those who want to edit on.

Places are containers, components stand in them and move with them, connections are attached to both ends.
Icons are images within the file, so that it opens the same everywhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from html import escape
from itertools import pairwise
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from groma.diagram import icons, text
from groma.diagram.shapes import Box, Card, Frame, Layout, Picture, Point, Route, Sample, Text
from groma.diagram.style import LIGHT, Pen, Theme

ROOT = "1"
"""The cell that draw.io calls the default layer."""
FONT, FONT_SCALE = "Helvetica", 0.9
"""A font that every machine has under some name. It runs wider than the diagram's own by a tenth."""


def _style(*flags: str, **values: str | float) -> str:
    pairs = (
        f"{name}={value:g}" if isinstance(value, float) else f"{name}={value}"
        for name, value in values.items()
    )
    return "".join(f"{part};" for part in (*flags, *pairs))


def _dashes(pattern: str) -> dict[str, str | float]:
    return {"dashed": "1", "dashPattern": pattern} if pattern else {}


def _html(lines: Sequence[Text], colour: str | None, theme: Theme) -> str:
    """Lines of text as the HTML that draw.io shows in a cell."""
    return "".join(_div(line, colour or theme.inks[line.ink]) for line in lines)


def _div(line: Text, colour: str) -> str:
    look = (
        f"font-size:{line.size * FONT_SCALE:.1f}px",
        f"line-height:{line.size * text.LINE_HEIGHT:.1f}px",
        f"font-weight:{600 if line.semibold else 400}",
        f"color:{colour}",
    )
    return f'<div style="{";".join(look)}">{escape(line.content, quote=False)}</div>'


def _top(line: Text) -> float:
    """Upper edge of a line with its share of the line spacing."""
    return line.box.centre[1] - line.size * text.LINE_HEIGHT / 2


def _blocks(lines: Iterable[Text]) -> Iterator[list[Text]]:
    """Lines that stand directly below each other, together."""
    block: list[Text] = []
    for line in lines:
        if block and abs(_top(line) - _top(block[-1]) - block[-1].size * text.LINE_HEIGHT) > 1:
            yield block
            block = []
        block.append(line)
    if block:
        yield block


def _point(above: Element, point: Point, role: str = "") -> None:
    place = {"x": f"{point[0]:.2f}", "y": f"{point[1]:.2f}"}
    SubElement(above, "mxPoint", place | ({"as": role} if role else {}))


class _Model:
    """The cells of one page; every vertex knows where its parent stands."""

    def __init__(self, layout: Layout, theme: Theme) -> None:
        self.layout, self.theme = layout, theme
        self.cells = Element("root")
        self._cell("0")
        self._cell(ROOT, parent="0")
        self.origins: dict[str, Point] = {ROOT: (0.0, 0.0)}

    def _cell(self, id_: str, **attributes: str) -> Element:
        return SubElement(self.cells, "mxCell", {"id": id_, **attributes})

    def vertex(self, id_: str, parent: str, box: Box, look: str, value: str = "") -> str:
        cell = self._cell(id_, value=value, style=look, vertex="1", parent=parent)
        left, top = self.origins[parent]
        place = (("x", box.x - left), ("y", box.y - top), ("width", box.width), ("height", box.height))
        SubElement(cell, "mxGeometry", {name: f"{at:.2f}" for name, at in place} | {"as": "geometry"})
        self.origins[id_] = (box.x, box.y)
        return id_

    def text(self, id_: str, parent: str, lines: Sequence[Text], colour: str | None, align: str) -> None:
        left, right = min(line.box.x for line in lines), max(line.box.right for line in lines)
        height = sum(line.size * text.LINE_HEIGHT for line in lines)
        look = _style("text", html="1", align=align, verticalAlign="top", spacing="0", fontFamily=FONT,
                      strokeColor="none", fillColor="none", whiteSpace="nowrap", resizable="0")  # fmt: skip
        box = Box(left, _top(lines[0]), right - left, height)
        self.vertex(id_, parent, box, look, _html(lines, colour, self.theme))

    def picture(self, id_: str, parent: str, picture: Picture) -> None:
        """An icon; draw.io wants its data without `;base64`, since `;` ends an entry of a style."""
        if self.theme.icon_plate != "none":
            plate = _style(rounded="1", fillColor=self.theme.icon_plate, strokeColor="none")
            self.vertex(f"{id_}-plate", parent, picture.box.grown(1), plate)
        data = icons.data_uri(icons.known(picture.icon)).replace(";base64", "")
        self.vertex(
            id_, parent, picture.box, _style(shape="image", imageAspect="0", aspect="fixed", image=data)
        )

    def frame(self, frame: Frame) -> None:
        look, first = self.theme.frames[frame.kind], frame.texts[0]
        around = f"place-{frame.parent}"
        parent = around if around in self.origins else ROOT
        shown = _style(
            html="1", container="1", collapsible="0", recursiveResize="0", pointerEvents="0", rounded="0",
            fillColor=look.fill, strokeColor=look.border, strokeWidth=1.3, align="left", verticalAlign="top",
            spacing="0", spacingLeft=round(first.box.x - frame.box.x, 1),
            spacingTop=round(_top(first) - frame.box.y, 1), fontFamily=FONT, whiteSpace="nowrap",
            **_dashes(look.dashes),
        )  # fmt: skip
        id_ = self.vertex(
            f"place-{frame.id}", parent, frame.box, shown, _html(frame.texts, look.ink, self.theme)
        )
        if frame.icon:
            self.picture(f"icon-{frame.id}", id_, frame.icon)

    def card(self, card: Card) -> None:
        around = [f for f in self.layout.frames if f.box.contains(card.box)]
        inner = min(around, key=lambda f: f.box.width * f.box.height, default=None)
        parent = f"place-{inner.id}" if inner else ROOT
        theme, blocks = self.theme, list(_blocks(card.texts))
        colours: dict[str, str | float] = (
            {"fillColor": "none", "strokeColor": theme.group, "strokeWidth": 1.4, **_dashes("6 4")}
            if card.members
            else {"fillColor": theme.card, "strokeColor": theme.card_border}
        )
        shown = _style(
            html="1", container="1", collapsible="0", rounded="1", arcSize="6", absoluteArcSize="1",
            align="center", verticalAlign="top", spacing="0", fontFamily=FONT, whiteSpace="nowrap",
            spacingTop=round(_top(card.texts[0]) - card.box.y, 1), **colours,
        )  # fmt: skip
        own = _html(blocks[0], None, theme) if len(blocks) == 1 else ""
        id_ = self.vertex(f"component-{card.component}", parent, card.box, shown, own)
        for number, picture in enumerate(card.pictures):
            self.picture(f"{id_}-icon-{number}", id_, picture)
        for number, block in enumerate(blocks if len(blocks) > 1 else ()):
            self.text(f"{id_}-text-{number}", id_, block, None, "center")

    def route(self, route: Route) -> None:
        boxes = {card.component: card.box for card in self.layout.cards}
        pen = self.theme.flows[route.flow]
        ends = _port("exit", boxes[route.source], route.points[0])
        ends |= _port("entry", boxes[route.target], route.points[-1])
        look = _style("edgeStyle=orthogonalEdgeStyle", html="1", rounded="1", arcSize="10",
                      labelBackgroundColor=self._behind(route.label), fontFamily=FONT,
                      **_pen(pen), **ends)  # fmt: skip
        cell = self._cell(
            f"link-{route.link}", value=_html(route.texts, pen.colour, self.theme), style=look, edge="1",
            parent=ROOT, source=f"component-{route.source}", target=f"component-{route.target}",
        )  # fmt: skip
        label_at = f"{2 * _share(route) - 1:.3f}"
        geometry = SubElement(cell, "mxGeometry", {"x": label_at, "relative": "1", "as": "geometry"})
        if len(route.points) > 2:
            corners = SubElement(geometry, "Array", {"as": "points"})
            for point in route.points[1:-1]:
                _point(corners, point)

    def _behind(self, label: Box) -> str:
        """The fill that a label stands on: of the innermost frame that has one, or the page."""
        filled = [f for f in self.layout.frames if self.theme.frames[f.kind].fill != "none"]
        around = [f for f in filled if f.box.contains(label)]
        inner = min(around, key=lambda f: f.box.width * f.box.height, default=None)
        return self.theme.frames[inner.kind].fill if inner else self.theme.page

    def sample(self, sample: Sample) -> None:
        pen = self.theme.flows[sample.flow]
        cell = self._cell(f"legend-{sample.flow}", style=_style(**_pen(pen)), edge="1", parent=ROOT)
        geometry = SubElement(cell, "mxGeometry", {"relative": "1", "as": "geometry"})
        _point(geometry, sample.start, "sourcePoint")
        _point(geometry, sample.end, "targetPoint")
        self.text(f"legend-{sample.flow}-text", ROOT, [sample.text], None, "left")


def _pen(pen: Pen) -> dict[str, str | float]:
    return {"strokeColor": pen.colour, "strokeWidth": pen.width, "endArrow": "block", "endFill": "1",
            "endSize": "5", **_dashes(pen.dashes)}  # fmt: skip


def _port(name: str, box: Box, point: Point) -> dict[str, str | float]:
    """Where on a card's border a line ends, in parts of its width and height."""
    x, y = (point[0] - box.x) / box.width, (point[1] - box.y) / box.height
    return {f"{name}X": round(x, 4), f"{name}Y": round(y, 4), f"{name}Perimeter": "0"}


def _share(route: Route) -> float:
    """How far along a line its label stands, from 0 to 1."""
    middle, passed, nearest = route.label.centre, 0.0, (float("inf"), 0.0)
    for a, b in pairwise(route.points):
        x, y = (min(max(at, min(p, q)), max(p, q)) for at, p, q in zip(middle, a, b, strict=True))
        away = abs(x - middle[0]) + abs(y - middle[1])
        nearest = min(nearest, (away, passed + abs(x - a[0]) + abs(y - a[1])))
        passed += abs(b[0] - a[0]) + abs(b[1] - a[1])
    return nearest[1] / passed


def to_drawio(layout: Layout, theme: Theme = LIGHT) -> str:
    """The finished picture as a draw.io file; the same layout gives the same bytes."""
    model = _Model(layout, theme)
    for frame in layout.frames:
        model.frame(frame)
    for card in layout.cards:
        model.card(card)
    for route in layout.routes:
        model.route(route)
    for sample in layout.legend:
        model.sample(sample)
    for number, line in enumerate(layout.title_block):
        model.text(f"title-{number}", ROOT, [line], None, "left")
    file = Element("mxfile", host="Groma")
    diagram = SubElement(file, "diagram", id=layout.name, name=layout.name)
    graph = SubElement(
        diagram, "mxGraphModel", grid="0", page="1", background=theme.page, math="0", shadow="0",
        pageWidth=f"{layout.width:.0f}", pageHeight=f"{layout.height:.0f}",
    )  # fmt: skip
    graph.append(model.cells)
    ElementTree.indent(file, " ")
    return ElementTree.tostring(file, encoding="unicode", xml_declaration=True) + "\n"
