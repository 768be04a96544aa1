"""What happens when the home region of a design with a standby is lost, one region after the other."""

from __future__ import annotations

import math
from collections.abc import Iterator

from groma.blueprints.three_tier.standby import plan_there
from groma.catalog import fact, own_prices
from groma.components.failover import Failover
from groma.components.server_group import ServerGroup
from groma.design import Design
from groma.questions.fault import COPY_S, DECISION_S, Fault, led_away, written
from groma.sizing.starting import boot_s

PROMOTION_S = 600
"""Promotion of a replica of RDS, which restarts: AWS says some minutes, so this is an assumption."""
LAG_S = 30.0
"""What a replica in another region is behind while it keeps up: an assumption; an alarm tells of 600 s."""


def faults_with_standby(design: Design) -> Iterator[Fault]:
    """That reads go on elsewhere, that all of them are carried there, and that writes go on."""
    home = design.architecture.region
    (records,) = design.architecture.of_type(Failover)
    groups = [
        each
        for part in design.architecture.parts
        if part.scope == records.standby
        for each in part.architecture.of_type(ServerGroup)
    ]
    with own_prices(design.workload.book):
        likely = plan_there(design.workload, design.demand, design.plan, design.wish)
    wanted = {size.tier: size.desired for size in likely.sizes}
    carried = min(group.size.min / wanted[group.id] for group in groups)
    grown_s = max(_grown_s(group, wanted[group.id]) for group in groups)
    lost = "what was written or uploaded last, and not copied yet"
    at_once = f"whose servers carry {min(carried, 1.0):.0%} of the peak at once"
    yield Fault(
        home, f"users read in {records.standby}, {at_once}",
        records.after_s, led_away(), COPY_S, "pictures not copied yet", 1.0,
    )  # fmt: skip
    if grown_s:
        yield Fault(
            f"{home}, at peak", f"the groups in {records.standby} grow to what the likely peak takes",
            records.after_s + grown_s,
            f"as above, then {grown_s:,.0f} s of alarms and starts of servers", COPY_S, lost, 1.0 - carried,
        )  # fmt: skip
    alarm_s = fact("cloudwatch.alarm_fire_s").value
    yield Fault(
        f"{home}, for writes", f"a person promotes the database in {records.standby}",
        alarm_s + DECISION_S + PROMOTION_S,
        f"{alarm_s:.0f} s alarm, then assumed {DECISION_S} s to decide and {PROMOTION_S} s to promote",
        LAG_S, "writes not replicated yet", written(design),
    )  # fmt: skip


def _grown_s(group: ServerGroup, wanted: int) -> float:
    """Seconds in which a group comes from its least to what is wanted.

    Target tracking adds servers in proportion, and a busy server is at most 100 % busy: each round makes
    100 / target times as many. A round takes three points of a minute and the start of a server.
    """
    now, target = group.size.min, max(group.size.cpu_target_percent, 1)
    rounds = math.ceil(math.log(wanted / now) / math.log(100 / min(target, 99))) if wanted > now else 0
    return rounds * (fact("autoscaling.scale_out_points").value * 60 + boot_s())
