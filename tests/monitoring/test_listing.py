"""All alarms of a design as an answer."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from groma.answers import Expression, Metric
from groma.monitoring import alarms
from groma.monitoring.listing import listing, threshold
from groma.monitoring.units import UNITS
from workloads import ROOT, designed_example

EXAMPLES = sorted(path.stem for path in (ROOT / "examples").glob("*.yaml"))


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_alarm_is_listed_with_the_unit_of_its_threshold(name):
    found = alarms(designed_example(name).architecture)
    answer = listing(name, found)
    (what, why) = answer.words().tables
    assert [row[0] for row in what.rows] == [row[0] for row in why.rows] == [alarm.id for alarm in found]
    for alarm in found:
        if isinstance(alarm.watches, Metric):
            assert (alarm.watches.namespace, alarm.watches.name) in UNITS, alarm.id
        else:
            assert alarm.watches.label.endswith(", %"), alarm.id
    document = json.loads(json.dumps(answer.document()))
    assert [alarm["unit"] for alarm in document["alarms"]].count("") == 0


def test_a_threshold_is_told_in_the_metrics_unit(designed):
    by_id = {alarm.id: alarm for alarm in alarms(designed.architecture)}
    memory = by_id["database-master-memory"]
    assert threshold(replace(memory, threshold=2.5 * 2**30)) == "< 2.5 GiB"
    assert threshold(replace(memory, threshold=300 * 2**20)) == "< 300 MiB"
    assert threshold(replace(memory, threshold=12)) == "< 12 bytes"
    assert threshold(replace(by_id["web-cpu"], threshold=80)) == "> 80 %"
    assert threshold(replace(by_id["web-5xx"], threshold=0.72)) == "> 0.72 %"
    assert isinstance(by_id["web-5xx"].watches, Expression)
