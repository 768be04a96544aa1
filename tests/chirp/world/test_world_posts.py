"""A post that was kept reaches its followers, whatever ends or fails on its way."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import pytest
from behaviour import Person, eventually
from botocore.exceptions import EndpointConnectionError
from postgres import Cluster, wait_until
from world_region import Here

from chirp.functions.posts import message
from chirp.social.model import Post
from chirp.world.announcer import Announcer, Publish

pytestmark = pytest.mark.slow


class Unreachable:
    """A topic that does not answer."""

    def publish_batch(self, **_: Any) -> Any:
        raise EndpointConnectionError(endpoint_url="https://sns.us-east-1.amazonaws.com/")


def outbox(databases: Cluster, names: list[str]) -> int:
    return sum(databases.sql("SELECT count(*) FROM outbox", database=name)[0][0] for name in names)


def queued(here: Here) -> list[str]:
    """Ids of the posts in the fan-out's queue."""
    sqs, url = here.cloud.clients["sqs"], here.cloud.resources["fan-out-queue.url"]
    found: list[str] = []
    while batch := sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
        found += [json.loads(each["Body"])["id"] for each in batch]
    return found


@contextmanager
def ended(here: Here) -> Iterator[None]:
    """Processes end after they have kept a post, and before they announce it."""
    announcer, here.host.announcer = here.host.announcer, lambda post: None  # type: ignore[assignment]
    try:
        yield
    finally:
        here.host.announcer = announcer


def another(here: Here, publish: Publish, left_s: float = 0.0) -> Announcer:
    return Announcer(here.cloud.timelines, publish, here.host.shards, left_s)


def test_the_topic_is_told_and_the_note_goes(here: Here, databases: Cluster, names: list[str]) -> None:
    writer = here.app.person("writer")
    said = [writer.says(f"post {n}")["id"] for n in range(30)]
    wait_until(lambda: outbox(databases, names) == 0, "every note is removed")
    assert sorted(queued(here)) == said


