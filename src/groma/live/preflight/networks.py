"""Whether the VPC that a file says exists is there, with a subnet in each zone."""

from __future__ import annotations

from collections.abc import Iterator

from groma.errors import WorkloadError
from groma.live.networks import existing_network
from groma.live.preflight.look import Look, looks
from groma.live.target import Clients
from groma.workload import Workload

TITLE = "the VPC that exists"


def networks(clients: Clients, workload: Workload) -> Iterator[Look]:
    """A look at it; nothing where one is to be made."""
    if workload.network.exists:
        yield _network(clients, workload)


@looks(TITLE)
def _network(clients: Clients, workload: Workload) -> Look:
    try:
        found = existing_network(workload, clients)
    except WorkloadError as error:
        return Look(TITLE, "will fail", error.what, error.hint)
    return Look(TITLE, "ok", f"{found}, with its subnets")
