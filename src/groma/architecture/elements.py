"""Where things stand and how they are connected: places and links, as frozen values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from groma.quantity import Range

PlaceKind = Literal["world", "cloud", "region", "vpc", "zone", "public-subnet", "private-subnet"]
Lane = Literal["users", "edge", "public", "application", "data", "asynchronous", "operations"]
Way = Literal["nat", "s3-endpoint", "dynamodb-endpoint", "interface-endpoint"]
"""A NAT gateway, paid by the GB, as an interface endpoint is, or a gateway endpoint, which is free
(https://aws.amazon.com/privatelink/pricing/ and
https://docs.aws.amazon.com/vpc/latest/privatelink/gateway-endpoints.html, read 2026-11-28)."""
Flow = Literal["request", "reply", "egress", "replication", "control"]


@dataclass(frozen=True, slots=True)
class Place:
    """Somewhere components stand: the world outside, the cloud, a region, a VPC, a zone, a subnet.

    `name` is what AWS calls it (`us-east-1a`), `cidr` its address range where it has one, `parent` the
    id of the place around it, and `note` what else its frame should say, such as a subnet's default route.
    """

    id: str
    kind: PlaceKind
    name: str
    parent: str | None = None
    cidr: str | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    """A connection that carries something from one component to another.

    Attributes:
        source: id of the component that opens it.
        target: id of the component that answers.
        protocol: what is spoken, for example `HTTPS` or `SQL reads`.
        flow: what it is for; the diagram draws each flow in its own style.
        peak_per_s: requests per second at the likely peak; None where a rate means nothing.
        note: what else the label should say.
        gb_per_month: bytes both ways in a month of 730 hours; None where AWS never charges for them.
        way: how it leaves the private subnets that it begins in; None when it stays inside the VPC, when the
            target itself is the way out, or in a VPC that exists, whose ways out are its own.
    """

    source: str
    target: str
    protocol: str
    flow: Flow = "request"
    peak_per_s: float | None = None
    note: str = ""
    gb_per_month: Range | None = None
    way: Way | None = None

    @property
    def id(self) -> str:
        """A name for this link that is unique within its architecture."""
        return f"{self.source}->{self.target}:{self.protocol}"

    @property
    def label(self) -> str:
        """Protocol and rate at peak, as the diagram shows it: `HTTPS 420/s`."""
        rate = "" if self.peak_per_s is None else f" {format_rate(self.peak_per_s)}"
        note = f" {self.note}" if self.note else ""
        return f"{self.protocol}{rate}{note}"


SLOW = (("s", 1.0), ("min", 60.0), ("h", 3600.0), ("day", 86_400.0))
"""Units in which a slow rate is said: the first in which it is one or more."""


def format_rate(per_s: float) -> str:
    """A rate for people: `1.2 k/s`, `420/s`, `1.8/s`, `48/min`, `3/day`; never a nought that is none."""
    if per_s >= 999.5:
        return f"{per_s / 1000:.1f} k/s" if per_s < 999_500 else f"{per_s / 1e6:.1f} M/s"
    if per_s <= 0:
        return "0/s"
    unit, seconds = next((each for each in SLOW if per_s * each[1] >= 1), SLOW[-1])
    rate = per_s * seconds
    if rate < 1:
        return f"under 1/{unit}"
    return f"{rate:.0f}/{unit}" if rate >= 9.95 else f"{rate:.1f}/{unit}"
