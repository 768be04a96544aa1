"""What money can buy beyond the cheapest design: each thing with what it is for.

Every aspect has a ladder of steps. A budget climbs them in rounds: the first step of each aspect, in the
order that the user states, then the second of each; so the first of everything comes before more of anything.
Where a ladder has no step in a round, what comes later on it waits.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import zip_longest
from typing import Any

from groma import catalog
from groma.architecture import Architecture
from groma.blueprints.copies import SECOND
from groma.blueprints.places import home_region
from groma.blueprints.three_tier.cached import spared_part
from groma.blueprints.three_tier.standby import cannot_stand_by
from groma.catalog import fact
from groma.components.database import DatabaseServer
from groma.components.database_cluster import DatabaseCluster
from groma.components.existing_database import ExistingDatabase
from groma.components.nat_gateway import NatGateway
from groma.components.network import FlowLogs
from groma.components.server_group import ServerGroup
from groma.components.web_firewall import WebFirewall
from groma.design.making import Design
from groma.design.spent import Step
from groma.terms import Aspect
from groma.workload import KINDS, Workload
from groma.workload.people import requests_per_s

BACKUP_DAYS = 35
"""As long as RDS keeps automated backups
(https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_WorkingWithAutomatedBackups.html, undated)."""
LOG_DAYS = 365
TRACED_SHARE = 0.01
"""Of the requests: the p99 of a busy minute has traces of its own."""
CROWDS = (1, 2, 3, 4, 6)
"""Reserves, as multiples of the high end of the ranges."""
FASTER = (0.5, 0.25)
"""Goals for the p99, as shares of the stated one."""
ROUNDS_BEFORE_STANDBY = 2
"""A region is lost once in years, where crowds come with the seasons: reserves for them are bought before."""
LEAST_RESERVE, LEAST_STEP = 1.05, 1.25
"""A reserve below the first is none; one that is less than the second above the one before is no step."""


def steps(least: Design) -> tuple[Step, ...]:
    """Everything that can be bought beyond the cheapest design of a workload, in the order of its worth."""
    workload = least.workload
    order = workload.spend or KINDS[workload.blueprint].buys
    ladders = [_LADDERS[aspect](least) for aspect in order]
    return tuple(step for round_ in zip_longest(*ladders) for step in round_ if step is not None)


def _availability(least: Design) -> Sequence[Step]:
    architecture, found = least.architecture.parts[0].architecture, []  # at home, where there is a standby
    masters = [each for each in architecture.of_type(DatabaseServer) if each.role == "master"]
    if masters and not least.wish.multi_az:
        by_hand = "a replica is promoted by hand in 10 to 30"
        if not least.workload.database.replicas:
            by_hand = "the database is restored by hand in an hour or more"
        because = f"takes over by itself in 1 to 2 minutes, where {by_hand}"
        found.append(
            _step("availability", "a standby of the database master (Multi-AZ)", because, multi_az=True)
        )
    found += _readers(architecture)
    zones = sum(place.kind == "zone" for place in architecture.places)
    ours_to_say = least.workload.network.nat is None and not least.workload.network.exists
    others = (*architecture.of_type(DatabaseCluster), *architecture.of_type(ExistingDatabase))
    has_database = masters or others
    if has_database and ours_to_say and len(architecture.of_type(NatGateway)) < zones:
        because = "no zone needs another to reach the internet"
        found.append(_step("availability", "a NAT gateway in every zone", because, nat_per_zone=True))
    if least.workload.network.may_grow and len(home_region(least.workload).zones) > zones:
        because = "a lost zone takes a third of what stands, and two are left"
        found.append(_step("availability", "a third zone", because, third_zone=True))
    return found


def _readers(made: Architecture) -> Iterator[Step]:
    """A reader of an Aurora cluster where one or none would be left when an instance is lost."""
    within_s = f"{fact('aurora.failover_with_replica_s').value:.0f} s"
    because = {
        0: f"takes over from a lost writer by itself within {within_s}, where another is made in minutes",
        1: "takes the reads while the other takes over, and is there when either is lost",
    }
    for each in made.of_type(DatabaseCluster):
        if each.readers in because:
            yield _step("availability", "another reader", because[each.readers], another_reader=True)


def _headroom(least: Design) -> Sequence[Step]:
    """Reserves; of several regions no more than the high end, since each can carry the others' users, too."""
    peak = least.demand.peak_per_s
    crowds = reserves(least.workload, peak.likely, peak.high)
    if len(least.workload.regions) > 1:
        crowds = crowds[:1]
    return [
        _step(
            "headroom",
            f"servers for {factor:g} times the likely peak",
            f"{because}: {factor * peak.likely:,.0f} requests/s with a zone lost, at any hour",
            load_factor=factor,
        )
        for factor, because in crowds
    ]


