"""The cache over real servers in cluster mode: answers, the costs of none, and who may enter."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from cache_clients import (
    LONGEST_S,
    NOBODY,
    PATIENT_S,
    Clock,
    asked,
    connecting,
    entered,
    over,
    session,
    took_s,
)
from valkey.crc import key_slot
from valkey_server import SLOTS, Node, valkey_cluster, wait_until

from chirp.servers.cache import FAILURES, LIFETIME_S, REST_S, Cache
from chirp.servers.cache_token import RENEW_S, Token


@pytest.fixture(scope="module")
def nodes() -> Iterator[Sequence[Node]]:
    with valkey_cluster(3) as made:
        yield made


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def cache(nodes: Sequence[Node], clock: Clock) -> Iterator[Cache]:
    every(nodes, "FLUSHALL")
    made = entered(over(nodes[0], NOBODY, clock, PATIENT_S), clock)
    yield made
    made.close()


@pytest.fixture
def hasty(nodes: Sequence[Node], clock: Clock) -> Iterator[Cache]:
    """As it is used."""
    every(nodes, "FLUSHALL")
    made = entered(over(nodes[0], NOBODY, clock), clock)
    yield made
    made.close()


def every(nodes: Sequence[Node], *command: str) -> None:
    for node in nodes:
        node.run(*command)


def key_of(number: int, size: int = 3) -> str:
    """A key that this one of the nodes keeps."""
    return next(
        key
        for key in map(str, range(1000))
        if SLOTS * number // size <= key_slot(key.encode()) < SLOTS * (number + 1) // size
    )


def assign(told: Sequence[Node], key: str, owner: Node) -> None:
    """Give this key's slot to one of the nodes, who must learn of it first."""
    for node in told:
        node.run("CLUSTER SETSLOT", key_slot(key.encode()), "NODE", owner.run("CLUSTER MYID"))


def put_and_got(cache: Cache, keys: Sequence[str]) -> bool:
    for key in keys:
        cache.put(key, key.encode(), 60)
    return all(cache.get(key) == key.encode() for key in keys)


@pytest.mark.slow
class TestServing:
    def test_what_is_put_is_got_from_whichever_node_keeps_it(
        self, cache: Cache, nodes: Sequence[Node]
    ) -> None:
        entries = {f"v1:post:{number}": bytes([number, 0, 255]) + b"\r\n$-1\r\n" for number in range(60)}
        for key, value in entries.items():
            cache.put(key, value, 60)

        assert {key: cache.get(key) for key in entries} == entries
        assert all(node.run("DBSIZE") for node in nodes)
        assert cache.get("v1:post:60") is None

        *forgotten, kept = entries
        cache.forget(*forgotten)
        assert sum(node.run("DBSIZE") for node in nodes) == 1
        assert cache.get(kept) == entries[kept]

    def test_entries_end_in_their_time_but_not_together(self, cache: Cache, nodes: Sequence[Node]) -> None:
        key = key_of(0)
        lives_ms = set()
        for _ in range(20):
            cache.put(key, b"1", 100)
            lives_ms.add(nodes[0].run("PTTL", key))
        assert 89_000 < min(lives_ms) <= max(lives_ms) <= 100_000
        assert max(lives_ms) - min(lives_ms) > 500

    def test_a_key_that_cannot_be_sent_is_not_found_and_harms_no_other(self, cache: Cache) -> None:
        for _ in range(2 * FAILURES):
            assert cache.get("\ud800") is None
        cache.put("a", b"1", 60)
        assert cache.get("a") == b"1"

    def test_threads_share_it(self, cache: Cache) -> None:
        def visit(thread: int) -> bool:
            own = [f"{thread}:{number}" for number in range(100)]
            for key in own:
                cache.put(key, key.encode(), 60)
            return all(cache.get(key) == key.encode() for key in own)

        with ThreadPoolExecutor(8) as threads:
            assert all(threads.map(visit, range(8)))

    def test_a_slot_that_moves_is_followed(self, cache: Cache, nodes: Sequence[Node]) -> None:
        key = key_of(0)
        try:
            assign([nodes[1], *nodes], key, nodes[1])
            assert put_and_got(cache, [key])
            assert nodes[1].run("GET", key) == key.encode()
        finally:
            nodes[1].run("FLUSHALL")
            assign(nodes, key, nodes[0])

    def test_closed_it_finds_nothing_and_keeps_no_connection(
        self, cache: Cache, nodes: Sequence[Node]
    ) -> None:
        for number in range(3):
            cache.put(key_of(number), b"1", 60)
        assert all(connections(node, "default") for node in nodes)
        cache.close()
        assert cache.get("a") is None
        assert not cache.standing
        assert not connecting()
        wait_until(
            lambda: not any(connections(node, "default") for node in nodes), "the connections are closed"
        )


