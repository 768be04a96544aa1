"""What holds for every answer: people are told it in tables and lines, machines in plain values."""

from __future__ import annotations

import io
import json
from unittest.mock import patch

from rich.console import Console

from groma.cli.console import say, show
from groma.words import Answer, Mark, Table

WIDE = 2_000
"""Columns of a console in which no cell is broken."""


def printed(answer: Answer, columns: int = WIDE, *after: str) -> str:
    """What a person sees of an answer, and of lines after it, in a console of so many columns.

    Blanks at the ends of lines are left out.
    """
    out = io.StringIO()
    with patch("groma.cli.console.OUT", Console(file=out, width=columns, highlight=False)):
        show(answer)
        say(*after)
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines()) + "\n"


def must_be_told(answer: Answer) -> None:
    """Its words are whole, a console prints all of them and nothing else, and its document is JSON."""
    words, shown = answer.words(), printed(answer)
    assert words.tables or words.lines
    for table in words.tables:
        _must_be_whole(table)
    assert json.loads(json.dumps(answer.document(), allow_nan=False))
    left = "".join(shown.split())
    for text in (words.heading, *(each for table in words.tables for each in _texts(table)), *words.lines):
        assert "".join(text.split()) in left, text


def _must_be_whole(table: Table) -> None:
    assert table.columns
    assert all(len(row) == len(table.columns) for row in table.rows)
    assert set(table.right) <= set(table.columns)
    assert set(table.bold) <= set(range(len(table.rows)))


def _texts(table: Table) -> list[str]:
    cells = [cell.text if isinstance(cell, Mark) else cell for row in table.rows for cell in row]
    return [table.title, *table.columns, *cells, *table.notes]