def test_what_a_crash_left_is_swept_once_however_many_come_by(
    here: Here, databases: Cluster, names: list[str]
) -> None:
    """The posts are kept, and then their process ends before it has announced them."""
    writers = [here.app.person("writer") for _ in range(6)]
    with ended(here):
        said = [writer.says(f"post {n}")["id"] for n in range(12) for writer in writers]
    assert outbox(databases, names) == len(said)
    assert queued(here) == []
    sweepers = [another(here, here.host.announcer._publish) for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        jobs = [pool.submit(sweeper.sweep, shard) for sweeper in sweepers for shard in here.host.shards.all]
        assert sum(job.result() for job in jobs) <= len(said)
    for shard in here.host.shards.all:
        sweepers[0].sweep(shard)
    assert sorted(queued(here)) == sorted(said)
    assert outbox(databases, names) == 0
    assert writers[0].all_texts() == [f"post {n}" for n in reversed(range(12))]


def test_what_may_still_be_on_its_way_is_not_swept(here: Here, databases: Cluster, names: list[str]) -> None:
    with ended(here):
        here.app.person("writer").says("just now")
    sweeper = another(here, here.host.announcer._publish, left_s=60)
    assert [sweeper.sweep(shard) for shard in here.host.shards.all] == [0, 0]
    assert outbox(databases, names) == 1


def test_a_topic_that_does_not_answer_is_nobodys_worry(
    here: Here, databases: Cluster, names: list[str]
) -> None:
    writer, follower = here.app.person("writer"), here.app.person("follower")
    follower.follows(writer)
    topic, here.cloud.clients["sns"] = here.cloud.clients["sns"], Unreachable()
    writer.says("held back")
    assert writer.all_texts() == ["held back"]
    sweeper = another(here, here.host.announcer._publish)
    assert [sweeper.sweep(shard) for shard in here.host.shards.all] == [0, 0]
    assert outbox(databases, names) == 1
    here.cloud.clients["sns"] = topic
    assert sum(sweeper.sweep(shard) for shard in here.host.shards.all) == 1
    here.cloud.settle()
    assert follower.all_texts() == ["held back"]


def test_a_table_that_does_not_answer_leaves_the_entry_to_the_sweeper(here: Here) -> None:
    writer = here.app.person("writer")
    store = here.cloud.timelines

    def fail(items: object) -> int:
        raise EndpointConnectionError(endpoint_url="https://dynamodb.us-east-1.amazonaws.com/")

    object.__setattr__(store, "put_all", fail)
    try:
        writer.says("kept")
    finally:
        object.__delattr__(store, "put_all")
    assert writer.all_texts() == []
    sweeper = another(here, here.host.announcer._publish)
    assert sum(sweeper.sweep(shard) for shard in here.host.shards.all) == 1
    assert writer.all_texts() == ["kept"]


def test_what_the_topic_refuses_alone_is_told_again(here: Here, databases: Cluster, names: list[str]) -> None:
    writer = here.app.person("writer")
    with ended(here):
        said = [writer.says(f"post {n}")["id"] for n in range(3)]
    told: list[Sequence[str]] = []

    def all_but_the_first(messages: Sequence[str]) -> set[int]:
        told.append(messages)
        return set(range(1, len(messages)))

    sweeper = another(here, all_but_the_first)
    assert sum(sweeper.sweep(shard) for shard in here.host.shards.all) == 2
    assert outbox(databases, names) == 1
    assert [json.loads(each)["id"] for each in told[0]] == said


def test_a_message_is_what_the_worker_reads(here: Here) -> None:
    post = Post("0" * 26, "ada", "hello")
    published: list[str] = []
    another(here, lambda messages: published.extend(messages) or {0})._tell([post])  # type: ignore[func-returns-value]
    assert published == [message(post, own=True)]


def test_a_long_text_that_has_not_reached_the_reader_is_fetched_where_it_is(
    here: Here, databases: Cluster
) -> None:
    writer, follower = here.app.person("writer"), here.app.person("follower")
    follower.follows(writer)
    databases.settle()
    follower.last_write = {}
    databases.pause_replica()
    try:
        writer.says("x" * 5_000)
        wait_until(lambda: here.cloud.pass_on("fan-out"), "the topic was told")
        assert follower.all_texts() == ["x" * 5_000]
    finally:
        databases.resume_replica()


def test_a_new_follower_finds_what_was_posted_before(here: Here) -> None:
    writer, follower = here.app.person("writer"), here.app.person("follower")
    for number in range(105):
        writer.says(f"post {number}")
    follower.follows(writer)
    assert follower.all_texts() == [f"post {n}" for n in range(104, 4, -1)]


def test_one_session_is_good_until_its_time_is_over(here: Here) -> None:
    person = here.app.person()
    assert person.call("GET", "/api/me").status == 200
    here.host._sessions._known.clear()
    here.cloud.ahead_s = 7 * 86_400 + 1
    assert person.call("GET", "/api/me").status == 401


def test_a_session_is_kept_under_a_hash(here: Here) -> None:
    person = here.app.person()
    items = here.cloud.clients["dynamodb"].scan(TableName="social")["Items"]
    assert [item for item in items if item["pk"]["S"].startswith("session#")]
    assert person.token not in json.dumps(items)


def test_a_page_is_fresh_for_others_once_replica_and_cache_are(here: Here, databases: Cluster) -> None:
    writer = here.app.person("writer")
    path = f"/api/users/{writer.handle}/posts"
    shown = lambda: len(here.app.call("GET", path).content["posts"])  # noqa: E731
    eventually(lambda: here.app.call("GET", path).status, 200, 5)
    writer.says("one")
    databases.settle()
    assert shown() == 1, "its author's write has made the cache forget"
    stale = Person(here.app, writer.handle, writer.token)
    assert stale.call("GET", path).content["posts"]
    assert ("get", f"newest:{writer.handle}") in here.cache.asked
