"""What a tier could be made of, how long a request stays there, and the limits that are not latency."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache, reduce

import numpy as np

from groma.sizing.credits import BURST_HOURS, LOST_HOURS_FIXED, LOST_HOURS_SCALED, least_balance
from groma.sizing.queueing import (
    Distribution,
    Grid,
    Service,
    in_series,
    mean_wait_s,
    service_time,
    sojourn,
)
from groma.sizing.reservations import beyond, cheapest_reserved
from groma.sizing.sharing import alone, shared_sojourn
from groma.sizing.values import Choice, ClassWork, Size, Tier
from groma.terms import CALCULATOR_HOURS

LONGEST_WORK = 300
LEAST_STEPS, MOST_STEPS = 4096, 32_768
MOST_BUSY = 0.95
LEAST_BASELINE = 0.2
"""Below this the system and its agents alone would use up a burstable type's credits."""
REMEMBERED, REMEMBERED_BOUNDS = 4096, 256
"""Times that are kept, some 30 kB each, since other searches come upon the same machines; and bounds."""

_HERMITE = ((-math.sqrt(3), 1 / 6), (0.0, 2 / 3), (math.sqrt(3), 1 / 6))
Miss = tuple[str, str]
"""The limit that is broken, and by how much."""
Law = Callable[..., Distribution]
"""`sojourn` or `shared_sojourn`."""
Mixture = tuple[int, float, float, float, float]
"""What a queue gets: its servers, arrivals per second, mean service in s, its variation, how many at once."""


