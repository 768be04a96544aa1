"""The file of cases in the guide is one, and comes as it says."""

from __future__ import annotations

import re

from groma.monitoring.cases import load, run
from groma.monitoring.cases.alarms import KEYS
from groma.monitoring.cases.reading import KINDS
from workloads import ROOT

GUIDE = (ROOT / "docs" / "guides" / "alarms.md").read_text(encoding="utf-8")


def test_the_guides_cases_come_as_it_says(tmp_path):
    file = tmp_path / "cases.yaml"
    file.write_text(GUIDE.partition("```yaml\n")[2].partition("```")[0], encoding="utf-8")
    outcomes = run(load(file, dict))
    assert len(outcomes.cases) == 5
    assert [(each.name, each.why) for each in outcomes.cases if not each.ok] == []


def test_the_guide_tells_every_key():
    told = set(re.findall(r"`(\w+)", GUIDE))
    every = {*KEYS, *(key for keys in KINDS.values() for key in keys)} - {"name"}
    assert every <= told
