"""Route 53 and the certificate: the zone, where its names lead, and the proof that the domain is ours."""

from __future__ import annotations

from collections.abc import Iterator

from groma.architecture import Architecture, Finding
from groma.components.dns import Certificate, HostedZone
from groma.live.verify.findings import compare, listed
from groma.live.verify.reading import Reading


def hosted_zone(component: HostedZone, architecture: Architecture, reading: Reading) -> Iterator[Finding]:
    """The zone, and that its name leads to the distribution over IPv4 and IPv6."""
    zone_id = reading.output("zone_id")
    answer = reading.ask("route53", "get_hosted_zone", Id=zone_id) if zone_id else None
    yield compare(
        f"{component.id}.zone",
        f"{component.label} zone of the domain",
        component.domain,
        answer["HostedZone"]["Name"].rstrip(".") if answer else None,
    )
    target = reading.output("distribution_domain_name")
    yield compare(
        f"{component.id}.aliases",
        f"{component.domain} leads to the distribution over IPv4 and IPv6",
        f"A to {target}, AAAA to {target}",
        _aliases(zone_id, component.domain, reading) if answer and zone_id else None,
    )


def _aliases(zone_id: str, domain: str, reading: Reading) -> str:
    rows = reading.all("route53", "list_resource_record_sets", "ResourceRecordSets", HostedZoneId=zone_id)
    own = (row for row in rows if row["Name"].rstrip(".") == domain and "AliasTarget" in row)
    return listed((f"{row['Type']} to {row['AliasTarget']['DNSName'].rstrip('.')}" for row in own), "nowhere")


def certificate(component: Certificate, architecture: Architecture, reading: Reading) -> Iterator[Finding]:
    """That it is issued, for the domain."""
    arn = reading.output("certificate_arn")
    answer = reading.ask("acm", "describe_certificate", CertificateArn=arn) if arn else None
    found = answer["Certificate"] if answer else None
    yield compare(
        f"{component.id}.certificate",
        component.label,
        f"ISSUED for {component.domain}",
        f"{found['Status']} for {found['DomainName']}" if found else None,
        hint="AWS issues it once the domain's registrar names the zone's name servers",
    )
