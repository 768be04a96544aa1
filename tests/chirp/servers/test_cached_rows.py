"""What the servers remember in a cache: never older than what was changed, and nothing that they rely on."""

from __future__ import annotations

import json
import math
import random
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Literal

import pytest
from caching import caching
from dict_cache import DictCache
from person import Person
from postgres import Cluster, wait_until
from server_process import Cloud, Running, environment, serving
from valkey_server import Node

from chirp.servers import kinds
from chirp.servers import remembered as remembered_module
from chirp.servers.database import CONNECTION, WAIT_FOR_MASTER_S, NotAtHand
from chirp.servers.kinds import BUDGET_S, PROFILE, Patience
from chirp.servers.remembered import KEPT_S, MARK, MARKED_S, Marks, Remembered
from chirp.social.errors import NotFound
from chirp.social.model import Profile
from first_boot import free_port

ADA = Profile("ada", 3, 4)
QUERY_S = 5.0
KEY = PROFILE.key("ada")


def unasked(current: bool) -> Profile:
    raise AssertionError("the database is asked")


def ada(current: bool) -> Profile:
    assert current, "what is kept is read at the master"
    return ADA


def remembered(cache: DictCache, *, skip: bool = False) -> Remembered:
    return Remembered(cache, Marks(cache), skip=skip)


def test_what_was_asked_once_is_known_until_it_changes() -> None:
    cache = DictCache()
    assert remembered(cache).read(PROFILE, "ada", ada) == ADA
    assert remembered(cache).read(PROFILE, "ada", unasked) == ADA
    with remembered(cache).changing(KEY):
        pass
    newer = Profile("ada", 4, 4)
    assert remembered(cache).read(PROFILE, "ada", lambda current: newer) == newer
    assert cache.kept[KEY] == MARK, "as long as it is marked nothing is kept"


def test_who_has_just_written_asks_the_database_and_keeps_nothing() -> None:
    cache = DictCache({KEY: b"[3,4]"})
    newer = Profile("ada", 4, 4)
    assert remembered(cache, skip=True).read(PROFILE, "ada", lambda current: newer) == newer
    assert cache.asked == []


def test_also_a_change_of_which_nobody_knows_whether_it_was_made_marks() -> None:
    cache = DictCache({KEY: b"[3,4]"})
    with pytest.raises(OSError, match="cut"), remembered(cache).changing(KEY):
        raise OSError("cut")
    assert cache.kept[KEY] == MARK


def test_what_cannot_be_marked_is_owed_and_made_up_for() -> None:
    """The first change of a new process, say, which comes before it has connected."""
    cache = DictCache({KEY: b"[3,4]"}, standing=False)
    marks = Marks(cache)
    with Remembered(cache, marks).changing(KEY):
        pass
    marks.pay()
    assert (cache.kept[KEY], marks.owed) == (b"[3,4]", 1)
    cache.standing = True
    thread = threading.Thread(target=marks.run)
    thread.start()
    wait_until(lambda: cache.kept[KEY] == MARK, "the mark is made")
    marks.stop()
    thread.join()
    assert marks.owed == 0


def test_so_many_marks_are_owed_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remembered_module, "MOST_OWED", 3)
    marks = Marks(DictCache(standing=False))
    marks.make(tuple("abcde"), Patience())
    assert marks.owed == 3


def test_a_slow_cache_keeps_no_writer_waiting() -> None:
    """Each answer takes longer than a request waits: the others are owed."""
    cache = Slow(answers_s=2 * BUDGET_S)
    marks = Marks(cache)
    began_s = time.monotonic()
    with Remembered(cache, marks).changing("a", "b", "c"):
        pass
    assert time.monotonic() - began_s < 6 * BUDGET_S, "one answer before and one after"
    assert marks.owed == 2


@pytest.mark.parametrize("poison", [b"x", b"null", b"[1]", b"[true,false]", b"[" * 100_000])
def test_what_is_none_is_marked_as_a_change_would(poison: bytes) -> None:
    """Not forgotten: that might be somebody's mark by then."""
    cache = DictCache({KEY: poison})
    assert remembered(cache).read(PROFILE, "ada", lambda current: ADA) == ADA
    assert cache.kept[KEY] == MARK


