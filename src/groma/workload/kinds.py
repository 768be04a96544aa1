"""The kinds of architecture that a workload may ask for, and what its file must and need not say for each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from groma.terms import ASPECTS, Aspect

Blueprint = Literal["three-tier", "containers", "serverless", "worldwide", "starter"]


@dataclass(frozen=True)
class Kind:
    """What a blueprint asks of the file.

    Attributes:
        regions: where it stands when the workload names no region.
        has_domain: whether it has a DNS zone of its own, so that a domain must be stated.
        has_load: whether something is sized by load, so that users must be stated.
        has_image: whether it runs container images alone, so that an application must be stated.
        zones: how many availability zones of a region it stands in by name; 0 where AWS chooses them.
        buys: what a budget beyond the cheapest design can make better, in the order of its worth.
        lacks: what one might look for among these, and does not find.
        unused: the keys that would change nothing of such a design, each with the reason; `key: value` where
            only that value would not. A file that states one of them is refused: who writes `domain` expects
            to be reached by it.
    """

    regions: tuple[str, ...] = ("us-east-1",)
    has_domain: bool = False
    has_load: bool = True
    has_image: bool = False
    zones: int = 0
    buys: tuple[Aspect, ...] = ()
    lacks: str = ""
    unused: Mapping[str, str] = field(default_factory=dict)

    def unused_of(self, stated: Mapping[str, Any]) -> dict[tuple[str, ...], str]:
        """Of what a file states, what such a design has no use for: path → reason."""
        found: dict[tuple[str, ...], str] = {}
        for key, reason in self.unused.items():
            named, _, only = key.partition(": ")
            section, _, inner = named.partition(".")
            value = stated.get(section)
            if section in stated and not inner and only in ("", value):
                found[(section,)] = reason
            elif inner and isinstance(value, Mapping) and inner in value:
                found[(section, inner)] = reason
        return found


_NO_SHARES = {"shares": "it stands in one region, which serves all users"}
_NO_LOSS_OF_A_REGION = {
    "slo.recovery_s": "only a design in several regions is judged by the faults that it survives",
    "slo.data_loss_s": "only a design in several regions is judged by the faults that it survives",
}
_STANDBY_OF_SERVERS = "your image and secrets are in one region: a standby is made of three-tier's sample"
_NOT_SIZED = "nothing of it is sized by load"
_NOT_PUBLIC = "nothing of it is open to the public"
_SAMPLE_ALONE = "it is made for what the sample has besides servers; three-tier and containers take your own"
_NO_TYPES = "its tasks have no instance type: only `architecture` and `most` say what they are"

_KEY_OF_STACK = "what it keeps is encrypted with a key of the stack's or of AWS's own; three-tier takes yours"

_TRACED_BY_RULE = "its functions are traced by X-Ray's own rule, one call a second and one in twenty"

KINDS: Mapping[str, Kind] = {
    "three-tier": Kind(
        zones=2,
        buys=ASPECTS,
        unused={
            **_NO_SHARES,
            **_NO_LOSS_OF_A_REGION,
            "slo.freshness_s": "a post is in its followers' timelines once it is written",
        },
    ),
    "containers": Kind(
        zones=2,
        has_image=True,
        buys=ASPECTS,
        lacks="Spot tasks and a warm standby in a second region",
        unused={
            **_NO_SHARES,
            **_NO_LOSS_OF_A_REGION,
            "slo.freshness_s": "nothing of an application of your own is known to be written later",
            "machines.families": _NO_TYPES,
            "machines.without": _NO_TYPES,
            "machines.spot": "the catalog has no price of Fargate Spot; three-tier buys Spot servers",
            "kms_key": _KEY_OF_STACK,
            "standby": _STANDBY_OF_SERVERS,
        },
    ),
    "serverless": Kind(
        has_domain=True,
        unused={
            **_NO_SHARES,
            **_NO_LOSS_OF_A_REGION,
            "purchase": "it has no machines that could be reserved",
            "availability_zones": "AWS chooses the zones of everything in it",
            "sizing: least-regret": "functions are paid by the call, so that no size is regretted",
            "spend": "functions come with the load, and nothing stands in reserve",
            "application": _SAMPLE_ALONE,
            "machines": "it has no machines to choose",
            "network": "nothing of it stands in a network of its own",
            "database": "it keeps everything in tables of DynamoDB",
            "log_days": "it has no network whose traffic is logged",
            "traced_share": _TRACED_BY_RULE,
            "kms_key": _KEY_OF_STACK,
            "standby": "its functions, its users and its table stand in one region; worldwide loses one",
        },
    ),
    "worldwide": Kind(
        regions=("us-east-1", "us-west-2", "eu-west-1"),
        has_domain=True,
        zones=3,
        buys=("headroom", "latency"),
        unused={
            "application": _SAMPLE_ALONE,
            "network": "each of its regions has a VPC over three zones, whose addresses fit together",
            "database": "its data are in Aurora PostgreSQL, which alone has copies in other regions",
            "traced_share": _TRACED_BY_RULE,
            "kms_key": "a key is of one region, and it stands in several: each has one of the stack's own",
            "standby": "each of its regions stands by for the others: name one more in `regions`",
        },
    ),
    "starter": Kind(
        regions=("us-east-1", "us-west-2"),
        has_load=False,
        zones=2,
        unused={
            "domain": _NOT_PUBLIC,
            "zone": _NOT_PUBLIC,
            "waf": _NOT_PUBLIC,
            "shares": _NOT_SIZED,
            "users": _NOT_SIZED,
            "load": _NOT_SIZED,
            "requests": _NOT_SIZED,
            "profile": _NOT_SIZED,
            "sizing": _NOT_SIZED,
            "spend": _NOT_SIZED,
            "application": "its servers have a shell alone; three-tier and containers take your own",
            "machines": "its servers are as small as they come",
            "database": "it has none",
            "network": "it has two zones, and servers with an address of their own in public subnets",
            "log_days": "nobody's traffic is logged in it",
            "traced_share": _NOT_PUBLIC,
            "kms_key": _KEY_OF_STACK,
            "standby": "it keeps nothing that would have to be somewhere else",
            "slo": "a single server in each region promises neither a response time nor an availability",
        },
    ),
}
