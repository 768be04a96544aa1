"""The p99 that the formulas of sizing predict over the one that the simulation sees, design by design.

    python benchmarks/formulas.py examples [REQUESTS]
    python benchmarks/formulas.py 0-60 [REQUESTS]        # random workloads, by number

Every design is simulated in the state in which its goal is to be kept: servers at peak with a zone lost and
nothing in its place, functions at peak. A random workload hangs on its number alone: 1,000 to 500,000 users
of any profile, three-tier or, every sixth, serverless, service times that vary little or much, and a goal
from hardly within reach to lax. Prints a row for each, and what they come to.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean, median, stdev

import numpy as np

from groma.design import Design, design
from groma.errors import Infeasible
from groma.simulation.day import Setting, simulate
from groma.simulation.functions import simulate_functions
from groma.simulation.histogram import Ints, quantile_s
from groma.simulation.scene import Assumed, scenes_of
from groma.simulation.seen import added
from groma.simulation.traffic import MINUTE_S, bursts_of, steady
from groma.workload import Workload, load, parse

EXAMPLES = ("social-50k", "shop", "social-worldwide", "social-serverless")
BUDGETS = ("social-50k-lean", "social-50k-balanced", "social-50k-premium")
PROFILES = ("social-media", "web-shop", "saas", "content-site", "api")
LAX_MS = 60_000
REPLICATIONS = 6
T_99 = 4.03
"""Student's t of five degrees of freedom for a 99 % interval."""


@dataclass(frozen=True)
class Compared:
    """A design with the p99 that was predicted and the one that was seen, in s, of all requests and by class.

    `half_s` is half of the 99 % interval of the one that was seen. By `slo.p99_of` that of all is the one
    of the slowest class.
    """

    design: Design
    predicted_s: float
    seen_s: float
    half_s: float
    by_class: tuple[float, ...]

    @property
    def ratio(self) -> float:
        """Predicted over seen."""
        return self.predicted_s / self.seen_s

    def row(self, name: str) -> str:
        """A row of the table in `docs/background/simulation.md`."""
        plan = self.design.plan
        machines = ", ".join(
            f"{size.desired} × {size.choice.vcpu} vCPU {size.utilisation_zone_lost:.0%}"
            for size in plan.sizes
        )
        return (
            f"| {name} | {machines or plan.machines} | {self.predicted_s * 1000:,.0f} "
            f"| {self.seen_s * 1000:,.0f} ± {self.half_s * 1000:,.0f} | {self.ratio:.2f} "
            f"| {min(self.by_class):.2f} to {max(self.by_class):.2f} |"
        )


def compare(made: Design, requests: float, seed: int = 1, assumed: Assumed = Assumed()) -> Compared:  # noqa: B008
    """Simulate a design with so many requests, in replications."""
    functions = not made.plan.sizes
    scene = None if functions else max(scenes_of(made, assumed), key=lambda each: each.share)
    rate = made.demand.peak_per_s.likely * (1.0 if scene is None else scene.share)
    minutes = max(1, math.ceil(requests / REPLICATIONS / rate / MINUTE_S))
    found = []
    for number in range(REPLICATIONS):
        traffic = steady(rate, (minutes + 1) * MINUTE_S, seed * 1000 + number, bursts_of(made.workload))
        if scene is None:
            seen = simulate_functions(made, traffic, assumed, seed * 1000 + number, _on)
        else:
            setting = Setting(held=True, without_zone=True, seed=seed * 1000 + number)
            seen = simulate(scene, 0, traffic, setting, _on)
        kinds = len(made.plan.latency_by_class_ms)
        found.append(added([minute.felt for minute in seen.minutes[1:]], kinds))
    p99s = [_promised_s(made, each) for each in found]
    whole = np.sum(found, axis=0)
    by_class = zip(made.plan.latency_by_class_ms.values(), whole, strict=True)
    return Compared(
        made,
        made.plan.latency_ms["p99"] / 1000,
        fmean(p99s),
        T_99 * stdev(p99s) / math.sqrt(len(p99s)),
        tuple(own["p99"] / 1000 / quantile_s(seen, 0.99) for own, seen in by_class),
    )


def _promised_s(made: Design, by_class: Ints) -> float:
    """The p99 that the goal is for: of all requests, or of the slowest class."""
    if made.workload.slo.p99_of == "each":
        return max(quantile_s(each, 0.99) for each in by_class)
    return quantile_s(by_class.sum(axis=0), 0.99)


def _on(at_s: float, requests: int) -> bool:
    return True


def random_workload(number: int, most_users: int = 500_000, family: int = 18, lax_ms: int = LAX_MS) -> Design:
    """The design of a random workload, which its number alone decides, and the family that it is of.

    Raises:
        Infeasible: it has none.
    """
    draws = np.random.default_rng([family, number])
    users = round(10 ** draws.uniform(3, math.log10(most_users)), -2)
    blueprint = "serverless" if number % 6 == 5 else "three-tier"
    profile = "social-media" if blueprint == "serverless" else draws.choice(PROFILES)
    scv, busy = draws.choice([0.5, 1, 2, 2, 4]), draws.uniform(0.5, 4)
    tightness = draws.uniform(0.35, 1.1)
    text = "domain: app.example.com\n" if blueprint == "serverless" else ""
    text += (
        f"name: random\nblueprint: {blueprint}\nprofile: {profile}\nload: {{scv: {scv}}}\n"
        f"users: {{total: {users:.0f}, requests_per_active_day: {100 * busy:.0f}}}\n"
    )
    return _within_reach(text, tightness, lax_ms)


def _within_reach(text: str, tightness: float, lax_ms: int) -> Design:
    """With a goal of so many times the p99 of what keeps a lax one, or the next that can be kept."""
    lax = design(_with_goal(text, lax_ms), reasons=False)
    goal_ms = max(round(lax.plan.latency_ms["p99"] * tightness), 1)
    while True:
        try:
            return design(_with_goal(text, goal_ms), reasons=False)
        except Infeasible:
            goal_ms = math.ceil(goal_ms * 1.2)


def _with_goal(text: str, goal_ms: int) -> Workload:
    return parse(f"{text}slo: {{p99_ms: {goal_ms}, availability: 0.99}}\n")


def cases(asked: str) -> Iterator[tuple[str, Design]]:
    """What is to be compared, with its name."""
    if asked == "examples":
        root = Path(__file__).parent.parent / "examples"
        for name in (*EXAMPLES, *BUDGETS):
            yield name, design(load(root / f"{name}.yaml"), reasons=False)
        return
    first, last = asked.split("-")
    for number in range(int(first), int(last)):
        try:
            yield f"{number}", random_workload(number)
        except Infeasible as error:
            print(f"{number}: {error}", file=sys.stderr)


def main() -> None:
    """Compare, row by row."""
    asked, requests = sys.argv[1], float(sys.argv[2]) if len(sys.argv) > 2 else 1e6
    print("| Workload | Machines, busy with a zone lost | Formula, ms | Simulated, ms | Ratio | By class |")
    print("| --- | --- | ---: | ---: | ---: | --- |")
    ratios = []
    for name, made in cases(asked):
        compared = compare(made, requests)
        ratios.append(compared.ratio)
        print(compared.row(name), flush=True)
    errors = median(abs(ratio - 1) for ratio in ratios)
    print(
        f"\n{len(ratios)} designs: {min(ratios):.2f} to {max(ratios):.2f}, median {median(ratios):.2f}, "
        f"median error {errors:.1%}, more than 5 % too low {sum(ratio < 0.95 for ratio in ratios)}"
    )


if __name__ == "__main__":
    main()