def test_without_a_cache_the_database_is_asked() -> None:
    for cache in (None, DictCache({}, standing=False)):
        nothing = Remembered(cache, None)
        with nothing.changing(KEY):
            assert [nothing.read(PROFILE, "ada", lambda current: ADA) for _ in range(2)] == [ADA, ADA]


def test_where_the_master_is_not_at_hand_a_replica_answers_and_nothing_is_kept() -> None:
    cache = DictCache()

    def ask(current: bool) -> Profile:
        if current:
            raise NotAtHand
        return ADA

    assert remembered(cache).read(PROFILE, "ada", ask) == ADA
    assert cache.kept == {}


def test_whom_nobody_knows_the_master_is_asked_for_once() -> None:
    cache, asked = DictCache(), []

    def ask(current: bool) -> Profile:
        asked.append(current)
        raise NotFound("nobody has this handle")

    for _ in range(3):
        with pytest.raises(NotFound):
            remembered(cache).read(PROFILE, "ada", ask)
    assert asked == [True, False, False]


def test_what_is_too_long_to_be_kept_the_master_is_asked_for_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kinds, "MOST_BYTES", 1)
    cache, asked = DictCache(), []

    def ask(current: bool) -> Profile:
        asked.append(current)
        return ADA

    assert [remembered(cache).read(PROFILE, "ada", ask) for _ in range(3)] == [ADA] * 3
    assert asked == [True, False, False]


@pytest.mark.parametrize("answers_s", [0.7 * BUDGET_S, 2 * BUDGET_S])
def test_a_slow_cache_sends_nobody_to_the_master_for_nothing(answers_s: float) -> None:
    """Who has no patience left to keep what the master says asks the replica."""
    cache, asked = Slow(answers_s=answers_s), []

    def ask(current: bool) -> Profile:
        asked.append(current)
        return ADA

    request = Remembered(cache, Marks(cache))
    for _ in range(3):
        request.read(PROFILE, "ada", ask)
    kept = [entry for entry, _ in cache.kept.values()]
    assert asked.count(True) == len(kept) == (answers_s < BUDGET_S)


def test_marks_are_owed_and_paid_by_many_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remembered_module, "MOST_OWED", 50)
    cache = DictCache(standing=False)
    marks = Marks(cache)

    def owe(name: int) -> None:
        for number in range(500):
            marks.make((f"{name}:{number}",), Patience())

    interval_s = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(5) as pool:
            done = [pool.submit(owe, name) for name in range(4)]
            done += [pool.submit(lambda: [marks.pay() for _ in range(20)])]
        assert [each.exception() for each in done] == [None] * 5
    finally:
        sys.setswitchinterval(interval_s)
    cache.standing = True
    marks.pay()
    assert (marks.owed, len(cache.kept)) == (0, 50)


def test_who_ends_pays_for_so_long_and_no_longer(monkeypatch: pytest.MonkeyPatch) -> None:
    cache = Slow(answers_s=0.05)
    marks = Marks(cache)
    for number in range(100):
        marks._owe(str(number))
    monkeypatch.setattr(remembered_module, "LAST_PAY_S", 0.2)
    marks.stop()
    assert 1 <= 100 - marks.owed < 50


def test_a_mark_outlives_what_a_query_may_take() -> None:
    assert "statement_timeout=5000" in CONNECTION["options"]
    assert 0.9 * MARKED_S > 2 * (QUERY_S + WAIT_FOR_MASTER_S), "an entry may end a tenth earlier"


@dataclass
class Timed:
    """A cache whose entries end, in which nothing ends early; to a writer it may be out of reach."""

    now_s: float = 0.0
    kept: dict[str, tuple[bytes, float]] = field(default_factory=dict)
    standing: bool = True

    def get(self, key: str) -> bytes | None:
        value, ends_s = self.kept.get(key, (b"", 0.0))
        return value if self.now_s < ends_s else None

    def look(self, key: str) -> bytes | Literal[False] | None:
        return self.get(key) if self.standing else False

    def put(self, key: str, value: bytes, ttl_s: int, *, new: bool = False) -> bool:
        if not new or self.get(key) is None:
            self.kept[key] = (value, self.now_s + 0.9 * ttl_s)
        return True

    def forget(self, *keys: str) -> None:
        raise AssertionError("a mark might be forgotten")

    def close(self) -> None:
        raise AssertionError("nobody ends the day")


