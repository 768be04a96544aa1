"""Whether a plan keeps its goal when every request is simulated, and which neighbour does where it does not.

The neighbours are the designs that the formulas buy for stricter and laxer goals: of these the laxest one is
found, by bisection, whose trials keep the goal that was asked for. All of them meet the same requests.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

from groma.design import Design, design
from groma.errors import Infeasible
from groma.simulation.answer import milliseconds
from groma.simulation.crews import HERE, Crew
from groma.simulation.replications import USUAL, WITHIN, Effort
from groma.simulation.scene import Assumed
from groma.simulation.trials import Interval, Trial, try_out
from groma.sizing.values import Wish
from groma.words import Table, Words, usd
from groma.workload import Workload

STRICTEST, LAXEST, HALVINGS = 0.4, 1.6, 5
"""Goals over the one that was asked for, between which neighbours are looked for, and how often halved."""

Step = Callable[[str], None]


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
    def certified(self) -> Trial | None:
        """The trial of what is signed: the plan where it keeps the goal, else what is bought."""
        return self.plan if self.plan.keeps else self.bought

    @property
    def signed(self) -> bool:
        """Whether there is a design that keeps the goal."""
        return self.certified is not None

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
            (name, f"{predicted:,.0f}", _told(seen), _off(predicted / 1000, seen))
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
            f"{plan.replications[0]} replications, the 99 % interval is {width}; seed {self.seed}",
            f"as it scales the burst reaches a p99 of {_told(plan.burst_s)} ms; "
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
        p99 = f"p99 {_told(bought.held_s)} ms, in the burst {_told(bought.burst_s)} ms"
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


def _told(seen: Interval) -> str:
    if not math.isfinite(seen.value):
        return "–"
    return f"{milliseconds(seen.value)} ± {milliseconds(seen.half)}"


def _off(predicted_s: float, seen: Interval) -> str:
    return f"{predicted_s / seen.value - 1:+.0%}" if math.isfinite(seen.value) else "–"


def certify(
    made: Design,
    seed: int,
    step: Step,
    assumed: Assumed = Assumed(),  # noqa: B008
    effort: Effort = USUAL,
    crew: Crew = HERE,
    *,
    offers: bool = True,
) -> Certificate:
    """Try a design, and its neighbours.

    Args:
        seed: of all trials.
        crew: who makes their replications.
        offers: whether a cheaper neighbour is looked for where the plan keeps its goal.

    Raises:
        Infeasible: the design has nothing that answers requests.
        CloudError: the crew is gone.
    """
    step(f"simulating the plan {made.plan.kept_at}, and through its burst")
    trial = try_out(made, seed, assumed, effort, crew)
    step(
        "the plan keeps its goal"
        if trial.keeps
        else "the plan misses its goal; looking for one that keeps it"
    )
    if trial.keeps and not offers:
        return Certificate(trial, None, seed)
    bought = _bought(trial, step, lambda other: try_out(other, seed, assumed, effort, crew))
    return Certificate(trial, bought, seed)


def _bought(trial: Trial, step: Step, tried_out: Callable[[Design], Trial]) -> Trial | None:
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
            tried[machines] = tried_out(other)
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
        "p99_of_burst_ms": _ms(trial.burst_s),
        "over_goal_about_the_burst": trial.unkept,
        "replications": {"at_peak": trial.replications[0], "burst": trial.replications[1]},
    }


def _ms(seen: Interval) -> dict[str, float | None]:
    known = math.isfinite(seen.value)
    return {
        "simulated": round(seen.value * 1000, 2) if known else None,
        "half_interval": round(seen.half * 1000, 2) if known else None,
    }
