"""architecture → alarms: what every component says can fail in it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

from groma.answers import Alarm, Composite
from groma.architecture import Architecture


def alarms(architecture: Architecture) -> tuple[Alarm, ...]:
    """The alarms of all components, in their order.

    Raises:
        ValueError: two alarms have the same id, which would make them one in CloudWatch.
    """
    together = composites(architecture)
    spoken_for = {part: each.id for each in together for part in each.parts}
    found = tuple(
        replace(
            alarm,
            id=part.whole(alarm.id),
            component=part.whole(alarm.component),
            part_of=spoken_for.get(part.whole(alarm.id), ""),
        )
        for part in architecture.parts
        for component in part.architecture.components
        for alarm in component.alarms(part.architecture)
    )
    _check([*(each.id for each in found), *(each.id for each in together)])
    return found


def composites(architecture: Architecture) -> tuple[Composite, ...]:
    """What alarms of all components say together, in the order of the components."""
    return tuple(
        replace(
            each,
            id=part.whole(each.id),
            component=part.whole(each.component),
            all_of=tuple(map(part.whole, each.all_of)),
            any_of=tuple(map(part.whole, each.any_of)),
            suppressed=each.suppressed and replace(each.suppressed, by=part.whole(each.suppressed.by)),
        )
        for part in architecture.parts
        for component in part.architecture.components
        for each in component.composites(part.architecture)
    )


def _check(ids: Iterable[str]) -> None:
    twice = sorted(each for each, count in Counter(ids).items() if count > 1)
    if twice:
        raise ValueError(f"more than one alarm is called {', '.join(twice)}")
