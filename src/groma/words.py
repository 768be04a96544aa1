"""How answers are told: words for people, which a console, a page and a file show alike, and plain values.

Nothing in the words is markup, and nothing here knows how they are shown.
"""

from __future__ import annotations

import json
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
    """An answer in words, in the order in which it is read: a heading, tables, and lines below them."""

    heading: str = ""
    tables: tuple[Table, ...] = ()
    lines: tuple[str, ...] = ()


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
    parts = [f"{'#' * level} {_plain(first)}"] if first else []
    parts += [_plain(line) for line in more]
    for table in words.tables:
        parts += [f"**{_plain(table.title)}**"] if table.title else []
        parts += ["\n".join(_rows(table)), *(_plain(note) for note in table.notes)]
    parts += ["\n".join(f"- {_plain(line)}" for line in words.lines)] if words.lines else []
    return "\n\n".join(parts) + "\n"


def _rows(table: Table) -> list[str]:
    rule = ["--:" if column in table.right else "---" for column in table.columns]
    rows = [tuple(each.text if isinstance(each, Mark) else each for each in row) for row in table.rows]
    bold = [
        tuple(f"**{_plain(c)}**" if c and n in table.bold else _plain(c) for c in r)
        for n, r in enumerate(rows)
    ]
    return [f"| {' | '.join(cells)} |" for cells in (table.columns, rule, *bold)]


_MARKUP = str.maketrans({each: f"\\{each}" for each in "\\|*_[]<>"})


def _plain(text: str) -> str:
    """A text that Markdown shows as it is; what stands between backticks is code.

    >>> _plain("p99_ms | `--file x_y` <b>")
    'p99\\\\_ms \\\\| `--file x_y` \\\\<b\\\\>'
    """
    parts = harmless(text).split("`")
    shown = (part.replace("|", "\\|") if n % 2 else part.translate(_MARKUP) for n, part in enumerate(parts))
    return "`".join(shown)


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


def usd(amount: float | None) -> str:
    """An amount of money for people; what is not known is never a number."""
    return "unknown" if amount is None else f"{amount:,.2f}"
