"""Whatever is deleted or loosened of a deployed alarm, `groma verify` names it: each alarm, each change."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from fake_watch import Watch
from test_drilled_alarms import as_described, topic

from groma.answers import Alarm
from groma.live.alarm_states import AlarmNow, alarms_now
from groma.live.verify.alarms import composite_differences, differences
from groma.live.verify.reading import Deployed, Reading
from workloads import designed_example

HERE = designed_example("social-50k").architecture
OUTPUTS = {
    f"{at}{name}": topic(severity)[0]
    for at in ("", "edge_")
    for name, severity in (("alarm_topic_arn", "page"), ("ticket_topic_arn", "ticket"))
}
EVERY = [(each, as_described(each)) for each in alarms_now(HERE, Watch(HERE))]


def told(each: AlarmNow, row: Mapping[str, Any] | None) -> set[str]:
    reading = Reading(Deployed(OUTPUTS, Watch(HERE)), HERE.region)
    if isinstance(each.designed, Alarm):
        return set(differences(each.designed, row, HERE, reading))
    return set(composite_differences(each.designed, row, HERE, reading))


def changed(row: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any] | None]]:
    yield "gone", None
    if "Threshold" in row:
        yield "laxer", {**row, "Threshold": 1.5 * row["Threshold"] + 1}
        periods = ("EvaluationPeriods", "DatapointsToAlarm")
        yield "later", {**row, **{name: 2 * row[name] for name in periods}}
    for how, actions in (("mute", "AlarmActions"), ("deaf", "InsufficientDataActions")):
        if row.get(actions):
            yield how, {**row, actions: []}
    if row.get("ActionsSuppressor"):
        yield "held for long", {**row, "ActionsSuppressorExtensionPeriod": 86_400}


@pytest.mark.parametrize("number", range(len(EVERY)), ids=[each.designed.id for each, _ in EVERY])
def test_verify_names_every_change(number: int) -> None:
    each, row = EVERY[number]
    as_deployed = told(each, row)
    tried = dict(changed(row))
    assert len(tried) > 1
    for how, other in tried.items():
        assert told(each, other) - as_deployed, how