def reserves(workload: Workload, likely_per_s: float, high_per_s: float) -> list[tuple[float, str]]:
    """How many times the likely peak servers may stand for, and why; the last is everybody at once.

    More than all registered users cannot come: beyond that no reserve is worth anything.
    """
    users = workload.users
    everybody = round(requests_per_s(workload, users.total, users.think_s.likely) / likely_per_s, 1)
    high = high_per_s / likely_per_s
    found: list[tuple[float, str]] = []
    for times in CROWDS:
        factor = round(times * high, 2)
        because = "the high end of the ranges" if times == 1 else f"a crowd of {times} times the high end"
        if factor >= LEAST_RESERVE and (times == 1 or factor * LEAST_STEP <= everybody):
            found.append((factor, because))
    if everybody >= LEAST_STEP * max([factor for factor, _ in found], default=1.0):
        found.append((everybody, "all registered users"))
    return found


def _latency(least: Design) -> Sequence[Step]:
    found = []
    if any(size.choice.baseline is not None for size in least.plan.sizes):
        because = "a busy day does not use up or pay for CPU credits"
        found.append(_step("latency", "no machine that lives on CPU credits", because, no_burst=True))
    goal_ms = least.workload.slo.p99_ms
    for share in FASTER if least.plan.sizes else ():
        because = f"{share:.0%} of the goal of {goal_ms:g} ms"
        what = f"a p99 of {goal_ms * share:g} ms at most"
        found.append(_step("latency", what, because, p99_ms=goal_ms * share))
    return [*found, *_cache(least)]


def _cache(least: Design) -> Iterator[Step]:
    """A cache where the sample asks one first; an application of one's own does so when its owner says it."""
    part, masters = spared_part(least.workload), least.architecture.of_type(DatabaseServer)
    if least.workload.own is not None or not masters or least.wish.cache or not part:
        return
    because = f"{part:.0%} of the queries are answered from memory and wait for no other"
    yield _step("latency", "a cache before the database", because, cache=True)


def _recovery(least: Design) -> Sequence[Step | None]:
    made = least.architecture
    if not made.of_type(DatabaseServer) and not made.of_type(DatabaseCluster):
        return ()
    because = "a mistake that is noticed late can still be taken back, to any second"
    longer = _step("recovery", f"backups of {BACKUP_DAYS} days", because, backup_days=BACKUP_DAYS)
    away = SECOND.get(made.region, "")
    if not away or not made.of_type(DatabaseServer):
        return [longer]
    found, because = [longer], "the database can be restored when the whole region is lost"
    if not least.wish.copied_to:
        copies = _step("recovery", f"copies of the backups in {away}", because, copied_to=away)
        found = [copies, longer]
    return [*found, *[None] * ROUNDS_BEFORE_STANDBY, *_standby(least, away)]


def _standby(least: Design, away: str) -> Iterator[Step]:
    """A standby where one can be made: of the sample, under a name that leads to it."""
    if not least.wish.standby and cannot_stand_by(least.workload, away) is None:
        because = "users read there two minutes after the region is lost, and write once it is promoted"
        yield _step("recovery", f"a warm standby in {away}", because, standby=away)


def _observability(least: Design) -> Sequence[Step]:
    found, made = [], least.architecture
    known = catalog.unit_price("xray", "traces_recorded", made.region) is not None
    sends = least.workload.own is None  # of one's own only its owner knows whether it does
    if known and sends and made.of_type(ServerGroup) and not least.wish.traced_share:
        because = "where the time of slow requests goes is seen, not guessed"
        what = f"traces of one request in {1 / TRACED_SHARE:.0f}"
        found.append(_step("observability", what, because, traced_share=TRACED_SHARE))
    if made.of_type(FlowLogs):
        because = "what is noticed late can still be followed back"
        found.append(_step("observability", "flow logs of a year", because, log_days=LOG_DAYS))
    return found


def _security(least: Design) -> Sequence[Step]:
    if not least.architecture.of_type(WebFirewall):
        return ()
    known = "attacks on PostgreSQL and Linux are turned away at the edge"
    bots = "scrapers and scripts that pretend to be browsers are turned away"
    return [
        _step("security", "rules for SQL and Linux in the firewall", known, more_rules=True),
        _step("security", "Bot Control in the firewall", bots, bot_control=True),
    ]


def _step(aspect: Aspect, what: str, because: str, **changes: Any) -> Step:
    return Step(aspect, what, because, changes)


_LADDERS = {
    "availability": _availability,
    "headroom": _headroom,
    "latency": _latency,
    "recovery": _recovery,
    "observability": _observability,
    "security": _security,
}
