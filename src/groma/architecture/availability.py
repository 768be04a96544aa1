"""Availability from AWS's service-level agreements and the redundancy of the design."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from groma.answers import Uptime
from groma.architecture.model import Architecture


@dataclass(frozen=True)
class Availability:
    """Shares of requests answered.

    Attributes:
        value: at the public load balancer, where the goal is measured.
        with_edge: with what stands in front of it, down to CloudFront's own agreement.
        parts: what each component on the way contributes.
    """

    value: float
    with_edge: float
    parts: tuple[Uptime, ...]


def availability(architecture: Architecture) -> Availability:
    """The product over all components that a request needs: A = Π aᵢ.

    An agreement is what AWS pays a credit below, not a forecast; its figures are a floor that AWS usually
    exceeds. Components in parallel have already answered with 1 - Π(1 - a). Of several regions one may be
    lost, since each is sized to carry its share of another's load. What stands by in a second region is not
    counted: it is too small at first, and its database has to be promoted.
    """
    edge: list[Uptime] = []
    behind: list[Uptime] = []
    regional: list[float] = []
    for part in architecture.serving:
        inside: list[Uptime] = []
        for component in part.architecture.components:
            uptime = component.uptime(part.architecture)
            if uptime is not None:
                uptime = replace(uptime, component=part.whole(uptime.component))
                (edge if component.lane == "edge" and not part.scope else inside).append(uptime)
        regional.append(math.prod(each.share for each in inside))
        behind += inside
    outside, *regions = regional
    value = outside * _all_but_one(regions)
    return Availability(value, value * math.prod(each.share for each in edge), (*edge, *behind))


def _all_but_one(shares: list[float]) -> float:
    """The share of time in which at most one of several regions is down, which the others then carry.

    A = Π aᵢ + Σᵢ (1 - aᵢ) · Π_{j≠i} aⱼ  for regions that fail independently; 1 when there are none.
    """
    others = (math.prod(shares[:i] + shares[i + 1 :]) for i in range(len(shares)))
    return math.prod(shares) + sum((1 - share) * rest for share, rest in zip(shares, others, strict=True))
