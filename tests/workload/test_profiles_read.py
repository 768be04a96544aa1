"""What is kept of the profiles is what their files say, and nothing once they say something else."""

from __future__ import annotations

import json
from importlib import import_module, resources
from pathlib import Path

import pytest

from groma.workload import parse
from groma.workload import profiles as of_names
from groma.workload.profiles import READ_BEFORE, _read, as_read, written

FOLDER = Path(str(resources.files("groma.workload"))) / "data" / "profiles"


def test_what_is_kept_is_what_the_files_say(request: pytest.FixtureRequest):
    kept = FOLDER / READ_BEFORE
    text = json.dumps({name: as_read(name) for name in of_names()}, indent=1, ensure_ascii=False) + "\n"
    if request.config.getoption("--regenerate"):
        kept.write_text(text, encoding="utf-8")
    assert kept.read_text(encoding="utf-8") == text, f"run: pytest {request.node.nodeid} --regenerate"


def test_both_are_the_same_values():
    for name in of_names():
        text = (FOLDER / f"{name}.yaml").read_text("utf-8")
        assert repr(_read(name)) == repr(written(name, text))


@pytest.mark.parametrize("name", of_names())
def test_a_file_may_name_any_profile_and_say_no_more_of_its_load(name: str):
    load = parse(f"name: any\nblueprint: three-tier\nprofile: {name}\nusers: {{total: 9_000}}\n").load
    assert load.burst_to_peak_hour.high <= 12


def test_a_profile_that_has_changed_is_read_anew(monkeypatch: pytest.MonkeyPatch):
    stale = {"api": {"sha256": "of another text", "says": {"name": "another"}}}
    monkeypatch.setattr(import_module("groma.workload.profiles"), "_as_read_before", lambda: stale)
    assert _read("api")["name"] == "api"
