"""Availability from AWS's service-level agreements and the redundancy of the design."""

from __future__ import annotations

import math
from dataclasses import dataclass

from groma.answers import Uptime
from groma.architecture import Architecture


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
    exceeds. Components in parallel have already answered with 1 - Π(1 - a).
    """
    edge: list[Uptime] = []
    behind: list[Uptime] = []
    for component in architecture.components:
        uptime = component.uptime(architecture)
        if uptime is not None:
            (edge if component.lane == "edge" else behind).append(uptime)
    value = math.prod(part.share for part in behind)
    return Availability(value, value * math.prod(part.share for part in edge), (*edge, *behind))
