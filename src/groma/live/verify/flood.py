"""More requests than an API lets through."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor

from groma.architecture import Finding
from groma.components.http_api import HttpApi
from groma.live.verify.findings import judge
from groma.live.verify.visitor import Visitor

CLIENTS = 8
MOST_REQUESTS = 4_000


def throttled(component: HttpApi, visitor: Visitor) -> Finding:
    """That requests beyond rate and burst are answered with 429.

    They carry no token, so that none of them reaches a function. When this machine sends fewer than the API
    takes, none may be refused, and the finding says so.
    """
    rate, burst = component.size.rate_per_s, component.size.burst
    count = burst + 2 * rate
    said = f"429 beyond {rate}/s and bursts of {burst}"
    what = f"{component.label}: who asks too often is told so"
    if count > MOST_REQUESTS:
        actual = f"not tried: {count:,} requests would be needed; the setting is read back above"
        return judge(f"journey.{component.id}-throttling", what, said, actual, True)
    start = time.monotonic()
    with ThreadPoolExecutor(CLIENTS) as pool:
        statuses = list(pool.map(lambda _: visitor.ask("GET", "/api/me").status, range(count)))
    elapsed_s = time.monotonic() - start
    refused, fits = statuses.count(429), count <= burst + rate * elapsed_s
    actual = f"429 for {refused:,} of {count:,} within {elapsed_s:.1f} s"
    if fits and not refused:
        actual = f"none refused: {count:,} in {elapsed_s:.1f} s are no more than it takes"
    only = {401, 429} >= set(statuses)
    return judge(f"journey.{component.id}-throttling", what, said, actual, only and (refused > 0 or fits))
