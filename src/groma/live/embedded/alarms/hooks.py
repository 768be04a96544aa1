"""Where moto is led to the watch: asking for alarms evaluates what is due, and a state set by hand acts."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

PASS_S = 1800
"""So much of a time that passes at once is looked at together: less than a watch makes up for."""
ASKING = ("describe_alarm_history", "describe_alarms", "describe_alarms_for_metric")


class Clock:
    """The time for alarms, which can be let pass."""

    def __init__(self) -> None:
        self.ahead_s = 0.0

    def __call__(self) -> float:
        """Seconds since 1970."""
        return time.time() + self.ahead_s


def start(directory: Path, turn: threading.Lock) -> Callable[[float], None]:
    """Evaluate this process's alarms from now on.

    The evaluator is loaded when it is first needed, so that the server answers as soon as it did without.

    Args:
        directory: the cloud's.
        turn: the lock that lets one request at a time into moto.

    Returns:
        Lets so many seconds pass for the alarms, until what they then say has been sent.
    """
    from groma.live.embedded.alarms.acting import ARRIVAL_S, Sending, tick

    sending, clock = Sending(directory, turn), Clock()
    watches: list[Any] = []

    def watch() -> Any:
        from groma.live.embedded.alarms.watch import Watch

        if not watches:
            watches.append(Watch(sending.put, clock, arrival_s=ARRIVAL_S))
        return watches[0]

    def let_pass(seconds: float) -> None:
        while seconds > 0:
            with turn:
                clock.ahead_s += min(seconds, PASS_S)
                watch().look()
            seconds -= PASS_S
        sending.wait()

    install(watch)
    tick(lambda: watch().look(), turn)
    return let_pass


def install(watch: Callable[[], Any]) -> None:
    """Lead moto to a watch; one request at a time calls it."""
    from moto.cloudwatch import models
    from moto.cloudwatch.responses import CloudWatchResponse

    for name in ASKING:
        if original := getattr(CloudWatchResponse, name, None):
            setattr(CloudWatchResponse, name, _after_a_look(original, watch))

    def update(self: Any, reason: str, reason_data: str | None, state_value: Any) -> None:
        from groma.monitoring.evaluate import Reason

        watch().look()
        watch().set_by_hand(self, state_value, Reason(reason, reason_data or ""))

    models.Alarm.update_state = update


def _after_a_look(original: Any, watch: Callable[[], Any]) -> Any:
    def answer(self: Any) -> Any:
        watch().look()
        return original(self)

    return answer
