"""Architecture → diagram: laid out in fixed slots, drawn as SVG, PNG, PDF or for draw.io, and linted.

layout.py      everything in its place: the order of the steps below
regions.py     regions that are alike are drawn once
content.py     what stands written on cards, frames and in the title block
homes.py       the innermost place, the tier and the columns of each component
slots.py       columns and rows; panels.py, rows.py, columns.py, arrange.py: of which size and order
grid.py        channels and cells; routing.py: ways for the links; tracks.py: a line of its own for each
labels.py      where the label of each link stands
plan.py        all of that, before lengths are known
head.py        title block and legend
shapes.py      what the result is made of, by geometry.py, text.py, style.py and icons.py
drawing.py     → SVG; drawio.py → draw.io; pdf.py → PDF; formats.py → file; strokes.py: lines for all of them
sheets.py      several regions on a screen each; mermaid.py: → Mermaid
load.py        how busy each component is
lint.py        proof that it can be read; claims.py: and that it claims nothing untrue
"""

from groma.diagram.content import TitleBlock
from groma.diagram.drawing import draw, render_png, to_html_svgs, to_svg
from groma.diagram.formats import FORMATS, check_format, render_as
from groma.diagram.layout import lay_out
from groma.diagram.lint import crossings_of, lint
from groma.diagram.load import Load, peak_load
from groma.diagram.mermaid import to_mermaid
from groma.diagram.shapes import Layout
from groma.diagram.sheets import OVERVIEW, Sheet, sheets

__all__ = [
    "FORMATS",
    "OVERVIEW",
    "Layout",
    "Load",
    "Sheet",
    "TitleBlock",
    "check_format",
    "crossings_of",
    "draw",
    "lay_out",
    "lint",
    "peak_load",
    "render_as",
    "render_png",
    "sheets",
    "to_html_svgs",
    "to_mermaid",
    "to_svg",
]
