"""The site in a real browser: what a person does, and what they see when something fails."""

from __future__ import annotations

import os
import re
import struct
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from site_server import Site, serving

from browsing import chromium
from chirp.social.http import Response

pytestmark = pytest.mark.slow
PASSWORD = "Correct-horse-1"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as running:
        yield running


@pytest.fixture
def site() -> Iterator[Site]:
    with serving() as running:
        yield running


@pytest.fixture
def page(browser: Browser, site: Site) -> Iterator[Page]:
    """A page of the site; an error or a refused script in it fails the test."""
    context = browser.new_context(viewport={"width": 900, "height": 900})
    opened, wrong = context.new_page(), []
    opened.on("pageerror", lambda error: wrong.append(str(error)))
    opened.on("console", lambda said: wrong.append(said.text) if "Security Policy" in said.text else None)
    opened.goto(site.url)
    yield opened
    context.close()
    assert wrong == []


def open_account(page: Page, handle: str) -> None:
    page.get_by_role("link", name="Sign up").first.click()
    expect(page.get_by_role("heading", name="Sign up")).to_be_visible()
    page.get_by_label("Name").fill(handle)
    page.get_by_label("E-mail").fill(f"{handle}@example.com")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign up").click()
    expect(page.get_by_role("heading", name="Confirm")).to_be_visible()


def sign_up(page: Page, site: Site, handle: str) -> None:
    open_account(page, handle)
    page.get_by_label("Code").fill(site.memory.codes[handle])
    page.get_by_role("button", name="Confirm", exact=True).click()
    expect(page.get_by_role("heading", name="Timeline")).to_be_visible()


def post(page: Page, text: str) -> None:
    page.get_by_label("What is new?").fill(text)
    page.get_by_role("button", name="Post").click()
    expect(page.get_by_label("What is new?")).to_have_value("")


def log_out(page: Page) -> None:
    page.get_by_role("button", name="Log out").click()
    expect(page.get_by_role("heading", name="Log in")).to_be_visible()


