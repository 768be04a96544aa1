"""The page about a workload file: it is current, names every key, and every example of it can be planned."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Any

import pytest

from groma.design import design, making
from groma.workload import Workload, parse
from groma.workload.explaining import PARTS
from groma.workload.lines import parse_yaml
from groma.workload.parts import RequestClass
from groma.workload.profiles import SECTIONS, profile
from groma.workload.reference import PAGE, examples, page, whole
from workloads import ROOT

PROFILED = {(section, key) for section in SECTIONS for key in profile("social-media")[section]}
"""Quantities, of which each profile is an example: with a range of every one of them."""
EVERY_EXAMPLE = [
    pytest.param(text, id=f"{key}-{number}", marks=[pytest.mark.slow] if "worldwide" in text else [])
    for key, texts in examples().items()
    for number, text in enumerate(texts, 1)
]


def test_the_page_is_current():
    assert (ROOT / PAGE).read_text(encoding="utf-8") == page(), "run: python -m groma.workload.reference"


def test_every_section_has_an_example_on_the_page():
    assert list(examples()) == list(Workload.model_fields)
    shown = re.findall(r"```yaml\n(.*?)```", page(), re.S)[1:]
    assert shown == [text for texts in examples().values() for text in texts]


def stated(value: Any, path: tuple[str, ...] = ()) -> set[tuple[str, ...]]:
    """Every path of keys that a text states."""
    inner = value.items() if isinstance(value, dict) else ()
    return {path} | {found for key, each in inner for found in stated(each, (*path, key))}


def test_every_key_of_every_section_is_stated_in_an_example():
    texts = [text for each in examples().values() for text in each]
    known = {path for text in texts for path in stated(parse_yaml(text, "example")[0])}
    keys = {(*path, name) for path, part in PARTS.items() for name in part.model_fields}
    lacking = keys - known - PROFILED
    assert {path for path in lacking if path[:1] != ("application",)} == set()
    served = {path[-1] for path in known if path[:1] == ("application",)}
    assert {path[-1] for path in lacking} <= served, "a service is stated in one of its three places"
    assert set(RequestClass.model_fields) <= {path[-1] for path in known if path[:1] == ("requests",)}


@pytest.mark.slow
@pytest.mark.parametrize("text", EVERY_EXAMPLE)
def test_every_example_can_be_planned(text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(making, "DRAWS", 4)  # of 60, which take six seconds
    shutil.copy(ROOT / "tests/workload/price_books/everything.csv", tmp_path / "prices.csv")
    environment = "staging" if "environments:" in text else ""
    workload = parse(whole(text), source=str(tmp_path / "groma.yaml"), environment=environment)
    made = design(workload, reasons=False)
    assert made.architecture.components
    assert made.plan.sizes or made.plan.functions
