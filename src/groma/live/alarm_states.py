"""The alarms of a design as CloudWatch has them now: each with its state, since when, and what it watches."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from groma.answers import MISSING, Alarm, Composite
from groma.architecture import Architecture
from groma.live.target import Clients
from groma.live.understood import understood
from groma.live.verify.reading import Deployed, Reading
from groma.monitoring import alarms, composites

ALARMS_AT_ONCE = 100
"""DescribeAlarms takes 100 names, and gives 50 alarms in a page unless more are asked (API reference)."""


@dataclass(frozen=True)
class AlarmNow:
    """A designed alarm and what CloudWatch says of it.

    Attributes:
        name: as CloudWatch has it.
        designed: as it was designed, by the ids of its part.
        scope: the region that it belongs to; empty in an architecture of one region.
        region: where CloudWatch has it.
        state: `OK`, `ALARM`, `INSUFFICIENT_DATA`, or `missing`.
        since: when it came into that state (UTC); None where that is not known.
        reason: CloudWatch's own words for it.
        row: all that CloudWatch says of it; empty when it is missing.
    """

    name: str
    designed: Alarm | Composite
    scope: str
    region: str
    state: str = MISSING
    since: datetime | None = None
    reason: str = ""
    row: Mapping[str, Any] = field(default_factory=dict)

    @property
    def component(self) -> str:
        """The id in the whole architecture of what it watches."""
        return f"{self.scope}/{self.designed.component}" if self.scope else self.designed.component

    def document(self) -> dict[str, Any]:
        """For machines."""
        return {
            "name": self.name,
            "component": self.component,
            "title": self.designed.title,
            "severity": self.designed.severity,
            "state": self.state,
            "since": None if self.since is None else self.since.isoformat(timespec="seconds"),
            "reason": self.reason,
        }


def alarms_now(architecture: Architecture, clients: Clients) -> tuple[AlarmNow, ...]:
    """Every alarm of an architecture, in its order. Raises CloudError."""
    return tuple(
        each
        for part in architecture.parts
        for each in _read(tuple(_designed(part.architecture, part.scope)), clients)
    )


def _designed(here: Architecture, scope: str) -> Iterator[AlarmNow]:
    every: tuple[Alarm | Composite, ...] = (*composites(here), *alarms(here))
    for each in every:
        region = each.region if isinstance(each, Alarm) and each.region else here.region
        yield AlarmNow(f"{here.name}-{each.id}", each, scope, region)


def _read(designed: Sequence[AlarmNow], clients: Clients) -> Iterator[AlarmNow]:
    """The same with what CloudWatch says: it is asked for so many at once, and gives so many in a page."""
    rows: dict[tuple[str, str], Mapping[str, Any]] = {}
    for region in dict.fromkeys(each.region for each in designed):
        names = [each.name for each in designed if each.region == region]
        reading = Reading(Deployed({}, clients), region)
        for first in range(0, len(names), ALARMS_AT_ONCE):
            found = _rows(reading, names[first : first + ALARMS_AT_ONCE])
            rows |= {(region, row["AlarmName"]): row for row in found}
    for each in designed:
        row = rows.get((each.region, each.name))
        yield each if row is None else _with(each, row)


def _rows(reading: Reading, names: Sequence[str]) -> tuple[Mapping[str, Any], ...]:
    """What CloudWatch says of those of some alarms that exist."""
    with understood(f"alarms in {reading.region}"):
        kinds = ["MetricAlarm", "CompositeAlarm"]
        answer = reading.ask("cloudwatch", "describe_alarms", AlarmNames=names, AlarmTypes=kinds) or {}
        found = (*answer.get("MetricAlarms", ()), *answer.get("CompositeAlarms", ()))
        return tuple(row for row in found if row["AlarmName"] and row["StateValue"])


def _with(each: AlarmNow, row: Mapping[str, Any]) -> AlarmNow:
    at = row.get("StateTransitionedTimestamp") or row.get("StateUpdatedTimestamp")
    since = at.astimezone(UTC) if isinstance(at, datetime) else None
    reason, state = str(row.get("StateReason") or ""), str(row["StateValue"])
    return AlarmNow(each.name, each.designed, each.scope, each.region, state, since, reason, row)
