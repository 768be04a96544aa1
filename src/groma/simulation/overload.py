"""Does it come back by itself? Ten minutes of overload at peak, and what is left of it afterwards.

Overload that stays when its cause is gone is metastable (Bronson et al., *Metastable Failures in Distributed
Systems*, HotOS 2021): work that nobody waits for any more keeps servers busy, so that the next requests are
late, too, and are asked for again. Or a cache that is cold lets more through than what is behind it can
answer, so that it is never filled.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from groma.design import Design
from groma.errors import InputError
from groma.simulation.day import Setting, simulate
from groma.simulation.disturbed import Disturbance, Emptied
from groma.simulation.histogram import share_above
from groma.simulation.kernels.state import GOOD
from groma.simulation.network import Behaviour
from groma.simulation.scene import Assumed, Scene, scenes_of
from groma.simulation.seen import Minute, added
from groma.simulation.traffic import MINUTE_S, SLAB_S, Traffic
from groma.words import Mark, Table, Words

BEFORE_MIN, OVERLOAD_MIN, AFTER_MIN, JUDGED_MIN = 5, 10, 20, 5
"""Simulated at peak, then overloaded, then at peak again; of that the end is judged."""
RELIEF_MIN = 10
"""For so long somebody keeps users out, where that is tried."""
TRIGGERS = (1.5, 2.0, 3.0, 4.0, 6.0, 10.0)
"""Overloads that are tried, over the peak."""
RELIEFS = (0.9, 0.75, 0.5, 0.25, 0.1)
"""Loads that are tried for the way back, over the peak."""
QUEUES = (256, 64, 16, 4, 1)
"""Requests that may wait for a process, as tried for shedding."""
FILLED_S = 600.0
"""In which a cache is filled at the load of the peak: assumed, since nobody states it."""
IMPATIENT = Behaviour(timeout_s=2.0, retries=3)
"""Clients without a budget of retries, as many are written."""
UNKEPT = 0.01
"""Of all requests so many may fail or be late, once all is well again."""


@dataclass(frozen=True, slots=True)
class Trial:
    """What was tried: how many times the peak came, and which share failed or was late at the end."""

    times: float
    unkept: float

    @property
    def ok(self) -> bool:
        """Whether it came back."""
        return self.unkept <= UNKEPT


@dataclass(frozen=True)
class Comeback:
    """What overload a design comes back from.

    Attributes:
        name: of the stack; clients: how they behave.
        trials: overloads, the least first, up to the first that stays.
        relief: the largest load over the peak that lets it come back from that; None where none does.
        queue: the longest queue before a process with which it comes back by itself; None likewise.
        cold: the share that is unkept at the end after a cache was emptied at peak; None without a cache.
    """

    name: str
    clients: Behaviour
    trials: tuple[Trial, ...]
    relief: float | None = None
    queue: int | None = None
    cold: float | None = None

    @property
    def stands(self) -> float:
        """The largest overload that was tried and passed."""
        return max((each.times for each in self.trials if each.ok), default=1.0)

    @property
    def falls(self) -> float | None:
        """The overload that stayed; None where all passed."""
        return next((each.times for each in self.trials if not each.ok), None)

    @property
    def ok(self) -> bool:
        """Whether it comes back from all that was tried."""
        return self.falls is None and (self.cold is None or self.cold <= UNKEPT)

    def words(self) -> Words:
        """A row for each overload, and what helps."""
        rows = tuple(
            (
                f"{each.times:g} × peak",
                f"{each.unkept:.1%}",
                Mark("ok", "good") if each.ok else Mark("no", "bad"),
            )
            for each in self.trials
        )
        heads = (f"{OVERLOAD_MIN} min of", f"unkept {AFTER_MIN} min later", "comes back")
        return Words(
            f"{self.name}: does it come back by itself?", (Table("", heads, rows, right=heads[1:2]),),
            tuple(self._lines()),
        )  # fmt: skip

    def _lines(self) -> Iterator[str]:
        waits = "for ever" if self.clients.timeout_s == float("inf") else f"{self.clients.timeout_s:g} s"
        again = f"ask again {self.clients.retries} times" if self.clients.retries else "do not ask again"
        if self.clients.retries and self.clients.budget != float("inf"):
            again += f", each good answer pays for {self.clients.budget:g}"
        yield f"clients wait {waits} and {again}"
        if self.falls is None:
            yield f"it comes back from all that was tried, up to {self.stands:g} times the peak"
        else:
            yield f"it stands {self.stands:g} times the peak; after {self.falls:g} times it stays down"
            yield (
                "no load that was tried brings it back: restart it" if self.relief is None else
                f"what brings it back: at most {self.relief:.0%} of the peak for {RELIEF_MIN} min"
            )  # fmt: skip
            yield (
                "no limit of queues that was tried helps: give retries a budget" if self.queue is None else
                f"what keeps it up: a process lets {self.queue} requests wait, and refuses others at once"
            )  # fmt: skip
        if self.cold is not None:
            told = (
                "comes back"
                if self.cold <= UNKEPT
                else "does not come back: let fewer users in until it is warm"
            )
            yield f"its cache emptied at peak: {told} ({self.cold:.1%} unkept {AFTER_MIN} min later)"

    def document(self) -> dict[str, object]:
        """For machines."""
        return {
            "ok": self.ok,
            "trials": [{"times": each.times, "unkept": each.unkept, "ok": each.ok} for each in self.trials],
            "stands": self.stands,
            "falls": self.falls,
            "relief": self.relief,
            "queue": self.queue,
            "cold_unkept": self.cold,
        }


def comeback(design: Design, clients: Behaviour, seed: int, step: Callable[[str], None]) -> Comeback:
    """Overload the first region of a design at its peak, more and more, until it does not come back.

    Args:
        step: told what is done next.

    Raises:
        InputError: it has functions, before which nothing queues.
        Infeasible: it has no traffic.
    """
    if not design.plan.sizes:
        raise InputError(
            "functions have no queue that stays: each call has an environment or is refused",
            where="--comeback", hint="ask it of a design with servers",
        )  # fmt: skip
    scene = scenes_of(design, Assumed())[0]
    return of_scene(scene, design.workload.name, clients, seed, step)


def of_scene(
    scene: Scene,
    name: str,
    clients: Behaviour,
    seed: int,
    step: Callable[[str], None],
    triggers: Sequence[float] = TRIGGERS,
) -> Comeback:
    """The same of a region, with these overloads."""
    trials: list[Trial] = []
    for times in triggers:
        step(f"{times:g} times the peak")
        trials.append(Trial(times, _after(scene, clients, seed, times)))
        if not trials[-1].ok:
            break
    found = Comeback(name, clients, tuple(trials), cold=_cold(scene, clients, seed, step))
    if found.falls is None:
        return found
    return replace(found, relief=_relief(scene, found, seed, step), queue=_queue(scene, found, seed, step))


def _relief(scene: Scene, found: Comeback, seed: int, step: Callable[[str], None]) -> float | None:
    falls = found.falls
    assert falls is not None
    for share in RELIEFS:
        step(f"{share:.0%} of the peak after it")
        if _after(scene, found.clients, seed, falls, relief=share) <= UNKEPT:
            return share
    return None


def _queue(scene: Scene, found: Comeback, seed: int, step: Callable[[str], None]) -> int | None:
    falls = found.falls
    assert falls is not None
    for most in QUEUES:
        step(f"at most {most} requests waiting for a process")
        rows = tuple(replace(row, backlog=min(row.backlog, most)) for row in scene.rows)
        if _after(replace(scene, rows=rows), found.clients, seed, falls) <= UNKEPT:
            return most
    return None


def _cold(scene: Scene, clients: Behaviour, seed: int, step: Callable[[str], None]) -> float | None:
    """What is unkept in the end after each cache was emptied at peak; None where there is none."""
    cached = [
        row.name for at, row in enumerate(scene.rows) if any(kind.visits[at].hits for kind in scene.kinds)
    ]
    if not cached:
        return None
    step("an empty cache at peak")
    fills = FILLED_S * scene.peak_per_s * scene.share
    emptied = tuple(Emptied(row, BEFORE_MIN * 60.0, fills) for row in cached)
    return _after(scene, clients, seed, 1.0, disturbances=emptied)


def _after(
    scene: Scene,
    clients: Behaviour,
    seed: int,
    times: float,
    *,
    relief: float = 1.0,
    disturbances: tuple[Disturbance, ...] = (),
) -> float:
    """The share of the last minutes' requests that fail or are late."""
    peak = scene.peak_per_s * scene.share
    phases = ((BEFORE_MIN, 1.0), (OVERLOAD_MIN, times), (RELIEF_MIN, relief), (AFTER_MIN - RELIEF_MIN, 1.0))
    per_minute = MINUTE_S // SLAB_S
    rates = np.concatenate([np.full(minutes * per_minute, peak * over) for minutes, over in phases])
    setting = Setting(clients, seed=seed, disturbances=disturbances)
    seen = simulate(scene, 0, Traffic(rates, seed), setting, lambda *_: True)
    return unkept(seen.minutes[-JUDGED_MIN:], scene.goal_s)


def unkept(minutes: Sequence[Minute], goal_s: float) -> float:
    """Of what was asked in some minutes, the share that was not answered well within the goal."""
    asked = sum(int(each.asked.sum()) for each in minutes)
    good = sum(int(each.outcomes[:, GOOD].sum()) for each in minutes)
    kinds = minutes[0].asked.size
    felt = np.asarray(added([each.felt for each in minutes], kinds).sum(axis=0))
    kept = good * (1 - share_above(felt, goal_s)) if good else 0.0
    return max(0.0, 1 - kept / asked) if asked else 0.0
