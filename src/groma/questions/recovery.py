"""What happens when something is lost: how long it takes, what data is gone, and whether the rest carries on.

Times are of the design, by AWS's figures (`catalog.fact`); where AWS gives none the constant says so.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from functools import cache, lru_cache
from typing import Any

from groma.catalog import fact
from groma.components.global_database import GlobalDatabase
from groma.components.health_check import led_away_s
from groma.components.server_group import ServerGroup
from groma.design import Design
from groma.questions.fault import COPY_S, DECISION_S, TIMES, Fault, led_away, written
from groma.questions.standing_by import faults_with_standby
from groma.sizing import at_load
from groma.words import Table, Words

TARGET_CHECK_S, TARGET_FAILURES = 10, 3
"""Health check of a target group as the module `server-tier` sets it."""
PROMOTION_S = 300
"""Promotion of a secondary of an Aurora global database: AWS says minutes, so this is an assumption."""
GLOBAL_LAG_S = 1.0
"""Aurora replicates to another region with a latency of typically less than a second, and so do DynamoDB
global tables (Aurora User Guide, global databases; DynamoDB Developer Guide, global tables, 2026)."""
NOT_YET = "pictures not copied yet, sessions of a second; its last posts come into timelines when it is back"
"""SNS tries a queue again for 23 days (SNS Developer Guide, message delivery retries, 2026)."""

LATENCIES = ("carries", "p99, caches cold", "p99")


@dataclass(frozen=True)
class Survivor:
    """A region that remains when another is lost, at the likely peak with all its zones.

    Attributes:
        share: of all users that it then carries.
        utilisation: share of CPU busy by tier, in the first minutes.
        first_p99_ms: in the first minutes, with caches that are cold for those who came; infinite when a tier
            cannot keep up.
        p99_ms: when the caches are warm.
        keeps_goal: whether both stay within the goal.
    """

    region: str
    share: float
    utilisation: dict[str, float]
    first_p99_ms: float
    p99_ms: float
    keeps_goal: bool

    def cells(self) -> tuple[str, ...]:
        """For people."""
        busy = ", ".join(f"{tier} {share:.0%}" for tier, share in self.utilisation.items())
        return (
            self.region,
            f"{self.share:.0%}",
            f"{self.first_p99_ms:g} ms",
            f"{self.p99_ms:g} ms",
            busy if self.keeps_goal else f"{busy}: misses the goal",
        )


@dataclass(frozen=True)
class RegionLoss:
    """The loss of one region, and how each of the others stands."""

    lost: str
    survivors: tuple[Survivor, ...]

    @property
    def carried(self) -> bool:
        """Whether the others carry all users within the goals."""
        return all(each.keeps_goal for each in self.survivors)


@dataclass(frozen=True)
class Recovery:
    """All faults, and the loss of each region."""

    faults: tuple[Fault, ...]
    losses: tuple[RegionLoss, ...]

    def words(self) -> Words:
        """What can be lost, and how the other regions stand when one is."""
        faults = Table(
            "Recovery",
            ("lost", "what happens", *TIMES, "because"),
            tuple(fault.cells() for fault in self.faults),
            right=TIMES,
        )
        if not self.losses:
            return Words(tables=(faults,))
        losses = Table(
            "When a region is lost, at peak",
            ("lost", "region", *LATENCIES, "busy"),
            tuple((loss.lost, *each.cells()) for loss in self.losses for each in loss.survivors),
            right=LATENCIES,
        )
        return Words(tables=(faults, losses))

    def document(self) -> dict[str, Any]:
        """The same as plain values; a time beyond measure is null."""
        document = asdict(self)
        for loss in document["losses"]:
            for survivor in loss["survivors"]:
                for name in ("first_p99_ms", "p99_ms"):
                    survivor[name] = survivor[name] if math.isfinite(survivor[name]) else None
        return document


@lru_cache(maxsize=4)
def recovery(design: Design) -> Recovery | None:
    """What a design whose databases span regions, or that has a standby, survives; None for any other."""
    if design.architecture.standby:
        return Recovery(tuple(faults_with_standby(design)), ())
    if not _databases(design):
        return None
    return Recovery(tuple(_faults(design)), tuple(_losses(design)))


def _faults(design: Design) -> Iterator[Fault]:
    from groma.blueprints.worldwide.load import ZONES, World

    shares = World.of(design.workload).shares
    share, region = max(shares.values()), design.architecture.region
    servers = sum(g.size.desired for g in design.architecture.of_type(ServerGroup) if g.id == f"{region}/app")
    target_s, failover_s = TARGET_CHECK_S * TARGET_FAILURES, fact("aurora.failover_with_replica_s").value
    away_s = led_away_s()
    checked = f"{TARGET_FAILURES} health checks {TARGET_CHECK_S} s apart"
    left = led_away()
    writers, databases = _writers(design), len(_databases(design))
    yield Fault(
        "a server", "the load balancer leaves it out; the group starts another", target_s, checked,
        0, "none: servers keep nothing", share / servers,
    )  # fmt: skip
    yield Fault(
        "the writer of a database", "a reader of the region becomes the writer by itself", failover_s,
        "Aurora's failover to a replica", 0, "none: both use one storage", written(design) / databases,
    )  # fmt: skip
    yield Fault(
        "a zone", f"the other {ZONES - 1} carry its load; cache and database have copies there",
        max(target_s, failover_s), f"the longer of {checked} and Aurora's failover",
        0, "none: storage is in three zones", share / ZONES,
    )  # fmt: skip
    for name, own in shares.items():
        if name not in writers:
            yield Fault(
                name, "its users are led to the nearest other region", away_s, left,
                COPY_S, NOT_YET, own,
            )  # fmt: skip
            continue
        alarm_s = fact("cloudwatch.alarm_fire_s").value
        yield Fault(
            name, "its users are led to the nearest other region; reads go on", away_s, left,
            COPY_S, NOT_YET, own,
        )  # fmt: skip
        yield Fault(
            f"{name}, for writes", "a person promotes another region's clusters",
            alarm_s + DECISION_S + PROMOTION_S,
            f"{alarm_s:.0f} s alarm, then assumed {DECISION_S} s to decide and {PROMOTION_S} s to promote",
            GLOBAL_LAG_S, "writes not replicated yet", written(design) * writers[name] / databases,
        )  # fmt: skip


def _databases(design: Design) -> list[GlobalDatabase]:
    """The global databases, each by its primary cluster."""
    return [each for each in design.architecture.of_type(GlobalDatabase) if each.role == "primary"]


def _writers(design: Design) -> dict[str, int]:
    """Region → how many databases it writes."""
    regions = [each.primary for each in _databases(design)]
    return {region: regions.count(region) for region in dict.fromkeys(regions)}


def _losses(design: Design) -> Iterator[RegionLoss]:
    from groma.blueprints.worldwide.load import World

    world = World.of(design.workload)

    @cache
    def stands(share: float, hit_share: float) -> tuple[dict[str, float], float]:
        return _at_share(design, share, hit_share)

    for lost, lost_share in world.shares.items():
        cold = world.hit_share * (1 - lost_share)
        survivors = []
        for region in world.shares:
            if region != lost:
                share = world.share_without(region, lost)
                busy, first = stands(share, cold)
                after = stands(share, world.hit_share)[1]
                keeps = max(first, after) <= design.workload.slo.p99_ms
                survivors.append(Survivor(region, share, busy, first, after, keeps))
        yield RegionLoss(lost, tuple(survivors))


def _at_share(design: Design, share: float, hit_share: float) -> tuple[dict[str, float], float]:
    """Utilisation and p99 of a region that carries a share of all users with all its zones up.

    A machine then gets as much as with a zone lost at (z-1)/z of that share, which is how tiers are sized.
    """
    from groma.blueprints.worldwide.load import ZONES
    from groma.blueprints.worldwide.tiers import tiers_at

    lost_zone = share * (ZONES - 1) / ZONES
    tiers = tiers_at(design.workload, design.demand, lost_zone, hit_share, design.wish)
    plan = at_load(tiers, design.plan, design.workload.slo.p99_ms)
    return {s.tier: s.utilisation_zone_lost for s in plan.sizes}, plan.latency_ms["p99"]
