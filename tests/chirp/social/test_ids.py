"""Ids sort by time, whatever the clock does."""

from __future__ import annotations

import threading

from hypothesis import given
from hypothesis import strategies as st

from chirp.social.ids import LENGTH, Ids, created_ms, encode, is_id

MS = st.integers(0, 2**48 - 2)


@given(MS, st.integers(0, 2**80 - 1))
def test_an_id_tells_when_it_was_made(now_ms: int, random: int) -> None:
    made = Ids(lambda: now_ms, lambda bits: random)()
    assert len(made) == LENGTH
    assert is_id(made)
    if (now_ms, random) != (0, 0):
        assert created_ms(made) == now_ms


@given(st.integers(0, 2**128 - 1), st.integers(0, 2**128 - 1))
def test_the_text_sorts_as_the_number(one: int, other: int) -> None:
    assert (encode(one) < encode(other)) == (one < other)


@given(st.lists(st.tuples(MS, st.sampled_from([0, 1, 2**80 - 1])), min_size=2, max_size=20))
def test_each_is_greater_than_the_one_before_though_the_clock_jumps(draws: list[tuple[int, int]]) -> None:
    clock = iter(draws)
    now: list[tuple[int, int]] = []

    def now_ms() -> int:
        now[:] = [next(clock)]
        return now[0][0]

    ids = Ids(now_ms, lambda bits: now[0][1])
    made = [ids() for _ in draws]
    assert made == sorted(set(made))


def test_threads_never_get_the_same() -> None:
    ids, made = Ids(lambda: 1, lambda bits: 0), []
    threads = [threading.Thread(target=lambda: made.extend(ids() for _ in range(500))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(made)) == 4000


def test_what_is_no_id() -> None:
    good = Ids()()
    for bad in ("", good[:-1], good + "0", good.lower(), "I" + good[1:], "8" + good[1:], good[:-1] + "\n"):
        assert not is_id(bad), bad
