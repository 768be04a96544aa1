"""What a tier could be made of, how long a request stays there, and the limits that are not latency."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from groma.sizing.credits import BURST_HOURS, LOST_HOURS_FIXED, LOST_HOURS_SCALED, least_balance
from groma.sizing.queueing import (
    Distribution,
    Grid,
    in_series,
    mean_wait_s,
    poisson_quantile,
    shared_sojourn,
    sojourn,
)
from groma.terms import CALCULATOR_HOURS
from groma.tiers import Choice, Size, Tier

LONGEST_WORK = 300
LEAST_STEPS, MOST_STEPS = 4096, 32_768
MOST_BUSY = 0.95
LEAST_BASELINE = 0.2
"""Below this the system and its agents alone would use up a burstable type's credits."""
MOST_CONNECTIONS = 0.9
POOL_ENOUGH = 0.999
"""Share of the time in which a pool has a free connection."""
LEAST_POOL = 2

Miss = tuple[str, str]
"""The limit that is broken, and by how much."""


@dataclass(frozen=True)
class Candidate:
    """A choice and a number of machines per zone for one tier, with its time at the loss of a zone."""

    tier: Tier
    choice: Choice
    per_zone: int
    grid: Grid

    @property
    def machines(self) -> int:
        """Machines at peak in all zones."""
        return self.per_zone * self.tier.zones

    @property
    def survivors(self) -> int:
        """Machines left after the loss of one zone."""
        return self.per_zone * max(self.tier.zones - 1, 1)

    @property
    def utilisation(self) -> float:
        """Share of CPU busy at peak after the loss of a zone: a / (machines · vCPU · speed)."""
        return self.tier.load.busy / (self.survivors * self.choice.vcpu * self.choice.speed)

    @property
    def sustained(self) -> float:
        """Share of CPU busy through the busiest hour with all zones up."""
        return self.utilisation / self.tier.burst * self.survivors / self.machines

    @property
    def most_machines(self) -> int:
        """An upper bound of what auto scaling may grow to at the high end of the demand."""
        if not self.tier.scales:
            return self.machines
        more = math.ceil(self.per_zone * max(self.tier.high.busy / self.tier.load.busy, 1.0) - 1e-9)
        return max(more, self.per_zone + 1) * self.tier.zones

    @cached_property
    def hourly_machines(self) -> tuple[int, ...]:
        """Machines per zone in each hour of the day: as many as its load needs."""
        if not self.tier.scales:
            return (self.per_zone,) * len(self.tier.hourly)
        return tuple(max(1, math.ceil(self.per_zone * share - 1e-9)) for share in self.tier.hourly)

    @cached_property
    def mean_machines(self) -> float:
        """Machines running on average over the day."""
        return self.tier.zones * sum(self.hourly_machines) / len(self.hourly_machines)

    @cached_property
    def usd_per_month(self) -> float:
        """The machines of a month of 730 hours; infinity when the price is unknown."""
        price = self.choice.usd_per_hour
        return math.inf if price is None else self.mean_machines * price * CALCULATOR_HOURS

    @cached_property
    def time(self) -> Distribution:
        """What a request spends in this tier, all its visits together."""
        return self.time_at(self.tier.load.rate_per_s / self.survivors)

    def time_at(self, rate_per_s: float) -> Distribution:
        """The same when each machine gets `rate_per_s` visits per second."""
        load, choice = self.tier.load, self.choice
        law = shared_sojourn if self.tier.discipline == "processor-sharing" else sojourn
        visit = law(self.grid, choice.vcpu, rate_per_s, load.service_s / choice.speed, load.scv)
        return in_series(self.grid, visit, self.tier.visits)

    @cached_property
    def mean_visit_s(self) -> float:
        """The mean time of one visit at peak with a zone lost, in seconds."""
        load, service = self.tier.load, self.tier.load.service_s / self.choice.speed
        scv = 1.0 if self.tier.discipline == "processor-sharing" else load.scv
        return service + mean_wait_s(self.choice.vcpu, load.rate_per_s / self.survivors, service, scv)

    @property
    def option(self) -> str:
        """For people: `4 × m7g.large`."""
        return f"{self.machines} × {self.choice.name}"

    def least_credits(self) -> float:
        """The lowest balance of CPU credits over the day, in hours of one vCPU; see `least_balance`."""
        tier = self.tier
        assert self.choice.baseline is not None
        burst = 1 + (tier.burst - 1) * BURST_HOURS
        usual = [
            self.sustained * share * self.per_zone / count * burst
            for share, count in zip(tier.hourly, self.hourly_machines, strict=True)
        ]
        lost = [share * self.machines / self.survivors for share in usual]
        away = LOST_HOURS_SCALED if tier.scales else LOST_HOURS_FIXED
        return least_balance(usual, lost, self.choice.baseline, away)


