"""Clients of the cache to try: with a clock that the test sets, and patience for a busy machine."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from botocore.session import Session
from valkey.credentials import CredentialProvider, UsernamePasswordCredentialProvider
from valkey_server import Node, wait_until

from chirp.world.cache import REST_S, Cache

HASTY_S = 0.5
"""As `ANSWER_TIMEOUT_S`, on a busy machine."""
NOTHING_S = 0.25
PATIENT_S = 5.0
"""Where nothing is meant to be late."""


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


def took_s(action: Callable[[], object]) -> float:
    began_s = time.monotonic()
    action()
    return time.monotonic() - began_s


def connecting() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == "cache"]
