"""The HTML report: whole, without network, readable by everyone."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from html.parser import HTMLParser
from itertools import pairwise

import pytest

from groma.bill import bill
from groma.check import check
from groma.design import Design, design
from groma.monitoring import alarms
from groma.monitoring.entries import entries
from groma.questions.budget import budget
from groma.questions.guesses import guesses
from groma.report.bars import bars
from groma.report.documents import picture
from groma.report.doubts import Doubts
from groma.report.page import report
from groma.workload import load, with_budget
from workloads import EXAMPLE, designed_example

VOID = {"meta", "br", "link", "img", "input", "hr"}


class Page(HTMLParser):
    """The elements of a page with their attributes and text, and whether all are closed in order."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.texts: dict[str, list[str]] = {}
        self.everything: list[str] = []
        self.open: list[tuple[str, str]] = []
        self.faults: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        attributes = {name: value or "" for name, value in attrs}
        self.elements.append((tag, attributes))
        if tag not in VOID:
            self.open.append((tag, attributes.get("id", "")))

    def handle_startendtag(self, tag, attrs):
        self.elements.append((tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag):
        if not self.open or self.open.pop()[0] != tag:
            self.faults.append(f"</{tag}> at {self.getpos()}")

    def handle_data(self, data):
        self.everything.append(data)
        for _, id_ in self.open:
            if id_:
                self.texts.setdefault(id_, []).append(data)

    def all(self, tag: str) -> list[dict[str, str]]:
        return [attributes for name, attributes in self.elements if name == tag]

    def said(self, id_: str) -> str:
        return " ".join(" ".join(self.texts[id_]).split())


def example() -> Design:
    return designed_example(EXAMPLE.stem)


@cache
def text() -> str:
    return report(example(), picture(example()))


@cache
def page() -> Page:
    return Page(text())


def test_every_element_is_closed_and_every_id_is_there_once():
    assert page().faults == []
    assert page().open == []
    ids = [attributes["id"] for _, attributes in page().elements if "id" in attributes]
    assert len(ids) == len(set(ids))
    assert not any(re.search(r"\s", id_) for id_ in ids)


def test_every_hyperlink_leads_somewhere_on_the_page():
    ids = {attributes["id"] for _, attributes in page().elements if "id" in attributes}
    targets = [a["href"] for tag in ("a", "use") for a in page().all(tag)]
    assert targets
    assert [href for href in targets if not href.startswith("#") or href[1:] not in ids] == []


def test_nothing_is_fetched():
    for _, attributes in page().elements:
        for name in ("src", "href", "data", "srcset", "xlink:href"):
            assert attributes.get(name, "#").startswith(("#", "data:")), attributes
    (policy,) = [m["content"] for m in page().all("meta") if "http-equiv" in m]
    assert policy.startswith("default-src 'none'")
    assert set(re.findall(r"url\(([a-z]+):", text())) == {"data"}
    assert "@import" not in text()


def test_it_can_be_read_without_seeing_it():
    assert page().all("html")[0]["lang"] == "en"
    assert len(page().all("main")) == len(page().all("h1")) == 1
    headings = [int(tag[1]) for tag, _ in page().elements if re.fullmatch("h[1-6]", tag)]
    assert all(after <= before + 1 for before, after in pairwise(headings))
    assert len(page().all("table")) == len(page().all("caption"))
    assert all(th.get("scope") in ("row", "col") for th in page().all("th"))
    ids = {attributes.get("id") for _, attributes in page().elements}
    labelled = [a["aria-labelledby"] for _, a in page().elements if "aria-labelledby" in a]
    assert all(set(label.split()) <= ids for label in labelled)
    components = [a for a in page().all("a") if "data-component" in a]
    assert all(a["aria-label"] for a in components)


def test_light_and_dark_are_both_there():
    assert text().count("prefers-color-scheme") >= 2
    assert {"name": "color-scheme", "content": "light dark"} in page().all("meta")


@pytest.mark.parametrize("component", example().architecture.components, ids=lambda c: c.id)
def test_each_component_leads_to_its_sizing_bill_and_alarms(component):
    architecture = example().architecture
    hrefs = [a["href"] for a in page().all("a") if a.get("data-component") == component.id]
    assert hrefs == [f"#about-{component.id}"]
    said = page().said(f"about-{component.id}")
    for detail in (component.label, component.service, *component.details):
        assert detail in said
    for line in component.bill(architecture):
        assert line.item in said
    for alarm in component.alarms(architecture):
        assert alarm.title in said
        assert alarm.derived_from in said


def test_links_are_marked_with_both_ends_for_lighting_them_up():
    ends = sorted((g["data-source"], g["data-target"]) for g in page().all("g") if "data-source" in g)
    assert ends == sorted((link.source, link.target) for link in example().architecture.links)


def test_tables_show_sizes_bill_decisions_and_findings():
    drawn = example()
    for size in drawn.plan.sizes:
        assert f"{size.tier} {size.choice.name} {size.min} {size.desired} {size.max} " in page().said("sizes")
    priced = bill(drawn.architecture)
    shown = [line for line in priced.lines if line.monthly_usd and line.monthly_usd.likely >= 0.005]
    for line in shown:
        assert f"{line.component} {line.item} " in page().said("bill")
    left_out = len(priced.lines) - len(shown)
    assert f"total, {left_out} lines at $0.00 left out ${priced.monthly_usd.likely:,.2f}" in page().said(
        "bill"
    )
    assert "$0.95 per million requests" in page().said("bill")
    hangs = guesses(drawn)
    assert hangs is not None
    for each in hangs.rows:
        told = f"{each.key} {each.said} {each.known_from} {each.money(hangs.currency)} {each.measure}"
        assert told in page().said("guesses")
    for decision in drawn.decisions:
        assert decision.because in page().said("decisions")
    for finding in check(drawn.architecture):
        assert finding.what in page().said("findings")
    assert sum(page().said(f"about-{a.component}").count(a.title) for a in alarms(drawn.architecture))


def test_every_alarm_is_there_with_what_to_do():
    found = entries(example().architecture)
    assert len([each for each in page().all("details") if each.get("class") != "fold"]) == len(found)
    for entry in found:
        for words in (entry.id, entry.title, *(text for _, text in entry.rows())):
            assert " ".join(words.split()) in page().said("alarms"), entry.id


def test_words_of_the_user_cannot_become_markup():
    odd = example().workload.model_copy(update={"owner": "<script>alert(1)</script>"})
    drawn = design(odd)
    page = report(drawn, picture(drawn))
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_a_serverless_design_does_not_speak_of_lost_zones(monkeypatch):
    monkeypatch.setattr("groma.report.page.doubts", lambda _: Doubts())
    made = designed_example("social-serverless")
    said = " ".join(Page(report(made, picture(made))).everything)
    assert "api function" in said
    assert re.findall(r"[^.;,]*(?:zone lost|lost zone|loss of a zone)[^.;,]*", said) == []


def test_bars_are_on_one_scale_and_reach_beyond_where_there_is_no_design():
    hangs = guesses(example())
    first, second = (replace(each, usd=usd) for each, usd in zip(
        hangs.rows, ((100.0, 300.0), (200.0, None)), strict=True))  # fmt: skip
    one, other = bars((first, second), 200.0)
    assert (one.low.left, one.low.width, one.high.left, one.high.width) == (0, 47, 47, 47)
    assert (other.low.width, other.high.left + other.high.width, other.high.designed) == (0, 100, False)
    assert bars((replace(first, usd=(200.0, 200.0)),), 200.0) == ()


def test_the_same_design_gives_the_same_bytes():
    assert report(example(), picture(example())) == text()


@pytest.mark.slow
def test_a_budget_that_was_spent_is_shown_with_what_was_left_out():
    made = design(with_budget(load(EXAMPLE), 3_000), reasons=False)
    shown = Page(report(made, picture(made)))
    assert shown.faults == []
    said, answer = shown.said("budget"), budget(made)
    assert answer is not None
    (table,) = answer.words().tables
    for cell in (*table.notes, *(cell for row in table.rows for cell in row)):
        assert " ".join(str(cell).split()) in said
    assert [link for link in shown.all("a") if link.get("href") == "#budget"] != []
    assert "budget" not in Page(text()).texts
