"""All alarms of a design as an answer."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from groma.answers import Expression, Metric
from groma.errors import InputError
from groma.monitoring import alarms, composites
from groma.monitoring.listing import listing, threshold
from groma.monitoring.units import UNITS
from workloads import ROOT, designed_example

EXAMPLES = sorted(path.stem for path in (ROOT / "examples").glob("*.yaml"))


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_alarm_is_listed_with_the_unit_of_its_threshold(name):
    found = alarms(designed_example(name).architecture)
    together = composites(designed_example(name).architecture)
    answer = listing(name, found, together)
    (what, why) = answer.words().tables
    ids = [each.id for each in together] + [each.id for each in found]
    assert [row[0] for row in what.rows] == [row[0] for row in why.rows] == ids
    for alarm in found:
        if isinstance(alarm.watches, Metric):
            assert (alarm.watches.namespace, alarm.watches.name) in UNITS, alarm.id
        else:
            assert alarm.watches.label.rpartition(", ")[2] in ("%", "s", "ms"), alarm.id
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


def test_one_is_told_whole_by_its_name_or_that_of_the_deployed_alarm(designed):
    answer = listing("chirp", alarms(designed.architecture), composites(designed.architecture))
    for name in ("web-5xx-fast", "chirp-web-5xx-fast"):
        (table,) = answer.of(name).words().tables
        assert table.title == "chirp-web-5xx-fast"
        told = {str(row[0]): str(row[1]) for row in table.rows}
        assert told["tells"] == "page"
        assert told["fires"] == "while web-5xx and web-5xx-1h are on"
        assert "two days" in told["says"]
        assert told["do"].startswith("Go back to the release before")
    (child,) = answer.of("web-5xx-1h").words().tables
    assert ("tells", "nobody; web-5xx-fast does") in child.rows
    (silent,) = answer.of("web-healthy-hosts").words().tables
    said = {str(row[0]): str(row[1]) for row in silent.rows}["no data"]
    assert said.startswith("missing: ")
    assert said.endswith("told as a page when data stop")


def test_several_are_told_by_how_their_names_begin(designed):
    answer = listing("chirp", alarms(designed.architecture), composites(designed.architecture))
    titles = [table.title for table in answer.of("database-replica").words().tables]
    assert {"chirp-database-replica-lag", "chirp-database-replica-cpu"} <= set(titles)
    document = json.loads(json.dumps(answer.of("database-replica").document()))
    assert len(document["alarms"]) == len(titles)
    with pytest.raises(InputError, match="there is no alarm 'web-nothing'") as refused:
        answer.of("web-nothing")
    assert "web-cpu" in refused.value.hint
