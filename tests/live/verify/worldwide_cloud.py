"""A workload of two regions, and what verify finds of one part of it in a cloud of given answers."""

from __future__ import annotations

import copy
from functools import cache, partial
from typing import Any

from fake_cloud import FakeClients

from groma.architecture import Architecture, Component
from groma.design import design
from groma.live.verify.reading import Deployed, Reading
from groma.live.verify.registry import VERIFIERS
from groma.workload import parse

WORKLOAD = """\
name: chirp
blueprint: worldwide
regions: [us-east-1, us-west-2]
domain: chirp.example.com
users: {total: 200_000, concurrent: 10_000}
"""
ACCOUNT, REGION = "111122223333", "us-west-2"
KEY = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/1"
BUCKETS = {region: f"chirp-media-{ACCOUNT}-{region}" for region in ("us-east-1", "us-west-2")}
Row = dict[str, Any]
KEYS: Row = {"KeyMetadata": {"KeyId": "1", "Arn": KEY}}


@cache
def parts() -> dict[str, Architecture]:
    whole = design(parse(WORKLOAD), reasons=False).architecture
    return {part.scope: part.architecture for part in whole.parts}


def answered(value: Row, **_: object) -> Row:
    return copy.deepcopy(value)


def verified(component: Component, architecture: Architecture, outputs: Row, answers: Row) -> dict[str, str]:
    """What is not as designed: finding → what was found."""
    clients = FakeClients({name: partial(answered, value) for name, value in answers.items()})
    reading = Reading(Deployed(outputs, clients), architecture.region)
    return {f.id: f.actual for f in VERIFIERS[type(component)](component, architecture, reading) if not f.ok}


def groups(port: int) -> Row:
    """One security group that lets in the application servers."""
    pair = {"GroupId": "sg-app", "UserId": ACCOUNT}
    rule = {"IpProtocol": "tcp", "FromPort": port, "ToPort": port, "UserIdGroupPairs": [pair]}
    return {
        "SecurityGroups": [
            {"GroupId": "sg-data", "GroupName": "data", "IpPermissions": [rule]},
            {"GroupId": "sg-app", "GroupName": "chirp-usw2-app-servers", "IpPermissions": []},
        ]
    }
