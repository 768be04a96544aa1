"""Whether a plan keeps its goal when every request is simulated, and which neighbour does where it does not.

Two trials: the busiest five minutes with a zone lost and nothing in its place, in replications until the
99 % interval of the p99 is within 2 %; and the hours about the burst under target tracking, where servers
boot while users wait. The neighbours are the designs that the formulas buy for stricter and laxer goals: of
these the laxest one is found, by bisection, whose trials keep the goal that was asked for. All of them meet
the same requests.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import cached_property
from statistics import NormalDist, fmean, stdev

import numpy as np

from groma.bill import bill
from groma.design import Design, design
from groma.errors import Infeasible
from groma.simulation.answer import busiest, milliseconds
from groma.simulation.day import Setting, simulate
from groma.simulation.functions import functions_of, simulate_functions
from groma.simulation.histogram import quantile_s
from groma.simulation.kernels.state import Ints
from groma.simulation.scene import Assumed, scenes_of
from groma.simulation.seen import Seen, added
from groma.simulation.traffic import HOUR_S, MINUTE_S, SLAB_S, Traffic, of_days, steady
from groma.sizing.cold_starts import BURST_S
from groma.sizing.values import Wish
from groma.words import Table, Words, usd
from groma.workload import Workload

WARM_UP_S = 60
WITHIN = 0.02
LEAST_TRIALS, MOST_TRIALS = 6, 48
MOST_REQUESTS = 12e6
"""Of all replications of one design together, which are shorter where it has more."""
CONFIDENCE = 0.99
STRICTEST, LAXEST, HALVINGS = 0.4, 1.6, 5
"""Goals over the one that was asked for, between which neighbours are looked for, and how often halved."""

Step = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Interval:
    """A figure and its 99 % interval, half as wide as `half`."""

    value: float
    half: float

    @property
    def narrow(self) -> bool:
        """Whether it is within 2 %."""
        return self.half <= WITHIN * self.value


@dataclass(frozen=True, eq=False)
class Trial:
    """How one design does.

    Attributes:
        design: it.
        p99_s: of all requests at the peak; by_class_s: of each class.
        burst_s: the p99 of the five busiest minutes when all scale as they do.
        unkept: share of the requests of the hours about the burst that took longer than the goal, or failed.
        replications: of the first trial.
    """

    design: Design
    p99_s: Interval
    by_class_s: tuple[Interval, ...]
    burst_s: float
    unkept: float
    replications: int

    @property
    def goal_s(self) -> float:
        """What 99 % of all requests are to keep."""
        return self.design.workload.slo.p99_ms / 1000

    @property
    def keeps(self) -> bool:
        """Whether both trials keep the goal, at the peak all requests together or each class, as is asked."""
        return self.burst_s <= self.goal_s and self.held_s.value <= self.goal_s

    @property
    def held_s(self) -> Interval:
        """The p99 at the peak that the goal is for: of all requests, or of the slowest class."""
        if self.design.workload.slo.p99_of == "all":
            return self.p99_s
        return max(self.by_class_s, key=lambda interval: interval.value)

    @cached_property
    def usd(self) -> float:
        """The likely bill of a month."""
        return bill(self.design.architecture).monthly_usd.likely


@dataclass(frozen=True, eq=False)
class Certificate:
    """What the referee says of a plan.

    Attributes:
        plan: how the formulas' design does.
        bought: how the one does that the referee buys instead; None where none is better.
        seed: of all trials.
    """

    plan: Trial
    bought: Trial | None
    seed: int

    @property
    def signed(self) -> bool:
        """Whether there is a design that keeps the goal."""
        return self.plan.keeps or self.bought is not None

    def words(self) -> Words:
        """Predicted beside simulated, and what follows."""
        plan = self.plan.design.plan
        goal = f"{self.plan.goal_s * 1000:,.0f}"
        each = self.plan.design.workload.slo.p99_of == "each"
        names = [] if each else [("all requests", plan.latency_ms["p99"], self.plan.p99_s)]
        names += [
            (name, plan.latency_by_class_ms[name]["p99"], interval)
            for name, interval in zip(plan.latency_by_class_ms, self.plan.by_class_s, strict=True)
        ]
        rows = [
            (
                name,
                f"{predicted:,.0f}",
                f"{milliseconds(seen.value)} ± {milliseconds(seen.half)}",
                f"{predicted / 1000 / seen.value - 1:+.0%}",
            )
            for name, predicted, seen in names
        ]
        heads = ("p99 in ms", "formula", "simulated", "formula is off by")
        table = Table(
            f"the busiest five minutes, {plan.kept_at}", heads, tuple(rows), right=heads[1:], bold=(0,)
        )
        verdict = "the simulation confirms" if self.plan.keeps else "the simulation does not confirm"
        name = self.plan.design.workload.name
        return Words(f"{name}: {verdict} a p99 within {goal} ms", (table,), self._lines())

    def _lines(self) -> tuple[str, ...]:
        plan, goal = self.plan, f"{self.plan.goal_s * 1000:,.0f} ms"
        held = "within" if plan.p99_s.narrow else "not yet within"
        width = f"{held} {WITHIN * 100:.0f} %"
        lines = [
            f"{plan.replications} replications, the 99 % interval is {width}; seed {self.seed}",
            f"as it scales the burst reaches a p99 of {milliseconds(plan.burst_s)} ms; "
            f"{plan.unkept:.2%} of what is asked about it takes longer than {goal}",
        ]
        if self.bought is None and not plan.keeps:
            lines.append("nothing near keeps the goal: raise slo.p99_ms, or lower the work of a request")
        elif self.bought is not None:
            lines += self._of_bought(self.bought)
        return tuple(lines)

    def _of_bought(self, bought: Trial) -> list[str]:
        more = bought.usd - self.plan.usd
        what = f"{bought.design.plan.machines} for ${usd(abs(more))} a month {'more' if more > 0 else 'less'}"
        p99 = f"p99 {milliseconds(bought.p99_s.value)} ms, in the burst {milliseconds(bought.burst_s)} ms"
        if self.plan.keeps:
            return [f"a cheaper neighbour keeps the goal, too: {what} ({p99})"]
        return [f"the formula buys {self.plan.design.plan.machines}", f"the referee buys {what} ({p99})"]

    def document(self) -> object:
        """The same for machines; times in ms."""
        return {
            "signed": self.signed,
            "seed": self.seed,
            "plan": _document(self.plan),
            "bought": None if self.bought is None else _document(self.bought),
        }


def certify(made: Design, seed: int, step: Step, assumed: Assumed = Assumed()) -> Certificate:  # noqa: B008
    """Try a design, and its neighbours.

    Raises:
        Infeasible: the design has nothing that answers requests.
    """
    step(f"simulating the plan {made.plan.kept_at}, and through its burst")
    trial = try_out(made, seed, assumed)
    step(
        "the plan keeps its goal"
        if trial.keeps
        else "the plan misses its goal; looking for one that keeps it"
    )
    bought = _bought(trial, seed, assumed, step)
    return Certificate(trial, bought, seed)


@dataclass(frozen=True, slots=True)
class _Arena:
    """Where a design is tried.

    Attributes:
        rate_per_s: requests that come to it at its peak; kinds: how many classes of them there are.
        at_peak: what is seen of a traffic of its own in the state in which the goal is to be kept, by a seed.
        usual: what is seen of a traffic of all regions when all scale as they do.
    """

    rate_per_s: float
    kinds: int
    at_peak: Callable[[Traffic, int], Seen]
    usual: Callable[[Traffic, int], Seen]


def try_out(made: Design, seed: int, assumed: Assumed) -> Trial:
    """Both trials of a design."""
    arena = (
        _of_servers(made, assumed) if made.plan.sizes or not functions_of(made) else _of_calls(made, assumed)
    )
    p99s, by_class = _at_peak(arena, seed)
    usual = arena.usual(_about_the_burst(made, seed), _seed(seed, MOST_TRIALS))
    return Trial(
        made,
        _interval(p99s),
        tuple(_interval(each) for each in by_class),
        burst_s=quantile_s(busiest(usual)[1], 0.99),
        unkept=usual.unkept,
        replications=len(p99s),
    )


def _of_servers(made: Design, assumed: Assumed) -> _Arena:
    """The region that carries the most; at its peak a zone is lost, and nothing comes in its place."""
    scene = max(scenes_of(made, assumed), key=lambda each: each.share)
    share = np.array(scene.share)

    def at_peak(traffic: Traffic, seed: int) -> Seen:
        setting = Setting(held=True, without_zone=True, seed=seed)
        return simulate(scene, 0, traffic, setting, _on)

    def usual(traffic: Traffic, seed: int) -> Seen:
        own = traffic.of_region(share)
        every = max(1, math.ceil(own.requests / MOST_REQUESTS))
        setting = Setting(standby=made.wish.multi_az, seed=seed, every=every)
        return simulate(scene, 0, own, setting, _on)

    return _Arena(scene.peak_per_s * scene.share, len(scene.kinds), at_peak, usual)


def _of_calls(made: Design, assumed: Assumed) -> _Arena:
    """Functions, which stand in all zones."""

    def run(traffic: Traffic, seed: int) -> Seen:
        return simulate_functions(made, traffic, assumed, seed, _on)

    return _Arena(made.demand.peak_per_s.likely, len(functions_of(made)[0].tier.work), run, run)


def _on(at_s: float, requests: int) -> bool:
    return True


def _at_peak(arena: _Arena, seed: int) -> tuple[list[float], list[list[float]]]:
    """Replications until the interval is narrow: the p99 of each of them, of all requests and by class."""
    per_minute = arena.rate_per_s * MINUTE_S
    minutes = max(1, min(BURST_S // MINUTE_S, int(MOST_REQUESTS / LEAST_TRIALS / per_minute)))
    length_s = WARM_UP_S + minutes * MINUTE_S
    most = max(LEAST_TRIALS, min(MOST_TRIALS, int(MOST_REQUESTS / (minutes * per_minute))))

    def once(number: int) -> Ints:
        own = _seed(seed, number)
        seen = arena.at_peak(steady(arena.rate_per_s, length_s, own), own)
        return added([minute.felt for minute in seen.minutes[WARM_UP_S // MINUTE_S :]], arena.kinds)

    found: list[Ints] = []
    with ThreadPoolExecutor(2) as pool:
        while len(found) < most:
            wanted = min(most, len(found) + LEAST_TRIALS)
            found += pool.map(once, range(len(found), wanted))
            p99s = [quantile_s(each.sum(axis=0), 0.99) for each in found]
            if _interval(p99s).narrow:
                break
    by_class = [[quantile_s(each[kind], 0.99) for each in found] for kind in range(arena.kinds)]
    return p99s, by_class


def _seed(seed: int, number: int) -> int:
    return (seed * 1_000_003 + number) % 2**32


def _interval(values: Sequence[float]) -> Interval:
    """The mean of independent figures and its 99 % interval by Student's t.

    The quantile of t with n degrees of freedom is taken as z + (z³ + z)/(4·n) + (5·z⁵ + 16·z³ + 3·z)/(96·n²).
    Source: Abramowitz and Stegun, Handbook of Mathematical Functions, 26.7.5.
    """
    freedom = len(values) - 1
    z = NormalDist().inv_cdf((1 + CONFIDENCE) / 2)
    t = z + (z**3 + z) / (4 * freedom) + (5 * z**5 + 16 * z**3 + 3 * z) / (96 * freedom**2)
    return Interval(fmean(values), t * stdev(values) / math.sqrt(len(values)))


def _about_the_burst(made: Design, seed: int) -> Traffic:
    """The busiest hour of a likely day, and half an hour before it, in which groups find their size."""
    day = of_days(made.workload, made.demand, _seed(seed, MOST_TRIALS))
    peak = int(np.argmax(day.rates)) * SLAB_S // HOUR_S * HOUR_S
    first, last = (peak - HOUR_S // 2) // SLAB_S, (peak + HOUR_S) // SLAB_S
    return Traffic(day.rates[first:last], day.seed, begins_s=first * SLAB_S)


def _bought(trial: Trial, seed: int, assumed: Assumed, step: Step) -> Trial | None:
    """The laxest neighbour that keeps the goal: a better one where the plan misses it, else a cheaper one."""
    goal_ms = trial.design.workload.slo.p99_ms
    strict, lax = (1.0, LAXEST) if trial.keeps else (STRICTEST, 1.0)
    tried = {trial.design.plan.machines: trial}
    best: Trial | None = None
    for _ in range(HALVINGS):
        middle = math.sqrt(strict * lax)
        other = _for_goal(trial.design, goal_ms * middle)
        if other is None:
            strict = middle
            continue
        machines = other.plan.machines
        if machines not in tried:
            step(f"trying {machines}")
            tried[machines] = try_out(other, seed, assumed)
        found = tried[machines]
        if found.keeps:
            strict, best = middle, found
        else:
            lax = middle
    if best is None or best is trial or (trial.keeps and best.usd >= trial.usd - 1):
        return None
    return best


def _for_goal(made: Design, p99_ms: float) -> Design | None:
    """What the formulas buy for another goal; None where nothing reaches it."""
    wish: Wish = replace(made.wish, p99_ms=p99_ms)
    workload: Workload = made.workload
    try:
        return design(workload, wish, reasons=False)
    except Infeasible:
        return None


def _document(trial: Trial) -> object:
    names = list(trial.design.plan.latency_by_class_ms)
    return {
        "machines": trial.design.plan.machines,
        "usd_per_month": round(trial.usd, 2),
        "keeps_goal": trial.keeps,
        "goal_ms": trial.goal_s * 1000,
        "p99_ms": {"predicted": trial.design.plan.latency_ms["p99"], **_ms(trial.held_s)},
        "p99_by_class_ms": {
            name: _ms(interval) for name, interval in zip(names, trial.by_class_s, strict=True)
        },
        "p99_of_burst_ms": round(trial.burst_s * 1000, 2),
        "over_goal_about_the_burst": trial.unkept,
        "replications": trial.replications,
    }


def _ms(interval: Interval) -> dict[str, float]:
    return {"simulated": round(interval.value * 1000, 2), "half_interval": round(interval.half * 1000, 2)}
