"""How answers are shown on a terminal: tables, progress and colours; nothing here knows what is told."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from threading import Event
from typing import Literal

from rich.console import Console
from rich.table import Table as RichTable
from rich.text import Text

from groma.cli.fields import picked
from groma.cli.streams import has_all_letters
from groma.words import (
    BOUND,
    PROMPT,
    Answer,
    Cell,
    Table,
    Tone,
    Words,
    harmless,
    kept_together,
    stacked,
    to_json,
    widths,
    wrapped,
)

WIDE = 120
"""Columns of a file or a pipe, where nobody says otherwise."""


def columns(environment: Mapping[str, str], *, is_terminal: bool) -> int | None:
    """How wide answers are: as `COLUMNS` says, else as the terminal is (None), else `WIDE`.

    >>> columns({"COLUMNS": "80"}, is_terminal=False), columns({"COLUMNS": "x"}, is_terminal=False)
    (80, 120)
    """
    stated = environment.get("COLUMNS", "")
    if stated.isascii() and stated.isdigit() and int(stated):
        return int(stated)
    return None if is_terminal else WIDE


OUT = Console(highlight=False, width=columns(os.environ, is_terminal=sys.stdout.isatty()))
COLOURS: Mapping[Tone, str] = {"good": "green", "bad": "bold red", "unsure": "yellow"}


def show(answer: Answer, *, as_json: bool = False, fields: str = "") -> None:
    """An answer, for a person or for a machine; of a machine's only the values that are named, if any are.

    Raises:
        InputError: there is no such value.
    """
    if fields:
        say(*picked(answer.document(), fields))
    elif as_json:
        print_json(answer.document())
    else:
        tell(answer.words())


def tell(words: Words) -> None:
    """Words for a person: a blank line after the heading and after each table with its notes."""
    apart = () if words.close else ("",)
    if words.heading:
        say(words.heading, *apart)
    for table in words.tables:
        _table(table)
        say(*table.notes, *apart)
    if words.as_they_came and not OUT.is_terminal:
        OUT.print(harmless("\n".join(words.lines)), markup=False, soft_wrap=True)
    else:
        say(*words.lines)


def say(*lines: str) -> None:
    """Print lines for a person.

    What is too long for a terminal goes on below, further in than it began; a command, or a word such
    as a link, is not broken, so that it can be copied.
    """
    for line in harmless("\n".join(lines)).split("\n") if lines else ():
        text = line.lstrip()
        indent = " " * (len(line) - len(text) + (2 if line != text else 0))
        parts = [line] if text.startswith(PROMPT) else wrapped(line, OUT.width, indent)
        OUT.print("\n".join(parts), markup=False, soft_wrap=True)


def clear() -> None:
    """Begin a terminal anew; what is no terminal goes on below."""
    if OUT.is_terminal:
        OUT.clear()


def write(text: str) -> None:
    """Print a text as it is, for a file or for another program."""
    sys.stdout.write(text)


def print_json(document: object) -> None:
    """Plain values for machines, and nothing else."""
    sys.stdout.write(to_json(document, as_ascii=not has_all_letters()))


def _table(table: Table) -> None:
    """A table, its rows one below the other where the console is too narrow for it."""
    if table.title:
        for line in wrapped(harmless(table.title), OUT.width, "  "):
            OUT.print(Text(line, "bold"), soft_wrap=True)
    wide = widths(table, OUT.width)
    if wide is not None:
        with OUT.capture() as lines:
            OUT.print(_drawn(table, wide))
        shown = lines.get().replace(BOUND, " ")
        OUT.file.write(shown if OUT.is_terminal else _without_ends(shown))
        return
    say(*stacked(table, OUT.width))


def _without_ends(text: str) -> str:
    """Lines without the blanks that fill the last column up."""
    return "".join(f"{line.rstrip()}\n" for line in text.splitlines())


def _drawn(table: Table, wide: Sequence[int]) -> RichTable:
    """A table as all of them look, each column so wide."""
    drawn = RichTable(show_header=any(table.columns), box=None, pad_edge=False)
    for column, width in zip(table.columns, wide, strict=True):
        justify: Literal["right", "left"] = "right" if column in table.right else "left"
        drawn.add_column(Text(harmless(column)), justify=justify, header_style="dim", width=width)
    for place, row in enumerate(table.rows):
        drawn.add_row(*map(_text, row), style="bold" if place in table.bold else None)
    return drawn


def _text(cell: Cell) -> Text:
    if isinstance(cell, str):
        return Text(harmless(kept_together(cell)))
    return Text(harmless(kept_together(cell.text)), COLOURS[cell.tone])


@contextmanager
def showing_transfers(title: str) -> Iterator[Callable[[str, int, int | None], None]]:
    """A progress bar on standard error that is told (file, bytes done, bytes in all)."""
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn

    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task(title)

        def told(file: str, done: int, total: int | None) -> None:
            progress.update(task, description=f"{title}: {file}", completed=done, total=total)

        yield told


@contextmanager
def showing_simulation(*, quiet: bool) -> Iterator[Callable[[float, int], bool]]:
    """Tells on standard error how far a simulation has come; the first Ctrl-C lets it end with what it has.

    It is told the simulated seconds and the requests so far, and answers whether to go on.
    """
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    stopped = Event()
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    before = signal.signal(signal.SIGINT, lambda *_: stopped.set())
    try:
        with Progress(*columns, console=Console(stderr=True), transient=True, disable=quiet) as progress:
            task = progress.add_task("compiling, the first time only")

            def told(at_s: float, requests: int) -> bool:
                day, inside = divmod(int(at_s), 86_400)
                time = f"day {day + 1}, {inside // 3600:02}:{inside % 3600 // 60:02}"
                rate = requests / max(progress.tasks[task].elapsed or 0.0, 1e-3)
                progress.update(task, description=f"{time} · {requests:,} requests · {rate:,.0f}/s")
                return not stopped.is_set()

            yield told
    finally:
        signal.signal(signal.SIGINT, before)


def steps(*, quiet: bool) -> Callable[[str], None]:
    """Tells each step in a line on standard error; nothing when quiet."""

    def step(text: str) -> None:
        if not quiet:
            print(f"· {text}", file=sys.stderr, flush=True)

    return step
