"""Layout → SVG. The text stays text; icons and the font are embedded once."""

from __future__ import annotations

import string
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from html import escape
from pathlib import Path

from groma.architecture import Architecture
from groma.diagram import icons
from groma.diagram.content import TitleBlock
from groma.diagram.layout import lay_out
from groma.diagram.shapes import Box, Card, Frame, Layout, Point, Route, Sample, Text
from groma.diagram.strokes import ARROW, Stroke, arrow_corners, route_strokes
from groma.diagram.style import DARK, LIGHT, Pen, Theme, adaptive
from groma.diagram.text import EMBEDDED_FAMILY, FAMILY, font_faces, font_files
from groma.installation.kept import kept

Address = Callable[[str], str]
"""Component id → id of the element that tells more about it."""


PAGE_LETTERS = f"{string.ascii_letters}{string.digits}{string.punctuation} –—·×→"


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
    return f'<use href="#{icons.symbol_id(icons.known(icon))}"' + _attributes(
        x=box.x, y=box.y, width=box.width, height=box.height
    ) + "/>"  # fmt: skip


def _frame(frame: Frame, theme: Theme, scope: str) -> Iterator[str]:
    look = theme.frames[frame.kind]
    yield f"<g{_attributes(id=f'{scope}place-{frame.id}')}>"
    yield _rectangle(
        frame.box, fill=look.fill, stroke=look.border, stroke_width=1.3, stroke_dasharray=look.dashes
    )
    if frame.icon:
        if theme.icon_plate != "none":
            yield _rectangle(frame.icon.box, fill=theme.icon_plate)
        yield _use(frame.icon.icon, frame.icon.box)
    yield from (_text(line, look.ink) for line in frame.texts)
    yield "</g>"


def _card(card: Card, theme: Theme, address: Address | None, scope: str) -> Iterator[str]:
    spoken = ", ".join(line.content for line in card.texts)
    if address:
        href = f"#{address(card.component)}"
        yield f"<a{_attributes(href=href, data_component=card.component, aria_label=spoken)}>"
    yield f"<g{_attributes(id=f'{scope}component-{card.component}')}>"
    yield "" if address else f"<title>{escape(spoken, quote=False)}</title>"
    yield _body(card, theme, "body" if address else "")
    for picture in card.pictures:
        if theme.icon_plate != "none":
            yield _rectangle(picture.box.grown(2), fill=theme.icon_plate, rx=5.0)
        yield _use(picture.icon, picture.box)
    yield from (_text(line, theme.inks[line.ink]) for line in card.texts)
    yield "</g></a>" if address else "</g>"


def _body(card: Card, theme: Theme, name: str) -> str:
    values = _attributes(**{"class": name})
    if card.members:
        fill = "transparent" if name else "none"
        look = _attributes(fill=fill, rx=6.0, stroke=theme.group, stroke_width=1.4, stroke_dasharray="6 4")
    else:
        look = _attributes(fill=theme.card, rx=6.0, stroke=theme.card_border, stroke_width=1.0)
    return _rectangle(card.box)[:-2] + values + look + "/>"


def _path(strokes: Iterable[Stroke]) -> str:
    """SVG path data."""
    return "".join(
        f"Q{_pair(stroke.control)} {_pair(stroke.to)}"
        if stroke.kind == "curve"
        else f"{'M' if stroke.kind == 'move' else 'L'}{_pair(stroke.to)}"
        for stroke in strokes
    )


def _pair(point: Point) -> str:
    return f"{_n(point[0])} {_n(point[1])}"


def _pen(pen: Pen) -> str:
    return _attributes(fill="none", stroke=pen.colour, stroke_width=pen.width,
                       stroke_dasharray=pen.dashes, stroke_linecap="butt")  # fmt: skip


def _arrow(tip: Point, before: Point, colour: str) -> str:
    return f'<path d="M{"L".join(map(_pair, arrow_corners(tip, before)))}Z" fill="{colour}"/>'


def _route(route: Route, theme: Theme, scope: str) -> Iterator[str]:
    pen = theme.flows[route.flow]
    spoken = escape(" ".join(line.content for line in route.texts), quote=False)
    identity = _attributes(
        id=f"{scope}link-{'_'.join(route.link.split())}", data_source=route.source, data_target=route.target
    )
    yield f"<g{identity}><title>{spoken}</title>"
    yield f'<path d="{_path(route_strokes(route))}"{_pen(pen)}/>' + _arrow(
        route.points[-1], route.points[-2], pen.colour
    )
    yield from (_text(line, pen.colour) for line in route.texts)
    yield "</g>"


