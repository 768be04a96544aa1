"""The head of the picture (title block) and its foot (legend of line styles)."""

from __future__ import annotations

from collections.abc import Collection

from groma.architecture import Flow
from groma.diagram import style, text
from groma.diagram.content import TitleBlock
from groma.diagram.shapes import Box, Ink, Sample, Text

HEAD_HEIGHT, LEGEND_HEIGHT = 74.0, 40.0
PROJECT_SIZE, HEADING_SIZE, VALUE_SIZE = 24.0, 12.0, 15.0
ENTRY_GAP, SAMPLE_LENGTH = 26.0, 34.0


def _line(owner: str, content: str, x: float, baseline: float, size: float, ink: Ink, semibold: bool) -> Text:
    wide = text.width(content, size, semibold)
    box = Box(x, baseline - text.ASCENT * size, wide, (text.ASCENT + text.DESCENT) * size)
    return Text(owner, content, box, baseline, size, ink, semibold)


def _entry_widths(title: TitleBlock) -> list[float]:
    return [max(text.width(heading, HEADING_SIZE), text.width(value, VALUE_SIZE, True))
            for heading, value in title.entries()]  # fmt: skip


def least_width(title: TitleBlock) -> float:
    """Width below which the title block does not fit."""
    entries = sum(width + ENTRY_GAP for width in _entry_widths(title))
    return text.width(title.project, PROJECT_SIZE, True) + entries + 60


def title_block(title: TitleBlock, left: float, right: float) -> tuple[Text, ...]:
    """The project's name at the left; author, date, region, bill and p99 at the right."""
    texts = [_line("title", title.project, left, 44, PROJECT_SIZE, "title", True)]
    widths = _entry_widths(title)
    x = right - sum(widths) - ENTRY_GAP * (len(widths) - 1)
    for (heading, value), width in zip(title.entries(), widths, strict=True):
        texts.append(_line("title", heading, x, 28, HEADING_SIZE, "muted", False))
        texts.append(_line("title", value, x, 47, VALUE_SIZE, "title", True))
        x += width + ENTRY_GAP
    return tuple(texts)


def legend(flows: Collection[Flow], left: float, top: float) -> tuple[Sample, ...]:
    """One entry for each flow that the picture shows."""
    samples, x, y = [], left, top + LEGEND_HEIGHT / 2
    for flow, stroke in style.LIGHT.flows.items():
        if flow in flows:
            words = _line("legend", stroke.meaning, x + SAMPLE_LENGTH + 8, y + 4, style.BODY, "text", False)
            samples.append(Sample(flow, (x, y), (x + SAMPLE_LENGTH, y), words))
            x = words.box.right + 28
    return tuple(samples)