@dataclass(frozen=True)
class Candidate:
    """A choice and a number of machines per zone for one tier, with its time at the loss of a zone.

    `least` is the number of machines per zone below which the group never falls in the night.
    """

    tier: Tier
    choice: Choice
    per_zone: int
    grid: Grid
    least: int = 1

    @property
    def machines(self) -> int:
        """Machines at peak in all zones."""
        return self.tier.copies or self.per_zone * self.tier.zones

    @property
    def survivors(self) -> float:
        """Machines left after the loss of one zone."""
        return survivors(self.tier, self.per_zone)

    @property
    def busiest_of(self) -> float:
        """Machines with all zones up; of several replicas see `Tier.as_many_as`."""
        return self.tier.as_many_as(self.tier.copies) if self.tier.copies else self.machines

    @property
    def processes(self) -> int:
        """Queues that each machine is, with a part of its processors each; see `Tier.apart`."""
        return self.choice.vcpu if self.tier.apart else 1

    @cached_property
    def utilisation(self) -> float:
        """Share of CPU busy at peak after the loss of a zone."""
        return utilisation(self.tier, self.choice, self.per_zone)

    @property
    def sustained(self) -> float:
        """Share of CPU busy through the busiest hour with all zones up."""
        return self.utilisation / self.tier.burst * self.survivors / self.busiest_of

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
        return _hourly(self.tier.hourly, self.per_zone, self.least)

    @cached_property
    def mean_machines(self) -> float:
        """Machines running on average over the day."""
        if self.tier.copies:
            return self.tier.copies
        return self.tier.zones * sum(self.hourly_machines) / len(self.hourly_machines)

    @cached_property
    def usd_per_month(self) -> float:
        """The machines of a month of 730 hours as they are bought; infinity when a price is unknown."""
        choice = self.choice
        if not choice.priced:
            return math.inf
        extra, reserved_usd = choice.extra_usd_per_hour, choice.reserved_usd_per_hour or 0.0
        on_demand_usd = (choice.usd_per_hour or 0.0) - extra
        if choice.buying == "on-demand":
            return (self.mean_machines * on_demand_usd + self.mean_machines * extra) * CALCULATOR_HOURS
        by_hour = [count * self.tier.zones for count in self.hourly_machines]
        if self.tier.copies:
            by_hour = [self.tier.copies]
        reserved = max(by_hour)
        if choice.buying == "mixed":
            reserved = cheapest_reserved(by_hour, on_demand_usd, reserved_usd)
        hourly = reserved * reserved_usd + beyond(by_hour, reserved) * on_demand_usd
        return (hourly + self.mean_machines * extra) * CALCULATOR_HOURS

    @cached_property
    def times(self) -> Distribution:
        """What a request of each class spends in this tier, all its visits together."""
        return self.times_at(self.tier.load.rate_per_s / self.survivors)

    def times_at(self, rate_per_s: float) -> Distribution:
        """The same when each machine gets `rate_per_s` visits per second.

        All classes wait in one queue, for the mixture of all; the service is each class's own. A machine
        whose processes work apart is as many queues, to which its visits come at random: of those that come
        at once every queue gets its part. Where the rate swings, times are those of each rate by its share.
        """
        parts = [(share, self._times_of(mixture)) for mixture, share in self.mixtures(rate_per_s)]
        return parts[0][1] if len(parts) == 1 else np.asarray(sum(share * times for share, times in parts))

    def mixtures(self, rate_per_s: float) -> Iterator[tuple[Mixture, float]]:
        """What each queue of a machine gets, with the share of the requests that find it so."""
        load, choice, queues, bursts = self.tier.load, self.choice, self.processes, self.tier.bursts
        together = 1.0 if self.tier.clients else bursts.at_once  # queries come when clients have done theirs
        at_once = 1 + (together - 1) / (self.survivors * queues)
        for factor, share in swings(bursts.swing):
            own_per_s = factor * rate_per_s / queues
            yield (choice.vcpu // queues, own_per_s, load.service_s / choice.speed, load.scv, at_once), share

    def _times_of(self, mixture: Mixture) -> Distribution:
        law = shared_sojourn if self.tier.discipline == "processor-sharing" else sojourn
        return _under_load(law, self.grid, mixture, self.tier.work, self.choice.speed)

    @cached_property
    def mean_visit_s(self) -> float:
        """The mean time of one visit at peak with a zone lost, in seconds."""
        load, service = self.tier.load, self.tier.load.service_s / self.choice.speed
        scv = 1.0 if self.tier.discipline == "processor-sharing" else load.scv
        queues = self.survivors * self.processes
        return service + mean_wait_s(
            self.choice.vcpu // self.processes, load.rate_per_s / queues, service, scv
        )

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
        lost = [share * self.busiest_of / self.survivors for share in usual]
        away = LOST_HOURS_SCALED if tier.scales else LOST_HOURS_FIXED
        return least_balance(usual, lost, self.choice.baseline, away)


def candidate_of(tier: Tier, size: Size, grid: Grid) -> Candidate:
    """The candidate that a size was made from."""
    zones = tier.copies or tier.zones
    return Candidate(tier, size.choice, size.desired // zones, grid, size.min // zones)


@cache
def swings(deviation: float) -> tuple[tuple[float, float], ...]:
    """Rates over their mean, each with its share of the requests, that stand for a lognormal rate.

    Those of Gauss and Hermite's quadrature with three nodes: exp(σ·z - σ²/2) at z = -√3, 0, √3 with weights
    1/6, 2/3, 1/6; of the requests more come while the rate is high.
    """
    if not deviation:
        return ((1.0, 1.0),)
    sigma = math.sqrt(math.log1p(deviation**2))
    nodes = [(math.exp(sigma * z - sigma**2 / 2), weight) for z, weight in _HERMITE]
    whole = sum(factor * weight for factor, weight in nodes)
    return tuple((factor, factor * weight / whole) for factor, weight in nodes)


def without_waiting(grid: Grid, tier: Tier, speed: float) -> Distribution:
    """The times of all classes on machines of a speed when nothing waits: a bound that none can beat."""
    return _alone(grid, tier.work, speed)


def at_best(grid: Grid, tier: Tier, speed: float) -> Distribution:
    """The same by the law of the tier alone, where that is nearer: served in turn, a visit takes its service.

    What is damped comes round by e^-18 of what lies beyond twice the grid, a hundredth at most where a goal
    is kept: whoever asks whether it may be kept beside this allows for 10^-9.
    """
    if tier.discipline == "processor-sharing":
        return without_waiting(grid, tier, speed)
    return _served(grid, tier.work, speed)


@lru_cache(maxsize=REMEMBERED_BOUNDS)
def _served(grid: Grid, work: tuple[ClassWork, ...], speed: float) -> Distribution:
    """The times of services alone, of all classes; not to be written to."""
    times = _of_classes(grid, work, speed, lambda own: service_time(grid, *own))
    times.flags.writeable = False
    return times


@lru_cache(maxsize=REMEMBERED_BOUNDS)
def _alone(grid: Grid, work: tuple[ClassWork, ...], speed: float) -> Distribution:
    """The same of the work of all classes; not to be written to."""
    times = _of_classes(grid, work, speed, lambda own: alone(grid, *own))
    times.flags.writeable = False
    return times


@lru_cache(maxsize=REMEMBERED)
def _hourly(shares: tuple[float, ...], per_zone: int, least: int) -> tuple[int, ...]:
    """So many machines per zone as the load of each hour needs, whatever machines they are."""
    return tuple(max(least, math.ceil(per_zone * share - 1e-9)) for share in shares)


@lru_cache(maxsize=REMEMBERED)
def _under_load(
    law: Law,
    grid: Grid,
    mixture: Mixture,
    work: tuple[ClassWork, ...],
    speed: float,
) -> Distribution:
    """The times of all classes on a machine that gets a mixture of requests; not to be written to."""
    queue, at_once = mixture[:4], mixture[4]
    times = _of_classes(grid, work, speed, lambda own: law(grid, *queue, own, at_once=at_once))
    times.flags.writeable = False
    return times


def _of_classes(
    grid: Grid, work: Sequence[ClassWork], speed: float, law: Callable[[Service], Distribution]
) -> Distribution:
    """One row per class; classes that ask for the same service of one visit share its distribution."""
    visit = cache(law)

    def times(one: ClassWork) -> Distribution:
        once = visit(Service(one.service_s / speed, one.scv))
        return _later(grid, in_series(grid, once, one.visits, one.hit_share), one.away_s)

    return np.array([times(one) for one in work])


def _later(grid: Grid, times: Distribution, away_s: float) -> Distribution:
    """All times longer by `away_s`, rounded up to a whole step; what passes the grid is dropped."""
    steps = grid.steps_of(away_s)
    return np.concatenate([np.zeros(steps), times[: grid.steps - steps]]) if steps else times


def shares(tiers: Sequence[Tier]) -> Distribution:
    """The share of each class of requests, which is the same in every tier; of one goal for each, a row each.

    Whatever is multiplied by it is then of all requests together, or of every class by itself.

    Raises:
        ValueError: the tiers know different classes.
    """
    first, *others = [[(w.name, w.share) for w in tier.work] for tier in tiers]
    if any(other != first for other in others):
        raise ValueError(f"the tiers know different classes of requests: {first} and {others}")
    return np.eye(len(first)) if tiers[0].each else np.array([share for _, share in first])


def end_to_end(grid: Grid, times: Iterable[Distribution], shares: Distribution) -> Distribution:
    """The time of all requests, or of each class: its tiers in series, then the classes by their shares.

    So a class that is heavy in one tier is the same that is heavy in the next.
    """
    return np.asarray(shares @ reduce(grid.convolve, times))


def survivors(tier: Tier, per_zone: int) -> float:
    """Machines left after the loss of one zone; of several replicas see `Tier.as_many_as`.

    The zone that is lost is the one in which most instances stand, the first's.
    """
    if tier.copies:
        return tier.as_many_as(tier.copies - math.ceil(tier.copies / tier.zones))
    return per_zone * max(tier.zones - 1, 1)


def utilisation(tier: Tier, choice: Choice, per_zone: int) -> float:
    """Share of CPU busy at peak after the loss of a zone: a / (machines · vCPU · speed)."""
    return tier.load.busy / (survivors(tier, per_zone) * choice.vcpu * choice.speed)


def could_do(tier: Tier, choice: Choice) -> bool:
    """Whether some number of these might keep the limits that are the same for every number of them."""
    lasting = choice.baseline is None or choice.baseline >= LEAST_BASELINE
    return choice.mem_gib >= tier.working_gib and lasting


def hard_limit(candidate: Candidate) -> Miss | None:
    """The limit other than latency that a candidate breaks alone; None when it keeps them all."""
    tier, choice = candidate.tier, candidate.choice
    if choice.mem_gib < tier.working_gib:
        return "memory", f"{choice.mem_gib:g} of {tier.working_gib:.1f} GiB"
    if candidate.most_machines > tier.most:
        return "machines", f"{candidate.most_machines:,} at the most, {tier.most:,.0f} allowed"
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
    if tier.copies:
        machines = 1  # each replica writes what the master writes
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


def grid_for(tiers: Sequence[Tier], p99_ms: float) -> Grid:
    """A grid that reaches well beyond the goal, in steps that are short beside the shortest visit.

    It reaches four times the goal, yet no further than `LONGEST_WORK` times the work of a request, beyond
    which only overloaded machines lie: so the figures do not become coarse when the goal is lax.
    """
    horizon_s = min(4 * p99_ms / 1000, LONGEST_WORK * work_s(tiers))
    shortest_s = min(
        work.service_s / speed for tier in tiers for speed in (top_speed(tier),) for work in tier.work
    )
    steps = LEAST_STEPS
    while steps < MOST_STEPS and horizon_s / steps > shortest_s / 2:
        steps *= 2
    return Grid.covering(horizon_s, steps)


def top_speed(tier: Tier) -> float:
    """Of the fastest machines that a tier may be made of."""
    return max(choice.speed for choice in tier.choices)


def work_s(tiers: Sequence[Tier]) -> float:
    """The work of the heaviest class of requests in all tiers on the reference family, in seconds."""
    by_class = zip(*(tier.work for tier in tiers), strict=True)
    return float(max(sum(work.service_s * max(work.visits, 1.0) for work in works) for works in by_class))
