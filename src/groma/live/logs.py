"""`groma logs`: what the elements of a stack have logged, by the log groups in Terraform's state."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from typing import Any

from groma.architecture import Architecture
from groma.errors import InputError
from groma.live.beside import Managed
from groma.live.embedded import Emulator
from groma.live.target import Clients, EmbeddedTarget, Target
from groma.live.understood import understood
from groma.live.verify.reading import Deployed, Reading
from groma.terraform.calls import module_calls
from groma.words import Words

MOST, LONGEST = 1_000, 2_000
"""Lines of one answer, the newest, and characters of one that are shown to people."""


@dataclass(frozen=True)
class Group:
    """A log group: the elements that it is of, its name, and its region."""

    elements: tuple[str, ...]
    name: str
    region: str


@dataclass(frozen=True)
class Entry:
    """One line: when it came (UTC), the group and the stream that it is in, what it says."""

    at: datetime
    group: str
    stream: str
    text: str

    def line(self) -> str:
        """For people."""
        text = self.text.replace("\t", "  ")
        cut = f"{text[:LONGEST]}…" if len(text) > LONGEST else text
        return f"{self.at:%H:%M:%S} {self.group.rpartition('/')[2]}  {cut}"

    def document(self) -> dict[str, Any]:
        """For machines."""
        return {**asdict(self), "at": self.at.isoformat(timespec="milliseconds")}


@dataclass(frozen=True)
class Logs:
    """What was logged, the oldest first; `left_out` says that there was more before."""

    stack: str
    groups: tuple[Group, ...]
    entries: tuple[Entry, ...]
    left_out: bool
    note: str = ""

    def words(self) -> Words:
        """A line each."""
        names = ", ".join(group.name for group in self.groups)
        lines = tuple(entry.line() for entry in self.entries) or (f"nothing was logged in {names}",)
        more = (f"only the newest {len(self.entries)} lines: ask for less time, or --json",)
        notes = (*(more if self.left_out else ()), *([self.note] if self.note else ()))
        return Words(lines=(*lines, *notes), as_they_came=True)

    def document(self) -> dict[str, Any]:
        """The same as plain values."""
        return {
            "stack": self.stack,
            "groups": [asdict(group) for group in self.groups],
            "left_out": self.left_out,
            "entries": [entry.document() for entry in self.entries],
        }


def groups(architecture: Architecture, state: Mapping[str, Any], component: str = "") -> tuple[Group, ...]:
    """The log groups of a stack, or those of one component of it.

    Args:
        architecture: as designed.
        state: Terraform's.
        component: the id of a component; all of them when empty.

    Raises:
        InputError: it has no log group.
    """
    by_call = {call: each.makes for call, each in module_calls(architecture).items()}
    ids = _ids_by_call(architecture)
    found: list[Group] = []
    known: list[str] = []
    for address, attributes in Managed(state).standing("aws_cloudwatch_log_group"):
        call = address.split(".")[1] if address.startswith("module.") else ""
        of_call = ids.get(call, ())
        known += of_call
        if not component or component in of_call:
            region = str(attributes["arn"]).split(":")[3]
            found.append(Group(by_call.get(call, ()), str(attributes["name"]), region))
    if not found:
        choices = ", ".join(dict.fromkeys(known)) or "none of this stack"
        hint = f"choose one of: {choices}; servers keep theirs in their journal, see RUNBOOK.md"
        raise InputError(f"{component or 'it'} has no log group", hint=hint)
    return tuple(found)


def _ids_by_call(architecture: Architecture) -> dict[str, tuple[str, ...]]:
    """The name of a call in the root → the ids of the components that it makes."""
    from groma.terraform.calls import scoped

    found: dict[str, tuple[str, ...]] = {}
    for part in architecture.parts:
        for component in part.architecture.components:
            call = component.module(part.architecture)
            if call is not None:
                name = scoped(call.name, part.scope)
                found[name] = (*found.get(name, ()), part.whole(component.id))
    return found


def logs(stack: str, some: Sequence[Group], target: Target, back_s: float, matching: str = "") -> Logs:
    """What was logged in some groups until now.

    Args:
        stack: its name.
        some: the groups.
        target: the cloud.
        back_s: how far back, in seconds.
        matching: a filter pattern of CloudWatch Logs; everything when empty.

    Raises:
        CloudError: the cloud does not answer.
    """
    since_s = time.time() - back_s
    every = [
        entry
        for source in _sources(target)
        for group in some
        for entry in _entries(group, source, since_s, matching)
    ]
    ordered = sorted(every, key=lambda entry: entry.at)
    return Logs(stack, tuple(some), tuple(ordered[-MOST:]), len(ordered) > MOST)


def _sources(target: Target) -> Iterator[Clients]:
    """Where logs lie: in the embedded cloud, what functions write lies with the emulator that runs them."""
    yield target
    if isinstance(target, EmbeddedTarget):
        ends = target.endpoints
        there = dict.fromkeys(ends.urls, ends.urls[Emulator.MINISTACK])
        yield replace(target, _endpoints=replace(ends, urls=there))


def _entries(group: Group, clients: Clients, since_s: float, matching: str) -> Iterator[Entry]:
    reading = Reading(Deployed({}, clients), group.region)
    asked: dict[str, object] = {"logGroupName": group.name, "startTime": int(since_s * 1000)}
    if matching:
        asked["filterPattern"] = matching
    with understood(f"log group {group.name}"):
        for event in (reading.ask("logs", "filter_log_events", **asked) or {}).get("events", ()):
            at = datetime.fromtimestamp(event["timestamp"] / 1000, UTC)
            text, stream = str(event["message"]).rstrip("\n"), str(event.get("logStreamName", ""))
            yield Entry(at, group.name, stream, text)
