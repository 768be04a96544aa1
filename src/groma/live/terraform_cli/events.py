"""What Terraform says with `-json`, one line at a time, as frozen values.

Source: "Machine-Readable UI" in Terraform's internals reference. A type of event that is not listed here
becomes a `Message`, a line that is not JSON becomes a `RawLine`; neither is ever lost or fatal.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True)
class Event:
    """Something that happened.

    Attributes:
        at_s: when, in seconds since 1970 by this machine's clock; 0 when the line does not say.
    """

    at_s: float


@dataclass(frozen=True)
class Version(Event):
    """The first line of every command."""

    version: str


@dataclass(frozen=True)
class PlannedChange(Event):
    """Terraform will do this to a resource: create, read, update, replace, delete, noop, move, ..."""

    address: str
    action: str
    reason: str = ""


@dataclass(frozen=True)
class ResourceDrift(Event):
    """A resource was changed behind Terraform's back: update or delete."""

    address: str
    action: str


@dataclass(frozen=True)
class ChangeSummary(Event):
    """How many resources an operation ("plan", "apply", "destroy") will change or has changed."""

    operation: str
    added: int
    changed: int
    removed: int


@dataclass(frozen=True)
class RefreshStart(Event):
    """A resource in the state is being read from the cloud."""

    address: str


@dataclass(frozen=True)
class RefreshComplete(Event):
    """A resource in the state has been read from the cloud."""

    address: str


@dataclass(frozen=True)
class ApplyStart(Event):
    """Work on a resource has begun; the action is create, read, update or delete."""

    address: str
    action: str


@dataclass(frozen=True)
class ApplyProgress(Event):
    """Work on a resource goes on; Terraform says so every ten seconds."""

    address: str
    action: str
    elapsed_s: float


@dataclass(frozen=True)
class ApplyComplete(Event):
    """Work on a resource is done; `resource_id` is its name in the cloud, empty after a delete."""

    address: str
    action: str
    elapsed_s: float
    resource_id: str = ""


@dataclass(frozen=True)
class ApplyErrored(Event):
    """Work on a resource has failed; the diagnostic that says why comes later."""

    address: str
    action: str
    elapsed_s: float


@dataclass(frozen=True)
class Diagnostic(Event):
    """An error or a warning. `address`, `file` and `line` (1 is the first) are empty or 0 where unknown."""

    severity: str
    summary: str
    detail: str = ""
    address: str = ""
    file: str = ""
    line: int = 0

    @property
    def is_error(self) -> bool:
        """Whether this is an error and not a warning."""
        return self.severity == "error"

    @property
    def place(self) -> str:
        """The resource and the line of its configuration, as far as they are known."""
        position = f"{self.file}:{self.line}" if self.file else ""
        return f"{self.address} ({position})" if self.address and position else self.address or position


@dataclass(frozen=True)
class Outputs(Event):
    """The root's outputs; a sensitive or not yet known one is None."""

    values: Mapping[str, object]


@dataclass(frozen=True)
class Message(Event):
    """Any other event, with its type and its text."""

    kind: str
    text: str


@dataclass(frozen=True)
class RawLine(Event):
    """A line that is not JSON, such as a crash or a message of the system."""

    text: str


@dataclass(frozen=True)
class Tick(Event):
    """Nothing new; said about once a second by the one who follows, so that a display can count on."""


@dataclass(frozen=True)
class Stopping(Event):
    """Terraform has been asked to stop; when `by_force`, it has been killed."""

    by_force: bool


def parse_line(line: str) -> Event:
    """Turn one line of Terraform's output into an event; never fails."""
    try:
        data = json.loads(line)
    except ValueError:
        return RawLine(0.0, line.rstrip("\n"))
    if not isinstance(data, dict):
        return RawLine(0.0, line.rstrip("\n"))
    kind = str(data.get("type", ""))
    at_s = _seconds(data.get("@timestamp"))
    try:
        event = _typed(kind, at_s, data)
    except (KeyError, TypeError, ValueError, AttributeError):
        event = None
    return event or Message(at_s, kind, str(data.get("@message", "")))


def parse_diagnostic(data: Mapping[str, Any], at_s: float = 0.0) -> Diagnostic:
    """Turn the `diagnostic` object of an event, or of `validate -json`, into a value."""
    place = data.get("range") or {}
    return Diagnostic(
        at_s,
        severity=str(data["severity"]),
        summary=str(data["summary"]),
        detail=str(data.get("detail") or ""),
        address=str(data.get("address") or ""),
        file=str(place.get("filename") or ""),
        line=int((place.get("start") or {}).get("line") or 0),
    )


def _typed(kind: str, at_s: float, data: Mapping[str, Any]) -> Event | None:
    match kind:
        case "version":
            return Version(at_s, str(data.get("terraform") or data.get("tofu") or ""))
        case "planned_change" | "resource_drift":
            change = data["change"]
            address, action = str(change["resource"]["addr"]), str(change["action"])
            if kind == "resource_drift":
                return ResourceDrift(at_s, address, action)
            return PlannedChange(at_s, address, action, str(change.get("reason") or ""))
        case "change_summary":
            counts = data["changes"]
            numbers = (int(counts[key]) for key in ("add", "change", "remove"))
            return ChangeSummary(at_s, str(counts["operation"]), *numbers)
        case "diagnostic":
            return parse_diagnostic(data["diagnostic"], at_s)
        case "outputs":
            return Outputs(at_s, {name: output.get("value") for name, output in data["outputs"].items()})
        case _:
            return _hook(kind, at_s, data.get("hook"))


def _hook(kind: str, at_s: float, hook: Mapping[str, Any] | None) -> Event | None:
    """Turn the events about one resource into values; None for those that Groma does not know."""
    if hook is None:
        return None
    address = str(hook["resource"]["addr"])
    match kind:
        case "refresh_start":
            return RefreshStart(at_s, address)
        case "refresh_complete":
            return RefreshComplete(at_s, address)
        case "apply_start":
            return ApplyStart(at_s, address, str(hook["action"]))
        case "apply_progress":
            return ApplyProgress(at_s, address, str(hook["action"]), float(hook["elapsed_seconds"]))
        case "apply_complete":
            made = str(hook.get("id_value") or "")
            return ApplyComplete(at_s, address, str(hook["action"]), float(hook["elapsed_seconds"]), made)
        case "apply_errored":
            return ApplyErrored(at_s, address, str(hook["action"]), float(hook["elapsed_seconds"]))
        case _:
            return None


def _seconds(timestamp: object) -> float:
    try:
        return datetime.fromisoformat(str(timestamp)).timestamp()
    except ValueError:
        return 0.0
