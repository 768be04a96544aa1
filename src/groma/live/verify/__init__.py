"""deployed → findings: what stands in the cloud, compared with what was designed.

    findings = verify(architecture, Deployed(outputs, endpoints))
    all(finding.ok for finding in findings)

Everything is read back from AWS's own answers; Terraform's state gives only the names to ask for. Each
component type has one function in the file that is named like the component's own.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from groma.architecture import Architecture, Component, Finding, Part
from groma.components.global_table import GlobalTable
from groma.components.operations import EncryptionKey, MailTopic, Monitoring
from groma.components.quotas import GLOBAL_REGION
from groma.live.target import Clients
from groma.live.understood import understood
from groma.live.verify.account import boundary
from groma.live.verify.journey import journey
from groma.live.verify.reading import Deployed, Reading
from groma.live.verify.registry import VERIFIERS
from groma.terraform.calls import outputs_of

__all__ = ["Clients", "Deployed", "verify"]

MADE_AT_HOME = (EncryptionKey, MailTopic, Monitoring, GlobalTable)
"""What stands outside of several regions, and yet was made in one: the home region."""


def verify(architecture: Architecture, deployed: Deployed) -> tuple[Finding, ...]:
    """Compare everything that is deployed with the architecture, in the order of its components.

    The same findings come back whatever is deployed: what does not exist is a finding that says "missing".
    Where users can visit what is deployed, their journey comes last, and ends where nobody could go on.

    Raises:
        CloudError: the cloud did not answer, did not let us read, or answers what nobody understands.
    """
    found = [finding for part in architecture.parts for finding in _of_part(part, deployed)]
    with understood("roles"):
        found += boundary(architecture, Reading(deployed, GLOBAL_REGION))
    return tuple(found)


def _of_part(part: Part, deployed: Deployed) -> Iterator[Finding]:
    readings: dict[str, Reading] = {}
    outputs = outputs_of(part, deployed.outputs)
    for component in part.architecture.components:
        verifier = VERIFIERS.get(type(component))
        if verifier is not None:
            region = _region(component, part.architecture)
            reading = readings.setdefault(region, Reading(Deployed(outputs, deployed.clients), region))
            with understood(f"{component.label} in {region}"):
                found = tuple(verifier(component, part.architecture, reading))
            for finding in found:
                what = f"{part.scope}: {finding.what}" if part.scope else finding.what
                yield replace(finding, id=part.whole(finding.id), what=what)
    for finding in journey(part.architecture, Deployed(outputs, deployed.clients)):
        yield replace(finding, id=part.whole(finding.id))


def _region(component: Component, architecture: Architecture) -> str:
    """Where a component is asked about: in its region, or the home region when it stands outside of all."""
    place = architecture.enclosing(component.places[0], "region")
    if place is not None:
        return place.name
    return architecture.region if isinstance(component, MADE_AT_HOME) else GLOBAL_REGION
