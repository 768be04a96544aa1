"""Whether the domain can be served: owned by somebody, in a zone that the internet asks."""

from __future__ import annotations

from collections.abc import Iterator

from groma.components.dns import CERTIFICATE_REGION
from groma.errors import WorkloadError
from groma.live.delegation import Internet, is_delegated
from groma.live.domain import existing_zone, refuse_placeholder, refuse_second_zone
from groma.live.preflight.look import Look, looks
from groma.live.target import Target
from groma.workload import Workload
from groma.workload.domains import is_placeholder

PENDING = ("ACM has not validated it yet", "look whether the internet asks the zone that holds its record")
GIVEN_UP = (
    "ACM has given it up",
    "delete it (aws acm delete-certificate), and `groma up` asks for another one",
)


def domain(target: Target, workload: Workload, internet: Internet, *, stands: bool) -> Iterator[Look]:
    """The domain and its zone; nothing where a design has no domain of its own.

    Args:
        internet: how DNS is asked.
        stands: whether the stack stands already, so that the zone may be its own.
    """
    if workload.domain is None:
        return
    yield _domain(target, workload, internet, stands)
    if not is_placeholder(workload.domain):
        yield _certificate(target, workload.domain, internet, stands)


@looks("the certificate")
def _certificate(target: Target, domain: str, internet: Internet, stands: bool) -> Look:
    """That of the edge: whether Amazon may issue it, and what became of one that was asked for."""
    title = "the certificate"
    allowed = internet.may_issue(domain) if target.name == "aws" else True
    if allowed is False:
        hint = 'add a CAA record to the domain: 0 issue "amazon.com"'
        return Look(title, "will fail", "the domain's CAA records do not let Amazon issue it", hint)
    pages = target.client("acm", CERTIFICATE_REGION).get_paginator("list_certificates").paginate()
    listed = (each for page in pages for each in page["CertificateSummaryList"])
    states = [each["Status"] for each in listed if each["DomainName"] == domain]
    if "ISSUED" in states:
        return Look(title, "ok", "issued")
    if stands and "PENDING_VALIDATION" in states:
        return Look(title, "cannot tell", *PENDING)
    if stands and states:
        return Look(title, "will fail", *GIVEN_UP)
    if allowed is None:
        return Look(title, "cannot tell", "no DNS server answers here", "look at the network")
    return Look(title, "ok", "Amazon may issue it")


@looks("the domain")
def _domain(target: Target, workload: Workload, internet: Internet, stands: bool) -> Look:
    title = f"the domain {workload.domain}"
    try:
        refuse_placeholder(workload, target.name)
        zone = existing_zone(workload, target)
        if zone is None and not stands:
            refuse_second_zone(workload, target)
    except WorkloadError as error:
        return Look(title, "will fail", error.what, error.hint)
    if zone is None:
        if stands:
            return Look(title, "ok", "in the stack's own zone")
        hint = "`groma up` says which name servers to set at the registrar, and waits for them"
        return Look(title, "cannot tell", "its zone is made first", hint)
    servers = internet.delegated_to(zone.name)
    if servers is None:
        return Look(title, "cannot tell", "no DNS server answers here", "look at the network")
    if is_delegated(servers, zone):
        return Look(title, "ok", f"in the zone {zone.name}, which the internet asks")
    hint = f"set these at the registrar of {zone.name}: {', '.join(sorted(zone.name_servers))}"
    return Look(title, "will fail", f"the internet does not ask the zone {zone.name}", hint)
