"""How long a server takes until it is sent requests, and until it is found to be gone."""

from __future__ import annotations

from groma.catalog import fact

APPLICATION_START_S = 60.0
"""From a reachable server until its application answers: packages and the release are fetched. Assumed."""
HEALTH_CHECKS_S = 20.0
"""Two good checks, ten seconds apart, as the server tier's module sets them."""
UNHEALTHY_S = 30.0
"""Three bad checks, ten seconds apart, as the server tier's module sets them."""


def boot_s() -> float:
    """From the launch of a server until it is sent requests: boot, application start and health checks."""
    return fact("ec2.boot_high_s").value + APPLICATION_START_S + HEALTH_CHECKS_S
