"""What runs now beside what was designed: elements, figures, alarms, and what was changed behind its back."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from typing import Any

from groma.answers import Composite, Running
from groma.architecture import Part
from groma.design import Design
from groma.live.alarm_states import AlarmNow, alarms_now
from groma.live.drifted import Drifted, drifted
from groma.live.figures import Figure, figures
from groma.live.last_drills import last_told
from groma.live.provision import standing
from groma.live.reporting import Reporter
from groma.live.stack import Stack
from groma.live.target import Clients, Target
from groma.live.understood import understood
from groma.live.verify.reading import Deployed, Reading
from groma.terraform.calls import outputs_of
from groma.words import Mark, Table, Words

FIRING, SILENT = "ALARM", "INSUFFICIENT_DATA"
RECORDS = (
    "servers, load balancers, databases and caches of the embedded cloud are records: nothing runs in them, "
    "so they have no load and no metrics"
)
EVALUATED = "the embedded cloud evaluates alarms each minute while it runs, and mails: groma mail"


@dataclass(frozen=True)
class Status:
    """A stack at one moment.

    Attributes:
        at: when it was looked at (UTC).
        running: elements that can be up or down, in the order of the design.
        figures: load, latency, errors and use, beside what was designed.
        alarms: every alarm, in the order of the design.
        drift: resources that are not as they were provisioned; None when that was not looked for.
        notes: what is to be known of all that.
        drills: what the last fire drills came to; empty where there were none.
    """

    stack: str
    target: str
    at: datetime
    running: tuple[Running, ...]
    figures: tuple[Figure, ...]
    alarms: tuple[AlarmNow, ...]
    drift: tuple[Drifted, ...] | None
    notes: tuple[str, ...] = ()
    drills: str = ""

    @property
    def firing(self) -> tuple[AlarmNow, ...]:
        """The alarms that are on."""
        return tuple(each for each in self.alarms if each.state == FIRING)

    @property
    def wrong(self) -> tuple[AlarmNow, ...]:
        """The alarms that are on, and those that are missing."""
        return tuple(each for each in self.alarms if each.state == FIRING or not each.row)

    @property
    def is_wrong(self) -> bool:
        """Whether an alarm is on or missing, or something has drifted, as far as that was looked for."""
        return bool(self.wrong or self.drift)

    def words(self) -> Words:
        """What runs, beside what was designed; which alarms are on since when; what was changed."""
        when = f"{self.at:%Y-%m-%d %H:%M:%S} UTC"
        rows = tuple((line.element, line.state, line.detail) for line in self.running)
        tables = [Table("Running", ("element", "state", ""), rows)]
        if self.figures:
            shown = tuple((each.about, each.now, each.designed) for each in self.figures)
            tables.append(Table("Now beside the design", ("", "now", "designed"), shown))
        on = tuple(_row(each) for each in self.wrong)
        if on:
            titles = tuple(f"{each.name}: {each.designed.title}" for each in self.wrong)
            heads = ("alarm", "state", "since (UTC)")
            tables.append(Table("Alarms that are on, or missing", heads, on, notes=titles))
        heading = f"{self.stack} in the {self.target} cloud, {when}"
        return Words(heading, tuple(tables), tuple(self._lines()))

    def _lines(self) -> Iterator[str]:
        states = Counter(each.state for each in self.alarms)
        yield f"alarms  {', '.join(f'{count} {state}' for state, count in sorted(states.items())) or 'none'}"
        if self.drift is None:
            yield "drift   not looked for: groma status --drift"
        else:
            yield f"drift   {len(self.drift)} resources, designed → now" if self.drift else "drift   none"
            yield from (f"        {line}" for each in self.drift for line in each.lines())
        yield f"drills  {self.drills or 'none yet: groma drill --all'}"
        yield from self.notes

    def document(self) -> dict[str, Any]:
        """The same as plain values."""
        return {
            "stack": self.stack,
            "target": self.target,
            "at": self.at.isoformat(timespec="seconds"),
            "running": [asdict(each) for each in self.running],
            "figures": [each.document() for each in self.figures],
            "alarms": dict(Counter(each.state for each in self.alarms)),
            "firing": [each.document() for each in self.firing],
            "every_alarm": [each.document() for each in self.alarms],
            "drift": None if self.drift is None else [each.document() for each in self.drift],
            "drills": self.drills,
            "notes": list(self.notes),
        }


def _row(each: AlarmNow) -> tuple[str | Mark, ...]:
    since = "" if each.since is None else f"{each.since:%Y-%m-%d %H:%M}"
    return each.name, Mark(each.state, "bad"), since


def status(
    made: Design, stack: Stack, target: Target, report: Reporter | None = None, *, drift: bool = False
) -> Status:
    """Look at a stack; for drift every one of its resources is asked for, which takes long.

    Raises:
        InputError: it does not stand.
        CloudError: its cloud does not answer.
    """
    report = report or Reporter()
    terraform = standing(stack, target, report)
    outputs, now_s = terraform.output(), time.time()
    architecture = made.architecture
    alarms = alarms_now(architecture, target)
    measured, unreadable = figures(made, alarms, target, now_s)
    if drift:
        report.step("asking for every resource, to find drift")
    return Status(
        stack=stack.name,
        target=stack.target,
        at=datetime.fromtimestamp(now_s, UTC),
        running=tuple(each for part in architecture.parts for each in running(part, target, outputs)),
        figures=measured,
        alarms=alarms,
        drift=drifted(terraform, target) if drift else None,
        notes=tuple(_notes(made, alarms, target.name, unreadable)),
        drills=last_told(stack.name, stack.home),
    )


def _notes(made: Design, alarms: tuple[AlarmNow, ...], target: str, unreadable: str) -> Iterator[str]:
    """What nothing is known of, and why."""
    if unreadable:
        yield unreadable
    silent = sum(each.state == SILENT and not isinstance(each.designed, Composite) for each in alarms)
    if silent:
        some = "1 alarm has" if silent == 1 else f"{silent} alarms have"
        yield f"{some} no data: nothing is known of what is watched there"
    if target == "embedded":
        yield EVALUATED
        if made.plan.sizes or not made.plan.functions:
            yield RECORDS


def running(part: Part, clients: Clients, outputs: Mapping[str, object]) -> Iterator[Running]:
    """Everything of one region, or outside of them, that can be up or down, as its components say.

    Args:
        part: the region, or what stands outside of them.
        clients: the cloud.
        outputs: Terraform's, of the whole stack.
    """
    architecture = part.architecture
    ask = _Questions(Reading(Deployed(outputs_of(part, outputs), clients), architecture.region))
    for component in architecture.components:
        with understood(f"{component.label} in {architecture.region}"):
            found = tuple(component.running(architecture, ask))
        for each in found:
            yield replace(each, element=f"{part.scope}: {each.element}") if part.scope else each


@dataclass(frozen=True)
class _Questions:
    """The questions that a component may ask, see `groma.answers.Ask`."""

    reading: Reading

    def __call__(self, service: str, operation: str, **arguments: object) -> Mapping[str, Any] | None:
        return self.reading.ask(service, operation, **arguments)

    def output(self, name: str) -> str | None:
        return self.reading.output(name)
