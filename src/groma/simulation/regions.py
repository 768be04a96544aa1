"""All regions of a design under one traffic, beside each other; and what happens when one of them is lost."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

import numpy as np

from groma.components.health_check import led_away_s
from groma.simulation.day import Setting, simulate
from groma.simulation.kernels.state import Floats
from groma.simulation.scene import Scene
from groma.simulation.seen import Seen
from groma.simulation.traffic import SLAB_S, Traffic

Progress = Callable[[float, int], bool]
"""Told the simulated time of the region that is furthest behind and the requests of all; whether to go on."""


@dataclass(frozen=True, slots=True)
class RegionLoss:
    """A region that is lost at a time, for good."""

    region: str
    at_s: float

    @property
    def noticed_s(self) -> float:
        """When its users come to the other regions."""
        return self.at_s + led_away_s()


def simulate_all(
    scenes: Sequence[Scene],
    traffic: Traffic,
    setting: Setting,
    progress: Progress,
    *,
    lost: RegionLoss | None = None,
    workers: int = 2,
) -> tuple[Seen, ...]:
    """Simulate the regions, each in a thread of its own: compiled code holds no lock, and none needs another.

    What comes out does not depend on the number of workers.
    """
    reached = [(0.0, 0)] * len(scenes)
    lock = threading.Lock()

    def run(number: int) -> Seen:
        def tell(at_s: float, requests: int) -> bool:
            with lock:
                reached[number] = at_s, requests
                return progress(min(at for at, _ in reached), sum(count for _, count in reached))

        scene = scenes[number]
        own = replace(setting, dark_s=lost.at_s if lost and lost.region == scene.region else None)
        return simulate(scene, number, traffic.of_region(_shares(scenes, number, traffic, lost)), own, tell)

    with ThreadPoolExecutor(max(1, workers)) as pool:
        return tuple(pool.map(run, range(len(scenes))))


def _shares(scenes: Sequence[Scene], number: int, traffic: Traffic, lost: RegionLoss | None) -> Floats:
    """The share of all requests that come to a region, by slab."""
    scene, slabs = scenes[number], traffic.rates.size
    shares = np.full(slabs, scene.share)
    if lost is not None:
        after = np.arange(slabs) * SLAB_S >= lost.noticed_s
        shares[after] = _left(scenes, lost).get(scene.region, 0.0)
    return shares


def _left(scenes: Sequence[Scene], lost: RegionLoss) -> dict[str, float]:
    """The shares of all but the region that is lost; those to which nobody came share evenly."""
    others = {each.region: each.share for each in scenes if each.region != lost.region}
    together = sum(others.values())
    return {name: share / together if together else 1 / len(others) for name, share in others.items()}
