"""Whether Amazon may issue certificates for a domain, by the domain's own CAA records.

https://docs.aws.amazon.com/acm/latest/userguide/setup-caa.html, read 2026-11-28.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dns.resolver import Resolver

AMAZON = frozenset({"amazon.com", "amazontrust.com", "awstrust.com", "amazonaws.com"})
TIMEOUT_S = 6.0


def may_issue(domain: str, resolver: Resolver | None = None) -> bool | None:
    """Whether the records nearest to a domain, its own or those of a parent, let Amazon issue.

    Without any record everybody may (RFC 8659).

    Args:
        resolver: who is asked; this machine's own when left out.

    Returns:
        None where no DNS server answers.
    """
    import dns.exception
    import dns.resolver

    try:
        asked = resolver or dns.resolver.Resolver()
        asked.lifetime = TIMEOUT_S
        for name in _upwards(domain):
            found = _issuers(name, asked)
            if found is not None:
                return bool(found & AMAZON)
    except (dns.exception.DNSException, OSError):
        return None
    return True


def _upwards(domain: str) -> Iterator[str]:
    labels = domain.rstrip(".").split(".")
    return (".".join(labels[first:]) for first in range(len(labels)))


def _issuers(name: str, resolver: Resolver) -> frozenset[str] | None:
    """Who may issue for a name; None where it has no such record, or does not exist."""
    import dns.resolver

    try:
        rows = list(resolver.resolve(name, "CAA"))
    except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
        return None
    named = (row.value.decode().partition(";")[0] for row in rows if row.tag == b"issue")
    limits = frozenset(value.strip().rstrip(".").lower() for value in named)
    return limits or None
