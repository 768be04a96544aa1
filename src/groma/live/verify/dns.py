"""Route 53 and the certificate: the zone, where its names lead, and the proof that the domain is ours."""

from __future__ import annotations

from collections.abc import Iterator

from groma.architecture import Architecture, Component, Finding
from groma.components.dns import ORIGIN, Certificate, HostedZone, OriginCertificate
from groma.live.verify.findings import compare, listed
from groma.live.verify.reading import Reading
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


def _zone(component: HostedZone, found: str | None) -> str:
    """The zone's name; of one that is known by its id, any that holds the domain."""
    if not component.zone:
        return component.domain
    if not is_zone_id(component.zone):
        return component.zone
    return found if found and lies_in(component.domain, found) else f"one that holds {component.domain}"


def _aliases(zone_id: str, domain: str, reading: Reading) -> str:
    rows = reading.all("route53", "list_resource_record_sets", "ResourceRecordSets", HostedZoneId=zone_id)
    own = (row for row in rows if row["Name"].rstrip(".") == domain and "AliasTarget" in row)
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
