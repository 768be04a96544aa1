"""Route 53 and the certificate: the zone, where its names lead, and the proof that the domain is ours."""

from __future__ import annotations

from collections.abc import Iterator

from groma.architecture import Architecture, Component, Finding, region_code
from groma.catalog import fact
from groma.components.dns import ORIGIN, Certificate, HostedZone, OriginCertificate
from groma.components.failover import HOME, LEADS, UNPROMOTED, Failover
from groma.components.health_check import CHECK_PORT, FAILURES
from groma.live.verify.findings import compare, judge, listed
from groma.live.verify.reading import Answer, Reading
from groma.workload.domains import is_zone_id, lies_in


def hosted_zone(component: HostedZone, architecture: Architecture, reading: Reading) -> Iterator[Finding]:
    """The zone, and that its name leads to the distribution over IPv4 and IPv6."""
    zone_id = reading.output("zone_id")
    answer = reading.ask("route53", "get_hosted_zone", Id=zone_id) if zone_id else None
    found = answer["HostedZone"]["Name"].rstrip(".") if answer else None
    yield compare(
        f"{component.id}.zone",
        f"{component.label} zone of the domain",
        _zone(component, found),
        found,
    )
    target = reading.output("distribution_domain_name")
    yield compare(
        f"{component.id}.aliases",
        f"{component.domain} leads to the distribution over IPv4 and IPv6",
        f"A to {target}, AAAA to {target}",
        _aliases(zone_id, component.domain, reading) if answer and zone_id else None,
    )
    if component.origin:
        balancer = reading.output(f"{component.origin_group}_load_balancer_dns_name")
        yield compare(
            f"{component.id}.origin",
            f"{component.origin} leads to the {component.origin_group} load balancer",
            f"A to {balancer}",
            _aliases(zone_id, component.origin, reading) if answer and zone_id else None,
        )


def failover(component: Failover, architecture: Architecture, reading: Reading) -> Iterator[Finding]:
    """Where the origin's name leads while home answers and the standby takes no writes, and where else; how
    both are asked.
    """
    zone_id, checks = reading.output("zone_id"), reading.outputs("health_check_ids")
    rows = list(_own(zone_id, component.name, reading)) if zone_id else []
    found = {row.get("Failover"): row for row in rows}
    first, second = found.get("PRIMARY"), found.get("SECONDARY")
    yield compare(
        f"{component.id}.first",
        f"{component.name} leads home while its health checks say so",
        f"A, health check {checks.get(LEADS)}",
        f"{first['Type']}, health check {first.get('HealthCheckId')}" if first else None,
    )
    there = f"{architecture.name}-{region_code(component.standby)}-{component.group}"
    target = second["AliasTarget"]["DNSName"].rstrip(".") if second else ""
    yield judge(
        f"{component.id}.second",
        f"{component.name} leads to {component.standby} else",
        f"A to {there} in {component.standby}",
        f"{second['Type']} to {target}" if second else None,
        bool(second) and target.startswith(there) and f".{component.standby}." in target,
    )
    interval = fact("route53.health_check_fast_interval_s").value
    asked = f"{FAILURES} failures {interval:.0f} s apart"
    lines = (
        (HOME, f"how {architecture.region} is asked for its health", component.check_path, ""),
        (
            UNPROMOTED,
            f"how {component.standby} is asked whether it takes writes",
            component.writable_path,
            ", well while it fails",
        ),
    )
    for name, what, path, turned in lines:
        config = _config(checks.get(name), reading)
        yield compare(
            f"{component.id}.{name}",
            what,
            f"HTTPS {CHECK_PORT}{path}, {asked}{turned}",
            health_check(config) if config else None,
        )
    config = _config(checks.get(LEADS), reading)
    both = listed(sorted(f"{checks.get(name)}" for name in (HOME, UNPROMOTED)))
    yield compare(
        f"{component.id}.{LEADS}",
        "when the name leads home",
        f"2 of {both} are well",
        f"{config.get('HealthThreshold')} of {listed(sorted(config.get('ChildHealthChecks', ())))} are well"
        if config
        else None,
    )


def _config(check_id: str | None, reading: Reading) -> Answer | None:
    answer = reading.ask("route53", "get_health_check", HealthCheckId=check_id) if check_id else None
    return answer["HealthCheck"]["HealthCheckConfig"] if answer else None


def health_check(config: Answer) -> str:
    """What a health check asks for, and how often in vain until it fails."""
    where = f"{config['Type']} {config.get('Port')}{config.get('ResourcePath')}"
    turned = ", well while it fails" if config.get("Inverted") else ""
    asked = f"{config.get('FailureThreshold')} failures {config.get('RequestInterval')} s apart"
    return f"{where}, {asked}{turned}"


def _zone(component: HostedZone, found: str | None) -> str:
    """The zone's name; of one that is known by its id, any that holds the domain."""
    if not component.zone:
        return component.domain
    if not is_zone_id(component.zone):
        return component.zone
    return found if found and lies_in(component.domain, found) else f"one that holds {component.domain}"


def _own(zone_id: str, domain: str, reading: Reading) -> Iterator[Answer]:
    """The aliases of a name."""
    rows = reading.all("route53", "list_resource_record_sets", "ResourceRecordSets", HostedZoneId=zone_id)
    return (row for row in rows if row["Name"].rstrip(".") == domain and "AliasTarget" in row)


def _aliases(zone_id: str, domain: str, reading: Reading) -> str:
    """Where a name leads; of one with a standby, while all is well."""
    own = (row for row in _own(zone_id, domain, reading) if row.get("Failover") != "SECONDARY")
    return listed((f"{row['Type']} to {row['AliasTarget']['DNSName'].rstrip('.')}" for row in own), "nowhere")


def certificate(component: Certificate, architecture: Architecture, reading: Reading) -> Iterator[Finding]:
    """That it is issued, for the domain."""
    yield _issued(component, component.domain, "certificate_arn", reading)


def origin_certificate(
    component: OriginCertificate, architecture: Architecture, reading: Reading
) -> Iterator[Finding]:
    """That it is issued, for the name by which CloudFront asks."""
    yield _issued(component, component.name, f"{ORIGIN}_arn", reading)


def _issued(component: Component, name: str, output: str, reading: Reading) -> Finding:
    arn = reading.output(output)
    answer = reading.ask("acm", "describe_certificate", CertificateArn=arn) if arn else None
    found = answer["Certificate"] if answer else None
    return compare(
        f"{component.id}.certificate",
        component.label,
        f"ISSUED for {name}",
        f"{found['Status']} for {found['DomainName']}" if found else None,
        hint="AWS issues it once the name servers of the zone are named where the domain is kept",
    )