@pytest.mark.slow
class TestTrouble:
    def test_a_node_that_hangs_costs_little_and_the_others_nothing(
        self, hasty: Cache, nodes: Sequence[Node], clock: Clock
    ) -> None:
        lost, kept = key_of(1), key_of(2)
        for key in (lost, kept):
            hasty.put(key, b"1", 60)
        with nodes[1].hanging():
            for _ in range(FAILURES):
                assert took_s(lambda: hasty.get(lost)) < LONGEST_S
                assert hasty.get(kept) == b"1"
            assert not hasty.standing
            assert asked(lambda: hasty.get(lost)) == 0
            assert asked(lambda: hasty.put(lost, b"2", 60)) == 0
            assert asked(lambda: hasty.get(kept)) > 0
            assert hasty.get(kept) == b"1"

            clock.at_s += REST_S
            assert asked(lambda: hasty.get(lost)) == 0
            wait_until(lambda: not connecting(), "the attempt ends")
            assert not hasty.standing
        clock.at_s += REST_S
        wait_until(lambda: hasty.get(lost) == b"1", "the node is asked again")
        assert hasty.standing

    def test_what_another_node_has_taken_over_is_found_there(
        self, hasty: Cache, nodes: Sequence[Node]
    ) -> None:
        key = key_of(4, 9)  # the nodes may tell one another late that it is back: no other test asks for it
        with nodes[0].hanging():  # whom it asks who keeps what; this must not be the last time
            assert hasty.get(key_of(0)) is None
        try:
            with nodes[1].hanging():
                assign([nodes[2], nodes[0]], key, nodes[2])
                assert hasty.get(key) is None
                assert put_and_got(hasty, [key])
                assert nodes[2].run("GET", key) == key.encode()
        finally:
            every(nodes, "FLUSHALL")
            assign([nodes[1], *nodes], key, nodes[1])

    def test_a_late_answer_is_not_taken_for_that_to_another_question(
        self, hasty: Cache, nodes: Sequence[Node]
    ) -> None:
        key = key_of(0)
        hasty.put(key, b"1", 60)
        with nodes[0].hanging():
            assert hasty.get(key) is None

        wait_until(lambda: put_and_got(hasty, [key]), "the node answers in time again")
        assert hasty.get(f"{{{key}}}missing") is None

    def test_a_server_that_was_killed_is_found_again(self, clock: Clock) -> None:
        with valkey_cluster() as (node,):
            cache = entered(over(node, NOBODY, clock), clock)
            cache.put("a", b"1", 60)
            node.kill()
            for _ in range(FAILURES):
                assert took_s(lambda: cache.get("a")) < LONGEST_S
            assert asked(lambda: cache.get("a")) == 0
            assert not cache.standing

            node.start()
            wait_until(lambda: node.run("CLUSTER INFO")["cluster_state"] == "ok", "the cluster is whole")
            assert not cache.standing
            clock.at_s += REST_S

            wait_until(lambda: put_and_got(cache, ["a"]), "the server is found again")
            cache.close()

    def test_a_cache_that_is_not_there_yet_is_found_later(self, nodes: Sequence[Node], clock: Clock) -> None:
        cache = over(nodes[0], NOBODY, clock)
        with nodes[0].hanging():
            assert asked(lambda: cache.get("a")) == 0
            wait_until(lambda: not connecting(), "the attempt ends")
            assert not cache.standing
        clock.at_s += REST_S
        entered(cache, clock).close()


@pytest.mark.slow
class TestEntering:
    @pytest.fixture
    def token(self, nodes: Sequence[Node], clock: Clock) -> Iterator[Token]:
        """The token of a user whom the cluster does not know yet."""
        yield Token("application", "chirp", "eu-west-1", session(), now_s=clock)
        every(nodes, "ACL DELUSER", "application")

    def test_the_token_is_the_password_and_renewed(
        self, nodes: Sequence[Node], clock: Clock, token: Token
    ) -> None:
        allow(nodes, token)
        cache = entered(over(nodes[0], token, clock, PATIENT_S), clock)
        first = token.get_credentials()[1]
        token._session.set_credentials("AKIDNEXT", "other")

        clock.at_s += RENEW_S
        allow(nodes, token)
        assert token.get_credentials()[1] != first
        every(nodes, "CLIENT KILL", "USER", "application")
        cache.put("a", b"1", 60)
        assert cache.get("a") == b"1"
        cache.close()

    def test_a_connection_is_replaced_before_aws_ends_it(
        self, nodes: Sequence[Node], clock: Clock, token: Token
    ) -> None:
        allow(nodes, token)
        cache = entered(over(nodes[0], token, clock, PATIENT_S), clock)
        key = key_of(1)
        cache.put(key, b"1", 60)
        before = connections(nodes[1])

        clock.at_s += LIFETIME_S / 2
        assert cache.get(key) == b"1"
        assert connections(nodes[1]) == before
        clock.at_s += LIFETIME_S / 2
        token._session.set_credentials("AKIDNEXT", "other")
        allow(nodes, token)
        assert cache.get(key) == b"1"
        wait_until(lambda: not before & connections(nodes[1]), "the old connection is closed")
        cache.close()

    def test_who_is_refused_finds_nothing_until_let_in(
        self, nodes: Sequence[Node], clock: Clock, token: Token
    ) -> None:
        every(nodes, "ACL SETUSER", "application", "reset", "on", ">something else", "~*", "+@all")
        cache = over(nodes[0], token, clock, PATIENT_S)
        assert cache.get("a") is None
        wait_until(lambda: not connecting(), "the attempt ends")
        assert not cache.standing

        allow(nodes, token)
        clock.at_s += REST_S
        entered(cache, clock).close()


def allow(nodes: Sequence[Node], token: Token) -> None:
    """Let in whoever has this token, and nobody with an earlier one."""
    user, password = token.get_credentials()
    every(nodes, "ACL SETUSER", user, "reset", "on", f">{password}", "~*", "+@all")


def connections(node: Node, user: str = "application") -> set[str]:
    """The ids of a user's connections, but for the one that asks."""
    listed: list[dict[str, Any]] = node.run("CLIENT LIST")
    return {one["id"] for one in listed if one["user"] == user and not one["cmd"].startswith("client")}
