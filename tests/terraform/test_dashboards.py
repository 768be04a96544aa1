"""The dashboard of a design: read from top to bottom, nothing upon anything else, each threshold drawn."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path

import pytest
from dashboards import body_of
from workspace import Workspace

from groma.components.operations import SECTIONS, sections
from groma.design import design
from groma.monitoring import alarms
from groma.workload import parse
from workloads import ROOT, designed_example

EXAMPLES = sorted(path.stem for path in (ROOT / "examples").glob("*.yaml"))


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_alarm_stands_in_one_section_and_users_come_first(name: str) -> None:
    for part in designed_example(name).architecture.parts:
        found = sections(part.architecture)
        titles = [title for title, _ in found]
        assert titles == [title for title in SECTIONS if title in titles]
        ids = [id_ for _, ids in found for id_ in ids]
        own = alarms(part.architecture)
        assert sorted(ids) == sorted(alarm.id for alarm in own)
        users = dict(found).get("Users", ())
        assert {alarm.id for alarm in own if alarm.severity == "page"} <= set(users)


def test_what_stands_where_is_what_the_design_says() -> None:
    found = dict(sections(designed_example("social-50k").architecture))
    assert "web-latency" in found["Users"]
    assert "waf-blocked" in found["Edge"]
    assert {"web-cpu", "nat-ports"} <= set(found["Tiers"])
    assert "database-master-storage" in found["Data"]
    assert "web-surplus" in found["Money"]


@pytest.mark.slow
def test_a_dashboard_is_drawn_without_one_thing_upon_another(tmp_path: Path) -> None:
    """Of a home that is not us-east-1, where AWS publishes what it knows of the edge."""
    from dashboard_picture import draw  # loads matplotlib, which no other test here needs

    text = (ROOT / "examples" / "social-50k.yaml").read_text(encoding="utf-8")
    architecture = design(parse(text.replace("us-east-1", "eu-west-1")), reasons=False).architecture
    body = body_of(architecture, 1470, Workspace.make(tmp_path))
    widgets = body["widgets"]
    for one, other in combinations(widgets, 2):
        apart = (
            one["x"] + one["width"] <= other["x"]
            or other["x"] + other["width"] <= one["x"]
            or one["y"] + one["height"] <= other["y"]
            or other["y"] + other["height"] <= one["y"]
        )
        assert apart, (one["properties"], other["properties"])
    assert all(each["x"] + each["width"] <= 24 for each in widgets)
    headings = [each for each in widgets if each["type"] == "text"]
    assert [each["properties"]["markdown"] for each in headings] == [f"## {title}" for title in SECTIONS]
    assert [each["y"] for each in headings] == sorted({each["y"] for each in headings})
    thresholds = {alarm.id: alarm.threshold for alarm in alarms(architecture)}
    graphs = {each["properties"]["title"]: each["properties"] for each in widgets if each["type"] == "metric"}
    assert set(thresholds) < set(graphs)
    for id_, threshold in thresholds.items():
        (line,) = graphs[id_]["annotations"]["horizontal"]
        assert line["value"] == pytest.approx(threshold), id_
    drawn_from = {id_: graphs[id_]["region"] for id_ in thresholds}
    assert {id_ for id_, region in drawn_from.items() if region == "us-east-1"} == {"cdn-5xx", "waf-blocked"}
    assert any(arn.endswith(":chirp-cdn-5xx") for arn in widgets[0]["properties"]["alarms"])
    picture = tmp_path / "dashboard.png"
    draw(body, picture)
    assert picture.read_bytes().startswith(b"\x89PNG")
