"""How long servers are waited for that are not in service yet, and looks that are taken again and again."""

from __future__ import annotations

import time
from collections.abc import Callable

from groma.architecture import Finding

WITHIN_S, EVERY_S = 900.0, 20.0
"""A server boots in two to three minutes; where it waits for another region's schema it takes some more."""
MENDED_BY_TIME = (".in-service", ".targets")
"""How the ids of findings end that a server which is still starting makes."""
Look = Callable[[], tuple[Finding, ...]]


def again_and_again(
    look: Callable[[], object], every_s: float, sleep: Callable[[float], object] = time.sleep
) -> None:
    """Look, and look again every so many seconds, until somebody stops it."""
    while True:
        look()
        sleep(every_s)


def settled(
    look: Look,
    say: Callable[[str], None],
    *,
    now_s: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], object] = time.sleep,
) -> tuple[Finding, ...]:
    """What is found once nothing is wrong, or something is that no time mends; else after `WITHIN_S`."""
    until_s = now_s() + WITHIN_S
    while True:
        found = look()
        wrong = [finding for finding in found if not finding.ok and finding.severity == "error"]
        if not wrong or not all(each.id.endswith(MENDED_BY_TIME) for each in wrong) or now_s() >= until_s:
            return found
        say(f"waiting for servers: {', '.join(f'{each.what} ({each.actual})' for each in wrong[:2])}")
        sleep(EVERY_S)
