"""The design that is built: where the file says `sizing: certified`, the one that the referee signs.

The certificate is of the workload, so that everybody gets the same from the same file: its seed is fixed and
stands in the plan. What was found is kept in the user's cache, under a name that is made of the workload and
of all code and data that sizes, prices or simulates; a change of one of them is tried anew.
"""

from __future__ import annotations

import hashlib
import json
import math
from dataclasses import asdict, dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from groma.design import Design
from groma.design import design as sized
from groma.errors import Infeasible
from groma.files import write_atomically
from groma.installation import cache_directory
from groma.sizing.values import NO_WISH, Decision, Wish
from groma.words import usd
from groma.workload import Workload

if TYPE_CHECKING:
    from groma.simulation.certify import Certificate, Step

SEED = 1
ROOMS = ("blueprints", "catalog", "components", "design", "simulation", "sizing", "workload")
"""The rooms on which a certificate hangs."""

UNSEEN = {"name", "owner", "date", "tags", "domain", "zone", "alerts", "state", "environment", "environments"}
"""Keys of a workload that nothing simulated hangs on."""


@dataclass(frozen=True, slots=True)
class Signed:
    """What is kept of a certificate.

    Attributes:
        goal_ms: the goal for which the formulas buy the design that was signed; None for their own.
        chosen, because: the decision, as the plan shows it.
    """

    goal_ms: float | None
    chosen: str
    because: str


def design(
    workload: Workload, wish: Wish = NO_WISH, *, reasons: bool = True, step: Step = lambda _: None
) -> Design:
    """The design of a workload, certified where it asks for that and nothing is wished beside.

    Args:
        step: told what is tried.

    Raises:
        WorkloadError, Infeasible: as by `groma.design.design`; and where the referee signs nothing.
    """
    if workload.sizing != "certified" or wish != NO_WISH:
        return sized(workload, wish, reasons=reasons)
    signed = _kept(workload, step)
    made = sized(workload, NO_WISH if signed.goal_ms is None else Wish(signed.goal_ms), reasons=reasons)
    decision = Decision("sizing", signed.chosen, signed.because)
    return replace(made, decisions=(*made.decisions, decision))


def _kept(workload: Workload, step: Step) -> Signed:
    """The certificate of a workload, from the cache where it is there."""
    path = cache_directory() / "certificates" / f"{_name(workload)}.json"
    try:
        return Signed(**json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        pass
    signed = _signed(workload, step)
    path.parent.mkdir(parents=True, exist_ok=True)
    write_atomically(path, json.dumps(asdict(signed)).encode())
    return signed


def _signed(workload: Workload, step: Step) -> Signed:
    """Try the plan of a workload. Raises Infeasible where neither it nor one near it keeps the goal."""
    from groma.simulation.certify import certify  # compiled code, which most designs do not need

    found = certify(sized(workload, reasons=False), SEED, step, offers=False)
    if found.certified is None:
        reached = found.plan.held_s.value * 1000
        seen = f"{reached:,.0f} ms" if math.isfinite(reached) else "beyond measure"
        raise Infeasible(
            f"the referee signs no design near the plan, whose p99 it sees at {seen} "
            f"for {workload.slo.p99_ms:,g} ms",
            where=workload.where("slo", "p99_ms"),
            hint="raise slo.p99_ms, lower the work of a request, or leave out `sizing: certified`",
        )
    return Signed(found.certified.design.wish.p99_ms, "certified", _because(found))


def _because(found: Certificate) -> str:
    """What the referee saw of what it signed, and what that costs beside the formulas' plan."""
    signed = found.certified
    assert signed is not None
    p99, half, burst = (
        1000 * each for each in (signed.held_s.value, signed.held_s.half, signed.burst_s.value)
    )
    seen = (
        f"every request simulated with seed {found.seed}: p99 {p99:,.0f} ± {half:,.0f} ms "
        f"{signed.design.plan.kept_at}, {burst:,.0f} ms in the burst"
    )
    if signed is found.plan:
        return f"{seen}; the formulas buy the same"
    more = signed.usd - found.plan.usd
    return (
        f"{seen}; the formulas would buy {found.plan.design.plan.machines} "
        f"for ${usd(abs(more))} a month {'less' if more > 0 else 'more'}"
    )


def _name(workload: Workload) -> str:
    """What tells one certificate from all others."""
    digest = hashlib.sha256(code_digest())
    digest.update(workload.model_dump_json(exclude=UNSEEN).encode())
    digest.update(repr(workload.book).encode())
    return digest.hexdigest()[:32]


@lru_cache(maxsize=1)
def code_digest() -> bytes:
    """Of the code and data of `ROOMS`: who has the same comes to the same numbers."""
    digest = hashlib.sha256()
    for room in ROOMS:
        for path in sorted((Path(__file__).parent.parent / room).rglob("*.*")):
            if path.suffix != ".pyc":
                digest.update(path.read_bytes())
    return digest.digest()
