"""The age of what a replica shows, told from positions in the log alone."""

from __future__ import annotations

from chirp.servers.replica import MAX_LAG_S, ReplicaWatch


class Pair:
    """A master and a replica as numbers, and a clock."""

    def __init__(self) -> None:
        self.flushed: int | None = 100
        self.replayed: int | None = 100
        self.s = 0.0
        self.watch = ReplicaWatch(lambda: self.flushed, lambda: self.replayed, lambda: self.s)

    def after(self, seconds: float) -> float:
        """The lag after so many seconds, asked every half second."""
        for _ in range(int(seconds * 2)):
            self.s += 0.5
            self.watch.ask()
        return self.watch.standing.lag_s


def test_nothing_is_known_before_the_first_question() -> None:
    assert not Pair().watch.standing.usable


def test_where_nothing_is_written_nothing_lags() -> None:
    pair = Pair()
    assert pair.after(60) == 0
    assert pair.watch.standing.usable


def test_a_replica_that_stands_still_ages_from_the_first_write_it_misses() -> None:
    pair = Pair()
    pair.after(10)
    pair.flushed = 200
    assert pair.after(0.5) == 0
    assert pair.after(MAX_LAG_S) == MAX_LAG_S
    assert pair.watch.standing.usable
    assert pair.after(0.5) == MAX_LAG_S + 0.5
    assert not pair.watch.standing.usable


def test_a_replica_that_follows_at_a_distance_lags_by_that_distance() -> None:
    pair = Pair()
    lags = []
    for tick in range(1, 40):
        pair.flushed, pair.replayed = 100 + tick, 100 + max(0, tick - 4)
        lags.append(pair.after(0.5))
    assert set(lags[5:]) == {1.5}


def test_it_is_used_again_as_soon_as_it_has_caught_up() -> None:
    pair = Pair()
    pair.flushed = 200
    pair.after(20)
    assert not pair.watch.standing.usable
    pair.replayed = 200
    assert pair.after(0.5) == 0
    assert pair.watch.standing.usable


def test_a_replica_that_does_not_answer_is_not_used() -> None:
    pair = Pair()
    pair.after(1)
    pair.replayed = None
    pair.after(0.5)
    assert not pair.watch.standing.usable
    pair.replayed = 100
    pair.after(0.5)
    pair.watch.lost()
    assert not pair.watch.standing.usable


def test_without_its_master_a_replica_is_as_good_as_it_is() -> None:
    pair = Pair()
    pair.flushed = 200
    pair.after(20)
    pair.flushed = None
    assert pair.after(20) == 0
    assert pair.watch.standing.usable


def test_a_long_lag_does_not_grow_in_memory_without_writes() -> None:
    pair = Pair()
    pair.flushed = 200
    pair.after(600)
    assert len(pair.watch._notes) == 1
