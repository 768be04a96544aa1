"""How functions are run."""

from __future__ import annotations

from ministack.core import lambda_runtime
from ministack.services import lambda_svc

from groma.live.embedded.access.functions import beginning


def own_place() -> None:
    """Upstream: runs functions as the person who runs the emulator, with that person's variables and files.

    Effect: a function has its own, and where the system has the means, reads no other.
    """
    lambda_runtime.subprocess = lambda_svc.subprocess = beginning()