def _sample(sample: Sample, theme: Theme) -> str:
    pen, (x, y) = theme.flows[sample.flow], sample.end
    line = f'<path d="M{_pair(sample.start)}L{_pair((x - ARROW + 1, y))}"{_pen(pen)}/>'
    return line + _arrow(sample.end, sample.start, pen.colour) + _text(sample.text, theme.inks["text"])


def _used(layout: Layout) -> set[str]:
    """The icons of a picture."""
    used = {icons.known(p.icon) for card in layout.cards for p in card.pictures}
    return used | {icons.known(frame.icon.icon) for frame in layout.frames if frame.icon}


def _definitions(layouts: Sequence[Layout], more_letters: str = "") -> str:
    """The letters and icons of some pictures."""
    letters = "".join(line.content for layout in layouts for line in layout.texts()) + more_letters
    families = f"'{EMBEDDED_FAMILY}','{FAMILY}',sans-serif"
    css = (
        font_faces(letters)
        + f"text{{font-family:{families};font-kerning:none;text-rendering:geometricPrecision}}"
    )
    return f"<defs><style>{css}</style>{icons.definitions(set().union(*map(_used, layouts)))}</defs>"


def to_svg(
    layout: Layout,
    theme: Theme = LIGHT,
    *,
    address: Address | None = None,
    scope: str = "",
    definitions: str | None = None,
) -> str:
    """The finished picture as SVG text; the same layout gives the same bytes.

    With `address`, for a page around it, every component is a hyperlink to the place that this names for
    its id; ids begin with `scope`, and letters and icons are `definitions`, if there are several pictures.
    """
    size = f"{_n(layout.width)} {_n(layout.height)}"
    name, about = escape(layout.name, quote=False), escape(layout.description, quote=False)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size}" width="{_n(layout.width)}" '
        f'height="{_n(layout.height)}" role="{"group" if address else "img"}" '
        f'aria-labelledby="{scope}diagram-title {scope}diagram-description">',
        f'<title id="{scope}diagram-title">{name}</title>',
        f'<desc id="{scope}diagram-description">{about}</desc>',
        _definitions([layout]) if definitions is None else definitions,
        _rectangle(Box(0, 0, layout.width, layout.height), fill=theme.page),
        *(part for frame in layout.frames for part in _frame(frame, theme, scope)),
        *(part for card in layout.cards for part in _card(card, theme, address, scope)),
        *(part for route in layout.routes for part in _route(route, theme, scope)),
        *(_sample(sample, theme) for sample in layout.legend),
        *(_text(line, theme.inks[line.ink]) for line in layout.title_block),
        "</svg>\n",
    ]
    return "\n".join(part for part in parts if part)


def to_html_svgs(layouts: Sequence[Layout], *, address: Address) -> tuple[str, list[str], str]:
    """Pictures for an HTML page, light or dark as preferred: what they share, they, a style sheet."""
    theme, sheet = adaptive()
    shared = f'<svg width="0" height="0" aria-hidden="true">{_definitions(layouts, PAGE_LETTERS)}</svg>'
    scopes = ["", *(f"sheet-{number}-" for number in range(1, len(layouts)))]
    return (
        shared,
        [to_svg(layout, theme, address=address, scope=scope, definitions="")
         for layout, scope in zip(layouts, scopes, strict=True)],
        sheet,
    )  # fmt: skip


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
    """The picture in pixels, `scale` for each unit of the drawing, without fonts of the system.

    It takes seconds for a large one, so the newest are kept (`installation/kept.py`).
    """
    import resvg_py

    fonts = font_files()

    def drawn() -> bytes:
        return bytes(
            resvg_py.svg_to_bytes(
                svg_string=svg, zoom=scale, skip_system_fonts=True, font_files=list(fonts), font_family=FAMILY
            )
        )

    told = f"resvg {resvg_py.__version__} {scale} {FAMILY}".encode()
    return kept("pictures", (told, svg.encode(), *(Path(font).read_bytes() for font in fonts)), drawn)
