"""The kinds of architecture that a workload may ask for, and what its file must and need not say for each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Blueprint = Literal["three-tier", "serverless", "worldwide", "starter"]


@dataclass(frozen=True)
class Kind:
    """What a blueprint asks of the file.

    Attributes:
        regions: where it stands when the workload names no region.
        has_domain: whether it has a DNS zone of its own, so that a domain must be stated.
        has_load: whether something is sized by load, so that users must be stated.
        zones: how many availability zones of a region it stands in by name; 0 where AWS chooses them.
    """

    regions: tuple[str, ...] = ("us-east-1",)
    has_domain: bool = False
    has_load: bool = True
    zones: int = 0


KINDS: Mapping[str, Kind] = {
    "three-tier": Kind(zones=2),
    "serverless": Kind(has_domain=True),
    "worldwide": Kind(regions=("us-east-1", "us-west-2", "eu-west-1"), has_domain=True, zones=3),
    "starter": Kind(regions=("us-east-1", "us-west-2"), has_load=False, zones=2),
}
