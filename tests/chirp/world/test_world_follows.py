"""Followings over two databases and a table: both ends agree, whatever fails between the steps."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from behaviour import Person
from postgres import Cluster
from world_region import Here

from chirp.social.errors import Unavailable
from chirp.social.model import MAX_FOLLOWING
from chirp.world.shards import shard_of

pytestmark = pytest.mark.slow

STEPS = ("put_all", "delete")


@contextmanager
def failing(here: Here, chance: random.Random, share: float) -> Iterator[None]:
    """Each write fails with this probability: half of them have done their work nevertheless."""

    def sometimes(do: Callable[..., Any]) -> Callable[..., Any]:
        def tried(*arguments: Any) -> Any:
            dice = chance.random()
            if dice < share / 2:
                raise Unavailable("lost on its way")
            done = do(*arguments)
            if dice < share:
                raise Unavailable("its answer was lost")
            return done

        return tried

    steps = [(store, step) for store in (here.cloud.store, here.cloud.timelines) for step in STEPS]
    steps.append((here.host._region, "publish"))
    for shard in here.host.shards.all:
        shard.write = sometimes(shard.write)  # type: ignore[method-assign]
    before = here.host._region.publish
    for owner, step in steps:
        object.__setattr__(owner, step, sometimes(getattr(owner, step)))
    try:
        yield
    finally:
        for shard in here.host.shards.all:
            del shard.write
        for owner, step in steps[:-1]:
            object.__delattr__(owner, step)
        object.__setattr__(here.host._region, "publish", before)


def edges(databases: Cluster, names: list[str], query: str) -> set[tuple[str, str]]:
    """Rows of both databases, each of which is where it belongs."""
    found = set()
    for number, name in enumerate(names):
        for owner, other in databases.sql(query, database=name):
            assert shard_of(owner, 2) == number
            found.add((owner, other))
    return found


@pytest.mark.parametrize("seed", [1, 2])
def test_both_ends_agree_after_what_failed_was_asked_again(
    here: Here, databases: Cluster, names: list[str], seed: int
) -> None:
    chance = random.Random(seed)
    people = [here.app.person(f"p{n}") for n in range(5)]
    assert {shard_of(person.handle, 2) for person in people} == {0, 1} or seed
    expected: set[tuple[str, str]] = set()
    failed = 0
    with failing(here, chance, 0.2):
        for _ in range(60):
            one, other = chance.sample(people, 2)
            method = chance.choice(["PUT", "DELETE"])
            while (status := one.call(method, f"/api/following/{other.handle}").status) != 204:
                assert status == 503
                failed += 1
            change = expected.add if method == "PUT" else expected.discard
            change((one.handle, other.handle))
    assert failed > 10
    assert edges(databases, names, "SELECT follower, followee FROM following") == expected
    followed = edges(databases, names, "SELECT followee, follower FROM followers")
    assert {(follower, followee) for followee, follower in followed} == expected
    _counts_agree(people, expected)
    _the_table_agrees(here, people, expected)


def _counts_agree(people: list[Person], expected: set[tuple[str, str]]) -> None:
    for person in people:
        shown = person.call("GET", "/api/me").content
        assert shown["following"] == sum(one == person.handle for one, _ in expected)
        assert shown["followers"] == sum(other == person.handle for _, other in expected)


def _the_table_agrees(here: Here, people: list[Person], expected: set[tuple[str, str]]) -> None:
    handles = {person.handle for person in people}
    for handle in handles:
        followers = {item["sk"] for item in here.cloud.store.from_start(f"followers#{handle}", None, 100)}
        assert followers == {one for one, other in expected if other == handle}
        gone = {item["sk"] for item in here.cloud.store.from_start(f"unfollowed#{handle}", None, 100)}
        assert not gone & {other for one, other in expected if one == handle}


@pytest.mark.parametrize("steps", range(1, 6))
def test_what_is_half_done_looks_undone_to_whom_can_ask_again(here: Here, steps: int) -> None:
    """The first `steps` writes succeed, then the server is gone."""
    one, other = here.app.person("one"), here.app.person("other")
    other.says("of which the other regions are told")
    left = steps

    class AlmostDone(random.Random):
        def random(self) -> float:
            nonlocal left
            left -= 1
            return 1.0 if left >= 0 else 0.0

    path = f"/api/following/{other.handle}"
    with failing(here, AlmostDone(), 0.5):
        assert one.call("PUT", path).status == 503
        assert one.call("GET", path).content == {"following": False}
    assert one.call("PUT", path).status == 204
    left = min(steps - 1, 3)
    with failing(here, AlmostDone(), 0.5):
        assert one.call("DELETE", path).status == 503
        assert one.call("GET", path).content == {"following": True}
    assert one.call("DELETE", path).status == 204
    assert one.call("GET", path).content == {"following": False}


def test_nobody_follows_more_than_one_may(here: Here, databases: Cluster, names: list[str]) -> None:
    one, other = here.app.person("one"), here.app.person("other")
    name = names[shard_of(one.handle, 2)]
    query = "INSERT INTO following SELECT %s, 'crowd_' || n FROM generate_series(1, %s) AS n"
    databases.sql(query, one.handle, MAX_FOLLOWING - 1, database=name)
    one.follows(other)
    refused = one.call("PUT", f"/api/following/{here.app.person('third').handle}")
    assert refused.refusal == (409, "handle")
    one.follows(other)
    assert one.call("DELETE", f"/api/following/{other.handle}").status == 204
    one.follows(other)


def test_somebody_unknown_leaves_nothing_behind(here: Here, databases: Cluster, names: list[str]) -> None:
    one = here.app.person("one")
    assert one.call("PUT", "/api/following/nobody_at_all").status == 404
    assert edges(databases, names, "SELECT follower, followee FROM following") == set()
    assert edges(databases, names, "SELECT followee, follower FROM followers") == set()
    assert here.cloud.store.from_start("followers#nobody_at_all", None, 10) == []
