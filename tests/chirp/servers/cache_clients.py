"""Clients of the cache to try: with a clock that the test sets, and patience for a busy machine."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from unittest.mock import patch

from botocore.session import Session
from valkey.connection import AbstractConnection
from valkey.credentials import CredentialProvider, UsernamePasswordCredentialProvider
from valkey_server import Node, wait_until

from chirp.servers.cache import REST_S, Cache

HASTY_S = 0.5
"""As `ANSWER_TIMEOUT_S`, on a busy machine."""
LONGEST_S = 60.0
"""In which even a busy machine has given up asking; a cache without limits of time would ask for ever."""
PATIENT_S = 5.0
"""Where nothing is meant to be late."""


CACHE_THREAD = "cache"


class Clock:
    """Stands until it is set forward."""

    def __init__(self) -> None:
        self.at_s = 1000.0

    def __call__(self) -> float:
        return self.at_s


NOBODY = UsernamePasswordCredentialProvider("default", "any")


def session() -> Session:
    made = Session()
    made.set_credentials("AKIDEXAMPLE", "secret")
    return made


def address(node: Node) -> tuple[str, int]:
    return "127.0.0.1", node.port


def over(node: Node, who: CredentialProvider, clock: Clock, timeout_s: float = HASTY_S) -> Cache:
    return Cache(*address(node), who, tls=False, answer_timeout_s=timeout_s, now_s=clock)


def entered(cache: Cache, clock: Clock) -> Cache:
    def answers() -> bool:
        if not cache.standing and not connecting():
            clock.at_s += REST_S
        return cache.standing

    wait_until(answers, "the cache answers")
    return cache


def asked(action: Callable[[], object]) -> int:
    """How often a server is connected to or asked by an action, other than in the cache's own thread.

    Nobody who does not ask waits for an answer, however busy the machine is.
    """
    questions: list[str] = []

    def noted(method: Callable[..., object]) -> Callable[..., object]:
        def call(self: object, *arguments: object, **named: object) -> object:
            if threading.current_thread().name != CACHE_THREAD:
                questions.append(method.__name__)
            return method(self, *arguments, **named)

        return call

    with (
        patch.object(AbstractConnection, "connect", noted(AbstractConnection.connect)),
        patch.object(AbstractConnection, "send_command", noted(AbstractConnection.send_command)),
    ):
        action()
    return len(questions)


def took_s(action: Callable[[], object]) -> float:
    began_s = time.monotonic()
    action()
    return time.monotonic() - began_s


def connecting() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == CACHE_THREAD]
