"""Queueing laws against closed forms and against an event-by-event simulation."""

from __future__ import annotations

import math

import numpy as np
import pytest
import reference

from groma.sizing.queueing import (
    Grid,
    Service,
    busy_when_doubled,
    erlang_c,
    in_series,
    mean_wait_s,
    poisson_quantile,
    service_time,
    sojourn,
)
from groma.sizing.safety import FIFO, SHARED, safety
from groma.sizing.services import residual_cdf, service_cdf
from groma.sizing.sharing import shared_sojourn


def mmc_waiting_probability(servers: int, offered: float) -> float:
    """Erlang C by its defining sum, which is exact for few servers."""
    terms = [offered**k / math.factorial(k) for k in range(servers)]
    last = offered**servers / math.factorial(servers) / (1 - offered / servers)
    return last / (sum(terms) + last)


@pytest.mark.parametrize("servers", [1, 2, 5, 20])
@pytest.mark.parametrize("busy", [0.1, 0.5, 0.9, 0.99])
def test_erlang_c_is_the_defining_sum(servers: int, busy: float):
    assert erlang_c(servers, servers * busy) == pytest.approx(
        mmc_waiting_probability(servers, servers * busy)
    )


def test_erlang_c_of_one_server_is_its_utilisation():
    assert erlang_c(1, 0.37) == pytest.approx(0.37)


def test_erlang_c_beyond_capacity_is_certain():
    assert erlang_c(3, 3.0) == 1.0
    assert mean_wait_s(3, 30, 0.1, 1) == math.inf


@pytest.mark.parametrize("scv", [0, 0.5, 1, 4])
def test_the_mean_wait_of_one_server_is_pollaczek_khinchine(scv: float):
    rate, service = 8.0, 0.1
    exact = rate * service**2 * (1 + scv) / (2 * (1 - rate * service))
    assert mean_wait_s(1, rate, service, scv) == pytest.approx(exact)


@pytest.mark.parametrize("servers", [2, 8])
def test_the_mean_wait_of_exponential_service_is_that_of_mmc(servers: int):
    rate, service = 0.8 * servers / 0.05, 0.05
    exact = erlang_c(servers, rate * service) / (servers / service - rate)
    assert mean_wait_s(servers, rate, service, 1) == pytest.approx(exact)


def test_work_takes_twice_as_long_when_one_server_is_half_busy_and_two_are_so_by_the_root_of_a_half():
    """M/M/1: 1/(1 - ρ) = 2; M/M/2: 1/(1 - ρ²) = 2."""
    assert busy_when_doubled(1) == pytest.approx(0.5)
    assert busy_when_doubled(2) == pytest.approx(math.sqrt(0.5))
    assert busy_when_doubled(2) < busy_when_doubled(4) < 1


@pytest.mark.parametrize("scv", [0.1, 0.3, 0.5, 0.99, 1, 2, 4])
def test_service_times_have_the_moments_asked_for(scv: float):
    grid = Grid.covering(4.0, steps=8192)
    times = np.arange(grid.steps) * grid.step_s
    got = service_time(grid, 0.05, scv)
    mean = (got * times).sum()
    assert got.sum() == pytest.approx(1, abs=1e-6)
    assert mean == pytest.approx(0.05, rel=0.01)
    assert (got * times**2).sum() / mean**2 - 1 == pytest.approx(scv, abs=0.03)


def test_visits_in_series_add_their_means():
    grid = Grid.covering(2.0)
    times = np.arange(grid.steps) * grid.step_s
    visit = service_time(grid, 0.01, 1)
    for visits, hit_share in ((2, 0.0), (2.3, 0.0), (0.4, 0.0), (4, 0.5), (2.5, 0.25)):
        got = in_series(grid, visit, visits, hit_share)
        assert got.sum() == pytest.approx(1, abs=1e-6)
        assert (got * times).sum() == pytest.approx(0.01 * visits * (1 - hit_share), rel=0.02)
    assert in_series(grid, visit, 0)[0] == pytest.approx(1)