def picture(path: Path) -> Path:
    """A PNG of one colour."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", 320, 200, 8, 2, 0, 0, 0)
    rows = b"".join(b"\0" + bytes((40, 120, 160)) * 320 for _ in range(200))
    content = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + content)
    return path


def test_a_follower_reads_what_was_posted(page, site, tmp_path):
    sign_up(page, site, "ada")
    page.get_by_label("Add a picture").set_input_files(picture(tmp_path / "blue.png"))
    post(page, "Hello from Ada")
    expect(page.locator("article img")).to_have_js_property("naturalWidth", 320)
    log_out(page)
    sign_up(page, site, "ben")
    expect(page.get_by_text("Nothing here yet")).to_be_visible()
    page.get_by_label("Find somebody by name").fill("@Ada")
    page.get_by_role("button", name="Find").click()
    follow = page.get_by_role("button", name="Follow", exact=True)
    follow.click()
    expect(page.get_by_text("1 follower ·")).to_be_visible()
    expect(follow).to_have_count(0)
    page.reload()
    page.get_by_role("button", name="Unfollow").click()
    expect(page.get_by_text("0 followers ·")).to_be_visible()
    expect(page.get_by_role("status")).to_have_text("You no longer follow @ada.")
    follow.click()
    expect(page.get_by_text("1 follower ·")).to_be_visible()
    page.get_by_role("link", name="Chirp").click()
    expect(page.get_by_role("article").filter(has_text="Hello from Ada")).to_be_visible()


def test_a_code_that_did_not_come_is_sent_again(page, site):
    open_account(page, "ada")
    site.memory.codes["ada"] = "went astray"
    page.get_by_role("button", name="Send the code again").click()
    expect(page.get_by_role("status")).to_contain_text("A new code is on its way")
    expect(page.get_by_label("Code")).to_be_focused()
    page.get_by_label("Code").fill(site.memory.codes["ada"])
    page.get_by_role("button", name="Confirm", exact=True).click()
    expect(page.get_by_role("heading", name="Timeline")).to_be_visible()


def test_who_asks_for_codes_without_end_is_told_to_wait(page, site):
    open_account(page, "ada")
    site.refuse["POST", "/api/accounts/ada/code"] = [Response(429, {"retry-after": "60"}, b"{}")]
    page.get_by_role("button", name="Send the code again").click()
    expect(page.get_by_role("status")).to_contain_text("Wait a moment")


def test_it_works_by_keyboard_alone(page, site):
    sign_up(page, site, "ada")
    page.get_by_label("What is new?").focus()
    page.keyboard.type("By keyboard")
    for _ in range(3):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent") == "Post":
            break
    page.keyboard.press("Enter")
    expect(page.get_by_role("article")).to_contain_text("By keyboard")


def test_a_double_click_posts_once(page, site):
    sign_up(page, site, "ada")
    page.get_by_label("What is new?").fill("Only once")
    page.get_by_role("button", name="Post").dblclick()
    expect(page.get_by_role("article")).to_have_count(1)
    assert len(site.memory.posts) == 1


def test_a_post_that_failed_half_way_is_not_doubled_when_it_is_sent_again(page, site):
    sign_up(page, site, "ada")
    lost = Response(502, {}, b"")
    answer = site.answer

    def stored_but_not_answered(request):
        first = answer(request)
        return lost if request.path == "/api/posts" and len(site.asked) == stop else first

    stop = len(site.asked) + 1
    site.answer = stored_but_not_answered
    page.get_by_label("What is new?").fill("Once, though the answer was lost")
    page.get_by_role("button", name="Post").click()
    expect(page.get_by_role("alert").filter(has_text="try again")).to_be_visible()
    page.get_by_role("button", name="Post").click()
    expect(page.get_by_role("article")).to_have_count(1)
    assert len(site.memory.posts) == 1


def test_failures_are_told_beside_what_failed(page, site):
    page.get_by_label("Name").fill("nobody")
    page.get_by_label("Password").fill("wrong password")
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_role("alert").filter(has_text="Handle or password is wrong")).to_be_visible()
    page.get_by_role("link", name="Sign up").first.click()
    expect(page.get_by_role("heading", name="Sign up")).to_be_visible()
    page.get_by_label("Name").fill("ada")
    page.get_by_label("E-mail").fill("ada@example.com")
    page.get_by_label("Password").fill("short")
    page.get_by_role("button", name="Sign up").click()
    password = page.get_by_label("Password")
    expect(password).to_have_attribute("aria-invalid", "true")
    expect(password).to_be_focused()
    expect(password).to_have_accessible_description(re.compile("Must have 10"))


def test_a_picture_that_is_too_large_is_refused_before_it_is_sent(page, site, tmp_path):
    sign_up(page, site, "ada")
    large = tmp_path / "large.png"
    large.write_bytes(b"\x89PNG" + bytes(6_000_000))
    page.get_by_label("Add a picture").set_input_files(large)
    page.get_by_label("What is new?").fill("With a picture")
    page.get_by_role("button", name="Post").click()
    expect(page.get_by_text("The picture is over 5 MB")).to_be_visible()
    assert "POST /api/posts" not in site.asked
    expect(page.get_by_label("What is new?")).to_have_value("With a picture")


def test_reads_wait_and_ask_again_when_there_are_too_many(page, site):
    sign_up(page, site, "ada")
    site.refuse["GET", "/api/timeline"] = [Response(429, {"retry-after": "1"}, b"{}")]
    page.reload()
    expect(page.get_by_role("heading", name="Timeline")).to_be_visible()
    assert site.asked.count("GET /api/timeline") == 3


def test_a_session_that_has_ended_leads_to_the_login(page, site):
    sign_up(page, site, "ada")
    site.memory.tokens.clear()
    page.reload()
    expect(page.get_by_role("heading", name="Log in")).to_be_visible()
    expect(page.get_by_role("status")).to_have_text("Your session has ended. Log in again.")
    assert page.evaluate("sessionStorage.length") == 0


def test_markup_in_a_post_is_text(page, site):
    sign_up(page, site, "ada")
    markup = "<img src=x onerror=\"document.title='owned'\"><script>document.title='owned'</script>"
    post(page, markup)
    expect(page.get_by_role("article")).to_contain_text(markup)
    assert page.title() == "Chirp"


def test_older_posts_are_loaded_on_demand(page, site):
    sign_up(page, site, "ada")
    for number in range(23):
        post(page, f"post {number}")
    page.reload()
    expect(page.get_by_role("article")).to_have_count(20)
    page.get_by_role("button", name="Load more").click()
    expect(page.get_by_role("article")).to_have_count(23)
    expect(page.get_by_role("button", name="Load more")).to_be_hidden()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_fits_a_small_phone_and_is_readable(browser, site, tmp_path, scheme):
    context = browser.new_context(viewport={"width": 320, "height": 640}, color_scheme=scheme)
    page = context.new_page()
    page.goto(site.url)
    sign_up(page, site, "ada_with_a_rather_long_name_30")
    post(page, "Lorem ipsum dolor sit amet, " * 12)
    wide = page.evaluate("document.documentElement.scrollWidth")
    faint = page.evaluate(CONTRASTS)
    page.screenshot(path=os.environ.get("SCREENSHOTS", str(tmp_path)) + f"/phone-{scheme}.png")
    context.close()
    assert wide <= 320
    assert faint == []


CONTRASTS = """() => {
  const paint = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const channels = (colour) => {
    paint.clearRect(0, 0, 1, 1);
    paint.fillStyle = colour;
    paint.fillRect(0, 0, 1, 1);
    return paint.getImageData(0, 0, 1, 1).data;
  };
  const light = (colour) => {
    const [r, g, b] = [...channels(colour)].slice(0, 3).map((value) => {
      const share = value / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const behind = (node) => {
    for (let at = node; at; at = at.parentElement) {
      const colour = getComputedStyle(at).backgroundColor;
      if (channels(colour)[3] === 255) return colour;
    }
    return "white";
  };
  const faint = [];
  for (const node of document.querySelectorAll("body *")) {
    const said = [...node.childNodes].some((child) => child.nodeType === 3 && child.textContent.trim());
    if (!said || !node.getClientRects().length) continue;
    const [a, b] = [light(getComputedStyle(node).color), light(behind(node))];
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (ratio < 4.5) faint.push(`${node.tagName} ${node.textContent.trim()} ${ratio.toFixed(2)}`);
  }
  return faint;
}"""
