"""SVG and PNG: whole, the same everywhere, accessible."""

from __future__ import annotations

import os
import re
import struct
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest
from three_tier_sample import TITLE, part, three_tier

from groma.diagram import draw, lay_out, render_png, to_html_svgs
from groma.diagram.style import DARK, LIGHT, Theme

SVG = "{http://www.w3.org/2000/svg}"


def ids(svg: str) -> list[str]:
    return re.findall(r'<g id="([^"]+)"', svg)


def test_the_same_architecture_gives_the_same_bytes() -> None:
    assert draw(three_tier(), TITLE) == draw(three_tier(), TITLE)


def test_another_process_with_another_hash_seed_gives_the_same_bytes() -> None:
    program = (
        "import three_tier_sample as s, groma.diagram as d; print(d.draw(s.three_tier(), s.TITLE), end='')"
    )
    environment = {**os.environ, "PYTHONHASHSEED": "7", "PYTHONPATH": str(Path(__file__).parent)}
    run = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, check=True)
    assert run.stdout.decode() == draw(three_tier(), TITLE)


def test_every_place_component_and_link_is_a_group_of_its_own() -> None:
    architecture = three_tier()
    wanted = [f"component-{c.id}" for c in architecture.components]
    wanted += [f"link-{link.id}".replace(">", "&gt;").replace(" ", "_") for link in architecture.links]
    wanted += [f"place-{place.id}" for place in architecture.places if place.kind != "world"]
    assert sorted(ids(draw(architecture, TITLE))) == sorted([*wanted, "place-region/operations"])


def test_text_stays_text_and_the_picture_is_described() -> None:
    root = ElementTree.fromstring(draw(three_tier(), TITLE))
    assert root.get("role") == "img"
    assert root.findtext(f"{SVG}title") == "chirp"
    assert "Database master, db.m7g.large" in (root.findtext(f"{SVG}desc") or "")
    said = {element.text for element in root.iter(f"{SVG}text")}
    assert {"web servers", "2–6 × m7g.large", "SQL writes 9.0/s", "Ada Example", "$3,214", "312 ms"} <= said


def test_each_icon_is_embedded_once() -> None:
    svg = draw(three_tier(), TITLE)
    symbols = re.findall(r'<symbol id="([^"]+)"', svg)
    assert len(symbols) == len(set(symbols)) == svg.count("<image ")
    assert set(re.findall(r'<use href="#([^"]+)"', svg)) == set(symbols)


def test_words_of_the_user_cannot_break_the_markup() -> None:
    odd = part("odd", "application", "private-a", '<script>"&', "a & b", "compute/ec2", "x < y")
    architecture = three_tier(components=(*three_tier().components, odd))
    svg = draw(architecture, TITLE)
    said = {element.text for element in ElementTree.fromstring(svg).iter(f"{SVG}text")}
    assert {'<script>"&', "a & b", "x < y"} <= said


def test_an_icon_that_does_not_exist_is_drawn_as_a_general_one() -> None:
    odd = part("odd", "application", "private-a", "odd", "", "network/none")
    assert 'id="icon-general-general"' in draw(three_tier(components=(odd,), links=()), TITLE)


@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_the_png_has_the_size_of_the_drawing(scale: float) -> None:
    layout, png = lay_out(three_tier(), TITLE), render_png(draw(three_tier(), TITLE), scale=scale)
    width, height = struct.unpack(">II", png[16:24])
    assert png.startswith(b"\x89PNG")
    assert abs(width - layout.width * scale) <= scale
    assert abs(height - layout.height * scale) <= scale


def test_the_png_is_drawn_with_letters() -> None:
    svg = draw(three_tier(), TITLE)
    bare = re.sub(r"<text[^>]*>[^<]*</text>", "", svg)
    assert len(render_png(svg, scale=0.5)) > 1.2 * len(render_png(bare, scale=0.5))


def luminance(colour: str) -> float:
    """Relative luminance by WCAG 2."""
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(a: str, b: str) -> float:
    high, low = sorted((luminance(a), luminance(b)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_on_a_page_colours_follow_the_reader_and_components_are_links() -> None:
    layout = lay_out(three_tier(), TITLE)
    shared, (svg, other), sheet = to_html_svgs((layout, layout), address=lambda id_: f"about-{id_}")
    names = set(re.findall(r"var\((--[a-z-]+)\)", svg))
    light, dark = sheet.split("@media(prefers-color-scheme:dark)")
    assert names <= set(re.findall(r"(--[a-z-]+):", light)) == set(re.findall(r"(--[a-z-]+):", dark))
    assert LIGHT.page in light
    assert DARK.page in dark
    root = ElementTree.fromstring(svg)
    links = list(root.iter(f"{SVG}a"))
    assert [a.get("href") for a in links] == [f"#about-{c.id}" for c in three_tier().components]
    assert [a.get("data-component") for a in links] == [c.id for c in three_tier().components]
    assert all(a.get("aria-label") for a in links)
    assert root.get("role") == "group"
    assert "<symbol" not in svg
    assert "@font-face" in shared
    assert set(ids(svg)).isdisjoint(ids(other))


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_all_text_has_contrast_aa_on_everything_it_can_stand_on(theme: Theme) -> None:
    fills = {theme.page, theme.card, *(f.fill for f in theme.frames.values() if f.fill != "none")}
    inks = {*theme.inks.values(), *(flow.colour for flow in theme.flows.values())}
    inks |= {frame.ink for frame in theme.frames.values()}
    weak = [(ink, fill) for ink in inks for fill in fills if contrast(ink, fill) < 4.5]
    assert weak == []


def test_the_dark_variant_differs_in_colour_only() -> None:
    light, dark = draw(three_tier(), TITLE), draw(three_tier(), TITLE, dark=True)
    assert ids(light) == ids(dark)
    assert DARK.page in dark
    assert LIGHT.page not in dark
