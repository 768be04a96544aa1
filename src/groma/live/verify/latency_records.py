"""Route 53 latency records: one for each region, with its health check and its load balancer."""

from __future__ import annotations

from collections.abc import Iterator

from groma.architecture import Architecture, Finding
from groma.components.health_check import CHECK_PORT, FAILURES
from groma.components.latency_records import LatencyRecords
from groma.live.verify.dns import health_check
from groma.live.verify.findings import compare
from groma.live.verify.reading import Answer, Reading

INTERVAL_S = 10


def latency_records(
    component: LatencyRecords, architecture: Architecture, reading: Reading
) -> Iterator[Finding]:
    """For each region the record, and how its load balancer is asked."""
    zone_id, checks = reading.output("zone_id"), reading.outputs("health_check_ids")
    rows = (
        reading.all("route53", "list_resource_record_sets", "ResourceRecordSets", HostedZoneId=zone_id)
        if zone_id
        else ()
    )
    own = {row.get("Region"): row for row in rows if row["Name"].rstrip(".") == component.name}
    for region in component.regions:
        row, check_id = own.get(region), checks.get(region)
        yield compare(
            f"{component.id}.record-{region}",
            f"{component.name} leads to {region} for those nearest to it, while it is healthy",
            f"A, alias that evaluates its target, health check {check_id}",
            _record(row) if row else None,
        )
        answer = reading.ask("route53", "get_health_check", HealthCheckId=check_id) if check_id else None
        yield compare(
            f"{component.id}.check-{region}",
            f"how {region} is asked for its health",
            f"HTTPS {CHECK_PORT}{component.check_path}, {FAILURES} failures {INTERVAL_S} s apart",
            health_check(answer["HealthCheck"]["HealthCheckConfig"]) if answer else None,
        )


def _record(row: Answer) -> str:
    alias = row.get("AliasTarget") or {}
    how = "alias that evaluates its target" if alias.get("EvaluateTargetHealth") else "fixed"
    return f"{row['Type']}, {how}, health check {row.get('HealthCheckId')}"
