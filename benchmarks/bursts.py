"""What clusters of arrivals, swinging rates and other distributions of service times do to a p99.

    python benchmarks/bursts.py arrivals [FIRST-LAST] [REQUESTS]
    python benchmarks/bursts.py shapes [FIRST-LAST] [REQUESTS]

Random three-tier workloads, as in `formulas.py`, of up to 50,000 users. `arrivals`: designs made for Poisson
arrivals, under others, and the p99 that the formulas predict of the same machines there over the one that is
seen. `shapes`: the predicted p99 over that under each distribution.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from statistics import median

from groma.design import Design, server_tiers
from groma.errors import Infeasible
from groma.simulation.scene import Assumed
from groma.simulation.shapes import SHAPES
from groma.sizing.standing import standing

sys.path.insert(0, str(Path(__file__).parent))
from formulas import compare, random_workload

CASES = ((1.0, 0.0), (2.0, 0.0), (3.0, 0.0), (1.0, 0.2), (1.0, 0.4), (3.0, 0.2))
"""Requests at once and swing of the rate."""


def designs(first: int, last: int) -> Iterator[tuple[int, Design]]:
    """Random designs of servers, with their numbers."""
    for number in range(first, last):
        try:
            made = random_workload(number, 50_000, 181, 2_000)
        except Infeasible:
            continue
        if made.plan.sizes:
            yield number, made


def under(made: Design, at_once: float, swing: float) -> Design:
    """The same machines under other arrivals, with what the formulas predict of them."""
    habits = made.workload.load.arrivals.model_copy(update={"at_once": at_once, "swing": swing})
    load = made.workload.load.model_copy(update={"arrivals": habits})
    workload = made.workload.model_copy(update={"load": load})
    now = server_tiers(workload, made.demand)
    reached = standing(server_tiers(made.workload, made.demand), now, made.plan, workload.slo.p99_ms).p99_ms
    plan = replace(made.plan, latency_ms={**made.plan.latency_ms, "p99": reached})
    return replace(made, workload=workload, plan=plan)


def arrivals(first: int, last: int, requests: float) -> None:
    """A row for each kind of arrivals."""
    made = [each for _, each in designs(first, last)]
    print("| At once | Swing | p99 over that of Poisson | Predicted/simulated | median | Goals kept |")
    print("| ---: | ---: | ---: | ---: | ---: | ---: |")
    usual: list[float] = []
    for at_once, swing in CASES:
        found = [compare(under(each, at_once, swing), requests) for each in made]
        usual = usual or [each.seen_s for each in found]
        ratios = [each.ratio for each in found]
        slower = [each.seen_s / before for each, before in zip(found, usual, strict=True)]
        kept = sum(each.seen_s * 1000 <= each.design.workload.slo.p99_ms for each in found)
        print(
            f"| {at_once:g} | {swing:.0%} | {median(slower):.2f}, at most {max(slower):.2f} "
            f"| {min(ratios):.2f} to {max(ratios):.2f} | {median(ratios):.2f} | {kept} of {len(found)} |",
            flush=True,
        )


def shapes(first: int, last: int, requests: float) -> None:
    """A row for each distribution of service times and variation."""
    made = [each for _, each in designs(first, last)]
    print("| Distribution | scv | Designs | Predicted/simulated | median | > 5 % too low |")
    print("| --- | ---: | ---: | ---: | ---: | ---: |")
    for shape in SHAPES:
        for scv in (0.5, 1.0, 2.0, 4.0):
            own = [each for each in made if each.workload.load.scv.likely == scv]
            ratios = [compare(each, requests, assumed=Assumed(shape)).ratio for each in own]
            if ratios:
                low = sum(each < 0.95 for each in ratios)
                row = f"| {shape} | {scv:g} | {len(ratios)} | {min(ratios):.2f} to {max(ratios):.2f} "
                print(f"{row}| {median(ratios):.2f} | {low} |", flush=True)


if __name__ == "__main__":
    of, to = (sys.argv[2] if len(sys.argv) > 2 else "0-30").split("-")
    count = float(sys.argv[3]) if len(sys.argv) > 3 else 3e5
    {"arrivals": arrivals, "shapes": shapes}[sys.argv[1]](int(of), int(to), count)
