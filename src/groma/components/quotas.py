"""What a design takes of AWS's quotas: added up by region from what its components answer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from groma import catalog
from groma.answers import QuotaNeed
from groma.architecture import Architecture, Finding

CONCURRENCY, UNRESERVED = "lambda-concurrency", 100
"""Calls at once that AWS leaves unreserved in an account for functions without a reserve
(https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html, undated, read 2026-11-22)."""
EVERYWHERE = frozenset({"distributions"})
"""Quotas of the account as a whole, which are asked for in us-east-1."""
GLOBAL_REGION = "us-east-1"
"""Where AWS is asked for what belongs to no region: IAM, CloudFront, budgets."""


@dataclass(frozen=True)
class Taken:
    """What a design takes of one quota in a region.

    Attributes:
        quota: of which.
        region: where.
        start: as soon as it is provisioned.
        most: what it may come to take.
    """

    quota: catalog.Quota
    region: str
    start: float
    most: float

    @property
    def to_ask(self) -> float:
        """What is asked of AWS: the most, in whole units."""
        return -(-self.most // 1)

    @property
    def fits_grown(self) -> bool:
        """Whether an account in use has enough by default."""
        return self.most <= self.quota.grown

    @property
    def request(self) -> str:
        """How it is asked for: the command, or a case where there is no quota to raise."""
        if not self.quota.new:
            return f"open a case with AWS Support, which verifies a new account: {self.quota.unit}"
        if not self.quota.code:
            return f"open a case with AWS Support: {self.quota.name}, {self.to_ask:,.0f}, in {self.region}"
        return (
            f"aws service-quotas request-service-quota-increase --service-code {self.quota.service} "
            f"--quota-code {self.quota.code} --desired-value {self.to_ask:.0f} --region {self.region}"
        )


def taken(architecture: Architecture) -> tuple[Taken, ...]:
    """What the design takes of each quota that it meets, region by region, in the catalog's order."""
    needs = [
        (need.region or (GLOBAL_REGION if need.quota in EVERYWHERE else part.architecture.region), need)
        for part in architecture.parts
        for component in part.architecture.components
        for need in component.quotas(part.architecture)
    ]
    regions = dict.fromkeys(region for region, _ in needs)
    return tuple(
        _together(catalog.quota(name, region), region, of)
        for region in regions
        for name in catalog.quota_names()
        if (of := [need for where, need in needs if (where, need.quota) == (region, name)])
    )


def _together(quota: catalog.Quota, region: str, needs: list[QuotaNeed]) -> Taken:
    """All of them added up, or the largest where the quota is of each by itself."""
    starts = [need.most if need.start is None else need.start for need in needs]
    most = [need.most for need in needs]
    if needs[0].each:
        return Taken(quota, region, max(starts), max(most))
    left = UNRESERVED if quota.id == CONCURRENCY else 0
    return Taken(quota, region, sum(starts) + (left if any(starts) else 0), sum(most) + left)


def quota_findings(architecture: Architecture) -> Iterator[Finding]:
    """What the design takes, against what AWS gives by default."""
    several = len(architecture.regions) > 1
    for each in taken(architecture):
        quota = each.quota
        yield Finding(
            id=f"{each.region}/quota-{quota.id}" if several else f"quota-{quota.id}",
            what=f'quota of {each.region}: "{quota.name}"',
            expected=f"at most {quota.grown:,.0f} {quota.unit}, {quota.new:,.0f} in a new account",
            actual=f"{each.most:,.0f} {quota.unit}" + ("" if each.start == each.most else ", when busiest"),
            ok=each.fits_grown,
            severity="warning",
            hint=f"ask AWS for {each.to_ask:,.0f} before `groma up --target aws`",
        )
