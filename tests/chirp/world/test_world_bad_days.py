"""What happens to databases, cache and table, and what people notice of it: as little as can be."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from behaviour import PASSWORD, Person
from botocore.exceptions import ClientError, ReadTimeoutError
from postgres import Cluster, wait_until
from world_region import Here

from chirp.world.recent import LAGS_S

pytestmark = pytest.mark.slow


@contextmanager
def stopped(server: object, databases: Cluster) -> Iterator[None]:
    server.stop("immediate")  # type: ignore[attr-defined]
    try:
        yield
    finally:
        server.start()  # type: ignore[attr-defined]
        databases.settle()


def on_another_device(person: Person) -> Person:
    """The same person without `X-Last-Write`."""
    return Person(person.app, person.handle, person.token)


def test_a_reader_that_is_gone_is_not_missed(here: Here, databases: Cluster) -> None:
    person = here.app.person()
    person.says("one")
    path = f"/api/users/{person.handle}/posts?limit=50"
    databases.settle()
    with stopped(databases.replica, databases):
        for _ in range(5):
            shown = on_another_device(person).call("GET", path)
            assert [post["text"] for post in shown.content["posts"]] == ["one"]
        person.says("two")
        is_ready, found = here.host.standing()
        assert is_ready
        assert not any(each["reads"]["ok"] for each in found["databases"])


def test_a_writer_that_is_gone_stops_writes_but_no_reads_and_comes_back(
    here: Here, databases: Cluster
) -> None:
    person = here.app.person()
    person.says("kept")
    databases.settle()
    path = f"/api/users/{person.handle}/posts?limit=50"
    with stopped(databases.master, databases):
        assert person.call("POST", "/api/posts", {"text": "lost?"}, idempotency_key="k").status == 503
        shown = person.call("GET", path)
        assert [post["text"] for post in shown.content["posts"]] == ["kept"], "older is better than none"
        session = {"handle": person.handle, "password": PASSWORD}
        assert here.app.call("POST", "/api/sessions", session).status == 200
        assert person.all_texts() == ["kept"]
        assert here.host.standing()[0]

    def posted() -> bool:
        return person.call("POST", "/api/posts", {"text": "lost?"}, idempotency_key="k").status == 201

    wait_until(posted, "writes go on", 30)
    assert person.all_texts() == ["lost?", "kept"]


def test_one_reads_what_one_wrote_though_the_reader_lags(here: Here, databases: Cluster) -> None:
    person, other = here.app.person(), here.app.person()
    databases.settle()
    databases.pause_replica()
    try:
        other.follows(person)
        person.says("after")
        path = f"/api/users/{person.handle}"
        assert other.call("GET", path).content["followers"] == 1
        assert len(person.call("GET", f"{path}/posts").content["posts"]) == 1
        assert here.app.call("GET", f"{path}/posts?limit=50").content["posts"] == [], (
            "others see an older state"
        )
    finally:
        databases.resume_replica()


def test_a_state_from_before_that_comes_into_the_cache_is_not_shown_to_who_wrote(
    here: Here, databases: Cluster
) -> None:
    """Somebody else reads at a reader that lags, and leaves what they found in the cache."""
    person, path = here.app.person(), ""
    path = f"/api/users/{person.handle}/posts"
    databases.settle()
    databases.pause_replica()
    try:
        person.says("after")
        assert here.app.call("GET", path).content["posts"] == []
    finally:
        databases.resume_replica()
    assert here.app.call("GET", path).content["posts"] == [], "from the cache"
    signer = here.host._last_writes
    assert signer is not None
    later_s = time.time() + LAGS_S + 1
    signer._now_s = lambda: later_s
    assert [post["text"] for post in person.call("GET", path).content["posts"]] == ["after"]
    assert len(here.app.call("GET", path).content["posts"]) == 1, "and the cache is refreshed"


def test_what_many_ask_for_the_database_is_asked_once(here: Here, databases: Cluster) -> None:
    person = here.app.person()
    databases.settle()
    path = f"/api/users/{person.handle}"
    for _ in range(20):
        assert here.app.call("GET", path).status == 200
    assert [what for what, key in here.cache.asked if key == f"profile:{person.handle}"].count("put") == 1
    follower = here.app.person()
    databases.settle()
    follower.follows(person)
    databases.settle()
    assert here.app.call("GET", path).content["followers"] == 1


def test_a_cache_that_is_gone_or_full_of_nonsense_fails_nothing(here: Here, databases: Cluster) -> None:
    person = here.app.person()
    person.says("hello")
    databases.settle()
    path = f"/api/users/{person.handle}"
    here.cache.kept |= {f"profile:{person.handle}": b"\xff", f"newest:{person.handle}": b'[["x"]]'}
    assert here.app.call("GET", path).content["followers"] == 0
    assert len(here.app.call("GET", f"{path}/posts").content["posts"]) == 1
    here.cache.standing = False
    for _ in range(3):
        assert here.app.call("GET", path).status == 200
    person.says("again")


def test_a_connection_that_turned_read_only_is_dropped(here: Here) -> None:
    """As after a failover: the writer is another one now."""
    person = here.app.person()
    shard = here.host.shards.of(person.handle)
    turn = "SELECT set_config('default_transaction_read_only', 'on', false), pg_backend_pid()"
    (_, pid) = shard.write(lambda c: c.execute(turn).fetchone())
    answers = [person.call("POST", "/api/posts", {"text": str(n)}).status for n in range(4)]
    assert answers.count(503) == 1
    assert answers[-1] == 201
    assert pid not in {shard.write(lambda c: c.info.backend_pid) for _ in range(4)}


def test_connections_that_were_cut_are_replaced_unnoticed(here: Here, databases: Cluster) -> None:
    person = here.app.person()
    ours = "FROM pg_stat_activity WHERE application_name = 'groma-social'"
    for server in (databases.master, databases.replica):
        (pids,) = databases.sql(
            f"SELECT array_agg(pid), array_agg(pg_terminate_backend(pid)) {ours}", at=server
        )
        left = f"SELECT 1 {ours} AND pid = ANY(%s)"
        wait_until(lambda s=server, p=pids[0], q=left: not databases.sql(q, p, at=s), "they are cut")  # type: ignore[misc]
    person.says("on a new connection")
    assert person.all_texts() == ["on a new connection"]
    assert on_another_device(person).call("GET", f"/api/users/{person.handle}/posts").status == 200


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (ReadTimeoutError(endpoint_url="https://dynamodb.us-east-1.amazonaws.com/"), 503),
        (ClientError({"Error": {"Code": "ThrottlingException"}}, "GetItem"), 503),
        (
            ClientError(
                {"Error": {"Code": "InternalServerError"}, "ResponseMetadata": {"HTTPStatusCode": 500}},  # type: ignore[typeddict-item]
                "GetItem",
            ),
            503,
        ),
    ],
    ids=["silent", "busy", "broken"],
)
def test_a_table_that_does_not_answer_is_an_answer_to_try_again(
    here: Here, error: Exception, status: int
) -> None:
    person = here.app.person()
    store = here.cloud.store

    def fail(*_: object) -> None:
        raise error

    object.__setattr__(store, "get", fail)
    try:
        assert person.call("GET", "/api/me").status == status
        is_ready, found = here.host.standing()
        assert not is_ready
        assert found["table"]["ok"] is False
    finally:
        object.__delattr__(store, "get")
    assert person.call("GET", "/api/me").status == 200


def test_a_call_that_is_not_allowed_is_no_answer_but_a_fault(here: Here) -> None:
    person, store = here.app.person(), here.cloud.store

    def fail(*_: object) -> None:
        raise ClientError({"Error": {"Code": "AccessDeniedException"}}, "GetItem")

    object.__setattr__(store, "get", fail)
    try:
        with pytest.raises(ClientError):
            person.call("GET", "/api/me")
    finally:
        object.__delattr__(store, "get")
