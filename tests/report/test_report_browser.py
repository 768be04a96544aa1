"""The report in a real browser, on a desk and in a hand: what a reader taps, and what then shows."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from browsing import chromium
from groma.report.documents import pages, picture
from groma.report.page import report
from workloads import designed_example

pytestmark = pytest.mark.slow
PHONE, DESK = (390, 844), (1440, 900)
MOST_SCREENS = 9
"""Of a phone, that a folded report may be high."""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as running:
        yield running


@cache
def text(name: str) -> str:
    made = designed_example(name)
    return report(made, picture(made), pages(made))


def opened(browser: Browser, folder: Path, name: str, size: tuple[int, int]) -> Page:
    """The report of an example; an error in its script fails the test when the page is next used."""
    (folder / "report.html").write_text(text(name), encoding="utf-8")
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]}, has_touch=size == PHONE, is_mobile=size == PHONE
    )
    page = context.new_page()
    page.on("pageerror", lambda error: pytest.fail(str(error)))
    page.goto((folder / "report.html").as_uri())
    return page


@pytest.mark.parametrize("name", ["social-50k", "starter"])
def test_on_a_phone_nothing_is_wider_than_it_and_the_page_is_a_few_screens_high(
    browser: Browser, tmp_path: Path, name: str
) -> None:
    page = opened(browser, tmp_path, name, PHONE)
    height, width = page.evaluate(
        "[document.documentElement.scrollHeight, document.documentElement.scrollWidth]"
    )
    assert width <= PHONE[0]
    assert height <= MOST_SCREENS * PHONE[1]


def test_on_a_phone_each_line_of_the_bill_shows_item_and_amount(browser: Browser, tmp_path: Path) -> None:
    page = opened(browser, tmp_path, "social-50k", PHONE)
    rows = page.locator("#bill tbody tr:visible")
    assert rows.count() > 10
    for row in rows.all():
        for cell in row.locator(":scope > :visible").all():
            box = cell.bounding_box()
            assert box is not None
            assert 0 <= box["x"] <= box["x"] + box["width"] <= PHONE[0]
    before = rows.count()
    page.get_by_role("button", name="more").first.tap()
    assert page.locator("#bill tbody tr:visible").count() > before


def test_on_a_phone_the_panel_lies_below_and_a_button_closes_it(browser: Browser, tmp_path: Path) -> None:
    page = opened(browser, tmp_path, "social-50k", PHONE)
    page.locator("#diagram a[data-component]").first.tap()
    panel = page.get_by_role("complementary")
    expect(panel).to_be_visible()
    box = panel.bounding_box()
    assert box is not None
    assert (box["x"], box["width"]) == (0, PHONE[0])
    assert box["height"] <= 0.61 * PHONE[1]
    page.get_by_role("button", name="Close").tap()
    expect(panel).to_be_hidden()


def test_a_link_to_a_component_unfolds_it(browser: Browser, tmp_path: Path) -> None:
    page = opened(browser, tmp_path, "social-50k", PHONE)
    expect(page.locator("#about-cdn h4").first).to_be_hidden()
    page.locator("#bill tbody a:visible").first.tap()
    expect(page.locator(f"{page.evaluate('location.hash')} h4").first).to_be_in_viewport()


def test_each_sheet_has_a_tab(browser: Browser, tmp_path: Path) -> None:
    page = opened(browser, tmp_path, "starter", DESK)
    tabs = page.get_by_role("tab")
    assert tabs.all_text_contents() == ["overview", "us-east-1", "us-west-2", "all of it"]
    for tab in tabs.all():
        tab.click()
        shown = page.locator(".sheet:visible")
        expect(shown).to_have_count(1)
        expect(shown).to_have_id(tab.get_attribute("aria-controls") or "")
    tabs.first.click()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("tab", name="us-east-1")).to_be_focused()


def test_on_a_desk_a_click_keeps_the_panel_and_all_is_unfolded(browser: Browser, tmp_path: Path) -> None:
    page = opened(browser, tmp_path, "social-50k", DESK)
    expect(page.locator("#about-cdn h4").first).to_be_visible()
    page.locator("#diagram a[data-component]").first.click()
    page.mouse.move(5, 5)
    expect(page.get_by_role("complementary")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("complementary")).to_be_hidden()
