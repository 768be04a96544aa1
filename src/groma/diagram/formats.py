"""Layout → file, by the extension of its name."""

from __future__ import annotations

from collections.abc import Sequence

from groma.diagram.drawing import render_png, to_svg
from groma.diagram.shapes import Layout
from groma.diagram.style import DARK, LIGHT
from groma.errors import InputError

FORMATS = (".svg", ".png", ".pdf", ".drawio")


def check_format(suffix: str, where: str) -> None:
    """Raise InputError when nothing can be drawn in a format, named by its file extension."""
    if suffix not in FORMATS:
        what = suffix or "a file without extension"
        known = f"{', '.join(FORMATS[:-1])} or {FORMATS[-1]}"
        raise InputError(f"cannot draw {what}", where=where, hint=f"name a {known} file")


def render_as(
    layout: Layout, suffix: str, *, dark: bool = False, scale: float = 2.0, before: Sequence[Layout] = ()
) -> bytes:
    """The finished picture in one of `FORMATS`.

    `scale` is the pixels per unit of a PNG, `before` the pages that come first where a format has pages.
    """
    check_format(suffix, where=layout.name)
    theme = DARK if dark else LIGHT
    if suffix == ".pdf":
        from groma.diagram.pdf import to_pdf

        return to_pdf((*before, layout), theme)
    if suffix == ".drawio":
        from groma.diagram.drawio import to_drawio

        return to_drawio(layout, theme).encode()
    svg = to_svg(layout, theme)
    return svg.encode() if suffix == ".svg" else render_png(svg, scale=scale)
