"""What a workload file says stands already in an account, as the embedded cloud has it: key, VPC, secret."""

from __future__ import annotations

import json

from groma.architecture.account import KEY_USERS
from groma.live.embedded.guests import GUEST
from groma.live.guest_database import make_guest_database
from groma.live.guest_network import make_guest_network
from groma.live.reporting import Reporter
from groma.live.target import Clients, EmbeddedTarget, Target
from groma.workload import Workload


def make_guests(workload: Workload, target: Target, report: Reporter) -> None:
    """Let an embedded cloud have what the file says exists, and tell what was done; on AWS it is there.

    It is not the stack's: `down` leaves it, as it would on AWS, and it goes with the cloud.
    """
    if isinstance(target, EmbeddedTarget):
        for make in (make_guest_key, make_guest_network, make_guest_database):
            if done := make(workload, target.as_root()):
                report.step(done)


def make_guest_key(workload: Workload, clients: Clients) -> str:
    """The key, whose policy lets in whom it has to; what was done, empty when nothing."""
    arn = workload.kms_key
    if arn is None:
        return ""
    kms = clients.client("kms", workload.regions[0])
    pages = kms.get_paginator("list_keys").paginate()
    if any(row["KeyArn"] == arn for page in pages for row in page["Keys"]):
        return ""
    kms.create_key(Description=f"{GUEST}{arn}", Policy=_policy(arn))
    return f"made the key {arn.rpartition('/')[2]} in the embedded cloud, since the file says it exists"


def _policy(arn: str) -> str:
    """That of a key whose account decides, and whose users are let in."""
    rows = []
    for user in KEY_USERS:
        principal = user.of(arn).principal
        rows.append({"AWS" if principal.startswith("arn:") else "Service": principal})
    statements = [{"Effect": "Allow", "Principal": row, "Action": "kms:*", "Resource": "*"} for row in rows]
    return json.dumps({"Version": "2012-10-17", "Statement": statements})
