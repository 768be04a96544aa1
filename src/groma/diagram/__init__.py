"""Architecture → diagram: laid out in fixed slots, drawn as SVG, and linted."""

from groma.diagram.content import TitleBlock
from groma.diagram.drawing import draw, render_png, to_svg
from groma.diagram.layout import lay_out
from groma.diagram.lint import crossings_of, lint
from groma.diagram.shapes import Layout

__all__ = ["Layout", "TitleBlock", "crossings_of", "draw", "lay_out", "lint", "render_png", "to_svg"]
