"""Two threads of moto's process: one ticks, so that alarms act though nobody asks; one sends what they say.

What is sent goes to the other emulator, whose topics these are, while moto answers others.
"""

from __future__ import annotations

import json
import logging
import threading
import time
from collections.abc import Callable
from pathlib import Path
from queue import Queue
from typing import TYPE_CHECKING

from groma.live.embedded.inside import inside

if TYPE_CHECKING:
    from groma.live.embedded.alarms.notice import Notice

TICK_S, ARRIVAL_S = 10.0, 3.0
"""How often alarms are looked at, and how long after the full ten seconds: data take a moment to arrive."""
_log = logging.getLogger(__name__)


def tick(look: Callable[[], None], turn: threading.Lock) -> None:
    """Have alarms looked at every ten seconds, in a thread that ends with the process."""

    def ticking() -> None:
        while True:
            time.sleep(TICK_S - (time.time() - ARRIVAL_S) % TICK_S)
            with turn:
                try:
                    look()
                except Exception:  # a fault in one look must not end all later ones
                    _log.exception("alarms could not be evaluated")

    threading.Thread(target=ticking, name="alarms", daemon=True).start()


class Sending:
    """Sends notices in their order, in a thread that ends with the process.

    Args:
        directory: the cloud's, whose record says where the topics are.
        turn: held while an alarm is told what became of its notice.
    """

    def __init__(self, directory: Path, turn: threading.Lock) -> None:
        self._directory, self._turn = directory, turn
        self._waiting: Queue[Notice] = Queue()
        threading.Thread(target=self._sending, name="notices", daemon=True).start()

    def put(self, notice: Notice) -> None:
        """Send a notice soon."""
        self._waiting.put(notice)

    def wait(self) -> None:
        """Until all that was put has been sent."""
        self._waiting.join()

    def _sending(self) -> None:
        while True:
            notice = self._waiting.get()
            try:
                self._publish(notice)
                failure = ""
            except Exception as error:  # whatever it is, the history tells it, and the next notice is sent
                failure = f"{type(error).__name__}: {error}"
                _log.warning("%s could not tell %s: %s", notice.alarm.name, notice.topic, failure)
            with self._turn:
                remember(notice, failure)
            self._waiting.task_done()

    def _publish(self, notice: Notice) -> None:
        from groma.live.embedded.alarms.letter import letter

        messages = json.dumps({"default": notice.document(), "email": letter(notice)})
        inside(self._directory).client("sns", notice.topic.split(":")[3]).publish(
            TopicArn=notice.topic, Subject=notice.subject, Message=messages, MessageStructure="json"
        )


def remember(notice: Notice, failure: str) -> None:
    """Have an alarm's history tell what became of an action; `failure` is empty when it was done."""
    from groma.live.embedded.alarms.memory import note_text

    summary = f"Successfully executed action {notice.topic}"
    data = {
        "actionState": "Failed" if failure else "Succeeded",
        "stateUpdateTimestamp": round(notice.after.since_s * 1000),
        "notificationResource": notice.topic,
        "publishedMessage": None if failure else notice.document(),
        "error": failure or None,
    }
    if failure:
        summary = f"Failed to execute action {notice.topic}. Received error: {failure}"
    note_text(notice.alarm, "Action", notice.after.since_s, summary, json.dumps(data, separators=(",", ":")))
