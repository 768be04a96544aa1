"""Stations in order against a heap, request by request, and against theory at ten million requests."""

from __future__ import annotations

import heapq
import math
from collections.abc import Sequence

import numpy as np
import pytest
from closed_forms import mg1_mean_s, mmc_mean_s, mmc_quantile_s
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from groma.simulation.kernels.draws import exponentials, key_of, quantile, stretched, uniform
from groma.simulation.kernels.stations import SLAB
from groma.simulation.shapes import SHAPES, Shape, table_of
from groma.simulation.tandem import Passed, Station, in_tandem

MANY = 10_000_000
WITHIN = 0.005
T_99 = 2.861
"""Two-sided quantile of Student's t with 19 degrees of freedom."""


def drawn(seed: int, row: int, count: int, station: Station | None, mean_s: float) -> NDArray[np.float64]:
    """What arrivals (row 0) or a station draw, slab by slab."""
    parts = []
    for slab in range(count // SLAB + 1):
        key, out = np.uint64(key_of(seed, slab, row)), np.empty(SLAB)
        if station is None or (station.scv == 1 and station.shape != "lognormal"):
            exponentials(key, mean_s, out)
        else:
            exponentials(key, 1.0, out)
            stretched(table_of(station.shape, station.scv), mean_s, out)
        parts.append(out)
    return np.concatenate(parts)[:count]


def by_a_heap(stations: Sequence[Station], per_s: float, requests: int, seed: int) -> list[float]:
    """Times of requests in the order in which they leave: a heap of free processors for each station."""
    now_s, coming = 0.0, []
    for gap_s in drawn(seed, 0, requests, None, 1 / per_s):
        now_s += gap_s
        coming.append((now_s, now_s))
    for row, station in enumerate(stations, 1):
        free, left = [-math.inf] * station.processors, []
        works_s = drawn(seed, row, requests + sum(s.processors for s in stations), station, station.work_s)
        before = sum(each.processors for each in stations[: row - 1])
        for place, (at_s, born_s) in enumerate(coming):
            done_s = max(at_s, heapq.heappop(free)) + works_s[before + place]
            heapq.heappush(free, done_s)
            left.append((done_s, place, born_s))
        coming = [(done_s, born_s) for done_s, _, born_s in sorted(left)]
    return [left_s - born_s for left_s, born_s in coming]


@pytest.mark.parametrize(
    "stations",
    [
        [Station(1, 0.9)],
        [Station(3, 2.5, 4.0)],
        [Station(8, 6.4), Station(16, 12.8), Station(4, 3.2)],
        [Station(5, 4.5, 2.0, "lognormal"), Station(1, 0.8, 0.0, "gamma"), Station(64, 60.0, 0.3)],
    ],
    ids=str,
)
def test_a_heap_says_the_same_of_every_request(stations: list[Station]) -> None:
    requests = 2 * SLAB + 77
    passed = in_tandem(stations, 1.0, requests, 5, logged=requests)
    assert passed.log_s.tolist() == by_a_heap(stations, 1.0, requests, 5)
    assert passed.felt.sum() == requests
    assert passed.mean_s == pytest.approx(passed.log_s.mean())


@given(
    st.lists(
        st.builds(
            Station,
            st.integers(1, 9),
            st.sampled_from((0.3, 1.0, 3.0)),
            st.sampled_from((0.0, 0.5, 1.0, 4.0)),
            st.sampled_from(SHAPES),
        ),
        min_size=1,
        max_size=4,
    ),
    st.integers(1, 300),
    st.integers(0, 2**32 - 1),
)
@settings(max_examples=60, derandomize=True, deadline=None)
def test_a_heap_says_the_same_of_any_stations(stations: list[Station], requests: int, seed: int) -> None:
    passed = in_tandem(stations, 1.0, requests, seed, logged=requests)
    assert passed.log_s.tolist() == by_a_heap(stations, 1.0, requests, seed)


def test_batches_part_what_is_counted() -> None:
    stations = [Station(2, 1.5), Station(1, 0.7, 2.0)]
    whole = in_tandem(stations, 1.0, 50_000, skipped=5_000, logged=50_000)
    parted = in_tandem(stations, 1.0, 50_000, skipped=5_000, batches=7)
    assert np.array_equal(whole.felt.sum(axis=0), in_tandem(stations, 1.0, 50_000, skipped=5_000).felt[0])
    assert parted.felt.sum(axis=1).tolist() == [45_000 // 7] * 7
    known = whole.log_s[5_000 : 5_000 + 45_000 // 7]
    assert parted.means_s[0] == pytest.approx(known.mean())
    assert parted.quantiles_s(0.9)[0] == pytest.approx(np.quantile(known, 0.9), rel=0.02)


def told(passed: Passed, mean_s: float) -> None:
    """A mean is within half a per cent, and no further off than chance takes it."""
    half = T_99 * passed.means_s.std(ddof=1) / math.sqrt(passed.means_s.size)
    assert abs(passed.mean_s - mean_s) < min(WITHIN * mean_s, half), (passed.mean_s / mean_s, half / mean_s)


@pytest.mark.parametrize(
    ("processors", "busy"), [(1, 0.1), (1, 0.5), (4, 0.7), (8, 0.8), (16, 0.8), (64, 0.9)]
)
def test_many_exponential_processors(processors: int, busy: float) -> None:
    passed = in_tandem([Station(processors, 1.0)], busy * processors, MANY, 2, skipped=MANY // 10, batches=20)
    told(passed, mmc_mean_s(processors, busy))
    assert passed.quantile_s(0.99) == pytest.approx(mmc_quantile_s(processors, busy, 0.99), rel=WITHIN)


@pytest.mark.parametrize(("shape", "scv"), [("gamma", 0.0), ("lognormal", 1.0), ("hyperexponential", 2.0)])
def test_one_processor_of_any_distribution(shape: Shape, scv: float) -> None:
    passed = in_tandem([Station(1, 1.0, scv, shape)], 0.4, MANY, 2, skipped=MANY // 10, batches=20)
    told(passed, mg1_mean_s(0.4, scv))


def test_stations_behind_each_other() -> None:
    rows = ((8, 0.064), (16, 0.128), (4, 0.032))
    passed = in_tandem([Station(*row) for row in rows], 100.0, MANY, 1, skipped=MANY // 10, batches=20)
    told(passed, sum(work_s * mmc_mean_s(count, 100 * work_s / count) for count, work_s in rows))


def test_draws_are_those_of_their_key() -> None:
    key, several = np.uint64(key_of(3, 1, 4)), np.empty(20_000)
    exponentials(key, 1.0, several)
    single = [-math.log(uniform(key, count)) for count in range(several.size)]
    np.testing.assert_allclose(several, single, rtol=1e-14)
    table = table_of("lognormal", 2.0)
    stretched(table, 3.0, several)
    known = [3.0 * quantile(table, uniform(key, count)) for count in range(several.size)]
    np.testing.assert_allclose(several, known, rtol=1e-12)


def test_nothing_to_pass_or_to_count() -> None:
    for stations, requests, skipped in (([], 10, 0), ([Station(0, 1.0)], 10, 0), ([Station(1, 1.0)], 10, 10)):
        with pytest.raises(ValueError, match="a request in each batch"):
            in_tandem(stations, 1.0, requests, skipped=skipped)
