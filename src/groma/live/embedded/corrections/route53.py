"""Route 53: zones that a workload file says exist, by their id; several records of one name."""

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


@correction(seen_in="5.2.5")
def record_made_again() -> None:
    """Upstream: takes no record that was made and deleted once, as long as another one has its name.

    Effect: it is taken, as a standby that comes back: only one of the same identifier is in its way.
    """
    original = models.Route53Backend.change_resource_record_sets

    def change(self: Any, zoneid: str, change_list: list[dict[str, Any]]) -> Any:
        zone = self.get_hosted_zone(zoneid)
        for value in change_list:
            if value["Action"] == "CREATE" and not _stands(zone, value["ResourceRecordSet"]):
                zone.rr_changes = _without(zone.rr_changes, value)
        return original(self, zoneid, change_list)

    models.Route53Backend.change_resource_record_sets = change


def _stands(zone: Any, wanted: dict[str, Any]) -> bool:
    own = (wanted["Name"].rstrip("."), wanted["Type"], wanted.get("SetIdentifier"))
    return any((each.name.rstrip("."), each.type, each.set_identifier) == own for each in zone.rrsets)


def _without(changes: Any, value: dict[str, Any]) -> Any:
    """What was changed so far, but for making this very record."""
    kept = models.ChangeList()
    for each in changes:
        one = models.ChangeList()
        one.append(each)
        if value not in one:
            kept.append(each)
    return kept
