"""Architecture → diagram: laid out in fixed slots, drawn as SVG, PNG, PDF or for draw.io, and linted."""

from groma.diagram.content import TitleBlock
from groma.diagram.drawing import draw, render_png, to_html_svg, to_svg
from groma.diagram.formats import FORMATS, check_format, render_as
from groma.diagram.layout import lay_out
from groma.diagram.lint import crossings_of, lint
from groma.diagram.load import Load, peak_load
from groma.diagram.shapes import Layout

__all__ = [
    "FORMATS",
    "Layout",
    "Load",
    "TitleBlock",
    "check_format",
    "crossings_of",
    "draw",
    "lay_out",
    "lint",
    "peak_load",
    "render_as",
    "render_png",
    "to_html_svg",
    "to_svg",
]
