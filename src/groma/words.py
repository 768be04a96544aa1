"""How answers are told: words for people, which a console, a page and a file show alike, and plain values.

Nothing in the words is markup, and nothing here knows how they are shown.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from textwrap import wrap
from typing import Literal, Protocol

PROMPT = "$ "
Tone = Literal["good", "bad", "unsure"]


@dataclass(frozen=True, slots=True)
class Mark:
    """A word that is shown in a colour: `ok` is good, `no` is bad, and what nobody knows is unsure."""

    text: str
    tone: Tone


Cell = str | Mark


@dataclass(frozen=True, slots=True)
class Table:
    """Words in rows and columns.

    Attributes:
        title: what stands above it; empty for none.
        columns: their heads; all empty for a table without heads.
        rows: a cell for each column.
        right: the heads of the columns of numbers, which are set to the right.
        bold: the places, from 0, of the rows that are stressed.
        notes: lines that belong to the table and stand right below it.
    """

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    right: tuple[str, ...] = ()
    bold: tuple[int, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Words:
    """An answer in words, in the order in which it is read: a heading, tables, and lines below them.

    `close` says that they stand close together, without blank lines, to fit one screen; `as_they_came` that
    the lines are somebody else's, and whole for whatever reads them from a pipe.
    """

    heading: str = ""
    tables: tuple[Table, ...] = ()
    lines: tuple[str, ...] = ()
    close: bool = False
    as_they_came: bool = False


def wrapped(line: str, columns: int, indent: str) -> list[str]:
    """A line as lines of so many columns, the further ones indented; a longer word stays whole."""
    whole = wrap(line, columns, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False)
    return whole or [""]


def markdown(words: Words, level: int = 3) -> str:
    """Words as Markdown, as GitHub shows it: the first line is a heading, tables are tables, lines a list.

    Args:
        words: what is told.
        level: of the heading: 1 for a page of its own, 3 for a comment.
    """
    first, *more = words.heading.split("\n")
    parts = [f"{'#' * level} {_literal(first)}"] if first else []
    parts += [_literal(line) for line in more]
    for table in words.tables:
        parts += [f"**{_literal(table.title)}**"] if table.title else []
        parts += ["\n".join(_rows(table)), *(_literal(note) for note in table.notes)]
    parts += ["\n".join(f"- {_literal(line)}" for line in words.lines)] if words.lines else []
    return "\n\n".join(parts) + "\n"


def _rows(table: Table) -> list[str]:
    rule = ["--:" if column in table.right else "---" for column in table.columns]
    rows = [tuple(each.text if isinstance(each, Mark) else each for each in row) for row in table.rows]
    bold = [
        tuple(f"**{_literal(c)}**" if c and n in table.bold else _literal(c) for c in r)
        for n, r in enumerate(rows)
    ]
    return [f"| {' | '.join(cells)} |" for cells in (table.columns, rule, *bold)]


_MARKUP = str.maketrans({each: f"\\{each}" for each in "\\|*_[]<>"})


def _literal(text: str) -> str:
    """A text that Markdown shows as it is; what stands between backticks is code.

    >>> _literal("p99_ms | `--file x_y` <b>")
    'p99\\\\_ms \\\\| `--file x_y` \\\\<b\\\\>'
    """
    parts = harmless(text).split("`")
    shown = (part.replace("|", "\\|") if n % 2 else part.translate(_MARKUP) for n, part in enumerate(parts))
    return "`".join(shown)


GAP = 2
"""Blanks between two columns of a table."""
LEAST_COLUMN = 14
"""Below this a column of text is torn into too many lines to be read."""


def widths(table: Table, columns: int) -> list[int] | None:
    """How wide each column of a table is drawn in so many columns; None where a word or number would be cut.

    Numbers are never broken, texts only between words, and a word only where it takes more than half of the
    columns: a link or an ARN among findings. What is missing is taken where it makes the fewest lines.
    """
    if not table.columns:
        return []
    cells = [
        [text for row in (table.columns, *table.rows) for text in [_plain(row[i])]] for i in _places(table)
    ]
    most = [max(map(len, texts)) for texts in cells]
    least = [
        full if head in table.right else min(full, max(LEAST_COLUMN, min(columns // 2, _longest(texts))))
        for head, full, texts in zip(table.columns, most, cells, strict=True)
    ]
    room = columns - GAP * (len(most) - 1) - sum(least)
    if room < 0:
        return None
    ways = _filled(least, most, room), _levelled(least, most, room)
    return min(ways, key=lambda wide: _height(cells, wide))


def _filled(least: Sequence[int], most: Sequence[int], room: int) -> list[int]:
    """Columns with room given first to those that need little of it: the longest texts are broken."""
    found = list(least)
    for place in sorted(range(len(most)), key=lambda i: most[i] - least[i]):
        more = min(most[place] - least[place], room)
        found[place], room = found[place] + more, room - more
    return found


def _levelled(least: Sequence[int], most: Sequence[int], room: int) -> list[int]:
    """Columns with room given to the narrowest first: two long texts beside each other share it."""
    found = list(least)
    for _ in range(room):
        short = [place for place, width in enumerate(found) if width < most[place]]
        if not short:
            break
        found[min(short, key=found.__getitem__)] += 1
    return found


def _height(cells: Sequence[Sequence[str]], wide: Sequence[int]) -> int:
    """How many lines rows take in columns so wide; `cells` by column."""
    heights = (
        [len(wrapped(text, max(width, 1), "")) for text in texts]
        for texts, width in zip(cells, wide, strict=True)
    )
    return sum(map(max, zip(*heights, strict=True)))


def stacked(table: Table, columns: int) -> list[str]:
    """A table that is too wide, as lines: of each row its first cell, and below it what each head says."""
    lines = [table.columns[0]] if table.columns[0] and not table.title else []
    for row in table.rows:
        first, *rest = (_plain(cell) for cell in row)
        told = [f"{head} {text}".strip() for head, text in zip(table.columns[1:], rest, strict=True) if text]
        if first and table.columns[0] in table.right:
            first = f"{table.columns[0]} {first}"
        if first:
            lines += [each.replace(BOUND, " ") for each in wrapped(first, columns, "  ")]
        bound = [text.replace(" ", BOUND) if len(text) < columns - 2 else text for text in told]
        if bound:
            lines += [each.replace(BOUND, " ") for each in wrapped("  " + " · ".join(bound), columns, "  ")]
    return lines


BOUND = "\N{NO-BREAK SPACE}"
"""Stands for a blank at which no line is broken, until the lines are made."""
_COUNTED = re.compile(r"(\d) × ")


def _places(table: Table) -> range:
    return range(len(table.columns))


def _plain(cell: Cell) -> str:
    return kept_together(cell if isinstance(cell, str) else cell.text)


def kept_together(text: str) -> str:
    """A text in which a count and what is counted are one word: `2 × t4g.small`; see `BOUND`."""
    return _COUNTED.sub(f"\\1{BOUND}×{BOUND}", text)


def _longest(texts: Sequence[str]) -> int:
    """The length of the longest word of some texts."""
    return max((len(word) for text in texts for word in text.split(" ")), default=0)


_COMMANDS = dict.fromkeys((*range(9), *range(11, 32), *range(127, 160)), "�")
_TURNING = dict.fromkeys((*range(8234, 8239), *range(8294, 8298)), "�")


def harmless(text: str) -> str:
    """A text that a terminal shows and does not obey: without escape sequences, and turning nothing around.

    >>> harmless("\x1b[31mred")
    '\ufffd[31mred'
    """
    return text.translate(_COMMANDS | _TURNING)


def abridged(value: object, most: int = 60, *, quoted: bool = True) -> str:
    """A value of somebody else's in a sentence: without control characters, and no longer than can be read.

    >>> abridged("x" * 1000, 5), abridged("a\\tb"), abridged("two words", quoted=False)
    ("'xxxx… (1,002 characters)", "'a\\\\tb'", 'two words')

    Args:
        value: anything.
        most: characters of it that are shown.
        quoted: whether a text stands between quotation marks.
    """
    text = repr(value) if quoted or not isinstance(value, str) or not value.isprintable() else value
    return text if len(text) <= most else f"{text[:most]}… ({len(text):,} characters)"


class Answer(Protocol):
    """What everything that can be shown has: its words, and the same as plain values."""

    def words(self) -> Words:
        """For people."""

    def document(self) -> object:
        """For machines: what `--json` prints, of the types that JSON has."""


def to_do(text: str) -> str:
    """Something to do, as a line: a command as a terminal shows it, which is not broken, or plain words."""
    return f"{PROMPT}{text}" if text.startswith("aws ") else text


def to_json(document: object, *, as_ascii: bool = False) -> str:
    """JSON as a person would like to read it; as ASCII, letters beyond it are written by their numbers."""
    return json.dumps(document, indent=2, ensure_ascii=as_ascii) + "\n"


def price_of(amount: float, unit: str, sign: str = "$") -> str:
    """The price of a unit as AWS's pages read: of what costs next to nothing, the price of a million.

    >>> price_of(6e-07, "request"), price_of(0.045, "GB"), price_of(5, "ACL-month")
    ('$0.60 per million requests', '$0.045 per GB', '$5.00 per ACL-month')
    """
    if 0 < amount < SMALL:
        several = f"{unit[:-1]}ies" if unit.endswith("ry") else unit if unit.endswith("s") else f"{unit}s"
        return f"{sign}{_in_digits(amount * 1e6, 2)} per million {several}"
    return f"{sign}{_in_digits(amount, 4)} per {unit}"


SMALL = 1e-4
"""A unit that costs less is priced by the million."""


def _in_digits(amount: float, most: int) -> str:
    """An amount with two decimals, or below 1 as many as show so many digits of it."""
    if not 0 < amount < 1:
        return f"{amount:,.2f}"
    shown = f"{amount:.{most - 1 - math.floor(math.log10(amount))}f}".rstrip("0")
    whole, _, decimals = shown.partition(".")
    return f"{whole}.{decimals.ljust(2, '0')}"


def usd(amount: float | None) -> str:
    """An amount of money for people; what is not known is never a number."""
    return "unknown" if amount is None else f"{amount:,.2f}"
