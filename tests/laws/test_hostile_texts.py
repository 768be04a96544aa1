"""A law over all outputs: what a file states as text is shown as it is, and means nothing in any notation."""

from __future__ import annotations

import csv
import io
import json
import subprocess
from datetime import UTC, datetime
from functools import cache
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import pytest

from groma.bill import Bill, bill
from groma.cli.console import say
from groma.design import Design, design
from groma.diagram import render_as
from groma.live.embedded import mailbox
from groma.live.mails import mails
from groma.live.toolchain import find_engine
from groma.report.documents import documents, picture
from groma.terraform.hcl import quoted
from groma.words import harmless
from groma.workload import parse

OWNER = '=cmd()|${file("/etc/passwd")}%{if true}<script>mark()</script>&amp;\'\\'
CLASS = "=1+1 ${x} <b>mark</b> ‏מ 🙂"
SOURCE = "]]> <!-- {{ mark }} {% mark %} `id` $(id) <<EOT"
ALERTS = "${1}%{if}'`$|=mark@acme.example"
HOSTILE = (OWNER, CLASS, SOURCE, ALERTS, "🙂" * 40)
WORK = "share: 1, web_ms: 1, app_ms: 1, reads: 1, writes: 0.1, query_ms: 1"


def told(text: str) -> str:
    """A text as a file states it."""
    return json.dumps(text, ensure_ascii=False)


@cache
def hostile(owner: str = OWNER) -> Design:
    return design(
        parse(
            f"name: chirp\nblueprint: three-tier\nusers: {{total: 50_000}}\nowner: {told(owner)}\n"
            f"alerts: {told(ALERTS)}\n"
            f"requests: {{{told(CLASS)}: {{{WORK}, source: {told(SOURCE)}}}}}\n"
        )
    )


@cache
def written() -> dict[str, bytes]:
    return dict(documents(hostile()))


def text_of(path: str) -> str:
    return written()[path].decode()


class Page(HTMLParser):
    """What a browser makes of a page: its elements, and its text but for scripts and styles."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)

    def handle_data(self, data: str) -> None:
        self.text += data if self.tags[-1:] not in (["script"], ["style"]) else ""


@pytest.mark.slow
def test_the_report_shows_them_and_runs_nothing():
    page, plain = Page(), Page()
    page.feed(text_of("report.html"))
    plain.feed(documents(hostile("Ada"))["report.html"].decode())
    assert OWNER in page.text
    assert CLASS in page.text
    assert page.tags == plain.tags


@pytest.mark.slow
@pytest.mark.parametrize("owner", [OWNER, "🙂" * 40, "‏עברית אَلْ"])
def test_drawings_are_well_formed_and_show_them(owner: str):
    layout = picture(hostile(owner))
    svg = ElementTree.fromstring(render_as(layout, ".svg").decode())
    assert owner in "".join(svg.itertext())
    assert {each.tag.rpartition("}")[2] for each in svg.iter()}.isdisjoint({"script", "b"})
    shapes = ElementTree.fromstring(render_as(layout, ".drawio").decode()).iter()
    labels = "".join(value for shape in shapes for value in shape.attrib.values())
    assert owner in unescape(labels)
    assert "<script" not in labels
    assert render_as(layout, ".png").startswith(b"\x89PNG")
    assert render_as(layout, ".pdf").startswith(b"%PDF")


def test_plans_are_json_that_says_the_same():
    plan = json.loads(text_of("plan.json"))
    assert OWNER in json.dumps(plan, ensure_ascii=False).replace('\\"', '"').replace("\\\\", "\\")


def test_only_one_string_of_terraform_has_one_and_it_is_quoted():
    found = {path for path, content in written().items() if path.endswith(".tf") and b"mark" in content}
    found = {path for path in found if "/modules/" not in path}
    assert found == {"terraform/main.tf"}
    assert f"= {quoted(ALERTS)}\n" in text_of("terraform/main.tf")
    assert text_of("terraform/main.tf").count("mark") == 1


def test_no_script_that_servers_run_has_one():
    scripts = [path for path in written() if path.endswith((".sh", ".tftpl", ".service", ".conf", ".py"))]
    assert scripts
    assert all(b"mark" not in written()[path] for path in scripts)


def test_no_cell_of_a_table_is_a_formula():
    priced = bill(hostile().architecture)
    line = priced.lines[0]
    names = ("component", "item", "unit", "source", "note")
    bad = Bill(
        (type(line)(**{**{f: getattr(line, f) for f in line.__slots__}, **dict.fromkeys(names, "=cmd()")}),)
    )
    (_, row) = csv.reader(io.StringIO(bad.to_csv()))
    assert row.count("'=cmd()") == len(names)
    for each in csv.reader(io.StringIO(priced.to_csv())):
        assert not any(cell.startswith(("=", "+", "@", "-", "\t")) for cell in each)


@pytest.mark.slow
def test_terraform_reads_every_text_as_it_is(tmp_path: Path):
    texts = [
        *HOSTILE,
        "$${x}",
        "$$${x}",
        "%%%{",
        "$%{",
        "a$",
        "%",
        "\\${x}",
        "\b\f\n\r\t\0\x7f",
        "\u2028\u202e",
        '"',
    ]
    rows = (f'output "o{number}" {{\n  value = {quoted(text)}\n}}\n' for number, text in enumerate(texts))
    (tmp_path / "main.tf").write_text("".join(rows), encoding="utf-8")
    engine = str(find_engine().path)
    subprocess.run(
        [engine, "apply", "-auto-approve", "-no-color"], cwd=tmp_path, check=True, capture_output=True
    )
    told = subprocess.run([engine, "output", "-json"], cwd=tmp_path, check=True, capture_output=True).stdout
    found = json.loads(told)
    assert [found[f"o{number}"]["value"] for number in range(len(texts))] == texts


@pytest.mark.parametrize("text", [*HOSTILE, "a\r\nBcc: x@acme.example", "a\nb"])
def test_mails_have_no_header_that_a_text_made(tmp_path: Path, text: str):
    arns = "arn:aws:sns:us-east-1:123456789012:chirp-alarms", "arn:subscription"
    post = mailbox.Post(ALERTS, text, f"{text}\n", *arns, "12345678", datetime.now(UTC))
    mailbox.put(tmp_path / mailbox.FOLDER, post)
    ((_, message),) = mailbox.read(tmp_path / mailbox.FOLDER)
    assert message["Bcc"] is None
    (mail,) = mails("chirp", tmp_path).mails
    assert mail.subject == " ".join(text.split())
    assert mail.text.split() == text.split()


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"Date: never\n\nx", b"Date: Sat, 28 Nov 2026\n\nx"])
def test_what_is_no_mail_is_passed_over(tmp_path: Path, content: bytes):
    folder = tmp_path / mailbox.FOLDER
    folder.mkdir()
    (folder / "000001-x.eml").write_bytes(content)
    assert mails("chirp", tmp_path).mails == ()


def test_a_terminal_obeys_nothing_that_it_is_told(capsys: pytest.CaptureFixture[str]):
    say("a\x1b]0;title\x07b\x9b31m\u202ec [bold]d[/bold]")
    assert capsys.readouterr().out == "a\ufffd]0;title\ufffdb\ufffd31m\ufffdc [bold]d[/bold]\n"
    assert harmless(CLASS) == CLASS
