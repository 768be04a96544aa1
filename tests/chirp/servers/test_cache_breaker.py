"""When a node is left alone, and when it is tried again."""

from __future__ import annotations

import pytest
from cache_clients import Clock

from chirp.servers.cache import FAILURES, REST_S, Breaker


class TestBreaker:
    @pytest.fixture
    def clock(self) -> Clock:
        return Clock()

    @pytest.fixture
    def breaker(self, clock: Clock) -> Breaker:
        return Breaker("node", clock)

    def test_opens_after_failures_in_a_row(self, breaker: Breaker) -> None:
        for _ in range(FAILURES - 1):
            breaker.failed(OSError())
        breaker.succeeded()
        for _ in range(FAILURES - 1):
            breaker.failed(OSError())
        assert breaker.closed
        breaker.failed(OSError())
        assert not breaker.closed

    def test_lets_one_try_after_its_rest(self, breaker: Breaker, clock: Clock) -> None:
        for _ in range(FAILURES):
            breaker.failed(OSError())
        assert not breaker.claim()
        clock.at_s += REST_S
        assert [breaker.claim(), breaker.claim()] == [True, False]

        breaker.failed(OSError())
        assert not breaker.claim()
        clock.at_s += REST_S
        assert breaker.claim()

        breaker.succeeded()
        assert breaker.closed
        assert not breaker.claim()

    def test_open_from_the_beginning_is_worth_a_try_at_once(self, clock: Clock) -> None:
        assert Breaker("node", clock, closed=False).claim()
