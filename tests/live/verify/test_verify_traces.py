"""What verify finds of application servers that trace requests."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from chirp_cloud import Cloud
from chirp_design import REGION, architecture
from fake_cloud import missing

from groma.blueprints.three_tier.own import policy_text
from groma.blueprints.three_tier.traces import MAY_SEND
from groma.components.server_group import ServerGroup
from groma.live.verify import Deployed
from groma.live.verify.reading import Reading
from groma.live.verify.rights import TRACES
from groma.live.verify.server_group import server_group
from groma.quantity import Range


def traces(chirp: Cloud, answer: dict[str, Any] | None) -> tuple[bool, str]:
    """What is said of the application servers' rights to send traces, when IAM answers so."""

    def policy(**asked: Any) -> dict[str, Any]:
        assert asked == {"RoleName": f"chirp-app-{REGION}", "PolicyName": "traces"}
        if answer is None:
            raise missing("NoSuchEntity")
        return {"RoleName": asked["RoleName"], "PolicyName": "traces", "PolicyDocument": json.dumps(answer)}

    clients = chirp.clients()
    clients.answers["iam.get_role_policy"] = policy
    made, reading = architecture(), Reading(Deployed(chirp.outputs, clients), REGION)
    (app,) = (each for each in made.of_type(ServerGroup) if each.id == "app")
    designed = replace(app, traces_per_month=Range.exactly(1e6))
    told = {line.id: (line.ok, line.actual) for line in server_group(designed, made, reading)}
    return told["app.traces"]


def test_servers_may_send_what_the_design_says(chirp: Cloud) -> None:
    assert traces(chirp, json.loads(policy_text(MAY_SEND, REGION))) == (True, TRACES)


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (None, "missing"),
        ({"Statement": [{"Action": "xray:PutTraceSegments"}]}, "xray:PutTraceSegments"),
        ({"Statement": [{"Action": ["xray:*"]}]}, "xray:*"),
    ],
)
def test_less_or_more_is_told(chirp: Cloud, answer: dict[str, Any] | None, said: str) -> None:
    assert traces(chirp, answer) == (False, said)


def test_nothing_is_said_where_nothing_is_traced(chirp: Cloud) -> None:
    made, reading = architecture(), Reading(Deployed(chirp.outputs, chirp.clients()), REGION)
    (app,) = (each for each in made.of_type(ServerGroup) if each.id == "app")
    assert not [line for line in server_group(app, made, reading) if line.id == "app.traces"]
