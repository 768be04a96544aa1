"""Something that is lost, and what becomes of it: what the questions of recovery share."""

from __future__ import annotations

from dataclasses import dataclass

from groma.catalog import fact
from groma.components.health_check import FAILURES
from groma.design import Design

DECISION_S = 900
"""Until somebody has looked, and decided that the region will not be back soon: an assumption."""
COPY_S = 900
"""S3 agrees to copy 99.9 % of new objects within 15 minutes (S3 User Guide, Replication Time Control)."""
TIMES = ("back after", "data lost", "requests hit")


@dataclass(frozen=True)
class Fault:
    """Something that is lost.

    Attributes:
        lost: what is lost.
        happens: what takes its place.
        recovery_s: until all requests are answered again (recovery time).
        because: how that time comes about.
        data_loss_s: the last seconds of writes that may be gone (recovery point).
        data: whose writes those are.
        hit_share: share of all requests that fail or wait meanwhile.
    """

    lost: str
    happens: str
    recovery_s: float
    because: str
    data_loss_s: float
    data: str
    hit_share: float

    def cells(self) -> tuple[str, ...]:
        """For people."""
        return (
            self.lost,
            self.happens,
            f"{self.recovery_s:,.0f} s",
            f"{self.data_loss_s:,.0f} s" if self.data_loss_s else "none",
            f"{self.hit_share:.2%}",
            f"{self.because}; {self.data}" if self.data_loss_s else self.because,
        )


def led_away() -> str:
    """How the time comes about until users are led to another region, for people."""
    check_s, ttl_s = fact("route53.health_check_fast_interval_s").value, fact("route53.failover_ttl_s").value
    return f"{FAILURES} health checks {check_s:.0f} s apart, and {ttl_s:.0f} s lifetime of the DNS answer"


def written(design: Design) -> float:
    """Share of all requests that write to a database."""
    return sum(c.share for c in design.workload.requests.values() if c.writes > 0)
