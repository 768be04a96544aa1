"""Minutes that a simulation leaves out have times of their own: as many, as long, and no chance lasts."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from groma.questions.drills.redrawn import redrawn
from groma.simulation.day import Setting, simulate
from groma.simulation.histogram import share_above
from groma.simulation.scene import Assumed, scenes_of
from groma.simulation.seen import Seen, added
from groma.simulation.traffic import steady
from workloads import designed_example

MADE = designed_example("social-50k")
MINUTES = 240


@cache
def seen(every: int) -> Seen:
    scene = scenes_of(MADE, Assumed())[0]
    traffic = steady(MADE.demand.peak_per_s.likely / 4, 60 * MINUTES, 1)
    return simulate(scene, 0, traffic, Setting(every=every), lambda *_: True)


def slow(of: Seen, share: float) -> list[float]:
    """By minute the share of answers that take longer than a share of all does."""
    limit_s = seen(1).quantile_s(share)
    each = (added([minute.felt], len(of.cast.kinds)).sum(axis=0) for minute in of.minutes)
    return [share_above(counts, limit_s) for counts in each]


def test_what_was_simulated_as_a_whole_stays_as_it_is() -> None:
    assert redrawn(seen(1), 1) is seen(1)
    thin = seen(16)
    for before, after in zip(thin.minutes, redrawn(thin, 1).minutes, strict=True):
        assert (after.asked == before.asked).all()
        assert (after.outcomes == before.outcomes).all()


def test_what_is_rare_in_a_minute_does_not_last_until_the_next_that_is_simulated() -> None:
    assert sum(each.simulated == 0 for each in seen(16).minutes) > 0.8 * MINUTES
    repeated, drawn, whole = (slow(of, 0.99) for of in (seen(16), redrawn(seen(16), 1), seen(1)))
    alike = [np.corrcoef(each[:-1], each[1:])[0, 1] for each in (repeated, drawn, whole)]
    assert alike[0] > 0.8
    assert max(abs(alike[1]), abs(alike[2])) < 0.3


@pytest.mark.parametrize("share", [0.5, 0.9, 0.99])
def test_as_many_take_as_long_and_differ_as_much_as_where_all_is_simulated(share: float) -> None:
    drawn, whole = (np.array(slow(of, share)) for of in (redrawn(seen(16), 1), seen(1)))
    assert drawn.mean() == pytest.approx(whole.mean(), rel=0.1)
    assert drawn.std() == pytest.approx(whole.std(), rel=0.3)


def test_a_minute_with_a_backlog_to_answer_says_nothing_of_those_about_it() -> None:
    thin = seen(16)
    bases = [number for number, each in enumerate(thin.minutes) if each.simulated != 0]
    late = bases[len(bases) // 2]
    first, counts = thin.minutes[late].felt
    minutes = list(thin.minutes)
    minutes[late] = replace(minutes[late], felt=(first + 500, counts))
    changed = slow(redrawn(replace(thin, minutes=tuple(minutes)), 1), 0.99)
    assert changed[late] > 0.99
    assert max(changed[:late] + changed[bases[bases.index(late) + 1] :]) < 0.1


def test_the_same_seed_draws_the_same() -> None:
    felt = [redrawn(seen(16), seed).felt for seed in (1, 1, 2)]
    assert (felt[0] == felt[1]).all()
    assert (felt[0] != felt[2]).any()
