"""architecture → alarms: what every component says can fail in it."""

from __future__ import annotations

from groma.answers import Alarm
from groma.architecture import Architecture


def alarms(architecture: Architecture) -> tuple[Alarm, ...]:
    """The alarms of all components, in their order.

    Raises:
        ValueError: two alarms have the same id, which would make them one in CloudWatch.
    """
    found = tuple(alarm for c in architecture.components for alarm in c.alarms(architecture))
    ids = [alarm.id for alarm in found]
    twice = sorted({alarm_id for alarm_id in ids if ids.count(alarm_id) > 1})
    if twice:
        raise ValueError(f"more than one alarm is called {', '.join(twice)}")
    return found
