"""What is asked of a simulation, as options say it, and its answer."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from groma.design import Design
from groma.errors import InputError
from groma.files import read_text
from groma.simulation.answer import Simulated
from groma.simulation.day import Loss, Setting
from groma.simulation.functions import functions_of, simulate_functions
from groma.simulation.network import ROUTINGS, Behaviour, Routing
from groma.simulation.regions import Progress, RegionLoss, simulate_all
from groma.simulation.scene import Assumed, Scene, scenes_of, standby_of
from groma.simulation.shapes import SHAPES, Shape
from groma.simulation.traffic import MOST_DAYS, Flash, Traffic, flash_of, of_days, of_series
from groma.words import abridged

MOST_SERIES_BYTES = 100_000_000
MANY_REQUESTS = 20e6
"""From so many on a part of the minutes is simulated, where all are not asked for."""
MOST_SEED = 2**32 - 1
MOST_RETRIES = 10
_LOST = re.compile(r"(?P<where>[a-z]{2}(?:-[a-z]+)+-\d)(?P<zone>[a-z])?@(?P<hour>\d\d?):(?P<minute>\d\d)")


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked.

    Attributes:
        days: how many of them; series: a recorded one instead.
        flashes: crowds, as `3x@14:00/60s`; lost: a zone or region, as `us-east-1a@20:25`.
        seed: of everything that is drawn.
        timeout_s, retries: of clients.
        routing: what is assumed of load balancers; shape: of service times, empty for what the workload says.
        full: whether every request is simulated, however many there are.
        together: whether the processes of a server share its requests evenly.
    """

    days: int = 1
    series: Path | None = None
    flashes: Sequence[str] = ()
    lost: str = ""
    seed: int = 1
    timeout_s: float = math.inf
    retries: int = 0
    routing: str = "random"
    shape: str = ""
    full: bool = False
    together: bool = False


def simulated(design: Design, asked: Asked, progress: Progress) -> Simulated:
    """Simulate a design under its traffic.

    Raises:
        InputError: an option is none, or the design has no traffic.
    """
    shape = _shape(asked.shape or design.workload.load.service_distribution)
    assumed = Assumed(shape, _routing(asked.routing), apart=not asked.together)
    _check(asked)
    traffic, what = _traffic(design, asked)
    if not design.plan.sizes and functions_of(design):
        return _of_functions(design, asked, traffic, what, assumed, progress)
    scenes, standby = scenes_of(design, assumed), standby_of(design, assumed)
    zone, region = _lost(asked.lost, scenes, standby)
    if asked.lost:
        what += f", {asked.lost} lost"
    if region is not None and standby is not None:
        scenes += (standby,)
        what += f"; what writes counts as answered in {standby.region}"
    behaviour = Behaviour(timeout_s=asked.timeout_s, retries=asked.retries)
    setting = Setting(behaviour, zone, standby=design.wish.multi_az, seed=asked.seed)
    if not asked.full:
        setting = replace(setting, every=max(1, math.ceil(traffic.requests / MANY_REQUESTS)))
    seen = simulate_all(scenes, traffic, setting, progress, lost=region)
    stopped = seen[0].lasted_s < traffic.length_s
    return Simulated(
        design.workload.name, what, seen, asked.seed, assumed, every=setting.every, stopped=stopped
    )


def _of_functions(
    design: Design, asked: Asked, traffic: Traffic, what: str, assumed: Assumed, progress: Progress
) -> Simulated:
    if asked.lost:
        raise InputError(
            "functions stand in every zone of one region, and go on without any of them",
            where="--lose",
            hint="leave it out",
        )
    seen = simulate_functions(design, traffic, assumed, asked.seed, progress)
    stopped = seen.lasted_s < traffic.length_s
    return Simulated(design.workload.name, what, (seen,), asked.seed, assumed, stopped=stopped)


def _traffic(design: Design, asked: Asked) -> tuple[Traffic, str]:
    flashes: list[Flash] = [flash_of(text) for text in asked.flashes]
    crowds = "".join(f", a crowd of {text}" for text in asked.flashes)
    if asked.series is None:
        made = of_days(design.workload, design.demand, asked.seed, days=asked.days, flashes=flashes)
        return made, (f"{asked.days} days" if asked.days > 1 else "a day") + crowds
    if flashes or asked.days != 1:
        raise InputError(
            "a recorded series has its own length and crowds",
            where="--traffic",
            hint="leave out --days and --flash",
        )
    text = read_text(asked.series, MOST_SERIES_BYTES, hint="name a file of time,rate; of a large one a part")
    return of_series(text, str(asked.series), asked.seed), f"the series of {asked.series.name}"


def _check(asked: Asked) -> None:
    bounds: list[tuple[str, float, float, float]] = [
        ("--days", asked.days, 1, MOST_DAYS),
        ("--seed", asked.seed, 0, MOST_SEED),
        ("--retries", asked.retries, 0, MOST_RETRIES),
    ]
    for where, value, least, most in bounds:
        if not least <= value <= most:
            raise InputError(f"{value:,} is out of bounds", where=where, hint=f"from {least:,} to {most:,}")
    if not asked.timeout_s > 0:
        raise InputError(f"{asked.timeout_s:g} s is no time to wait", where="--timeout", hint="above 0")


def _shape(text: str) -> Shape:
    for known in SHAPES:
        if text == known:
            return known
    raise InputError(
        f"{abridged(text)} is no distribution of service times",
        where="--service-times",
        hint=f"one of {', '.join(SHAPES)}",
    )


def _routing(text: str) -> Routing:
    known = [each for each in ROUTINGS if each != "by-role"]
    for each in known:
        if text == each:
            return each
    raise InputError(
        f"{abridged(text)} is no way of a load balancer", where="--routing", hint=f"one of {', '.join(known)}"
    )


def _lost(
    text: str, scenes: Sequence[Scene], standby: Scene | None
) -> tuple[tuple[Loss, ...], RegionLoss | None]:
    """The zone or the region that is lost. Raises InputError."""
    if not text:
        return (), None
    found = _LOST.fullmatch(text)
    if found is None or int(found["hour"]) > 23 or int(found["minute"]) > 59:
        raise InputError(
            f"{abridged(text)} names no zone and time",
            where="--lose",
            hint=f"write a zone or a region, and when: {scenes[0].region}a@20:25",
        )
    regions = [scene.region for scene in scenes]
    if standby is not None and found["where"] == standby.region:
        raise InputError(
            f"{standby.region} is the standby, to which nobody comes while home answers",
            where="--lose",
            hint=f"lose home: {regions[0]}@{text.partition('@')[2]}",
        )
    if found["where"] not in regions:
        raise InputError(
            f"the design has nothing in {found['where']}", where="--lose", hint=f"one of {', '.join(regions)}"
        )
    at_s = int(found["hour"]) * 3600.0 + int(found["minute"]) * 60
    if found["zone"] is None:
        if len(scenes) == 1 and standby is None:
            raise InputError(
                f"{text.partition('@')[0]} is the only region, without which nothing answers",
                where="--lose",
                hint=f"name a zone: {regions[0]}a@{text.partition('@')[2]}",
            )
        return (), RegionLoss(found["where"], at_s)
    zone = ord(found["zone"]) - ord("a")
    scene = next(each for each in scenes if each.region == found["where"])
    if zone >= scene.zones:
        zones = ", ".join(f"{scene.region}{chr(ord('a') + number)}" for number in range(scene.zones))
        raise InputError(
            f"the design has no zone {text.partition('@')[0]}", where="--lose", hint=f"one of {zones}"
        )
    return (Loss(zone, at_s, scene.region),), None
