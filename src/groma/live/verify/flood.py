"""More requests than an API lets through."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from groma.architecture import Finding
from groma.components.http_api import HttpApi
from groma.live.verify.findings import judge, not_tried
from groma.live.verify.visitor import Visitor

CLIENTS = 8
MOST_REQUESTS = 4_000


def throttled(component: HttpApi, visitor: Visitor, clock_s: Callable[[], float] = time.monotonic) -> Finding:
    """That requests beyond rate and burst are answered with 429.

    They carry no token, so that none of them reaches a function. Nothing is tried where this machine cannot
    send more than the API takes.
    """
    finding_id = f"journey.{component.id}-throttling"
    rate, burst = component.size.rate_per_s, component.size.burst
    count = burst + 2 * rate
    said = f"429 beyond {rate}/s and bursts of {burst}"
    what = f"{component.label}: who asks too often is told so"
    if count > MOST_REQUESTS:
        why = f"{count:,} requests would be needed; the setting is read back above"
        return not_tried(finding_id, what, said, why)
    path = _guarded(component)
    start_s = clock_s()
    with ThreadPoolExecutor(CLIENTS) as pool:
        statuses = list(pool.map(lambda _: visitor.ask("GET", path).status, range(count)))
    elapsed_s = clock_s() - start_s
    refused, only = statuses.count(429), {401, 429} >= set(statuses)
    if only and not refused and count <= burst + rate * elapsed_s:
        why = f"{count:,} requests took {elapsed_s:.1f} s from here, and are no more than it takes"
        return not_tried(finding_id, what, said, why)
    actual = f"429 for {refused:,} of {count:,} within {elapsed_s:.1f} s"
    return judge(finding_id, what, said, actual, only and refused > 0)


def _guarded(component: HttpApi) -> str:
    """A path that the API's authorizer stands before, asked for with GET and no more than its name."""
    keys = (key.split() for key, is_guarded in component.routes.items() if is_guarded and "{" not in key)
    return next(path for method, path in keys if method == "GET")
