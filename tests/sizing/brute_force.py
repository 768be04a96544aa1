"""The cheapest sizes by trying every combination: slow, plain, and independent of the search."""

from __future__ import annotations

import numpy as np

from groma.sizing.candidates import Candidate, grid_for, hard_limit
from groma.sizing.pools import joint_limit
from groma.sizing.queueing import Grid
from groma.sizing.values import Tier


def options(each: Tier, grid: Grid) -> list[Candidate]:
    counts = range(1, 41) if each.scales else (1,)
    every = [Candidate(each, c, n, grid) for c in each.choices for n in counts]
    return [c for c in every if c.choice.usd_per_hour is not None and hard_limit(c) is None]


def brute_force(tiers, p99_ms: float) -> float | None:
    """The least cost over every combination; only what costs more than one that is found is left out.

    What a combination costs is known only when it is whole, and is never less than its parts. So all are
    looked at that may cost up to a limit, and the limit is raised until one is found below it.
    """
    grid = grid_for(tiers, p99_ms).up_to(p99_ms / 1000)
    every = [options(each, grid) for each in tiers]
    if not all(every):
        return None
    least = [min(c.usd_per_month for c in each) for each in every]
    best = np.inf
    for limit in (1.5 * sum(least), 3 * sum(least), np.inf):
        beside = [limit - sum(least) + own for own in least]
        near = [
            [c for c in each if c.usd_per_month <= most] for each, most in zip(every, beside, strict=True)
        ]
        best = cheapest(near, tiers[0], grid)
        if best <= limit:
            break
    return None if np.isinf(best) else best


def cheapest(near: list[list[Candidate]], tier: Tier, grid: Grid) -> float:
    """The least cost over every combination of these; infinity when none is feasible.

    P(T1 + T2 + T3 <= goal) of all pairs of a first and a second tier at once, class by class: the first is
    convolved with the third, and the sum with the second is a matrix product of densities and cumulated ones.
    """
    first, second, third = near
    spectra = grid.spectrum(np.array([c.times for c in first]))
    early = np.ascontiguousarray(np.cumsum([c.times for c in second], axis=-1)[..., ::-1])
    pair_usd = np.add.outer([c.usd_per_month for c in first], [c.usd_per_month for c in second])
    best = np.inf
    for three in third:
        total = pair_usd + three.usd_per_month
        rows = np.flatnonzero(total.min(axis=1) < best)
        both = grid.inverse(spectra[rows] * grid.spectrum(three.times))
        by_class = [both[:, k] @ early[:, k].T for k in range(len(tier.work))]
        mixed = sum(work.share * own for work, own in zip(tier.work, by_class, strict=True))
        in_time = np.min(by_class, axis=0) if tier.each else mixed
        feasible = np.argwhere((in_time >= 0.99 - 1e-12) & (total[rows] < best)).tolist()
        for usd, i, j in sorted((total[rows[row], j], rows[row], j) for row, j in feasible):
            together = (first[i], second[j], three)
            if usd >= best:
                break
            if joint_limit(together) is None:
                best = min(best, paid(together, tier))
    return float(best)


def paid(together, tier: Tier) -> float:
    """What a combination costs: a group whose CPU must stay below 10 % runs at full size all day."""
    usd = 0.0
    for position, each in enumerate(together):
        busy = 0.10 * 2 * each.tier.burst  # of the survivors of two zones, in the burst of the busiest hour
        alone = each.tier.load.rate_per_s / each.survivors
        over = busy > 0.95
        if each.tier.scales and not over and busy > each.utilisation:
            laden = each.times_at(alone * busy / each.utilisation)
            times = [laden if i == position else c.times for i, c in enumerate(together)]
            total = each.grid.convolve(each.grid.convolve(times[0], times[1]), times[2])
            kept = [row.sum() for row in total]
            mixed = sum(work.share * own for work, own in zip(tier.work, kept, strict=True))
            over = (min(kept) if tier.each else mixed) < 0.99 - 1e-12
        all_day = each.machines * each.choice.usd_per_hour * 730
        usd += all_day if each.tier.scales and over else each.usd_per_month
    return usd
