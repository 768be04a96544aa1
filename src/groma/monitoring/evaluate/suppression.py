"""A suppressor: an alarm that keeps a composite alarm from acting, with its periods of waiting and extension.

AWS, "Suppressing composite alarm actions", read on 2026-11-28, with its six examples.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from groma.monitoring.evaluate.verdict import State

By = Literal["WaitPeriod", "ExtensionPeriod", "Alarm"]
FOREVER_S = float("inf")


@dataclass(frozen=True, slots=True)
class Suppressor:
    """How long to wait for the suppressor to go on, and when it is off, for the alarm to end; in seconds."""

    wait_s: float
    extension_s: float


@dataclass(frozen=True, slots=True)
class Turn:
    """An alarm that came into a state."""

    at_s: float
    state: State


@dataclass(frozen=True, slots=True)
class Held:
    """Why a composite alarm did not act, from when to when; `inf` for what has no end yet."""

    by: By
    start_s: float
    end_s: float


@dataclass(frozen=True, slots=True)
class Acted:
    """What became of a composite alarm's changes: when it acted, for which state, and what held it back."""

    actions: tuple[Turn, ...]
    held: tuple[Held, ...]


def acted(turns: Sequence[Turn], of_suppressor: Sequence[Turn], suppressor: Suppressor) -> Acted:
    """When a composite alarm acts.

    Each change of its state waits for the suppressor; one that is in ALARM, or comes to be while it is waited
    for, holds the action back until it is off again and the extension is over. Then the alarm acts for the
    state that it is in, if it changed since it acted last.

    Args:
        turns: its own changes, in the order of time.
        of_suppressor: those of the suppressor. At the same moment they come first.
        suppressor: its periods.
    """
    machine = _Machine(suppressor)
    events = [(turn.at_s, 0, turn) for turn in of_suppressor] + [(turn.at_s, 1, turn) for turn in turns]
    for at_s, own, turn in sorted(events, key=lambda event: event[:2]):
        machine.until(at_s, with_it=bool(own))
        (machine.changed if own else machine.suppressor_changed)(turn)
    machine.until(FOREVER_S, with_it=True)
    return Acted(tuple(machine.actions), tuple(machine.held))


class _Machine:
    """Where a composite alarm is between its changes and its actions."""

    def __init__(self, suppressor: Suppressor) -> None:
        self.suppressor = suppressor
        self.actions: list[Turn] = []
        self.held: list[Held] = []
        self.pending: State | None = None
        self.is_on = False
        self.by: By | None = None
        self.since_s = self.due_s = 0.0

    def until(self, at_s: float, *, with_it: bool) -> None:
        """Let time pass; a period that ends right then is over only `with_it`."""
        if self.by is None or self.due_s > at_s or (self.due_s == at_s and not with_it):
            return
        due_s = self.due_s
        if due_s == FOREVER_S:
            self._close(FOREVER_S)
            return
        self._close(due_s)
        if self.pending:
            self.actions.append(Turn(due_s, self.pending))
            self.pending = None

    def changed(self, turn: Turn) -> None:
        """The composite alarm came into another state."""
        self.pending = turn.state
        if not self.is_on:
            self._hold("WaitPeriod", turn.at_s, self.suppressor.wait_s)
            self.until(turn.at_s, with_it=True)

    def suppressor_changed(self, turn: Turn) -> None:
        """The suppressor came into another state."""
        was_on, self.is_on = self.is_on, turn.state == "ALARM"
        if self.is_on and not was_on:
            self._hold("Alarm", turn.at_s, FOREVER_S)
        elif was_on and not self.is_on:
            self._hold("ExtensionPeriod", turn.at_s, self.suppressor.extension_s)

    def _hold(self, by: By, at_s: float, seconds: float) -> None:
        self._close(at_s)
        self.by, self.since_s, self.due_s = by, at_s, at_s + seconds

    def _close(self, at_s: float) -> None:
        if self.by and at_s > self.since_s:
            self.held.append(Held(self.by, self.since_s, at_s))
        self.by = None
