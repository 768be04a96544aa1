"""The zone first: AWS issues no certificate before the zone is the one that the internet asks.

On AWS the zone is made before all else. What has to be done with it is said, and nothing else is made until
DNS shows that it was done; a certificate would be waited for in vain, and fail after 75 minutes.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, Protocol

from groma.components.dns import ZONE_ADDRESS
from groma.live.domain import Zone, existing_zone, read_zone, refuse_second_zone
from groma.live.issuers import may_issue
from groma.live.name_servers import name_servers
from groma.live.target import Target
from groma.live.terraform_cli import OnEvent, Terraform
from groma.live.terraform_cli.events import ApplyComplete, ApplyProgress, ApplyStart
from groma.workload import Workload

ISSUED = "module.certificate.aws_acm_certificate_validation.this"
"""In the state once the certificate was issued, which proves that the zone is asked."""
FIRST_PAUSE_S, LONGEST_PAUSE_S = 10.0, 60.0


class Tells(Protocol):
    """How it is told what is done: `groma.live.reporting.Reporter`."""

    @property
    def step(self) -> Callable[[str], None]:
        """A step in words."""

    @property
    def progress(self) -> Callable[[str], AbstractContextManager[OnEvent]]:
        """An operation that lasts."""


@dataclass(frozen=True)
class Internet:
    """DNS and the clock, as they are asked; see `name_servers` and `may_issue` for their answers."""

    delegated_to: Callable[[str], frozenset[str] | None] = name_servers
    may_issue: Callable[[str], bool | None] = may_issue
    pause: Callable[[float], None] = time.sleep
    now: Callable[[], float] = time.time


def zone_first(
    workload: Workload, terraform: Terraform, target: Target, report: Tells, internet: Internet
) -> int:
    """Make the zone and wait until it is asked; how many resources were made.

    Nothing is done where there is no domain, in the embedded cloud, and once the certificate was issued.
    Whoever stops it while it waits finds the zone in the state: the same command goes on from there.

    Raises:
        WorkloadError: the account has a zone of the domain already, or lacks the one that the file names.
        TerraformError: the zone cannot be made.
    """
    if target.name != "aws" or workload.domain is None:
        return 0
    addresses = terraform.state_list()
    if ISSUED in addresses:
        return 0
    zone, made = existing_zone(workload, target), 0
    if zone is None:
        if not any(address.startswith(ZONE_ADDRESS) for address in addresses):
            refuse_second_zone(workload, target)
            with report.progress(f"Making the zone of {workload.domain}") as on_event:
                made = terraform.apply(on_event, only=[ZONE_ADDRESS]).added
        zone = read_zone(_made_zone(terraform.state()), target)
    wait_until_delegated(zone, report, internet)
    return made


def _made_zone(state: Mapping[str, Any]) -> str:
    """The id of the stack's zone, from a state in Terraform's own format."""
    return next(
        str(instance["attributes"]["zone_id"])
        for each in state["resources"]
        if f"{each.get('module', '')}.{each['type']}.{each['name']}" == ZONE_ADDRESS
        for instance in each["instances"]
    )


def wait_until_delegated(zone: Zone, report: Tells, internet: Internet) -> None:
    """Wait until the parent of a zone names its servers and no others; say at once what has to be done."""
    found = internet.delegated_to(zone.name)
    if found is None:
        report.step(f"no DNS server answers here, so that nobody knows whether {zone.name} is delegated")
    if found is None or is_delegated(found, zone):
        return
    for line in instructions(zone, found):
        report.step(line)
    with report.progress(f"Waiting for {zone.name} to be delegated") as on_event:
        _wait(zone, on_event, internet)
    report.step(f"{zone.name} is delegated")


def _wait(zone: Zone, on_event: OnEvent, internet: Internet) -> None:
    what, began, pause_s = f"the name servers of {zone.name}", internet.now(), FIRST_PAUSE_S
    on_event(ApplyStart(began, what, "read"))
    while True:
        internet.pause(pause_s)
        pause_s = min(1.5 * pause_s, LONGEST_PAUSE_S)
        elapsed_s = internet.now() - began
        if is_delegated(internet.delegated_to(zone.name) or frozenset(), zone):
            on_event(ApplyComplete(internet.now(), what, "read", elapsed_s))
            return
        on_event(ApplyProgress(internet.now(), what, "read", elapsed_s))


def is_delegated(found: frozenset[str], zone: Zone) -> bool:
    """Whether all servers that are named for a zone are its own: a foreign one answers something else."""
    return bool(found) and found <= zone.name_servers


def instructions(zone: Zone, found: frozenset[str]) -> Iterator[str]:
    """What has to be done, in lines of 80 characters at most where the names are not long."""
    yield f"nobody on the internet asks the zone {zone.name} yet: where that name is"
    yield "registered, or in the zone that it lies in, set its name servers (NS) to"
    for server in sorted(zone.name_servers):
        yield f"    {server}"
    if found:
        yield f"  instead of {', '.join(sorted(found))}"
    yield "no certificate can be issued before; this waits and then goes on by itself"
    yield "(Ctrl-C stops; the same command goes on from there, `groma down` removes it)"
