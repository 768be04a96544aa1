"""All alarms of a design as an answer."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from rich.console import Console

from groma.answers import Expression, Metric
from groma.cli import console
from groma.components.operations import Budget
from groma.errors import InputError
from groma.monitoring import alarms
from groma.monitoring.listing import listing
from groma.monitoring.units import UNITS
from groma.monitoring.wording import since, threshold, window
from workloads import ROOT, designed_example

EXAMPLES = sorted(path.stem for path in (ROOT / "examples").glob("*.yaml"))


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_alarm_is_listed_with_the_unit_of_its_threshold(name):
    architecture = designed_example(name).architecture
    answer = listing(architecture)
    *kinds, costs, why = answer.words().tables
    (budget,) = architecture.of_type(Budget)
    assert costs.rows == budget.tells
    assert 2 * budget.usd_per_month / 30 < budget.usd_per_day < 4 * budget.usd_per_month / 30
    ids = [row[0] for table in kinds for row in table.rows]
    assert ids == [each.id for each in answer.entries]
    assert [row[1] for row in why.rows] == [each.derived_from for each in answer.entries]
    for alarm in answer.alarms:
        if isinstance(alarm.watches, Metric):
            assert (alarm.watches.namespace, alarm.watches.name) in UNITS, alarm.id
        else:
            assert alarm.watches.label.rpartition(", ")[2] in ("%", "s", "ms", "servers", "tasks"), alarm.id
    document = json.loads(json.dumps(answer.document()))
    assert [alarm["unit"] for alarm in document["alarms"]].count("") == 0


@pytest.mark.parametrize("name", EXAMPLES)
def test_no_line_of_the_list_breaks_a_name_at_80_columns(name, capsys, monkeypatch):
    monkeypatch.setattr(console, "OUT", Console(highlight=False, width=80))
    answer = listing(designed_example(name).architecture)
    console.show(answer)
    lines = capsys.readouterr().out.splitlines()
    assert max(map(len, lines)) <= 80
    words = {word for line in lines for word in line.split()}
    assert {each.id for each in answer.entries} <= words
    assert not any("…" in line for line in lines)


def test_pages_come_first_and_what_regions_have_alike_is_told_once():
    architecture = designed_example("social-worldwide").architecture
    answer = listing(architecture)
    tells = [each.tells for each in answer.entries]
    assert tells == sorted(tells, key=("page", "ticket", "nobody").index)
    (latency,) = [each for each in answer.entries if each.id == "web-latency"]
    assert latency.regions == architecture.regions
    assert latency.names[1] == "chirp-world-usw2-web-latency"
    whole = [f"{region}/{each.id}" for each in answer.entries for region in each.regions]
    whole += [each.id for each in answer.entries if not each.regions]
    assert sorted(whole) == sorted(each.id for each in (*answer.alarms, *answer.composites))


def test_a_threshold_is_told_in_the_metrics_unit(designed):
    by_id = {alarm.id: alarm for alarm in alarms(designed.architecture)}
    memory = by_id["database-master-memory"]
    assert threshold(replace(memory, threshold=2.5 * 2**30)) == "< 2.5 GiB"
    assert threshold(replace(memory, threshold=300 * 2**20)) == "< 300 MiB"
    assert threshold(replace(memory, threshold=12)) == "< 12 bytes"
    assert threshold(replace(by_id["web-cpu"], threshold=80)) == "> 80 %"
    assert threshold(replace(by_id["web-5xx"], threshold=0.72)) == "> 0.72 %"
    assert threshold(replace(by_id["web-healthy-hosts"], threshold=1)) == "< 1 host"
    assert isinstance(by_id["web-5xx"].watches, Expression)


def test_a_window_and_since_when_it_has_been_so(designed):
    by_id = {alarm.id: alarm for alarm in alarms(designed.architecture)}
    assert window(by_id["web-cpu"]) == "3 × 5 min"
    assert window(by_id["nat-ports"]) == "1 of 5 × 1 min"
    assert since(by_id["web-cpu"]) == "at least 15 min before this mail"
    assert since(by_id["nat-ports"]) == "within the 5 min before this mail"
    (fast,) = [each for each in listing(designed.architecture).entries if each.id == "web-5xx-fast"]
    assert fast.since == since(by_id["web-5xx"])


def test_one_is_told_whole_by_its_name_or_that_of_the_deployed_alarm(designed):
    answer = listing(designed.architecture)
    for name in ("web-5xx-fast", "chirp-web-5xx-fast"):
        (table,) = answer.of(name).words().tables
        assert table.title == "web-5xx-fast"
        told = {str(row[0]): str(row[1]) for row in table.rows}
        assert told["tells"] == "page"
        assert told["fires"] == "while web-5xx and web-5xx-1h are on"
        assert told["named"] == "chirp-web-5xx-fast"
        assert "two days" in told["says"]
        assert told["do"].startswith("Go back to the release before")
        assert "no data" not in told
    (child,) = answer.of("web-5xx-1h").words().tables
    assert ("tells", "nobody; web-5xx-fast speaks for it") in child.rows
    (silent,) = answer.of("web-healthy-hosts").words().tables
    said = {str(row[0]): str(row[1]) for row in silent.rows}["no data"]
    assert said.startswith("missing: ")
    assert said.endswith("told as a page when data stop")


@pytest.mark.parametrize("name", ["web-latency", "us-west-2/web-latency", "chirp-world-usw2-web-latency"])
def test_one_of_several_regions_is_found_by_each_of_its_names(name):
    closer = listing(designed_example("social-worldwide").architecture).of(name)
    (table,) = closer.words().tables
    assert table.title == "web-latency"
    assert len(closer.alarms) == 3


def test_several_are_told_by_how_their_names_begin(designed):
    answer = listing(designed.architecture)
    titles = [table.title for table in answer.of("database-replica").words().tables]
    assert {"database-replica-lag", "database-replica-cpu"} <= set(titles)
    document = json.loads(json.dumps(answer.of("database-replica").document()))
    assert len(document["alarms"]) == len(titles)
    with pytest.raises(InputError, match="there is no alarm 'web-nothing'") as refused:
        answer.of("web-nothing")
    assert "web-cpu" in refused.value.hint
