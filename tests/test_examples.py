"""The committed pictures of the examples are what `groma draw` draws today."""

from __future__ import annotations

from pathlib import Path

import pytest

from groma.design import design
from groma.diagram import lay_out, lint, render_png
from groma.documents import draw
from groma.workload import load
from workloads import ROOT

EXAMPLES = sorted((ROOT / "examples").glob("*.yaml"))


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_the_picture_is_current(path: Path, request: pytest.FixtureRequest):
    svg, picture = draw(design(load(path))), path.with_suffix(".svg")
    if request.config.getoption("--regenerate"):
        picture.write_text(svg, encoding="utf-8")
        path.with_suffix(".png").write_bytes(render_png(svg, scale=1.5))
    cure = f"pytest {request.node.nodeid} --regenerate"
    kept = picture.read_text(encoding="utf-8") if picture.exists() else ""
    assert svg == kept, f"{picture.name} has changed; if it should, run: {cure}"


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_the_picture_lints_clean(path: Path):
    from groma.bill import bill
    from groma.documents import title_block

    drawn = design(load(path))
    layout = lay_out(drawn.architecture, title_block(drawn, bill(drawn.architecture)))
    assert [f for f in lint(layout, drawn.architecture) if not f.ok] == []


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_every_element_is_in_diagram_and_terraform_under_its_name(path: Path):
    drawn = design(load(path))
    svg = draw(drawn)
    for component in drawn.architecture.components:
        assert svg.count(f'id="component-{component.id}"') == 1, component.id
    for link in drawn.architecture.links:
        assert f'data-source="{link.source}"' in svg
