"""Shows what Terraform is doing: how much is done, what is being waited for, and for how long.

`advance` folds events into a `ProgressState` and knows nothing of terminals; `show_progress` draws it, as a
live display on a terminal, and elsewhere as a plain line when something has happened.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, TextIO

from groma.live.terraform_cli.events import (
    ApplyComplete,
    ApplyErrored,
    ApplyProgress,
    ApplyStart,
    Diagnostic,
    Event,
    PlannedChange,
    RefreshComplete,
    RefreshStart,
    Stopping,
)

if TYPE_CHECKING:
    from rich.console import Group

_STEPS = {"create": 1, "update": 1, "delete": 1, "replace": 2}
_DONE = {"create": "created", "update": "changed", "delete": "deleted"}
_DOING = {"create": "creating", "update": "changing", "delete": "deleting", "read": "reading"}
_SHOWN_WAITING = 6
_STOPPING_NOTE = (
    "Terraform finishes what it has begun, then stops. "
    "Ctrl-C again kills it at once and may lose track of resources."
)


@dataclass(frozen=True)
class Waiting:
    """A resource that is being worked on: what is done to it, and since when (seconds since 1970)."""

    action: str
    since_s: float


@dataclass(frozen=True)
class ProgressState:
    """How far an operation is.

    Attributes:
        started_s: the time of the first event, in seconds since 1970; 0 before it.
        now_s: the time of the last event.
        left: how many steps each planned resource still needs: a replacement has two, all others one.
        waiting: the resources that are being worked on, in the order in which they were begun.
        failed: the resources that could not be made as planned.
        begun: whether work on any of them has begun.
        refreshing: how many resources are being read, before anything is changed.
        refreshed: how many have been read.
        errors: how many errors were reported.
        stopping: "" or "asked" or "killed".
    """

    started_s: float = 0.0
    now_s: float = 0.0
    left: Mapping[str, int] = field(default_factory=dict)
    waiting: Mapping[str, Waiting] = field(default_factory=dict)
    failed: frozenset[str] = frozenset()
    begun: bool = False
    refreshing: int = 0
    refreshed: int = 0
    errors: int = 0
    stopping: str = ""

    @property
    def planned(self) -> int:
        """How many resources will change."""
        return len(self.left)

    @property
    def done(self) -> int:
        """How many of them have changed."""
        return sum(1 for steps in self.left.values() if steps == 0)

    @property
    def elapsed_s(self) -> float:
        """How long it has taken so far."""
        return self.now_s - self.started_s

    @property
    def longest_waiting(self) -> list[tuple[str, Waiting]]:
        """The resources that are being worked on, the longest-waiting first."""
        return sorted(self.waiting.items(), key=lambda item: item[1].since_s)


def advance(state: ProgressState, event: Event) -> ProgressState:
    """Return the state after an event; events that say nothing about progress only move the clock."""
    state = _at(state, event.at_s)
    match event:
        case PlannedChange(address=address, action=action) if action in _STEPS and address not in state.left:
            return replace(state, left={**state.left, address: _STEPS[action]})
        case ApplyStart(address=address, action=action):
            waiting = {**state.waiting, address: Waiting(action, event.at_s)}
            return replace(state, waiting=waiting, begun=state.begun or action != "read")
        case ApplyProgress(address=address, action=action, elapsed_s=elapsed_s):
            known = {address: Waiting(action, event.at_s - elapsed_s)} | dict(state.waiting)
            return replace(state, waiting=known)
        case ApplyComplete(address=address):
            return _without(_step(state, address), address)
        case ApplyErrored(address=address):
            return _without(replace(state, failed=state.failed | {address}), address)
        case RefreshStart():
            return replace(state, refreshing=state.refreshing + 1)
        case RefreshComplete():
            return replace(state, refreshing=max(state.refreshing - 1, 0), refreshed=state.refreshed + 1)
        case Diagnostic(is_error=True):
            return replace(state, errors=state.errors + 1)
        case Stopping(by_force=by_force):
            return replace(state, stopping="killed" if by_force else "asked")
        case _:
            return state


def _at(state: ProgressState, at_s: float) -> ProgressState:
    if not at_s:
        return state
    return replace(state, started_s=state.started_s or at_s, now_s=max(state.now_s, at_s))


def _step(state: ProgressState, address: str) -> ProgressState:
    steps = state.left.get(address, 0)
    return replace(state, left={**state.left, address: steps - 1}) if steps else state


def _without(state: ProgressState, address: str) -> ProgressState:
    return replace(state, waiting={name: each for name, each in state.waiting.items() if name != address})


def plain_line(title: str, state: ProgressState) -> str:
    """Return the state in one line, for a log.

    >>> plain_line("Applying", ProgressState(started_s=100, now_s=165, begun=True, left={"a": 0, "b": 1}))
    '[1:05] Applying: 1 of 2 resources'
    """
    parts = [_counts(state)]
    waiting = state.longest_waiting
    if waiting:
        address, first = waiting[0]
        more = f" and {len(waiting) - 1} more" if len(waiting) > 1 else ""
        parts.append(f"{_doing(first.action)} {address} ({duration(state.now_s - first.since_s)}){more}")
    return f"[{duration(state.elapsed_s)}] {title}{_after_colon(*parts, _trouble(state))}"


def happened(title: str, state: ProgressState, event: Event) -> str:
    """Return what an event has brought to an end, in one line; empty when it has ended nothing.

    >>> state = ProgressState(started_s=100, now_s=112, begun=True, left={"a": 0, "b": 1})
    >>> happened("Applying", state, ApplyComplete(112, "a", "create", 7.0))
    '[0:12] Applying: 1 of 2 resources, created a in 0:07'
    """
    match event:
        case ApplyComplete(address=address, action=action, elapsed_s=elapsed_s) if action in _DONE:
            what = f"{_DONE[action]} {address} in {duration(elapsed_s)}"
        case ApplyErrored(address=address, elapsed_s=elapsed_s):
            what = f"failed {address} after {duration(elapsed_s)}"
        case _:
            return ""
    return f"[{duration(state.elapsed_s)}] {title}{_after_colon(_counts(state), what)}"


def closing_line(title: str, state: ProgressState) -> str:
    """Return what is left of the display when the operation has ended."""
    time = duration(state.elapsed_s)
    counts = _counts(state)
    return f"{title}{_after_colon(f'{counts} in {time}' if counts else time, _trouble(state, 'stopped'))}"


def _after_colon(*parts: str) -> str:
    said = ", ".join(part for part in parts if part)
    return f": {said}" if said else ""


def duration(seconds: float) -> str:
    """Return minutes and seconds, or hours where there are any.

    >>> duration(7), duration(75), duration(3725)
    ('0:07', '1:15', '1:02:05')
    """
    minutes, second = divmod(max(int(seconds), 0), 60)
    hours, minute = divmod(minutes, 60)
    return f"{hours}:{minute:02d}:{second:02d}" if hours else f"{minute}:{second:02d}"


def _counts(state: ProgressState) -> str:
    if state.planned and state.begun:
        return f"{state.done} of {_resources(state.planned)}"
    if state.planned:
        return f"{_resources(state.planned)} to change"
    if state.refreshed or state.refreshing:
        return f"{_resources(state.refreshed)} read"
    return ""


def _resources(count: int) -> str:
    return "1 resource" if count == 1 else f"{count} resources"


def _trouble(state: ProgressState, stopping: str = "stopping") -> str:
    parts = [f"{len(state.failed)} failed"] if state.failed else []
    if state.errors and not state.failed:
        parts.append(f"{state.errors} error{'s' if state.errors > 1 else ''}")
    if state.stopping:
        parts.append("killed" if state.stopping == "killed" else stopping)
    return ", ".join(parts)


def _doing(action: str) -> str:
    return _DOING.get(action, action)


@contextmanager
def show_progress(
    title: str,
    *,
    quiet: bool = False,
    stream: TextIO | None = None,
    every_s: float = 60.0,
) -> Iterator[Callable[[Event], None]]:
    """Show an operation while the block runs; the value is what events are to be handed to.

    Args:
        title: what is going on, such as "Provisioning".
        quiet: show nothing.
        stream: where to; standard error when left out. A live display is drawn on a terminal only.
        every_s: elsewhere, after how long without any event a line says what is waited for.
    """
    out = stream or sys.stderr
    if quiet:
        yield lambda _: None
    elif out.isatty():
        with _live(title, out) as on_event:
            yield on_event
    else:
        with _plain(title, out, every_s) as on_event:
            yield on_event


@contextmanager
def _plain(title: str, out: TextIO, every_s: float) -> Iterator[Callable[[Event], None]]:
    state = ProgressState()
    said_s = 0.0

    def on_event(event: Event) -> None:
        nonlocal state, said_s
        before, state = state, advance(state, event)
        said_s = said_s or state.started_s
        line = happened(title, state, event)
        if not line and (state.now_s - said_s >= every_s or state.stopping != before.stopping):
            line = plain_line(title, state)
        if line:
            said_s = state.now_s
            print(line, file=out, flush=True)

    try:
        yield on_event
    finally:
        print(closing_line(title, state), file=out, flush=True)


@contextmanager
def _live(title: str, out: TextIO) -> Iterator[Callable[[Event], None]]:
    from rich.console import Console
    from rich.live import Live

    state = ProgressState()
    console = Console(file=out)
    drawing = Live(
        get_renderable=lambda: draw(title, state),
        console=console,
        refresh_per_second=4,
        transient=True,
        redirect_stdout=False,
        redirect_stderr=False,
    )

    def on_event(event: Event) -> None:
        nonlocal state
        state = advance(state, event)

    try:
        with drawing:
            yield on_event
    finally:
        console.print(closing_line(title, state), highlight=False, markup=False)


def draw(title: str, state: ProgressState) -> Group:
    """Return the live display: a bar, below it the resources that are being waited for."""
    from rich.console import Group
    from rich.progress_bar import ProgressBar
    from rich.table import Table
    from rich.text import Text

    known = state.planned > 0 and state.begun
    bar = ProgressBar(total=max(state.planned, 1), completed=state.done, width=36, pulse=not known)
    bad = state.failed or state.errors
    head = Table.grid(padding=(0, 2, 0, 0))
    head.add_row(
        Text(title, style="bold"),
        bar,
        Text(_counts(state)),
        Text(_trouble(state), style="red" if bad else "yellow"),
        duration(state.elapsed_s),
    )
    body = Table.grid(padding=(0, 2, 0, 0))
    body.add_column(no_wrap=True, style="dim")
    body.add_column(no_wrap=True, overflow="ellipsis")
    body.add_column(no_wrap=True, justify="right")
    waiting = state.longest_waiting
    for address, each in waiting[:_SHOWN_WAITING]:
        body.add_row(f"  {_doing(each.action)}", Text(address), duration(state.now_s - each.since_s))
    if len(waiting) > _SHOWN_WAITING:
        body.add_row("", Text(f"and {len(waiting) - _SHOWN_WAITING} more", style="dim"), "")
    notes = [Text(_STOPPING_NOTE, style="yellow")] if state.stopping == "asked" else []
    return Group(head, *([body] if waiting else []), *notes)
