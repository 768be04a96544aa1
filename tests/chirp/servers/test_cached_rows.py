"""What the servers remember in a cache: never older than what was changed, and nothing that they rely on."""

from __future__ import annotations

import json
import math
import random
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from caching import caching
from dict_cache import DictCache
from person import Person
from postgres import Cluster, wait_until
from server_process import Cloud, Running, environment, serving
from valkey_server import Node

from chirp.servers.database import CONNECTION
from chirp.servers.kinds import PROFILE
from chirp.servers.remembered import KEPT_S, MARK, MARKED_S, Remembered
from chirp.servers.replica import INTERVAL_S, MAX_LAG_S
from chirp.social.model import Profile
from first_boot import free_port

ADA = Profile("ada", 3, 4)
QUERY_S = 5.0
KEY = PROFILE.key("ada")


def unasked() -> Profile:
    raise AssertionError("the database is asked")


def test_what_was_asked_once_is_known_until_it_changes() -> None:
    cache = DictCache()
    assert Remembered(cache).read(PROFILE, "ada", lambda: ADA) == ADA
    assert Remembered(cache).read(PROFILE, "ada", unasked) == ADA
    with Remembered(cache).changing(KEY):
        pass
    newer = Profile("ada", 4, 4)
    assert Remembered(cache).read(PROFILE, "ada", lambda: newer) == newer
    assert cache.kept[KEY] == MARK, "as long as it is marked nothing is kept"


def test_also_a_change_of_which_nobody_knows_whether_it_was_made_marks() -> None:
    cache = DictCache({KEY: b"[3,4]"})
    with pytest.raises(OSError, match="cut"), Remembered(cache).changing(KEY):
        raise OSError("cut")
    assert cache.kept[KEY] == MARK


@pytest.mark.parametrize("poison", [b"x", b"null", b"[1]", b"[true,false]", b"[" * 100_000])
def test_what_is_none_is_dropped(poison: bytes) -> None:
    cache = DictCache({KEY: poison})
    assert Remembered(cache).read(PROFILE, "ada", lambda: ADA) == ADA
    assert cache.kept[KEY] == b"[3,4]"


def test_without_a_cache_the_database_is_asked() -> None:
    remembered = Remembered(None)
    with remembered.changing(KEY):
        assert [remembered.read(PROFILE, "ada", lambda: ADA) for _ in range(2)] == [ADA, ADA]


def test_a_mark_outlives_what_a_replica_may_lag_and_a_query_may_take() -> None:
    assert "statement_timeout=5000" in CONNECTION["options"]
    assert 0.9 * MARKED_S > MAX_LAG_S + INTERVAL_S + QUERY_S, "an entry may end a tenth earlier"


@dataclass
class Timed:
    """A cache whose entries end, in which nothing ends early."""

    now_s: float = 0.0
    kept: dict[str, tuple[bytes, float]] = field(default_factory=dict)

    def get(self, key: str) -> bytes | None:
        value, ends_s = self.kept.get(key, (b"", 0.0))
        return value if self.now_s < ends_s else None

    def put(self, key: str, value: bytes, ttl_s: int, *, new: bool = False) -> None:
        if not new or self.get(key) is None:
            self.kept[key] = (value, self.now_s + 0.9 * ttl_s)

    def forget(self, *keys: str) -> None:
        for key in keys:
            self.kept.pop(key, None)


class Day:
    """Readers and writers of one profile, of whom each may come while another waits for the database."""

    def __init__(self, seed: int) -> None:
        self.draw = random.Random(seed)
        self.cache = Timed()
        self.versions = [(-MAX_LAG_S - INTERVAL_S, 0)]
        self.told = 0
        self.from_cache = 0

    def shown(self) -> int:
        """What a database shows: the newest state, or one that a replica still shows."""
        since_s = self.cache.now_s - MAX_LAG_S - INTERVAL_S
        oldest = max(number for at_s, number in self.versions if at_s <= since_s)
        return self.draw.randint(oldest, self.versions[-1][1])

    def meanwhile(self, until_s: float) -> None:
        """Others come, as long as a query may take."""
        until_s = min(until_s, self.cache.now_s + QUERY_S)
        for _ in range(self.draw.randint(0, 3)):
            self.cache.now_s = min(until_s, self.cache.now_s + self.draw.choice((0.1, 0.3, 2.0)))
            if self.cache.now_s < until_s:
                self.draw.choice((self.read, self.read, self.write))(until_s)

    def read(self, until_s: float = math.inf) -> None:
        told, asked = self.told, []

        def ask() -> Profile:
            asked.append(Profile("ada", self.shown(), 0))
            self.meanwhile(until_s)
            return asked[0]

        found = Remembered(self.cache).read(PROFILE, "ada", ask)
        if not asked:
            self.from_cache += 1
            assert found.followers >= told, "older than what was changed before it was asked for"

    def write(self, until_s: float = math.inf) -> None:
        with Remembered(self.cache).changing(KEY):
            self.meanwhile(until_s)
            number = self.versions[-1][1] + 1
            self.versions.append((self.cache.now_s, number))
            self.meanwhile(until_s)
        self.told = max(self.told, number)


@pytest.mark.parametrize("seed", range(50))
def test_in_whatever_order_they_come_the_cache_shows_nothing_from_before_a_change(seed: int) -> None:
    day = Day(seed)
    for _ in range(60):
        day.draw.choice((day.read, day.read, day.read, day.write))()
        day.cache.now_s += day.draw.choice((0.0, 1.0, 10.0, MARKED_S))
    assert day.from_cache, "else nothing is tried"


@pytest.fixture(scope="module")
def cached(
    databases: Cluster, services: Cloud, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Running, Node]]:
    """A server of one process before a real cache."""
    with caching() as (told, node):
        variables = environment(databases, services, free_port(), PROCESSORS="1", **told)
        with serving(tmp_path_factory.mktemp("cached") / "log", variables) as server:
            yield server, node


@pytest.mark.slow
def test_a_real_cache_answers_for_the_database_and_its_loss_is_not_noticed(
    databases: Cluster, cached: tuple[Running, Node]
) -> None:
    server, node = cached
    ada, bob = Person(server), Person(server)
    databases.settle()
    path = f"/api/users/{ada.handle}"
    wait_until(lambda: server.ask("GET", path)[0] == 200 and cache_of(server), "the cache is connected to")
    assert ada.call("GET", path)[1]["followers"] == 0
    key = f"profile:{ada.handle}"
    assert node.run("GET", key) == b"[0,0]"
    assert KEPT_S * 0.9 <= node.run("TTL", key) <= KEPT_S
    node.run("SET", key, b"[41,0]")
    assert bob.call("GET", path)[1]["followers"] == 41, "the cache is asked first"
    assert bob.call("PUT", f"/api/following/{ada.handle}")[0] == 204
    assert node.run("GET", key) == MARK
    assert bob.call("GET", path)[1]["followers"] == 1, "a change is not covered by what was kept"
    node.kill()
    assert [bob.call("GET", path)[0] for _ in range(5)] == [200] * 5
    ada.says("without a cache")
    wait_until(lambda: not cache_of(server), "the server says that its cache is gone")
    assert server.ask("GET", "/healthz")[0] == 200


def cache_of(server: Running) -> bool:
    """Whether a server says that its cache answers."""
    status, _, body = server.ask("GET", "/readyz")
    return status == 200 and bool(json.loads(body)["cache"]["ok"])
