"""The console: tables and lines as they are told, with colours only where a terminal shows them."""

from __future__ import annotations

import io
from unittest.mock import patch

from rich.console import Console

from groma.cli.console import OUT, columns, say, tell
from groma.words import Mark, Table, Words, to_do

FRUIT = Table(
    "Fruit",
    ("name", "$/month"),
    (("apples", "9.00"), ("total", "12.50")),
    right=("$/month",),
    bold=(1,),
    notes=("pears [ripe] are unknown",),
)


def printed(words: Words, *, colours: bool = False) -> str:
    out, system = io.StringIO(), "standard" if colours else None
    console = Console(file=out, width=30, highlight=False, force_terminal=colours, color_system=system)
    with patch("groma.cli.console.OUT", console):
        tell(words)
    return out.getvalue()


def test_heading_tables_notes_and_lines_stand_apart():
    text = printed(Words("two of them", (FRUIT, FRUIT), ("done", "next: eat")))
    lines = [line.rstrip() for line in text.splitlines()]
    table = ["Fruit", "name    $/month", "apples     9.00", "total     12.50", "pears [ripe] are unknown", ""]
    assert lines == ["two of them", "", *table, *table, "done", "next: eat"]


def test_lines_of_others_are_whole_in_a_pipe_and_broken_on_a_terminal():
    words = Words(lines=("a line that is longer than thirty columns",), as_they_came=True)
    assert printed(words).splitlines() == list(words.lines)
    assert len(printed(words, colours=True).splitlines()) == 2
    assert "\x1b" not in printed(Words(lines=("\x1b[2J",), as_they_came=True))


def test_answers_are_as_wide_as_is_said_and_end_without_blanks_in_a_file():
    assert columns({"COLUMNS": "80"}, is_terminal=False) == 80
    assert columns({"COLUMNS": "many"}, is_terminal=False) == columns({}, is_terminal=False) == 120
    assert columns({}, is_terminal=True) is None
    table = Table("", ("", ""), (("a", "long"), ("b", "c")))
    assert printed(Words(tables=(table,))).splitlines() == ["a  long", "b  c", ""]


def test_a_table_without_heads_has_only_its_rows():
    table = Table("", ("", ""), ((Mark("ok", "good"), "a"), (Mark("no", "bad"), "b")))
    assert [line.rstrip() for line in printed(Words(tables=(table,))).splitlines()] == ["ok  a", "no  b", ""]


def test_marks_and_stressed_rows_are_coloured_on_a_terminal():
    cells = (Mark("ok", "good"), Mark("no", "bad"), Mark("--", "unsure"))
    marks = Table("", ("", ""), tuple((cell, "a") for cell in cells))
    text = printed(Words(tables=(marks, FRUIT)), colours=True)
    for code in ("\x1b[32mok", "\x1b[1;31mno", "\x1b[33m--", "\x1b[1mtotal"):
        assert code in text


def test_words_are_never_markup(capsys):
    cells = Table("[b]title", ("a",), (("module.web[0] is [bold]",),))
    assert "module.web[0] is [bold]" in printed(Words(tables=(cells,)))
    assert "[b]title" in printed(Words(tables=(cells,)))
    say("[red]plain[/red]")
    assert capsys.readouterr().out == "[red]plain[/red]\n"


def test_a_long_line_goes_on_further_in_than_it_began(capsys, monkeypatch):
    monkeypatch.setattr(OUT, "width", 30)
    say("what to do:", "  one two three four five six seven", "", "a plain line that is too long for it")
    assert capsys.readouterr().out.splitlines() == [
        "what to do:",
        "  one two three four five six",
        "    seven",
        "",
        "a plain line that is too long",
        "for it",
    ]


def test_a_command_is_not_broken(capsys, monkeypatch):
    monkeypatch.setattr(OUT, "width", 30)
    command = "aws service-quotas request-service-quota-increase --service-code ec2"
    say(f"  {to_do(command)}")
    assert capsys.readouterr().out == f"  $ {command}\n"
    assert to_do("open a case") == "open a case"


def test_a_link_is_not_broken(capsys, monkeypatch):
    monkeypatch.setattr(OUT, "width", 30)
    link = "http://127.0.0.1:4000/?Action=ConfirmSubscription&TopicArn=arn:aws:sns:us-east-1"
    say("open it:", link)
    assert capsys.readouterr().out == f"open it:\n{link}\n"


NARROW = Table(
    "Sizes",
    ("tier", "machines", "because", "$/month"),
    (("database", "2 × db.r7g.16xlarge", "the cheapest that keep every goal", "1,234.50"),),
    right=("$/month",),
)


def drawn(table: Table, columns: int) -> list[str]:
    out = io.StringIO()
    console = Console(file=out, width=columns, highlight=False)
    with patch("groma.cli.console.OUT", console):
        tell(Words(tables=(table,)))
    return [line.rstrip() for line in out.getvalue().splitlines()]


def test_a_text_takes_as_many_lines_as_it_needs_and_a_type_stays_whole():
    lines = drawn(NARROW, 62)
    assert [line[:49].rstrip() for line in lines] == [
        "Sizes",
        "tier      machines             because",
        "database  2 × db.r7g.16xlarge  the cheapest that",
        "                               keep every goal",
        "",
    ]
    assert lines[2].endswith("1,234.50")


def test_a_table_that_does_not_fit_is_told_row_below_row():
    lines = drawn(NARROW, 44)
    assert lines[:2] == ["Sizes", "database"]
    assert "2 × db.r7g.16xlarge" in lines[2]
    assert any("$/month 1,234.50" in line for line in lines)
    assert all(len(line) <= 44 for line in lines)


def test_heads_are_no_markup():
    assert drawn(Table("", ("a [range]",), (("1",),)), 40)[0] == "a [range]"
