"""The alarms of a design as CloudWatch has them: asked for where they stand, with state and since when."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from groma.answers import MISSING
from groma.live.alarm_states import alarms_now
from groma.monitoring import alarms, composites
from workloads import designed_example

SINCE = datetime(2026, 11, 29, 3, 4, tzinfo=UTC)


class Alarms:
    """CloudWatch in every region: alarms that are all OK, but for those that are on or gone."""

    def __init__(self, *firing: str, gone: str = "") -> None:
        self.firing, self.gone = firing, gone
        self.asked: list[tuple[str | None, int]] = []

    def client(self, service: str, region: str | None = None) -> Any:
        assert service == "cloudwatch"
        return _InRegion(self, region)


class _InRegion:
    def __init__(self, cloud: Alarms, region: str | None) -> None:
        self.cloud, self.region = cloud, region

    def can_paginate(self, operation: str) -> bool:
        return False

    def describe_alarms(self, AlarmNames: list[str], AlarmTypes: list[str]) -> dict[str, Any]:
        self.cloud.asked.append((self.region, len(AlarmNames)))
        assert AlarmTypes == ["MetricAlarm", "CompositeAlarm"]
        states = [
            {
                "AlarmName": name,
                "StateValue": "ALARM" if name in self.cloud.firing else "OK",
                "StateTransitionedTimestamp": SINCE,
                "StateReason": "Threshold Crossed",
            }
            for name in AlarmNames
            if name != self.cloud.gone
        ]
        return {"MetricAlarms": states[1:], "CompositeAlarms": states[:1]}


def test_each_has_its_state_and_since_when() -> None:
    home = designed_example("social-50k").architecture
    every = {f"chirp-{each.id}" for each in (*alarms(home), *composites(home))}
    found = {each.name: each for each in alarms_now(home, Alarms("chirp-web-5xx-fast", gone="chirp-web-cpu"))}
    assert set(found) == every
    assert [name for name, each in found.items() if each.state == "ALARM"] == ["chirp-web-5xx-fast"]
    fired, gone = found["chirp-web-5xx-fast"], found["chirp-web-cpu"]
    assert (fired.since, fired.reason, fired.component) == (SINCE, "Threshold Crossed", "web-lb")
    assert (gone.state, gone.since, gone.row) == (MISSING, None, {})
    assert fired.document()["since"] == "2026-11-29T03:04:00+00:00"


def test_they_are_asked_for_where_they_stand_a_hundred_at_a_time() -> None:
    large, cloud = designed_example("social-worldwide").architecture, Alarms()
    found = alarms_now(large, cloud)
    assert len({each.name for each in found}) == len(found) == len((*alarms(large), *composites(large)))
    assert {each.state for each in found} == {"OK"}
    assert max(count for _, count in cloud.asked) <= 100
    assert {region for region, _ in cloud.asked} == set(large.regions)
    assert {each.component.partition("/")[0] for each in found} >= set(large.regions)