def test_of_two_visits_that_a_cache_answers_half_a_quarter_takes_no_time():
    grid = Grid.covering(2.0)
    visit = np.zeros(grid.steps)
    visit[10] = 1.0
    got = in_series(grid, visit, 2, 0.5)
    assert [got[0], got[10], got[20]] == pytest.approx([0.25, 0.5, 0.25])


def test_a_saturated_queue_has_no_quantile():
    grid = Grid.covering(1.0)
    assert grid.quantile(sojourn(grid, 2, 30, 0.1, 1), 0.99) == math.inf


def test_the_sojourn_of_one_exponential_server_is_exponential():
    """M/M/1: T is exponential with mean s / (1 - ρ); ours may only be longer, by the safety on waits."""
    grid = Grid.covering(3.0, steps=8192)
    exact = -math.log(0.01) * 0.02 / (1 - 0.6)
    got = grid.quantile(sojourn(grid, 1, 30, 0.02, 1), 0.99)
    assert exact <= got <= exact * 1.25


@pytest.mark.parametrize("scv", [0.1, 0.5, 1, 4])
def test_what_is_left_of_a_service_that_is_met_under_way_has_the_mean_of_theory(scv: float):
    """E[R] = s·(1 + cs²)/2, and its density is that nothing has ended yet, over s."""
    times = (np.arange(40_000) + 0.5) * 1e-4
    left = residual_cdf(times, 0.05, scv)
    assert (1 - left).sum() * 1e-4 == pytest.approx(0.05 * (1 + scv) / 2, rel=0.01)
    assert np.diff(left) / 1e-4 * 0.05 == pytest.approx(1 - service_cdf(times[1:], 0.05, scv), abs=0.01)


@pytest.mark.parametrize("scv", [0.3, 1, 4])
@pytest.mark.parametrize("servers", [1, 4])
def test_waits_have_the_mean_of_pollaczek_khinchine_and_their_safety(servers: int, scv: float):
    grid = Grid.covering(12.0, steps=16_384)
    got = sojourn(grid, servers, 0.7 * servers / 0.02, 0.02, scv)
    waits = mean_wait_s(servers, 0.7 * servers / 0.02, 0.02, scv)
    assert got.sum() == pytest.approx(1, abs=1e-6)
    assert (got * np.arange(grid.steps)).sum() * grid.step_s == pytest.approx(
        0.02 + safety(FIFO, servers) * waits, rel=0.01
    )


def test_sharing_has_the_exact_mean_of_processor_sharing_but_for_its_safety():
    """M/G/1-PS: E[T] = s / (1 - ρ) whatever the distribution of work."""
    grid = Grid.covering(20.0, steps=16384)
    times = np.arange(grid.steps) * grid.step_s
    for scv in (0.5, 1.0, 4.0):
        got = (shared_sojourn(grid, 1, 30, 0.02, scv) * times).sum()
        exact = 0.02 / (1 - 0.6)
        with_safety = 0.02 * (1 + safety(SHARED, 1) * 0.6 / 0.4)
        assert exact <= got == pytest.approx(with_safety, rel=0.03)


@pytest.mark.parametrize("at_once", [1.5, 3.0])
@pytest.mark.parametrize("scv", [0.5, 1, 4])
def test_who_comes_with_others_waits_for_them(scv: float, at_once: float):
    """Batches of geometric numbers at one server: E[W] = (ρ·E[R] + (b - 1)·s) / (1 - ρ)."""
    grid = Grid.covering(8.0, steps=16_384)
    got = sojourn(grid, 1, 30, 0.02, scv, longer=1.0, at_once=at_once)
    waits = (0.6 * 0.02 * (1 + scv) / 2 + (at_once - 1) * 0.02) / 0.4
    assert got.sum() == pytest.approx(1, abs=1e-6)
    assert (got * np.arange(grid.steps)).sum() * grid.step_s == pytest.approx(0.02 + waits, rel=0.005)


