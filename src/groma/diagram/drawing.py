"""Layout → SVG. The text stays text; icons and the font are embedded once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from html import escape

from groma.architecture import Architecture
from groma.diagram import icons, style
from groma.diagram.content import TitleBlock
from groma.diagram.layout import lay_out
from groma.diagram.shapes import Box, Card, Frame, Layout, Point, Route, Sample, Text
from groma.diagram.style import DARK, LIGHT, Stroke, Theme
from groma.diagram.text import EMBEDDED_FAMILY, FAMILY, font_faces, font_files

CORNER = 5.0
ARROW = 8.0


def _n(value: float) -> str:
    """A number as short as can be, the same everywhere."""
    return f"{round(value, 2) + 0.0:.2f}".rstrip("0").rstrip(".")


def _attributes(**values: str | float) -> str:
    return "".join(
        f' {name.replace("_", "-")}="{escape(value) if isinstance(value, str) else _n(value)}"'
        for name, value in values.items()
        if value != ""
    )


def _rectangle(box: Box, **values: str | float) -> str:
    return "<rect" + _attributes(x=box.x, y=box.y, width=box.width, height=box.height, **values) + "/>"


def _text(line: Text, fill: str) -> str:
    anchor = "" if line.anchor == "start" else line.anchor
    weight = "600" if line.semibold else ""
    attributes = _attributes(
        x=line.x, y=line.baseline, font_size=line.size, fill=fill, text_anchor=anchor, font_weight=weight
    )
    return f"<text{attributes}>{escape(line.content, quote=False)}</text>"


def _use(icon: str, box: Box) -> str:
    return f'<use href="#{icons.symbol_id(_known(icon))}"' + _attributes(
        x=box.x, y=box.y, width=box.width, height=box.height
    ) + "/>"  # fmt: skip


def _known(icon: str) -> str:
    return icon if icons.exists(icon) else icons.FALLBACK


def _frame(frame: Frame, theme: Theme) -> Iterator[str]:
    look = theme.frames[frame.kind]
    yield f"<g{_attributes(id=f'place-{frame.id}')}>"
    yield _rectangle(
        frame.box, fill=look.fill, stroke=look.border, stroke_width=1.3, stroke_dasharray=look.dashes
    )
    if frame.icon:
        if theme.icon_plate != "none":
            yield _rectangle(frame.icon.box, fill=theme.icon_plate)
        yield _use(frame.icon.icon, frame.icon.box)
    yield from (_text(line, look.ink) for line in frame.texts)
    yield "</g>"


def _card(card: Card, theme: Theme) -> Iterator[str]:
    spoken = escape(", ".join(line.content for line in card.texts), quote=False)
    yield f"<g{_attributes(id=f'component-{card.component}')}><title>{spoken}</title>"
    if card.members:
        yield _rectangle(
            card.box, fill="none", rx=6.0, stroke=theme.group, stroke_width=1.4, stroke_dasharray="6 4"
        )
    else:
        yield _rectangle(card.box, fill=theme.card, rx=6.0, stroke=theme.card_border, stroke_width=1.0)
    for picture in card.pictures:
        if theme.icon_plate != "none":
            yield _rectangle(picture.box.grown(2), fill=theme.icon_plate, rx=5.0)
        yield _use(picture.icon, picture.box)
    yield from (_text(line, theme.inks[line.ink]) for line in card.texts)
    yield "</g>"


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


def line_path(points: tuple[Point, ...], label: Box) -> str:
    """SVG path data: straight lines with rounded corners and a gap for the label."""
    parts, at = [f"M{_n(points[0][0])} {_n(points[0][1])}"], points[0]
    for number, corner in enumerate(points[1:], start=1):
        last = number == len(points) - 1
        reach = abs(corner[0] - points[number - 1][0]) + abs(corner[1] - points[number - 1][1])
        radius = min(CORNER, reach / 2)
        if not last:
            after = points[number + 1]
            radius = min(radius, (abs(after[0] - corner[0]) + abs(after[1] - corner[1])) / 2)
        stop = corner if last else _towards(corner, at, radius)
        pieces = _without_label(at, stop, label)
        if len(pieces) == 2:
            parts.append(f"L{_n(pieces[0][1][0])} {_n(pieces[0][1][1])}")
            parts.append(f"M{_n(pieces[1][0][0])} {_n(pieces[1][0][1])}")
        parts.append(f"L{_n(stop[0])} {_n(stop[1])}")
        if not last:
            at = _towards(corner, points[number + 1], radius)
            parts.append(f"Q{_n(corner[0])} {_n(corner[1])} {_n(at[0])} {_n(at[1])}")
    return "".join(parts)


def _stroke(stroke: Stroke) -> str:
    return _attributes(fill="none", stroke=stroke.colour, stroke_width=stroke.width,
                       stroke_dasharray=stroke.dashes, stroke_linecap="butt")  # fmt: skip


def _arrow(tip: Point, before: Point, colour: str) -> str:
    """An arrowhead as a path of its own, so that it looks the same in every viewer."""
    back = _towards(tip, before, ARROW)
    across = (0.0, ARROW * 0.42) if tip[1] == before[1] else (ARROW * 0.42, 0.0)
    a, b = (back[0] + across[0], back[1] + across[1]), (back[0] - across[0], back[1] - across[1])
    corners = "L".join(f"{_n(x)} {_n(y)}" for x, y in (tip, a, b))
    return f'<path d="M{corners}Z" fill="{colour}"/>'


def _route(route: Route, theme: Theme) -> Iterator[str]:
    stroke = theme.flows[route.flow]
    spoken = escape(" ".join(line.content for line in route.texts), quote=False)
    tip, before = route.points[-1], route.points[-2]
    shown = (*route.points[:-1], _towards(tip, before, ARROW - 1))
    identity = _attributes(id=f"link-{route.link}", data_source=route.source, data_target=route.target)
    yield f"<g{identity}><title>{spoken}</title>"
    yield f'<path d="{line_path(shown, route.label)}"{_stroke(stroke)}/>' + _arrow(tip, before, stroke.colour)
    yield from (_text(line, stroke.colour) for line in route.texts)
    yield "</g>"


def _sample(sample: Sample, theme: Theme) -> str:
    stroke, (x, y) = theme.flows[sample.flow], sample.end
    line = f'<path d="M{_n(sample.start[0])} {_n(y)}L{_n(x - ARROW + 1)} {_n(y)}"{_stroke(stroke)}/>'
    return line + _arrow(sample.end, sample.start, stroke.colour) + _text(sample.text, theme.inks["text"])


def to_svg(layout: Layout, theme: Theme = LIGHT) -> str:
    """The finished picture as SVG text; the same layout gives the same bytes."""
    used = {_known(p.icon) for card in layout.cards for p in card.pictures}
    used |= {_known(frame.icon.icon) for frame in layout.frames if frame.icon}
    letters = "".join(line.content for line in layout.texts())
    size = f"{_n(layout.width)} {_n(layout.height)}"
    families = f"'{EMBEDDED_FAMILY}','{FAMILY}',sans-serif"
    css = font_faces(letters) + f"text{{font-family:{families};font-kerning:none}}"
    name, about = escape(layout.name, quote=False), escape(layout.description, quote=False)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size}" width="{_n(layout.width)}" '
        f'height="{_n(layout.height)}" role="img" aria-labelledby="diagram-title diagram-description">',
        f'<title id="diagram-title">{name}</title><desc id="diagram-description">{about}</desc>',
        f"<defs><style>{css}</style>{icons.definitions(used)}</defs>",
        _rectangle(Box(0, 0, layout.width, layout.height), fill=theme.page),
        *(part for frame in layout.frames for part in _frame(frame, theme)),
        *(part for card in layout.cards for part in _card(card, theme)),
        *(part for route in layout.routes for part in _route(route, theme)),
        *(_sample(sample, theme) for sample in layout.legend),
        *(_text(line, theme.inks[line.ink]) for line in layout.title_block),
        "</svg>\n",
    ]
    return "\n".join(parts)


def draw(
    architecture: Architecture,
    title: TitleBlock,
    *,
    costs: Mapping[str, float] | None = None,
    load: Mapping[str, str] | None = None,
    dark: bool = False,
) -> str:
    """The diagram of an architecture as SVG text.

    `costs` (USD a month) and `load` (one line of text), both by component id, are written on the cards.
    """
    return to_svg(lay_out(architecture, title, costs=costs, load=load), DARK if dark else LIGHT)


def render_png(svg: str, *, scale: float = 2.0) -> bytes:
    """The picture in pixels, `scale` for each unit of the drawing, without fonts of the system."""
    import resvg_py

    png = resvg_py.svg_to_bytes(
        svg_string=svg, zoom=scale, skip_system_fonts=True, font_files=list(font_files()), font_family=FAMILY
    )
    return bytes(png)
