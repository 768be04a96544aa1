"""Words as a text that a person can review, a row a line, however wide: for golden files."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from groma.words import Mark, Table, Words


def plain(words: Words, *, without: Collection[str] = ()) -> str:
    """All of it but the tables of some titles."""
    tables = [line for each in words.tables if each.title not in without for line in ("", *_table(each))]
    return "\n".join([words.heading, *tables, "", *words.lines]).rstrip() + "\n"


def _table(table: Table) -> Iterator[str]:
    rows = [tuple(each.text if isinstance(each, Mark) else each for each in row) for row in table.rows]
    if any(table.columns):
        rows.insert(0, table.columns)
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    yield table.title
    for row in rows:
        yield "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
    yield from table.notes
