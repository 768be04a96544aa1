"""Where a zone is delegated to, as the internet sees it: the parent's name servers are asked themselves.

A resolver would do, but it remembers for up to hours that there was nothing; it is asked only where the
network lets nothing else through.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dns.message import Message
    from dns.name import Name
    from dns.resolver import Resolver

TIMEOUT_S = 3.0
MOST_ASKED = 4


def name_servers(zone: str) -> frozenset[str] | None:
    """The name servers that the parent of a zone names for it, without the dot at their ends.

    Returns:
        None where nobody answers, so that nothing can be said; empty where the zone is not delegated.
    """
    import dns.name
    import dns.resolver

    name = dns.name.from_text(zone)
    try:
        resolver = dns.resolver.Resolver()
    except dns.resolver.NoResolverConfiguration:
        return None
    resolver.lifetime = 2 * TIMEOUT_S
    for address in _parents(name, resolver):
        found = delegation(zone, address)
        if found is not None:
            return found
    return _resolved(name, resolver)


def delegation(zone: str, address: str, port: int = 53) -> frozenset[str] | None:
    """What one name server says of a zone, in its answer or in its referral; None when it says nothing."""
    import dns.exception
    import dns.flags
    import dns.message
    import dns.name
    import dns.query
    import dns.rcode

    name = dns.name.from_text(zone)
    query = dns.message.make_query(name, "NS")
    query.flags &= ~dns.flags.RD
    try:
        said, _ = dns.query.udp_with_fallback(query, address, timeout=TIMEOUT_S, port=port)
    except (dns.exception.DNSException, OSError):
        return None
    if said.rcode() not in (dns.rcode.NOERROR, dns.rcode.NXDOMAIN):
        return None
    return _named_in(said, name)


def _named_in(said: Message, name: Name) -> frozenset[str]:
    import dns.rdatatype

    sets = (each for each in (*said.answer, *said.authority) if each.name == name)
    rows = (row for each in sets if each.rdtype == dns.rdatatype.NS for row in each)
    return frozenset(str(row.target).rstrip(".").lower() for row in rows)


def _parents(name: Name, resolver: Resolver) -> Iterator[str]:
    """Addresses of name servers of the zone that a name is delegated from; none where DNS is shut off."""
    import dns.exception
    import dns.resolver

    try:
        parent = dns.resolver.zone_for_name(name.parent(), resolver=resolver)
        servers = [row.target for row in resolver.resolve(parent, "NS")]
    except (dns.exception.DNSException, OSError):
        return
    for server in servers[:MOST_ASKED]:
        try:
            yield from (str(row.address) for row in resolver.resolve(server, "A"))
        except (dns.exception.DNSException, OSError):
            continue


def _resolved(name: Name, resolver: Resolver) -> frozenset[str] | None:
    """What a resolver says; a zone whose servers do not answer for it is as good as not delegated."""
    import dns.exception
    import dns.resolver

    try:
        return frozenset(str(row.target).rstrip(".").lower() for row in resolver.resolve(name, "NS"))
    except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer, dns.resolver.NoNameservers):
        return frozenset()
    except (dns.exception.DNSException, OSError):
        return None
