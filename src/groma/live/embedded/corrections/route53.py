"""Route 53: zones that a workload file says exist, by their id."""

from __future__ import annotations

from typing import Any

from moto.route53 import models

from groma.live.embedded.corrections.registry import correction
from groma.live.embedded.guests import GUEST


@correction(seen_in="5.2.5")
def zone_of_an_id() -> None:
    """Upstream: draws the id of every zone, as AWS does, so that none can stand for one that exists on AWS.

    Effect: a zone that Groma makes as a guest has the id that its caller reference ends with.
    """
    original = models.Route53Backend.create_hosted_zone

    def create(self: Any, *args: Any, **kwargs: Any) -> Any:
        zone = original(self, *args, **kwargs)
        wanted = str(kwargs.get("caller_reference") or "").removeprefix(GUEST)
        if wanted.isupper() and wanted.startswith("Z"):
            self.zones[wanted] = self.zones.pop(zone.resource_id)
            zone.resource_id = wanted
        return zone

    models.Route53Backend.create_hosted_zone = create