@pytest.mark.parametrize("at_once", [1.5, 3.0])
def test_who_comes_with_others_shares_with_them(at_once: float):
    """M/M/1-PS with batches of geometric numbers: E[T] = b·s / (1 - ρ)."""
    grid = Grid.covering(12.0, steps=16_384)
    got = shared_sojourn(grid, 1, 30, 0.02, 1, longer=1.0, at_once=at_once)
    assert (got * np.arange(grid.steps)).sum() * grid.step_s == pytest.approx(at_once * 0.02 / 0.4, rel=0.01)


@pytest.mark.parametrize(("law", "servers"), [(sojourn, 1), (sojourn, 2), (shared_sojourn, 1)])
def test_the_more_come_at_once_the_longer_it_takes(law, servers):
    grid = Grid.covering(8.0, steps=8192)
    p99s = [
        grid.quantile(law(grid, servers, 20 * servers, 0.02, 2, at_once=b), 0.99) for b in (1, 1.001, 2, 4)
    ]
    assert p99s[1] == pytest.approx(p99s[0], rel=0.02)
    assert p99s[0] < p99s[2] < p99s[3]


def test_sharing_without_load_is_the_work_itself():
    grid = Grid.covering(1.0)
    assert grid.quantile(shared_sojourn(grid, 4, 0.01, 0.02, 1), 0.99) == pytest.approx(
        grid.quantile(service_time(grid, 0.02, 1), 0.99), rel=0.01
    )


def test_saturated_sharing_has_no_quantile():
    grid = Grid.covering(1.0)
    assert grid.quantile(shared_sojourn(grid, 2, 100, 0.02, 1), 0.99) == math.inf


def test_a_shorter_grid_is_the_beginning_of_a_longer_one():
    grid = Grid.covering(1.6)
    near = grid.up_to(0.4)
    for law in (sojourn, shared_sojourn):
        long, short = law(grid, 2, 60, 0.02, 2), law(near, 2, 60, 0.02, 2)
        assert short == pytest.approx(long[: near.steps], abs=1e-9)


@pytest.mark.parametrize("mean", [0.0, 0.3, 5, 80, 499, 700])
@pytest.mark.parametrize("probability", [0.5, 0.99, 0.999])
def test_poisson_quantiles_are_where_the_sum_passes(mean: float, probability: float):
    k = poisson_quantile(mean, probability)
    log_terms = [-mean + n * math.log(mean or 1e-300) - math.lgamma(n + 1) for n in range(k + 30)]
    below = sum(math.exp(t) for t in log_terms[:k])
    within = 2 if mean > 500 else 0
    assert below < probability + (0.05 if within else 1e-9)
    assert sum(math.exp(t) for t in log_terms[: k + 1 + within]) >= probability - 1e-9


def test_the_mean_wait_of_constant_service_is_about_half_that_of_exponential():
    """M/D/c: for one server exactly half (Pollaczek and Khinchine); for more within 15 % at 80 % busy."""
    rng = np.random.default_rng(3)
    for servers in (1, 4):
        rate = 0.8 * servers / 0.02
        arrived = reference.arrivals(rng, rate, 150_000)
        waited = (reference.first_come(servers, arrived, np.full(150_000, 0.02)) - 0.02).mean()
        assert mean_wait_s(servers, rate, 0.02, 0) == pytest.approx(waited, rel=0.15)


@pytest.mark.parametrize("servers", [1, 3])
def test_the_reference_agrees_with_theory(servers: int):
    """Both disciplines have the mean time of M/M/c, which is known exactly."""
    rng = np.random.default_rng(1)
    mean_s, rate, count = 0.02, 0.7 * servers / 0.02, 150_000
    arrived, amounts = reference.arrivals(rng, rate, count), reference.work(rng, mean_s, 1, count)
    exact = mean_s + mean_wait_s(servers, rate, mean_s, 1)
    for simulate in (reference.first_come, reference.sharing):
        assert simulate(servers, arrived, amounts).mean() == pytest.approx(exact, rel=0.05)


