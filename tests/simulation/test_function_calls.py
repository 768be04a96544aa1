"""Calls of a function: environments are used again, limited, added at a rate, idle out and are replaced."""

from __future__ import annotations

import numpy as np
import pytest

from groma.simulation.answer import Simulated
from groma.simulation.asking import Asked, simulated
from groma.simulation.histogram import mean_s, quantile_s
from groma.simulation.kernels import calls
from groma.simulation.kernels.calls import Environments, Kinds, Limits, call_all
from groma.simulation.kernels.state import BINS, GOOD, OUTCOMES, REFUSED, Floats, Ints
from groma.simulation.shapes import table_of
from groma.sizing.queueing import erlang_c
from workloads import designed_example

UNLIMITED = Limits(most=5000, queues=False, added=1_000_000, cold_s=0.0, idle_s=1e9, life_s=1e9)


class Function:
    """A function whose calls compute for a second on average, and what was counted of it."""

    def __init__(self, limits: Limits, scv: float = 1.0) -> None:
        exponential = table_of("hyperexponential", 1.0)
        tables = np.array([exponential, table_of("hyperexponential", scv), table_of("hyperexponential", 0.0)])
        nothing = np.zeros((1, 0))
        self.kinds = Kinds(np.ones(1), np.zeros(1), np.ones(1), nothing, nothing, tables)
        self.limits = limits
        places = np.zeros((4, limits.most + 1))
        self.there = Environments(*places, np.zeros(calls.COUNTS, np.int64), np.zeros(1))
        self.felt: Ints = np.zeros((1, BINS), np.int64)
        self.outcomes: Ints = np.zeros((1, len(OUTCOMES)), np.int64)

    def call(self, arrivals_s: Floats) -> Function:
        inside = np.zeros(BINS, np.int64)
        found = (self.kinds, self.limits, self.there, self.felt, self.outcomes, inside)
        call_all(arrivals_s, 0, 1, *found)
        return self

    @property
    def cold(self) -> int:
        return int(self.there.counts[calls.COLD])


def poisson(rate_per_s: float, count: int) -> Floats:
    return np.cumsum(np.random.default_rng(3).exponential(1 / rate_per_s, count))


def test_without_a_limit_every_call_begins_at_once():
    function = Function(UNLIMITED).call(poisson(10, 200_000))
    assert function.outcomes[0, GOOD] == 200_000
    assert mean_s(function.felt[0]) == pytest.approx(1.0, rel=0.01)
    assert function.cold == function.there.counts[calls.MOST], "each environment is begun once"


def test_calls_beyond_the_limit_are_refused_as_erlang_says():
    function = Function(UNLIMITED._replace(most=8)).call(poisson(6, 300_000))
    blocked = 1.0
    for k in range(1, 9):
        blocked = 6 * blocked / (k + 6 * blocked)
    assert function.outcomes[0, REFUSED] / 300_000 == pytest.approx(blocked, rel=0.03)


def test_messages_wait_for_an_environment_as_erlang_says():
    function = Function(UNLIMITED._replace(most=8, queues=True)).call(poisson(6, 300_000))
    assert function.outcomes[0, GOOD] == 300_000
    assert mean_s(function.felt[0]) == pytest.approx(1 + erlang_c(8, 6) / 2, rel=0.03)


def test_an_environment_that_idles_too_long_is_gone():
    rare = np.arange(1, 101) * 100.0
    assert Function(UNLIMITED._replace(idle_s=60.0)).call(rare).cold == 100
    assert Function(UNLIMITED._replace(idle_s=120.0)).call(rare).cold == 1


def test_an_environment_is_replaced_after_its_life():
    even = np.arange(1, 1001) * 10.0
    assert Function(UNLIMITED._replace(life_s=1000.0), scv=0.0).call(even).cold == pytest.approx(10, abs=1)


def test_a_cold_start_lasts_and_is_felt():
    function = Function(UNLIMITED._replace(cold_s=3.0), scv=0.0).call(np.array([1.0, 10.0]))
    assert quantile_s(function.felt[0], 0.25) == pytest.approx(1.0, rel=0.02)
    assert quantile_s(function.felt[0], 1.0) == pytest.approx(4.0, rel=0.02)


def test_environments_are_added_no_faster_than_they_may_be():
    crowd = np.linspace(0.0, 5.0, 200)
    refused = Function(UNLIMITED._replace(added=50), scv=0.0).call(crowd).outcomes[0, REFUSED]
    assert refused == 0, "forty are needed at once"
    refused = Function(UNLIMITED._replace(added=20), scv=0.0).call(crowd).outcomes[0, REFUSED]
    assert refused > 50
    waiting = Function(UNLIMITED._replace(added=20, queues=True), scv=0.0).call(crowd)
    assert waiting.outcomes[0, GOOD] == 200


def test_a_serverless_day_shows_functions_environments_and_cold_starts():
    made = designed_example("social-serverless")
    found = simulated(made, Asked(), lambda at_s, _: at_s < 3 * 3600)
    assert isinstance(found, Simulated)
    assert found.stopped
    words = found.words()
    assert [row[0] for row in words.tables[1].rows] == ["api", "fan-out", "pictures"]
    assert any(line.startswith("cold starts: ") for line in words.lines)
    felt = found.felt.sum(axis=0)
    assert quantile_s(felt, 0.5) * 1000 == pytest.approx(made.plan.function("api").latency_ms["p50"], rel=0.1)
    assert quantile_s(felt, 0.99) * 1000 == pytest.approx(
        made.plan.function("api").latency_ms["p99"], rel=0.1
    )
