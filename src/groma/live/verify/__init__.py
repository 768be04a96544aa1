"""deployed → findings: what stands in the cloud, compared with what was designed.

    findings = verify(architecture, Deployed(outputs, endpoints))
    all(finding.ok for finding in findings)

Everything is read back from AWS's own answers; Terraform's state gives only the names to ask for. Each
component type has one function in the file that is named like the component's own.
"""

from __future__ import annotations

from groma.architecture import Architecture, Component, Finding
from groma.live.verify.reading import Clients, Deployed, Reading
from groma.live.verify.registry import VERIFIERS

__all__ = ["Clients", "Deployed", "verify"]

GLOBAL_REGION = "us-east-1"
"""Where CloudFront and Budgets are asked, which belong to no region."""


def verify(architecture: Architecture, deployed: Deployed) -> tuple[Finding, ...]:
    """Compare everything that is deployed with the architecture, in the order of its components.

    The same findings come back whatever is deployed: what does not exist is a finding that says "missing".

    Raises:
        CloudError: the cloud did not answer, or did not let us read.
    """
    readings: dict[str, Reading] = {}
    findings: list[Finding] = []
    for component in architecture.components:
        verifier = VERIFIERS.get(type(component))
        if verifier is not None:
            region = _region(component, architecture)
            reading = readings.setdefault(region, Reading(deployed, region))
            findings += verifier(component, architecture, reading)
    return tuple(findings)


def _region(component: Component, architecture: Architecture) -> str:
    place = architecture.enclosing(component.places[0], "region")
    return GLOBAL_REGION if place is None else place.name
