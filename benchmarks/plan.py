"""How long a plan takes: `python benchmarks/plan.py [RUNS]` prints the median of several runs.

The limits are what is asked of a plan: a second for 50,000 users, five for the most that a blueprint carries.
"""

from __future__ import annotations

import statistics
import sys
import time

from groma.design import design
from groma.errors import Infeasible
from groma.workload import Workload, parse

USERS = (50_000, 500_000, 5_000_000, 20_000_000)
LIMIT_S = {50_000: 1.0, 500_000: 5.0, 5_000_000: 5.0, 20_000_000: 5.0}


def workload(users: int, more: str = "") -> Workload:
    return parse(f"name: chirp\nblueprint: three-tier\nusers: {{total: {users}}}\n{more}")


def light(users: int) -> Workload:
    """A workload whose database still fits one machine at 20 million users: caches answer most reads."""
    calm = "    query_ms: 0.1\n    source: benchmark\n"
    work = "    share: 1\n    web_ms: 3\n    app_ms: 12\n    reads: 1\n    writes: 0.05\n"
    load = "load: {database_hot_gib_per_million_users: 5}\n"
    return workload(users, f"{load}requests:\n  read:\n{work}{calm}")


def seconds(given: Workload) -> float:
    begun = time.perf_counter()
    try:
        design(given)
    except Infeasible:
        return float("nan")
    return time.perf_counter() - begun


def main(runs: int) -> int:
    seconds(workload(10_000))
    slow = 0
    for users in USERS:
        given = light(users) if users > 5_000_000 else workload(users)
        median = statistics.median(seconds(given) for _ in range(runs))
        late = not median <= LIMIT_S[users]
        slow += late
        verdict = "  TOO SLOW" if late else ""
        print(f"{users:>12,} users  {median:6.3f} s  (limit {LIMIT_S[users]:g} s){verdict}")
    return 1 if slow else 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 5))
