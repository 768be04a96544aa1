"""What verify finds of a group that buys as Spot what it holds beyond its minimum."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from chirp_cloud import Cloud
from chirp_design import REGION, architecture

from groma.components.server_group import ServerGroup
from groma.components.spot import Spot
from groma.live.verify import Deployed
from groma.live.verify.reading import Reading
from groma.live.verify.server_group import server_group

TYPES = ("m7g.large", "m8g.large")
DESIGNED = "2 on demand, else Spot of m7g.large, m8g.large, price-capacity-optimized, replaced ahead"


def policy(**changes: Any) -> dict[str, Any]:
    said = {
        "OnDemandBaseCapacity": 2,
        "OnDemandPercentageAboveBaseCapacity": 0,
        "SpotAllocationStrategy": "price-capacity-optimized",
    }
    return {
        "InstancesDistribution": {**said, **changes},
        "LaunchTemplate": {
            "LaunchTemplateSpecification": {"LaunchTemplateId": "lt-web", "Version": "1"},
            "Overrides": [{"InstanceType": name} for name in TYPES],
        },
    }


def found(chirp: Cloud) -> dict[str, tuple[bool, str]]:
    """What is said of the web servers, designed with Spot, by the end of its id."""
    made, reading = architecture(), Reading(Deployed(chirp.outputs, chirp.clients()), REGION)
    (web,) = (each for each in made.of_type(ServerGroup) if each.id == "web")
    with_spot = replace(web, spot=Spot(TYPES, 0.5))
    return {line.id: (line.ok, line.actual) for line in server_group(with_spot, made, reading)}


def with_policy(chirp: Cloud, **changes: Any) -> dict[str, Any]:
    group = chirp.groups["chirp-web"]
    del group["LaunchTemplate"]
    group |= {"MixedInstancesPolicy": policy(**changes), "CapacityRebalance": True}
    return group


def test_a_group_as_designed_is_read_through_its_policy(chirp: Cloud) -> None:
    with_policy(chirp)
    told = found(chirp)
    assert told["web.spot"] == (True, DESIGNED)
    assert told["web.type"] == (True, "m7g.large")
    assert all(ok for ok, _ in told.values())


def test_a_spot_server_of_another_of_the_types_is_as_designed(chirp: Cloud) -> None:
    with_policy(chirp)
    chirp.instances["i-web-a"]["InstanceType"] = "m8g.large"
    assert found(chirp)["web.type"] == (True, "m7g.large")
    chirp.instances["i-web-a"]["InstanceType"] = "t3.nano"
    assert found(chirp)["web.type"] == (
        False,
        "m7g.large (launch template version 1); t3.nano (i-web-a)",
    )


def test_a_group_that_buys_all_on_demand(chirp: Cloud) -> None:
    assert found(chirp)["web.spot"] == (False, "all on demand")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"OnDemandBaseCapacity": 0}, DESIGNED.replace("2 on", "0 on")),
        (
            {"OnDemandPercentageAboveBaseCapacity": 50},
            DESIGNED.replace(", else", ", 50 % of those beyond too, else"),
        ),
        (
            {"SpotAllocationStrategy": "lowest-price"},
            DESIGNED.replace("price-capacity-optimized", "lowest-price"),
        ),
    ],
)
def test_another_policy(chirp: Cloud, changes: dict[str, Any], said: str) -> None:
    with_policy(chirp, **changes)
    assert found(chirp)["web.spot"] == (False, said)


def test_other_types_and_no_rebalancing(chirp: Cloud) -> None:
    group = with_policy(chirp)
    group["MixedInstancesPolicy"]["LaunchTemplate"]["Overrides"].pop()
    group["CapacityRebalance"] = False
    assert found(chirp)["web.spot"] == (
        False,
        "2 on demand, else Spot of m7g.large, price-capacity-optimized, replaced when gone",
    )


def test_a_group_that_is_gone(chirp: Cloud) -> None:
    del chirp.groups["chirp-web"]
    assert found(chirp)["web.spot"] == (False, "missing")