@dataclass
class Slow(Timed):
    """The same where each answer takes its time."""

    answers_s: float = 0.0

    def get(self, key: str) -> bytes | None:
        time.sleep(self.answers_s)
        return super().get(key)

    def put(self, key: str, value: bytes, ttl_s: int, *, new: bool = False) -> bool:
        time.sleep(self.answers_s)
        self.kept.setdefault(key, (value, math.inf))
        return True


@dataclass
class Unreached(Timed):
    """The same cache as a process sees it that reaches it at times."""

    cache: Timed = field(default_factory=Timed)

    def put(self, key: str, value: bytes, ttl_s: int, *, new: bool = False) -> bool:
        return self.standing and self.cache.put(key, value, ttl_s, new=new)


class Day:
    """Readers and writers of one profile, of whom each may come while another waits for the database."""

    def __init__(self, seed: int) -> None:
        self.draw = random.Random(seed)
        self.cache = Timed()
        self.writers = Unreached(cache=self.cache)
        self.marks = Marks(self.writers)
        self.newest, self.told, self.from_cache = 0, 0, 0

    def shown(self, current: bool) -> int:
        """What a database shows: the newest state at the master, any that was at a replica."""
        return self.newest if current else self.draw.randint(0, self.newest)

    def meanwhile(self, until_s: float) -> None:
        """Others come, as long as a query may take."""
        until_s = min(until_s, self.cache.now_s + QUERY_S)
        for _ in range(self.draw.randint(0, 3)):
            self.cache.now_s = min(until_s, self.cache.now_s + self.draw.choice((0.1, 0.3, 4.5)))
            if self.cache.now_s < until_s and self.draw.random() < 0.6:
                self.draw.choice((self.read, self.read, self.write))(until_s)

    def read(self, until_s: float = math.inf) -> None:
        told, asked = self.told, []

        def ask(current: bool) -> Profile:
            asked.append(Profile("ada", self.shown(current), 0))
            self.meanwhile(until_s)
            return asked[-1]

        found = Remembered(self.cache, None).read(PROFILE, "ada", ask)
        if not asked:
            self.from_cache += 1
            assert found.followers >= told, "older than what was changed before it was asked for"

    def write(self, until_s: float = math.inf) -> None:
        self.writers.standing = self.draw.random() < 0.8
        with Remembered(self.writers, self.marks).changing(KEY):
            self.meanwhile(until_s)
            self.newest += 1
            number = self.newest
            self.meanwhile(until_s)
        if not self.marks.owed:
            self.told = max(self.told, number)

    def pay(self) -> None:
        self.writers.standing = True
        self.marks.pay()
        self.told = self.newest


@pytest.mark.parametrize("seed", range(30))
def test_in_whatever_order_they_come_the_cache_shows_nothing_from_before_a_change(seed: int) -> None:
    day = Day(seed)
    for _ in range(60):
        day.draw.choice((day.read, day.read, day.read, day.write, day.pay))()
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
    for person in (ada, bob):
        person.forgets()
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
    databases.settle()
    assert ada.call("GET", path)[1]["followers"] == 1, "a change is not covered by what was kept"
    node.run("SET", key, b"[41,0]")
    assert bob.call("GET", path)[1]["followers"] == 1, "who has just written asks the database"
    node.kill()
    assert [bob.call("GET", path)[0] for _ in range(5)] == [200] * 5
    ada.says("without a cache")
    wait_until(lambda: not cache_of(server), "the server says that its cache is gone")
    assert server.ask("GET", "/healthz")[0] == 200


def cache_of(server: Running) -> bool:
    """Whether a server says that its cache answers."""
    status, _, body = server.ask("GET", "/readyz")
    return status == 200 and bool(json.loads(body)["cache"]["ok"])
