"""EventBridge Scheduler: when, and what is called."""

from __future__ import annotations

from collections.abc import Iterator

from groma.architecture import Architecture, Finding
from groma.components.schedule import Schedule
from groma.live.verify.findings import compare
from groma.live.verify.reading import Reading


def schedule(component: Schedule, architecture: Architecture, reading: Reading) -> Iterator[Finding]:
    """Its expression, and the function that it calls."""
    name = reading.output("schedule_name")
    found = reading.ask("scheduler", "get_schedule", Name=name) if name else None
    function = reading.output(f"{component.function}_name")
    yield compare(
        f"{component.id}.schedule",
        component.label,
        f"ENABLED, {component.expression} calls {function}",
        f"{found['State']}, {found['ScheduleExpression']} calls {found['Target']['Arn'].rpartition(':')[2]}"
        if found
        else None,
    )