def compare(law, simulate, servers: int, busy: float, scv: float, count: int) -> tuple[float, float, float]:
    """Our p99, and the confidence interval of the simulated one."""
    mean_s = 0.02
    rng = np.random.default_rng(5)
    amounts = reference.work(rng, mean_s, scv, count)
    rate = busy * servers / mean_s
    low, high = reference.interval(simulate(servers, reference.arrivals(rng, rate, count), amounts), 0.99)
    grid = Grid.covering(15 * mean_s / (1 - busy) * max(scv, 1), 8192)
    return grid.quantile(law(grid, servers, rate, mean_s, scv), 0.99), low, high


LAWS = {"fifo": (sojourn, reference.first_come), "sharing": (shared_sojourn, reference.sharing)}
QUICK = [(2, 0.5, 1), (2, 0.8, 2), (4, 0.7, 4), (8, 0.85, 2), (2, 0.6, 0.5)]
GRID = [(c, busy, scv) for c in (1, 2, 4, 8) for busy in (0.3, 0.6, 0.8, 0.9) for scv in (0.5, 1, 2, 4)]


@pytest.mark.parametrize("discipline", LAWS)
@pytest.mark.parametrize(("servers", "busy", "scv"), QUICK)
def test_p99_is_never_optimistic_against_a_simulation(discipline, servers, busy, scv):
    ours, low, high = compare(*LAWS[discipline], servers, busy, scv, 60_000)
    assert low <= ours <= high * 1.34


@pytest.mark.slow
@pytest.mark.parametrize("discipline", LAWS)
@pytest.mark.parametrize(("servers", "busy", "scv"), GRID)
def test_p99_is_never_optimistic_over_a_grid(discipline, servers, busy, scv):
    """Not below the confidence interval of the reference, and not more than a third above it."""
    ours, low, high = compare(*LAWS[discipline], servers, busy, scv, 200_000)
    assert low <= ours <= high * 1.34


@pytest.mark.slow
@pytest.mark.parametrize(
    ("law", "reality"), [(sojourn, reference.first_come), (shared_sojourn, reference.sharing)]
)
@pytest.mark.parametrize("busy", [0.5, 0.8])
def test_classes_through_two_tiers_against_a_simulation_of_every_request(law, reality, busy):
    """A light class and a heavy one, each its own service in both tiers, in queues that both wait in."""
    rng, count, servers, share = np.random.default_rng(7), 300_000, 2, 0.1
    means = np.array([[0.01, 0.02], [0.04, 0.08]])  # of a class in a tier
    weights = np.array([1 - share, share])
    rate = busy * servers / float(weights @ means[:, 1])
    kind = (rng.random(count) < share).astype(int)
    arrived = reference.arrivals(rng, rate, count)
    total = np.zeros(count)
    for tier in (0, 1):
        order = np.argsort(arrived + total, kind="stable")
        service = reference.work(rng, 1.0, 1.0, count) * means[kind, tier]
        total[order] += reality(servers, (arrived + total)[order], service[order])
    grid = Grid.covering(4.0, 8192)
    parts = []
    for tier in (0, 1):
        mean = float(weights @ means[:, tier])
        scv = float(weights @ (2 * means[:, tier] ** 2)) / mean**2 - 1
        parts.append(
            np.array([law(grid, servers, rate, mean, scv, Service(each, 1.0)) for each in means[:, tier]])
        )
    ours = grid.convolve(*parts)
    for name, row, true in (
        ("light", ours[0], total[kind == 0]),
        ("heavy", ours[1], total[kind == 1]),
        ("all", weights @ ours, total),
    ):
        low, high = reference.interval(true, 0.99)
        got = grid.quantile(row, 0.99)
        assert low <= got <= 1.35 * high, (name, got, low, high)
