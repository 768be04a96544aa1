"""What a workload file says stands already in an account: a key, and a permissions boundary."""

from __future__ import annotations

from groma.live.embedded.guests import GUEST
from groma.live.target import Target
from groma.workload import Workload


def make_guest_key(workload: Workload, target: Target) -> str:
    """Let the embedded cloud have the key that the file says exists; what was done, empty when nothing.

    It is not the stack's: `down` leaves it, as it would on AWS, and it goes with the cloud.
    """
    arn = workload.kms_key
    if arn is None:
        return ""
    kms = target.client("kms", workload.regions[0])
    pages = kms.get_paginator("list_keys").paginate()
    if any(row["KeyArn"] == arn for page in pages for row in page["Keys"]):
        return ""
    kms.create_key(Description=f"{GUEST}{arn}")
    return f"made the key {arn.rpartition('/')[2]} in the embedded cloud, since the file says it exists"
