"""PDF and draw.io: the same picture in other forms."""

from __future__ import annotations

import io
from itertools import pairwise
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

import pytest
from pypdf import PdfReader
from pypdf.generic import DictionaryObject, IndirectObject
from three_tier_sample import TITLE, three_tier

from groma.diagram import FORMATS, lay_out, render_as
from groma.diagram.shapes import Box
from groma.errors import InputError

SAMPLE = three_tier()
LAYOUT = lay_out(SAMPLE, TITLE)
MAGIC = {".svg": b"<svg ", ".png": b"\x89PNG", ".pdf": b"%PDF-", ".drawio": b"<?xml"}


@pytest.mark.parametrize("suffix", FORMATS)
def test_every_format_is_what_it_says_and_always_the_same(suffix: str) -> None:
    drawn = render_as(LAYOUT, suffix, scale=0.5)
    assert drawn.startswith(MAGIC[suffix])
    assert render_as(LAYOUT, suffix, scale=0.5) == drawn
    assert render_as(LAYOUT, suffix, scale=0.5, dark=True) != drawn


@pytest.mark.parametrize("suffix", [".gif", "", ".SVG"])
def test_other_formats_are_refused_with_a_hint(suffix: str) -> None:
    with pytest.raises(InputError, match=r"name a \.svg, \.png, \.pdf or \.drawio file"):
        render_as(LAYOUT, suffix)


def resolved(value: object) -> DictionaryObject:
    found = value.get_object() if isinstance(value, IndirectObject) else value
    assert isinstance(found, DictionaryObject)
    return found


@pytest.fixture(scope="module")
def pdf() -> PdfReader:
    return PdfReader(io.BytesIO(render_as(LAYOUT, ".pdf")))


def test_the_pdf_is_one_page_as_large_as_the_drawing(pdf: PdfReader) -> None:
    (page,) = pdf.pages
    assert float(page.mediabox.width) == pytest.approx(LAYOUT.width * 0.75, abs=0.01)
    assert float(page.mediabox.height) == pytest.approx(LAYOUT.height * 0.75, abs=0.01)


def test_the_text_of_the_pdf_is_text(pdf: PdfReader) -> None:
    said = pdf.pages[0].extract_text()
    assert [line.content for line in LAYOUT.texts() if line.content not in said] == []


def test_the_pdf_embeds_its_fonts_and_needs_no_others(pdf: PdfReader) -> None:
    fonts = resolved(resolved(pdf.pages[0]["/Resources"])["/Font"])
    names = {str(resolved(font)["/BaseFont"]).split("+")[1] for font in fonts.values()}
    assert names == {"SourceSansPro-Regular", "SourceSansPro-Semibold"}
    assert all("/FontFile2" in resolved(resolved(font)["/FontDescriptor"]) for font in fonts.values())


def test_lines_of_the_pdf_are_vectors_and_only_icons_are_images(pdf: PdfReader) -> None:
    objects = resolved(resolved(pdf.pages[0]["/Resources"])["/XObject"])
    icons = {p.icon for card in LAYOUT.cards for p in card.pictures}
    icons |= {frame.icon.icon for frame in LAYOUT.frames if frame.icon}
    assert len(objects) == len(icons)
    contents = pdf.pages[0].get_contents()
    assert contents is not None
    operators = contents.get_data().split()
    assert operators.count(b"c") >= sum(len(route.points) - 2 for route in LAYOUT.routes)
    assert operators.count(b"d") >= sum(route.flow in ("replication", "control") for route in LAYOUT.routes)


def test_the_pdf_says_what_it_is_and_who_designed_it(pdf: PdfReader) -> None:
    about = pdf.metadata
    assert about is not None
    assert (about.title, about.author) == ("chirp", "Ada Example")
    assert "Database master, db.m7g.large" in (about.subject or "")


@pytest.fixture(scope="module")
def cells() -> dict[str, Element]:
    root = ElementTree.fromstring(render_as(LAYOUT, ".drawio"))
    found = list(root.iter("mxCell"))
    assert len({cell.get("id") for cell in found}) == len(found)
    return {str(cell.get("id")): cell for cell in found}


