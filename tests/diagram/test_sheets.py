"""Several regions on a screen each: everything is on some sheet, and every sheet can be read."""

from __future__ import annotations

import io
import re

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from pypdf import PdfReader
from random_architectures import many_regions
from three_tier_sample import TITLE, three_tier

from groma.architecture import Architecture
from groma.diagram import OVERVIEW, lay_out, lint, render_as, sheets
from groma.diagram.regions import collapse_regions
from groma.errors import InputError
from groma.report.documents import page_of, pages, picture
from workloads import designed_example

WIDE, HIGH = 1600, 1100
"""A screen, in pixels; on one of these an overview is read at 9 px."""


def check(architecture: Architecture) -> None:
    """Each sheet is drawn clean; together they show every component and link."""
    whole = collapse_regions(architecture, always=True)
    found = sheets(architecture)
    for sheet in found:
        layout = lay_out(sheet.architecture, TITLE, page=1.0)
        faults = [f.id for f in lint(layout, sheet.architecture) if not f.ok and f.severity == "error"]
        assert [fault for fault in faults if "texts-readable" not in fault] == [], sheet.name
    for part in ("components", "links"):
        shown = {each.id for sheet in found for each in getattr(sheet.architecture, part)}
        assert {each.id for each in getattr(whole, part)} <= shown


@settings(
    deadline=None,
    derandomize=True,
    max_examples=8,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
@given(many_regions())
def test_any_architecture_in_several_regions_has_clean_sheets_that_leave_nothing_out(
    architecture: Architecture,
) -> None:
    check(architecture)


@pytest.mark.parametrize("name", ["starter", "social-worldwide"])
def test_the_sheets_of_an_example_can_be_read_and_leave_nothing_out(name: str) -> None:
    architecture = designed_example(name).architecture
    check(architecture)
    first, *rest = pages(designed_example(name))
    assert first.height * WIDE / first.width <= HIGH or first.width < WIDE, "the overview fits a screen"
    for layout in (first, *rest):
        smallest = min(text.size for text in layout.texts())
        assert smallest * min(1.0, WIDE / layout.width) >= 8.99, layout.name


def test_an_overview_shows_regions_flows_and_no_networks() -> None:
    overview, *regions = sheets(designed_example("social-worldwide").architecture)
    assert overview.name == OVERVIEW
    assert [sheet.name for sheet in regions] == ["us-east-1", "us-west-2, eu-west-1"]
    assert {place.kind for place in overview.architecture.places} <= {"world", "cloud", "region"}
    flows = {(link.source, link.target): link.label for link in overview.architecture.links}
    assert re.fullmatch(r"HTTPS [\d.]+ k/s dynamic", flows["cdn", "us-east-1/web"])
    assert ("us-east-1/database", "us-west-2/database") in flows
    assert all("load" not in component.label for component in overview.architecture.components)


def test_one_region_has_no_sheets() -> None:
    assert sheets(three_tier()) == ()


def test_a_sheet_is_found_by_each_of_its_regions() -> None:
    assert page_of(designed_example("social-worldwide"), "eu-west-1").name == "us-west-2, eu-west-1"
    with pytest.raises(InputError, match="no sheet 'mars'") as raised:
        page_of(designed_example("starter"), "mars")
    assert raised.value.hint == "name one of overview, us-east-1, us-west-2"


def test_a_pdf_begins_with_the_sheets() -> None:
    layout, before = picture(designed_example("starter")), pages(designed_example("starter"))
    read = PdfReader(io.BytesIO(render_as(layout, ".pdf", before=before)))
    assert len(read.pages) == 1 + len(before) == 4
    for page, drawn in zip(read.pages, (*before, layout), strict=True):
        assert drawn.name.split()[0] in page.extract_text()
        assert float(page.mediabox.width) == pytest.approx(drawn.width * 0.75)
    assert [entry.title for entry in read.outline] == [drawn.name for drawn in (*before, layout)]
