"""A law over designs: the search compares machines by all that the bill charges for one more of them."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from designs import SAFEST, designed, example_names

from groma.components.pricing import Meter
from groma.components.server_group import AGENT_METRICS_PER_GROUP, TRACKING_ALARMS, ServerGroup
from groma.components.table import TRACKING_ALARMS as TABLE_ALARMS
from groma.terms import Terms
from workloads import ROOT, marked

MODULES = ROOT / "src" / "groma" / "terraform" / "modules"


@pytest.mark.parametrize("name", [marked(name) for name in example_names()])
def test_a_size_costs_what_the_bill_charges_for_its_machines(name: str):
    """On demand and without allowances, but for what a group costs whatever its size, and for traces."""
    made = designed(name, SAFEST)
    for part in made.architecture.parts:
        architecture = replace(part.architecture, terms=Terms(free_tier=False))
        if architecture.region != made.architecture.region:
            continue
        for group in architecture.of_type(ServerGroup):
            meter = Meter(group.id, architecture)
            fixed = (
                meter.monthly("agents", AGENT_METRICS_PER_GROUP, "cloudwatch", "custom_metric"),
                meter.monthly("commands at times", len(group.due), "cloudwatch", "custom_metric"),
                meter.monthly("alarms", TRACKING_ALARMS, "cloudwatch", "alarm_standard"),
                meter.volume("traces", group.traces_per_month, "xray", "traces_recorded"),
            )
            grows = usd(group.bill(architecture)) - usd(fixed)
            assert grows == pytest.approx(group.size.usd_per_month), group.id


def usd(lines) -> float:
    return sum(line.monthly_usd.likely for line in lines)


def test_every_policy_that_tracks_a_target_has_its_alarms_on_the_bill():
    """Of servers and of tasks one policy; of a table one for reads and one for writes, two pairs each."""
    tracking = re.compile(r'policy_type\s+= "TargetTrackingScaling"')
    found = {path.parent.name for path in MODULES.glob("*/*.tf") if tracking.search(path.read_text())}
    assert found == {"container-tier", "server-tier", "table"}
    assert (TRACKING_ALARMS, TABLE_ALARMS) == (2, 2 * 4)
