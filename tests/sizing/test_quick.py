"""The share that keeps a goal is the same whether distributions are made or only their transforms."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import reduce

import pytest

from groma.design import cases
from groma.sizing.candidates import Candidate, candidate_of, grid_for, shares
from groma.sizing.quick import CLOSE, all_in_time, share_in_time
from groma.sizing.scaling import ENOUGH, cumulated, in_time
from groma.sizing.values import NO_WISH, Size, Tier
from workloads import designed_example

P99_MS = 400


def changed(tier: Tier, each: bool, visits: float, hit_share: float, away_s: float, **other: object) -> Tier:
    work = tier.work
    if tier.name == "database":
        ways = {"visits": visits, "hit_share": hit_share, "away_s": away_s}
        work = tuple(replace(one, **ways) for one in work)
    return replace(tier, work=work, each=each, **other)  # type: ignore[arg-type]


def chosen(tiers: Sequence[Tier], sizes: Sequence[Size]) -> list[Candidate]:
    grid = grid_for(tiers, P99_MS).up_to(P99_MS / 1000)
    return [candidate_of(tier, size, grid) for tier, size in zip(tiers, sizes, strict=True)]


def some() -> Iterator[list[Candidate]]:
    """The example's machines under draws from its ranges, and with other disciplines, visits and goals."""
    made = designed_example("social-50k")
    drawn = [case.tiers for case in cases(made.workload, NO_WISH)][::10]
    yield from (chosen(tiers, made.plan.sizes) for tiers in drawn)
    kinds = ("fifo", "processor-sharing") * 2
    ways = ((False, 5.0, 0.0, 0.0), (True, 2.3, 0.6, 0.0), (False, 0.4, 0.3, 0.15), (True, 4.1, 0.3, 9.0))
    for tiers, (each, *asked), discipline in zip(drawn, ways, kinds, strict=False):
        new = [changed(tier, each, *asked, discipline=discipline) for tier in tiers]
        yield chosen(new, made.plan.sizes)
    yield [replace(each, per_zone=1) for each in chosen(drawn[-1], made.plan.sizes)]


def share_by_distributions(candidates: Sequence[Candidate]) -> float:
    *others, last = candidates
    early = cumulated(reduce(last.grid.convolve, [each.times for each in others]))
    return in_time(shares([each.tier for each in candidates]), early, last.times)


def test_the_share_is_that_of_the_distributions():
    found = [(share_in_time(each), share_by_distributions(each)) for each in some()]
    assert [one for one, _ in found] == pytest.approx([other for _, other in found], abs=CLOSE / 10)
    assert min(one for one, _ in found) < ENOUGH < max(one for one, _ in found)


def test_near_the_goal_the_distributions_decide(monkeypatch: pytest.MonkeyPatch):
    for each in some():
        for beside in (-CLOSE / 2, CLOSE / 2):
            with monkeypatch.context() as patch:
                patch.setattr("groma.sizing.quick.share_in_time", lambda _, near=beside: ENOUGH + near)
                assert all_in_time(each) == (share_by_distributions(each) >= ENOUGH)