def shown(cells: dict[str, Element], id_: str) -> Box:
    """Where draw.io shows a cell: its place within its parent, and so on up to the page."""
    x = y = 0.0
    geometry = cells[id_].find("mxGeometry")
    assert geometry is not None
    width, height = (float(geometry.get(name, "0")) for name in ("width", "height"))
    current: str | None = id_
    while current not in (None, "0", "1"):
        place = cells[str(current)].find("mxGeometry")
        assert place is not None
        x, y = x + float(place.get("x", "0")), y + float(place.get("y", "0"))
        current = cells[str(current)].get("parent")
    return Box(x, y, width, height)


def test_drawio_shows_places_and_components_where_the_picture_does(cells: dict[str, Element]) -> None:
    wanted = {f"place-{frame.id}": frame.box for frame in LAYOUT.frames}
    wanted |= {f"component-{card.component}": card.box for card in LAYOUT.cards}
    for id_, box in wanted.items():
        at = shown(cells, id_)
        assert (at.x, at.y, at.right, at.bottom) == pytest.approx(
            (box.x, box.y, box.right, box.bottom), abs=0.1
        )


def test_places_are_containers_that_hold_what_stands_in_them(cells: dict[str, Element]) -> None:
    for frame in LAYOUT.frames:
        assert "container=1" in str(cells[f"place-{frame.id}"].get("style"))
        assert cells[f"place-{frame.id}"].get("parent") == (f"place-{frame.parent}" if frame.parent else "1")
    parents = {
        id_: cells[f"component-{id_}"].get("parent") for id_ in ("nat", "web", "web-lb", "igw", "users")
    }
    assert parents == {
        "nat": "place-public-a", "web": "place-vpc", "web-lb": "place-vpc", "igw": "place-region",
        "users": "1",
    }  # fmt: skip


def test_connections_are_attached_to_both_ends_where_the_line_meets_them(cells: dict[str, Element]) -> None:
    for route in LAYOUT.routes:
        cell = cells[f"link-{route.link}"]
        ends = (f"component-{route.source}", f"component-{route.target}")
        assert (cell.get("source"), cell.get("target")) == ends
        style = dict(part.split("=", 1) for part in str(cell.get("style")).split(";") if "=" in part)
        for id_, name, point in zip(
            ends, ("exit", "entry"), (route.points[0], route.points[-1]), strict=True
        ):
            box = shown(cells, id_)
            at = box.x + float(style[f"{name}X"]) * box.width, box.y + float(style[f"{name}Y"]) * box.height
            assert at == pytest.approx(point, abs=0.2)
        corners = [(float(p.get("x", 0)), float(p.get("y", 0))) for p in cell.iter("mxPoint")]
        assert [c for corner in corners for c in corner] == pytest.approx(
            [c for corner in route.points[1:-1] for c in corner], abs=0.01
        )


def test_labels_stand_on_their_place_along_the_line(cells: dict[str, Element]) -> None:
    for route in LAYOUT.routes:
        geometry = cells[f"link-{route.link}"].find("mxGeometry")
        assert geometry is not None
        lengths = [abs(b[0] - a[0]) + abs(b[1] - a[1]) for a, b in pairwise(route.points)]
        left = (float(geometry.get("x", "0")) + 1) / 2 * sum(lengths)
        for (a, b), length in zip(pairwise(route.points), lengths, strict=True):
            if left <= length + 0.01:
                at = a[0] + (b[0] - a[0]) * left / length, a[1] + (b[1] - a[1]) * left / length
                assert route.label.grown(1).contains(Box(*at, 0, 0)), route.link
                break
            left -= length


def test_every_word_is_in_the_drawio_file_and_nothing_is_fetched(cells: dict[str, Element]) -> None:
    said = "".join(
        "".join(ElementTree.fromstring(f"<p>{cell.get('value', '')}</p>").itertext())
        for cell in cells.values()
    )
    assert [line.content for line in LAYOUT.texts() if line.content not in said] == []
    assert all("http" not in str(cell.get("style")) for cell in cells.values())
    icons = [cell for cell in cells.values() if "shape=image" in str(cell.get("style"))]
    assert len(icons) == sum(len(card.pictures) for card in LAYOUT.cards) + sum(
        frame.icon is not None for frame in LAYOUT.frames
    )
    assert all("image=data:image/png,iVBOR" in str(cell.get("style")) for cell in icons)
