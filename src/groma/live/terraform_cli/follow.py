"""Follow a run: hand on what it says until it has ended, and pass on the wish to stop it."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from groma.live.terraform_cli.events import Event, Stopping, Tick, parse_line
from groma.live.terraform_cli.run import Run, RunResult

OnEvent = Callable[[Event], None]

_POLL_S = 0.1
_TICK_S = 1.0


def follow(
    run: Run,
    on_event: OnEvent,
    *,
    stop: bool = False,
    clock: Callable[[], float] = time.time,
    sleep: Callable[[float], None] = time.sleep,
) -> RunResult:
    """Hand on what a run says, from its first line, until it has ended.

    Ctrl-C asks Terraform to stop, which it does after recording what it was doing; a second one kills it
    with all that it started.

    Args:
        run: what to follow.
        on_event: told each event.
        stop: ask it to stop at once.
        clock: seconds since 1970.
        sleep: waits a number of seconds.
    """
    events: list[Event] = []
    last_said_s = clock()
    stopper = _Stopper(run)

    def say(event: Event) -> None:
        events.append(event)
        on_event(event)

    with _counted_interrupts() as interrupts, _Tail(run.log) as tail:
        while True:
            alive = run.is_alive()
            for line in tail.lines(to_the_end=not alive, to_disk=run.is_change):
                last_said_s = clock()
                say(parse_line(line))
            if not alive:
                break
            if step := stopper.step(stop + interrupts.count, clock()):
                say(step)
            if clock() - last_said_s >= _TICK_S:
                last_said_s = clock()
                on_event(Tick(last_said_s))
            sleep(_POLL_S)
    interrupted = stop or interrupts.count > 0
    return RunResult(run.operation, run.log, run.exit_code(), tuple(events), interrupted)


class _Stopper:
    """Asks a run to stop, then kills it."""

    _STEPS = ((signal.SIGINT, False), (signal.SIGKILL, True))

    def __init__(self, run: Run) -> None:
        self._run = run
        self._done = 0

    def step(self, wishes: int, now_s: float) -> Stopping | None:
        """Do what the number of wishes to stop calls for, if that is not done yet."""
        if self._done >= min(wishes, len(self._STEPS)):
            return None
        number, by_force = self._STEPS[self._done]
        self._done += 1
        self._run.send(number)
        return Stopping(now_s, by_force)


class _Tail:
    """Reads the whole lines that a growing file has so far."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("rb")
        self._rest = b""

    def __enter__(self) -> _Tail:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def lines(self, *, to_the_end: bool, to_disk: bool) -> Iterator[str]:
        """Yield the new lines; with `to_the_end` also a last one that has no line end.

        With `to_disk` they are seen to be on the disk before: they are the journal of what was begun.
        """
        *whole, self._rest = (self._rest + self._file.read()).split(b"\n")
        if to_disk and whole:
            os.fsync(self._file.fileno())
        if to_the_end:
            whole.append(self._rest)
        for line in whole:
            if line.strip():
                yield line.decode("utf-8", "replace")


@dataclass
class _Interrupts:
    count: int = 0


@contextmanager
def _counted_interrupts() -> Iterator[_Interrupts]:
    """Count Ctrl-C instead of raising KeyboardInterrupt, where this thread may decide about it."""
    interrupts = _Interrupts()
    before = signal.getsignal(signal.SIGINT)
    if threading.current_thread() is not threading.main_thread() or before in (signal.SIG_IGN, None):
        yield interrupts
        return

    def count(*_: object) -> None:
        interrupts.count += 1

    signal.signal(signal.SIGINT, count)
    try:
        yield interrupts
    finally:
        signal.signal(signal.SIGINT, before)
