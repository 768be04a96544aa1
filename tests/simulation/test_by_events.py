"""The compiled network against one that is written a second time, request by request."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from by_events import BROKEN, DRAINING, OFF, SERVING, ByEvents
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from groma.simulation.network import Behaviour, Kind, Tier, Visit, network
from groma.simulation.running import Change, Run

REQUESTS, PATIENT = 150, Behaviour()
FRONT, MIDDLE, BACK = (
    Tier("front", 2, 2, workers=6, backlog=3, routing="round-robin"),
    Tier("middle", 3, 1, workers=4, backlog=2, pool=2, routing="least-outstanding"),
    Tier("back", 2, 2, pool=1, routing="by-role"),
)
READING = Kind("read", 0.7, (Visit(0.01, 1.0, reads=1.3), Visit(0.02, 0.5, reads=2.4), Visit(0.01, 2.0)))
WRITING = Kind("write", 0.3, (Visit(0.01, writes=1), Visit(0.02, reads=1, writes=0.7), Visit(0.02, 0.0)))


def compare(
    tiers: Sequence[Tier],
    kinds: Sequence[Kind],
    behaviour: Behaviour = PATIENT,
    *,
    per_s: float = 60.0,
    changes: Sequence[Change] = (),
    seed: int = 1,
    until_s: float = 1e9,
) -> tuple[ByEvents, Run]:
    """Run a network both ways, with clients that come from outside or that go round; all must be equal."""
    gaps_s = np.random.default_rng(seed).exponential(1 / per_s, behaviour.stride or REQUESTS)
    arrivals_s = np.cumsum(gaps_s)
    logged = 4 * REQUESTS
    known = ByEvents(tiers, kinds, behaviour, seed, logged)
    run = Run(network(tiers, kinds, behaviour, seed=seed, logged=logged))
    known.run([float(each) for each in arrivals_s], changes, until_s)
    run.until(until_s, arrivals_s, changes=changes)
    net = run.net
    np.testing.assert_allclose(net.log, known.log, rtol=0, atol=1e-9)
    assert {key: n for key, n in np.ndenumerate(net.outcomes) if n} == dict(known.outcomes)
    assert {key: n for key, n in enumerate(net.attempts) if n} == dict(known.failures)
    assert (net.visited.tolist(), int(net.retried[0])) == (known.visited, known.retried)
    assert net.outcomes[:, 0].sum() == net.felt.sum()
    busy_s = [server.busy_s for server in known.all]
    np.testing.assert_allclose(net.servers["busy_s"], busy_s, rtol=1e-9, atol=1e-9)
    if not behaviour.stride:
        assert net.heads["inside"][0] == 0, "requests are left inside"
        assert not net.used.any(), "connections are left in use"
        assert not net.servers["held"].any(), "workers are left in use"
        assert not net.servers["outstanding"].any(), "requests are left unanswered"
    return known, run


@pytest.mark.slow
@pytest.mark.parametrize(
    ("shared", "shape"), list(product((False, True), ("hyperexponential", "lognormal", "gamma")))
)
def test_one_server(shared: bool, shape: str) -> None:
    visit = Visit(0.02, 2.0, shape)  # type: ignore[arg-type]
    compare([Tier("one", 1, 2, speed=1.2, shared=shared)], [Kind("all", 1.0, (visit,))], per_s=100)


@pytest.mark.parametrize("routing", ["random", "round-robin", "least-outstanding", "by-role"])
def test_routing(routing: str) -> None:
    behind = replace(MIDDLE, routing=routing, workers=1 << 40)
    compare([FRONT, behind, BACK], [READING, WRITING])


def test_full_servers_refuse() -> None:
    known, _ = compare([FRONT, MIDDLE, BACK], [READING, WRITING], per_s=400)
    assert known.failures[1] > 10


def test_connections_are_waited_for() -> None:
    narrow = replace(BACK, servers=1, pool=1)
    known, _ = compare(
        [replace(FRONT, workers=40, backlog=99), narrow], two_tiers(READING, WRITING), per_s=90
    )
    assert max(len(link.waiting) for link in known.links.values()) == 0
    assert known.most_waiting > 3


def two_tiers(*kinds: Kind) -> list[Kind]:
    return [replace(kind, visits=(kind.visits[0], replace(kind.visits[2], reads=0))) for kind in kinds]


def test_hits_of_a_cache() -> None:
    some = replace(READING, visits=(replace(READING.visits[0], reads=3.5, hits=0.8), *READING.visits[1:]))
    known, _ = compare([FRONT, MIDDLE, BACK], [some])
    assert known.visited[1] < 1.2 * known.visited[0]


def test_writes_that_go_elsewhere_first() -> None:
    away = replace(WRITING, visits=(replace(WRITING.visits[0], away_s=0.05), *WRITING.visits[1:]))
    compare([FRONT, MIDDLE, BACK], [READING, away])


@pytest.mark.parametrize(("retries", "budget"), [(0, 0.1), (3, float("inf")), (3, 0.1)])
def test_clients_that_give_up(retries: int, budget: float) -> None:
    behaviour = Behaviour(timeout_s=0.15, retries=retries, backoff_s=0.05, budget=budget)
    known, _ = compare([FRONT, MIDDLE, BACK], [READING, WRITING], behaviour, per_s=150)
    assert known.failures[3] > 10
    assert (known.retried > 10) == (retries > 0)


@pytest.mark.parametrize("patient", [True, False])
def test_clients_that_go_round(patient: bool) -> None:
    behaviour = Behaviour(think_s=0.2, stride=12)
    if not patient:
        behaviour = replace(behaviour, timeout_s=0.1, retries=2, backoff_s=0.05)
    compare([FRONT, MIDDLE, BACK], [READING, WRITING], behaviour, until_s=4.0)


@pytest.mark.parametrize(
    "states", [(DRAINING, OFF), (BROKEN, OFF, SERVING), (OFF, SERVING), (BROKEN, SERVING)], ids=str
)
@pytest.mark.parametrize("server", range(7))
def test_servers_that_come_and_go(server: int, states: tuple[int, ...]) -> None:
    changes = [(0.4 + 0.3 * number, server, state) for number, state in enumerate(states)]
    away = replace(WRITING, visits=(WRITING.visits[0], replace(WRITING.visits[1], away_s=0.1), Visit(0.02)))
    compare(
        [FRONT, MIDDLE, BACK],
        [READING, away],
        Behaviour(timeout_s=0.5, retries=1),
        changes=changes,
        per_s=150,
    )


def test_nobody_serves() -> None:
    changes = [(0.5, 0, DRAINING), (0.5, 1, DRAINING), (1.0, 0, SERVING)]
    known, _ = compare([FRONT, MIDDLE, BACK], [READING], changes=changes)
    assert known.failures[2] > 5


@st.composite
def cases(draw: st.DrawFn) -> dict[str, object]:
    """Small networks of any kind, with servers that change at random."""
    any_of = lambda *values: draw(st.sampled_from(values))  # noqa: E731
    depth = draw(st.integers(1, 3))
    tiers = [
        Tier(
            f"tier {number}",
            servers=any_of(1, 2, 3),
            room=4,
            cores=any_of(1, 2, 4),
            speed=any_of(1.0, 0.8, 1.5),
            shared=draw(st.booleans()),
            workers=any_of(1, 3, 8, 1 << 50),
            backlog=any_of(0, 2, 10, 1 << 50),
            pool=any_of(None, 1, 2, 5),
            routing=any_of("random", "round-robin", "least-outstanding", "by-role"),
        )
        for number in range(depth)
    ]
    kinds = [Kind(str(n), share, tuple(visits(any_of, depth))) for n, share in enumerate((0.6, 0.4))]
    limits = {"timeout_s": any_of(float("inf"), 0.05, 0.2), "retries": any_of(0, 1, 3)}
    budget = any_of(float("inf"), 0.1, 0.5)
    closed = {"think_s": 0.1, "stride": 8} if draw(st.integers(0, 3)) == 0 else {}
    change = st.tuples(st.floats(0.01, 2), st.integers(0, 4 * depth - 1), st.integers(0, 3))
    return {
        "tiers": tiers,
        "kinds": kinds,
        "behaviour": Behaviour(**limits, backoff_s=0.05, budget=budget, **closed),
        "per_s": any_of(30.0, 100.0, 300.0),
        "changes": sorted(draw(st.lists(change, max_size=8, unique_by=lambda each: each[0]))),
        "seed": draw(st.integers(1, 1000)),
        "until_s": 2.0 if closed else 1e9,
    }


def visits(any_of, depth: int):  # type: ignore[no-untyped-def]
    for number in range(depth):
        last = number == depth - 1
        yield Visit(
            any_of(0.005, 0.02),
            any_of(0.3, 1.0, 3.0),
            any_of("hyperexponential", "lognormal", "gamma"),
            reads=0 if last else any_of(0, 1, 1.4),
            writes=0 if last else any_of(0, 0.5, 1),
            hits=any_of(0.0, 0.4),
            away_s=any_of(0.0, 0.03),
        )


@pytest.mark.slow
@given(cases())
@settings(max_examples=80, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck))
def test_any_small_network(case: dict[str, object]) -> None:
    compare(**case)  # type: ignore[arg-type]
