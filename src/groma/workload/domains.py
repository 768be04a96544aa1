"""Domains: which names are reserved for examples and so nobody's, and which name lies in which zone."""

from __future__ import annotations

RESERVED_TLDS = ("example", "test", "invalid", "localhost")
"""Top-level names that nobody can register (RFC 2606, section 2; RFC 6761, section 6)."""
RESERVED_DOMAINS = ("example.com", "example.net", "example.org")
"""Domains that are kept for documentation (RFC 2606, section 3); Route 53 makes no zone of them or below:
`InvalidDomainName: … is reserved by AWS!`"""
_NAME = r"([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}"
DOMAIN = rf"^{_NAME}$"
ZONE = rf"^({_NAME}|Z[A-Z0-9]{{4,31}})$"
"""A zone's name, or its id, which is in upper case."""
LONGEST_DOMAIN = 56
"""AWS issues certificates whose first name has up to 64 characters
(https://docs.aws.amazon.com/acm/latest/userguide/acm-certificate-characteristics.html, undated), and
`regions.`, before the domain, takes 8 of them."""


def is_placeholder(domain: str) -> bool:
    """Whether a domain is one that stands in examples and can never be served on the internet.

    >>> is_placeholder("chirp.example.com"), is_placeholder("chirp.test"), is_placeholder("example.dev")
    (True, True, False)
    """
    return domain.rpartition(".")[2] in RESERVED_TLDS or any(lies_in(domain, d) for d in RESERVED_DOMAINS)


def lies_in(domain: str, zone: str) -> bool:
    """Whether a zone of that name holds the domain: it is the same, or a parent of it.

    >>> lies_in("chirp.acme.dev", "acme.dev"), lies_in("chirp-acme.dev", "acme.dev")
    (True, False)
    """
    return domain == zone or domain.endswith(f".{zone}")


def is_zone_id(zone: str) -> bool:
    """Whether this is the id of a Route 53 zone rather than its name, which is in lower case."""
    return zone.isupper()