def candidate_of(tier: Tier, size: Size, grid: Grid) -> Candidate:
    """The candidate that a size was made from."""
    return Candidate(tier, size.choice, size.desired // tier.zones, grid)


def hard_limit(candidate: Candidate) -> Miss | None:
    """The limit other than latency that a candidate breaks alone; None when it keeps them all."""
    tier, choice = candidate.tier, candidate.choice
    if choice.mem_gib < tier.working_gib:
        return "memory", f"{choice.mem_gib:g} of {tier.working_gib:.1f} GiB"
    if candidate.utilisation > MOST_BUSY:
        return "CPU", f"{candidate.utilisation:.1%} busy with a zone lost, {MOST_BUSY:.0%} allowed"
    credits = _credits(candidate)
    if credits is not None:
        return credits
    if not tier.scales:
        busy = tier.high.busy / (candidate.survivors * choice.vcpu * choice.speed)
        if busy > MOST_BUSY:
            return "CPU at high demand", f"{busy:.1%} busy with a zone lost, {MOST_BUSY:.0%} allowed"
    return _transfers(candidate)


def _credits(candidate: Candidate) -> Miss | None:
    """A burstable type must never run out of credits, and a group of them lives on its baseline.

    The group's target tracking holds the baseline at most, so that bursts and a lost zone are all that
    credits pay for: a machine that has just been started has none.
    """
    baseline = candidate.choice.baseline
    if baseline is None:
        return None
    if baseline < LEAST_BASELINE:
        return "CPU credits", f"{baseline:.0%} of a vCPU for ever, {LEAST_BASELINE:.0%} wanted"
    if candidate.tier.scales and candidate.sustained > baseline:
        return "CPU credits", f"{candidate.sustained:.0%} busy for an hour, {baseline:.0%} allowed"
    short = -candidate.least_credits() * 60 * candidate.choice.vcpu
    if short > 1e-9:
        return "CPU credits", f"{short:,.0f} credits short on the worst day, a zone lost"
    return None


def _transfers(candidate: Candidate) -> Miss | None:
    tier, choice, machines = candidate.tier, candidate.choice, candidate.survivors
    limits = (
        ("network", tier.gbps, choice.network_gbps, "Gbit/s"),
        ("EBS throughput", tier.volume_mbps, choice.ebs_mbps, "Mbit/s"),
        ("EBS operations", tier.iops, choice.ebs_iops, "IOPS"),
        ("storage throughput", tier.volume_mbps, tier.storage_mbps, "Mbit/s"),
        ("storage operations", tier.iops, tier.storage_iops, "IOPS"),
    )
    for name, wanted, given, unit in limits:
        if wanted / machines > given:
            return name, f"{wanted / machines:,.2f} of {given:,g} {unit}"
    return None


def pool(server: Candidate, clients: Candidate) -> int:
    """Connections that each client keeps to each server, by Little's law with room for chance.

        L = λ·E[T] / n,  pool = the smallest k with P(Poisson(L) <= k) >= 0.999

    λ is the rate of queries at the high peak, E[T] the mean time of one with a zone lost, n the surviving
    clients at the likely peak: auto scaling adds clients when there are more queries, never fewer.
    """
    if math.isinf(server.mean_visit_s):
        return 0
    inside = max(server.tier.high.rate_per_s, server.tier.load.rate_per_s) * server.mean_visit_s
    return max(LEAST_POOL, poisson_quantile(inside / clients.survivors, POOL_ENOUGH))


def joint_limit(chosen: Sequence[Candidate]) -> Miss | None:
    """The limit that candidates break together: more pooled connections than a database accepts."""
    by_name = {candidate.tier.name: candidate for candidate in chosen}
    for server in chosen:
        clients, accepted = by_name.get(server.tier.clients), server.choice.max_connections
        if clients is None or accepted is None:
            continue
        wanted = pool(server, clients) * clients.most_machines
        if wanted > MOST_CONNECTIONS * accepted:
            return "connections", f"{wanted:,} for {MOST_CONNECTIONS:.0%} of {accepted:,}"
    return None


def grid_for(tiers: Sequence[Tier], p99_ms: float) -> Grid:
    """A grid that reaches well beyond the goal, in steps that are short beside the shortest visit.

    It reaches four times the goal, yet no further than `LONGEST_WORK` times the work of a request, beyond
    which only overloaded machines lie: so the figures do not become coarse when the goal is lax.
    """
    horizon_s = min(4 * p99_ms / 1000, LONGEST_WORK * work_s(tiers))
    shortest_s = min(tier.load.service_s / max(c.speed for c in tier.choices) for tier in tiers)
    steps = LEAST_STEPS
    while steps < MOST_STEPS and horizon_s / steps > shortest_s / 2:
        steps *= 2
    return Grid.covering(horizon_s, steps)


def work_s(tiers: Sequence[Tier]) -> float:
    """The work of the heaviest kind of request in all tiers on the reference family, in seconds."""
    return sum(tier.load.service_s * max(visits for _, visits in tier.visits) for tier in tiers)
