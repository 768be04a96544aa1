"""What the emulators do more often than they need to, done once or waited for."""

from __future__ import annotations

import queue
import time
from functools import cache
from typing import Any


def remember_what_stays() -> None:
    """Let moto keep the methods of its classes and the names of its modules.

    moto (5.2) lists every member of a class for each call, and its own folder on the disk for each request: a
    sixth of what a request takes of a processor.
    """
    from moto import backends
    from moto.core import responses

    modules = tuple(backends.list_of_moto_modules())
    responses.method_names_from_class = cache(responses.method_names_from_class)
    backends.list_of_moto_modules = lambda: modules


def wait_for_logs() -> None:
    """Let ministack wait for what a function logs, where it looks a thousand times a second.

    ministack (1.5.33) ends each call of a function by looking for lines until none has come for a while: two
    thirds of what a call takes of a processor.
    """
    from ministack.core.lambda_runtime import Worker

    Worker._drain_stderr_bounded = _logged


def _logged(
    worker: Any, first_line_wait: float = 0.05, idle_confirm: float = 0.005, hard_cap: float = 0.25
) -> str:
    """The lines that have come and still come, with ministack's own limits of waiting, in seconds."""
    lines: list[str] = []
    until, patience = time.monotonic() + hard_cap, first_line_wait
    while (left := min(patience, until - time.monotonic())) > 0:
        try:
            lines.append(worker._stderr_queue.get(timeout=left))
        except queue.Empty:
            break
        patience = idle_confirm
    return "\n".join(lines)
