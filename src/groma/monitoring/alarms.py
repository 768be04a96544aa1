"""architecture → alarms: what every component says can fail in it."""

from __future__ import annotations

from dataclasses import replace

from groma.answers import Alarm
from groma.architecture import Architecture


def alarms(architecture: Architecture) -> tuple[Alarm, ...]:
    """The alarms of all components, in their order.

    Raises:
        ValueError: two alarms have the same id, which would make them one in CloudWatch.
    """
    found = tuple(
        replace(alarm, id=part.whole(alarm.id), component=part.whole(alarm.component))
        for part in architecture.parts
        for component in part.architecture.components
        for alarm in component.alarms(part.architecture)
    )
    ids = [alarm.id for alarm in found]
    twice = sorted({alarm_id for alarm_id in ids if ids.count(alarm_id) > 1})
    if twice:
        raise ValueError(f"more than one alarm is called {', '.join(twice)}")
    return found
