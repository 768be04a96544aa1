"""Alarms: what the brief asks for is watched, each says why, and no two have one name."""

from __future__ import annotations

from dataclasses import replace

import pytest

from groma.answers import Expression, Metric, Ref
from groma.components.database import DatabaseServer
from groma.components.machine_group import MachineGroup
from groma.monitoring import alarms, composites
from groma.monitoring.cases import load, run
from workloads import ROOT, designed_example


def test_alarms_watch_what_the_brief_asks_for(designed):
    ids = {alarm.id for alarm in alarms(designed.architecture)}
    for tier in ("web", "app"):
        assert {f"{tier}-cpu", f"{tier}-memory", f"{tier}-unhealthy-hosts", f"{tier}-5xx"} <= ids
    for what in ("cpu", "memory", "storage", "connections"):
        assert {f"database-master-{what}", f"database-replica-{what}"} <= ids
    assert {"database-replica-lag", "nat-ports"} <= ids


def test_every_alarm_says_why_its_threshold_is_what_it_is(designed):
    for alarm in alarms(designed.architecture):
        assert len(alarm.derived_from) > 20, alarm.id
        assert 1 <= alarm.datapoints <= alarm.evaluation_periods
        designed.architecture.component(alarm.component)
        watched = alarm.watches
        metrics = watched.metrics.values() if isinstance(watched, Expression) else [watched]
        values = (v for metric in metrics for v in metric.dimensions.values())
        assert all(isinstance(v, Ref) or v in ("ALL", "Global") for v in values)


@pytest.mark.parametrize(("most", "least"), [(6, 1), (99, 1), (447, 5)])
def test_of_many_servers_a_few_may_be_starting_at_any_time(designed, most: int, least: int):
    group = designed.architecture.component("app")
    assert isinstance(group, MachineGroup)
    large = replace(group, size=replace(group.size, max=most))
    parts = tuple(large if each.id == "app" else each for each in designed.architecture.components)
    found = alarms(replace(designed.architecture, components=parts))
    (unhealthy,) = (each for each in found if each.id == "app-unhealthy-hosts")
    assert unhealthy.threshold == least
    assert ("that may" in unhealthy.derived_from) == (least > 1)


def test_two_alarms_of_one_name_are_refused(designed):
    nat = designed.architecture.component("nat")
    twin = replace(
        designed.architecture, components=(*designed.architecture.components, replace(nat, id="nat2"))
    )
    alarms(twin)
    web_lb = designed.architecture.component("web-lb")
    clash = replace(
        designed.architecture, components=(*designed.architecture.components, replace(web_lb, id="other"))
    )
    with pytest.raises(ValueError, match="web-5xx"):
        alarms(clash)


@pytest.mark.parametrize("name", sorted(path.stem for path in (ROOT / "examples").glob("*.yaml")))
def test_a_newborn_stack_is_quiet(name):
    """The first data of an alarm are its end as well: none mails that, and composite alarms have none."""
    architecture = designed_example(name).architecture
    found = alarms(architecture)
    assert all(alarm.missing.treatment != "breaching" for alarm in found), "there are no data yet"
    loud = [each for each in composites(architecture) if each.tells_its_end]
    assert all(each.severity == "page" for each in loud)
    assert len(loud) <= len(architecture.regions), loud
    if architecture.of_type(DatabaseServer):
        lags = [a for a in found if isinstance(a.watches, Metric) and a.watches.name == "ReplicaLag"]
        assert len(lags) == 1 + bool(architecture.standby)
        assert min(lag.threshold for lag in lags) > 300, "of so much RDS tells while nothing is written"


REFUSED = """
cases:
  - name: the flood of verify is over within a minute
    alarm: api-4xx
    data: {requests: 1x14, refused: 0x3 759 0x10}
    states: OKx14
  - name: a broken client goes on
    alarm: api-4xx
    data: {requests: 1x10, refused: 0x2 20x6 0x2}
    states: OKx6 ALARMx2 OKx2
"""


def test_what_verify_provokes_is_no_ticket_and_what_lasts_is(tmp_path):
    file = tmp_path / "cases.yaml"
    file.write_text(REFUSED, encoding="utf-8")
    known = {alarm.id: alarm for alarm in alarms(designed_example("social-serverless").architecture)}
    for outcome in run(load(file, lambda: known)).cases:
        assert outcome.came == outcome.expected, (outcome.name, *outcome.why)
