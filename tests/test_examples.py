"""The examples: their committed pictures are today's, and all outputs speak of the same things."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable
from functools import cache
from pathlib import Path
from unittest.mock import patch
from xml.etree import ElementTree

import hcl2
import pytest

from groma.architecture import Architecture, Component
from groma.bill import bill
from groma.components.operations import Monitoring
from groma.design import Design
from groma.diagram import lint, render_png
from groma.diagram.regions import collapse_regions
from groma.monitoring import alarms, composites
from groma.questions.readings import readings
from groma.report.documents import build, draw, picture
from groma.report.plan import Planned
from groma.workload import load
from plain_text import plain
from workloads import ROOT, designed_example, marked

EXAMPLES = sorted((ROOT / "examples").glob("*.yaml"))
every_example = pytest.mark.parametrize("path", [marked(path.stem) for path in EXAMPLES], indirect=True)


@pytest.fixture
def path(request: pytest.FixtureRequest) -> Path:
    return ROOT / "examples" / f"{request.param}.yaml"


FREE_KINDS = {"users", "clients", "internet-gateway", "session-manager", "certificate", "schedule"} | {
    "container-cluster"
}
"""What has no price of its own at AWS, or is not at AWS."""


def example(path: Path) -> Design:
    return designed_example(path.stem)


@cache
def built(path: Path) -> dict[str, bytes]:
    """All files but the PNG, which takes as long as all others together and is tried in test_cli.py."""
    with patch("groma.report.documents.render_png", return_value=b""):
        return build(example(path))


def outside_aws(architecture: Architecture, component: Component) -> bool:
    return all(architecture.enclosing(place, "cloud") is None for place in component.places)


@every_example
def test_the_decisions_are_those_that_were_reviewed(path: Path, golden: Callable[[str, str], None]):
    """Sizes, goals, decisions and what was rejected; the bill has a file of its own."""
    golden(f"{path.stem}-decisions.txt", plain(Planned(example(path)).words(), without=["Bill"]))


@every_example
def test_the_picture_is_current(path: Path, request: pytest.FixtureRequest):
    svg, kept_in = draw(example(path)), path.with_suffix(".svg")
    if request.config.getoption("--regenerate"):
        kept_in.write_text(svg, encoding="utf-8")
        path.with_suffix(".png").write_bytes(render_png(svg, scale=1.5))
    cure = f"pytest {request.node.nodeid} --regenerate"
    kept = kept_in.read_text(encoding="utf-8") if kept_in.exists() else ""
    assert svg == kept, f"{kept_in.name} has changed; if it should, run: {cure}"


@every_example
def test_the_picture_lints_clean(path: Path):
    drawn = example(path)
    assert [f for f in lint(picture(drawn), drawn.architecture) if not f.ok] == []


@every_example
def test_the_picture_with_costs_and_load_lints_clean(path: Path):
    drawn = example(path)
    layout = picture(drawn, costs=True, load=True)
    assert [f for f in lint(layout, drawn.architecture) if not f.ok] == []


# Diagram, Terraform, bill, alarms and plan are read here as a person would: from the files of `groma build`.


@every_example
def test_the_diagram_shows_the_components_places_and_links_of_the_architecture(path: Path):
    architecture = collapse_regions(example(path).architecture)
    root = ElementTree.fromstring(built(path)["diagram.svg"])
    ids = [str(group.get("id")) for group in root.iter("{http://www.w3.org/2000/svg}g")]
    wanted = [f"component-{c.id}" for c in architecture.components]
    wanted += [f"link-{link.id}".replace(" ", "_") for link in architecture.links]
    wanted += [f"place-{p.id}" for p in architecture.places if p.kind != "world"]
    assert sorted(id_ for id_ in ids if not id_.endswith("/operations")) == sorted(wanted)


@every_example
def test_what_stands_in_aws_is_what_the_terraform_root_calls(path: Path):
    drawn, main = example(path), built(path)["terraform/main.tf"].decode()
    called = {name.strip('"'): block for call in hcl2.loads(main)["module"] for name, block in call.items()}
    made_by = re.findall(r'# (.+)\nmodule "([^"]+)"', main)
    named = [name for names, _ in made_by for name in names.split(", ")]
    inside = [c for c in drawn.architecture.components if not outside_aws(drawn.architecture, c)]
    assert sorted(named) == sorted(component.label for component in inside)
    assert {call for _, call in made_by} == set(called)
    sources = {block["source"].strip('"').removeprefix("./") for block in called.values()}
    delivered = {
        str(Path(file).parent).removeprefix("terraform/") for file in built(path) if "/modules/" in file
    }
    assert sources <= delivered
    within = {
        f"modules/{name}"
        for file, content in built(path).items()
        if "/modules/" in file and file.endswith(".tf")
        for name in re.findall(r'source = "\.\./([\w-]+)"', content.decode())
    }
    assert delivered == sources | within


@every_example
def test_the_bill_has_lines_for_all_that_aws_charges_for(path: Path):
    architecture = example(path).architecture
    billed = {row["component"] for row in csv.DictReader(built(path)["bill.csv"].decode().splitlines())}
    known = {component.id for component in architecture.components}
    assert billed <= known
    assert {architecture.component(id_).kind for id_ in known - billed} <= FREE_KINDS


@every_example
def test_the_alarms_of_terraform_watch_components_and_are_counted_in_the_diagram(path: Path):
    architecture = example(path).architecture
    own = (*alarms(architecture), *composites(architecture))
    written = re.findall(r'^    "?([a-z0-9-]+)"? = \{', built(path)["terraform/alarms.tf"].decode(), re.M)
    assert sorted(written) == sorted(alarm.id.rpartition("/")[2] for alarm in own)
    assert {alarm.component for alarm in own} <= {component.id for component in architecture.components}
    said = "".join(ElementTree.fromstring(built(path)["diagram.svg"]).itertext())
    counts = [monitoring.alarm_count for monitoring in architecture.of_type(Monitoring)]
    assert sum(counts) == len(own)
    assert all(f"{count} alarms" in said for count in counts)


@every_example
def test_plan_and_report_speak_of_the_same_components(path: Path):
    architecture = example(path).architecture
    ids = [component.id for component in architecture.components]
    drawn = [component.id for component in collapse_regions(architecture).components]
    plan, page = json.loads(built(path)["plan.json"]), built(path)["report.html"].decode()
    assert [component["id"] for component in plan["architecture"]["components"]] == ids
    shown = re.findall(r'data-component="([^"]+)"', page)
    assert shown[-len(drawn) :] == drawn, "the whole picture is the last of the sheets"
    assert set(shown) == set(drawn)
    assert re.findall(r'<article id="about-([^"]+)"', page) == ids


def test_all_examples_can_stand_in_one_account():
    """Roles, buckets and distributions know no region: stacks of one name would collide."""
    names = [load(path).name for path in EXAMPLES]
    assert len(names) >= 4
    assert len(set(names)) == len(names)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["lean", "balanced", "premium"])
def test_the_page_about_bills_has_what_a_budget_comes_to(name: str) -> None:
    usd = bill(designed_example(f"social-50k-{name}").architecture).monthly_usd.likely
    page = (ROOT / "docs" / "background" / "bill.md").read_text(encoding="utf-8")
    (row,) = (line for line in page.splitlines() if f"(../../examples/social-50k-{name}.yaml)" in line)
    assert row.split(" | ")[2] == f"${usd:,.0f}"


@pytest.mark.slow
def test_the_page_about_bills_has_what_each_reading_of_the_users_costs() -> None:
    made = designed_example("social-50k")
    found = readings(made)
    assert found is not None
    others = {each.reading: each.usd_per_month for each in found.others}
    page = " ".join((ROOT / "docs" / "background" / "bill.md").read_text(encoding="utf-8").split())
    usd = (bill(made.architecture).monthly_usd.likely, others["daily"], others["at once"])
    own, daily, concurrent = (f"${each:,.0f}" for each in usd)
    assert f"costs {own} when they are registered, {daily} when they come on a day and {concurrent}" in page
