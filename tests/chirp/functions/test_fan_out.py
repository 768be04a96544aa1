"""The fan-out's bad days: twice, late, out of order, half done, poisoned; nothing lost, nothing doubled."""

from __future__ import annotations

import json
import math
import random
from dataclasses import replace
from typing import Any

import pytest
from behaviour import App, Person
from functions_cloud import Cloud

from chirp.functions.fan_out import RESERVE_MS, FanOut
from chirp.functions.posts import BACKFILL_POSTS, COPIED_BYTES, TIMELINE_DAYS, message
from chirp.functions.posts import followed as followed_by
from chirp.functions.table import Item, Store
from chirp.social.ids import Ids
from chirp.social.model import Post


class Broken(Exception):
    """The table went away."""


class BreaksOff(Store):
    """A table that writes so many batches, then fails."""

    batches: int = 0

    def put_all(self, items: Any) -> int:
        for item in items:
            if self.batches <= 0:
                raise Broken
            object.__setattr__(self, "batches", self.batches - 1)
            super().put_all([item])
        return 0


def followed(app: App, cloud: Cloud, count: int) -> tuple[Person, list[str]]:
    """Somebody whom many follow; the many need no login, so they are only written down."""
    writer = app.person("writer")
    names = [f"reader_{n:05}" for n in range(count)]
    cloud.store.put_all({"pk": f"followers#{writer.handle}", "sk": name, "since_ms": 0} for name in names)
    return writer, names


def entries(cloud: Cloud, names: list[str]) -> list[list[str]]:
    return [[item["sk"] for item in cloud.store.newest(f"timeline#{name}", None, 100)] for name in names]


def posts(author: str, count: int, text: str = "hello") -> list[Post]:
    new_id = Ids()
    return [Post(new_id(), author, f"{text} {n}") for n in range(count)]


def test_duplicates_in_any_order_give_each_entry_once(cloud: Cloud, app: App) -> None:
    writer, names = followed(app, cloud, 7)
    said = posts(writer.handle, 12)
    bodies = [message(post) for post in said] * 3
    random.Random(1).shuffle(bodies)
    for start in range(0, len(bodies), 10):
        assert cloud.invoke("fan-out", bodies[start : start + 10]) == set()
    newest_first = [post.id for post in reversed(said)]
    assert entries(cloud, names) == [newest_first] * 7


def test_a_consumer_that_fails_half_way_is_finished_by_the_next(cloud: Cloud, app: App) -> None:
    writer, names = followed(app, cloud, 40)
    said = posts(writer.handle, 2)
    broken = BreaksOff(cloud.store.client, cloud.store.name, cloud.now_s, cloud.store.sleep)
    object.__setattr__(broken, "batches", 55)
    healthy, cloud.fan_out = cloud.fan_out, replace(cloud.fan_out, timelines=broken)
    bodies = [message(post) for post in said]
    assert cloud.invoke("fan-out", bodies) == {1}
    assert sum(map(len, entries(cloud, names))) == 55
    cloud.fan_out = healthy
    assert cloud.invoke("fan-out", bodies[1:]) == set()
    assert entries(cloud, names) == [[said[1].id, said[0].id]] * 40


def test_a_failure_leaves_the_message_in_its_queue_until_it_succeeds(cloud: Cloud, app: App) -> None:
    writer, follower = app.person("writer"), app.person("follower")
    follower.follows(writer)
    sqs, url = cloud.clients["sqs"], cloud.resources["fan-out-queue.url"]
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"VisibilityTimeout": "0"})
    broken = BreaksOff(cloud.store.client, cloud.store.name, cloud.now_s, cloud.store.sleep)
    healthy, cloud.fan_out = cloud.fan_out, replace(cloud.fan_out, timelines=broken)
    cloud.clients["sns"].publish(
        TopicArn=cloud.resources["posted-topic.arn"], Message=message(posts(writer.handle, 1)[0])
    )
    assert [cloud.pass_on("fan-out") for _ in range(2)] == [1, 1]
    assert follower.all_texts() == []
    cloud.fan_out = healthy
    cloud.settle()
    assert follower.all_texts() == ["hello 0"]


@pytest.mark.parametrize(
    "poison",
    [
        "",
        "no JSON",
        "[]",
        "{}",
        '{"kind": "liked", "author": "ada", "id": "00000000000000000000000000"}',
        '{"kind": "posted", "author": "ada", "id": "yesterday"}',
        '{"kind": "posted", "author": "../x", "id": "00000000000000000000000000"}',
        '{"kind": "posted", "author": "ada", "id": "00000000000000000000000000", "text": 7}',
        '{"kind": "followed", "author": "ada", "follower": "../x", "posts": []}',
        '{"kind": "followed", "author": "ada", "follower": "bob"}',
        '{"kind": "followed", "author": "ada", "follower": "bob", "posts": [{"id": "today"}]}',
    ],
)
def test_a_poisoned_message_fails_alone(cloud: Cloud, app: App, poison: str) -> None:
    writer, names = followed(app, cloud, 2)
    said = posts(writer.handle, 2)
    failed = cloud.invoke("fan-out", [message(said[0]), poison, message(said[1])])
    assert failed == {1}
    assert entries(cloud, names) == [[said[1].id, said[0].id]] * 2


def test_a_poisoned_message_ends_in_the_dead_letter_queue(cloud: Cloud, app: App) -> None:
    writer, follower = app.person("writer"), app.person("follower")
    follower.follows(writer)
    sqs, url = cloud.clients["sqs"], cloud.resources["fan-out-queue.url"]
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"VisibilityTimeout": "0"})
    cloud.clients["sns"].publish(TopicArn=cloud.resources["posted-topic.arn"], Message="poison")
    writer.says("unharmed")
    cloud.settle()
    assert cloud.dead("fan-out") == ["poison"]
    assert follower.all_texts() == ["unharmed"]


@pytest.mark.parametrize("count", [0, 1, 49, 50, 51, 175])
def test_the_rest_of_many_followers_is_a_message_of_its_own(cloud: Cloud, app: App, count: int) -> None:
    writer, names = followed(app, cloud, count)
    sent: list[str] = []
    part = FanOut(cloud.store, cloud.store, sent.append, limit=50)
    cloud.fan_out = part
    said = posts(writer.handle, 1)[0]
    bodies, calls = [message(said)], 0
    while bodies:
        assert cloud.invoke("fan-out", bodies) == set()
        bodies, calls = list(sent), calls + 1
        sent.clear()
    assert entries(cloud, names) == [[said.id]] * count
    assert calls == max(1, math.ceil(count / 50))


class Slow(Store):
    """A table of which each page and each batch takes so much of a call's time."""

    page_ms: int = 0
    batch_ms: int = 0
    left_ms: int = 0
    began_ms: list[int]

    def from_start(self, pk: str, after: str | None, limit: int) -> list[Item]:
        self._spend(self.page_ms)
        return super().from_start(pk, after, limit)

    def put_all(self, items: Any) -> int:
        self._spend(self.batch_ms)
        return super().put_all(items)

    def begin(self, **values: int) -> None:
        """A call begins."""
        for name, value in {**values, "began_ms": []}.items():
            object.__setattr__(self, name, value)

    def _spend(self, spent_ms: int) -> None:
        self.began_ms.append(self.left_ms)
        object.__setattr__(self, "left_ms", self.left_ms - spent_ms)


def slow(cloud: Cloud, sent: list[str]) -> Slow:
    """The fan-out over a slow table, whose calls end when it has taken all their time."""
    table = Slow(cloud.store.client, cloud.store.name, cloud.now_s, cloud.store.sleep)
    cloud.fan_out, cloud.time_left_ms = FanOut(table, table, sent.append), lambda: table.left_ms
    return table


@pytest.mark.parametrize(("batches", "timeout_ms"), [(1, 60_000), (3, 60_000), (8, 60_000), (3, 3_000)])
def test_no_call_is_cut_though_the_table_is_slow(
    cloud: Cloud, app: App, batches: int, timeout_ms: int
) -> None:
    """Two posts for four batches of followers each."""
    writer, names = followed(app, cloud, 90)
    sent: list[str] = []
    table = slow(cloud, sent)
    batch_ms = (timeout_ms - min(RESERVE_MS, timeout_ms // 2)) // batches + 1
    bodies, calls, written = [message(post) for post in posts(writer.handle, 2)], 0, 0
    while bodies:
        table.begin(batch_ms=batch_ms, left_ms=timeout_ms)
        assert cloud.invoke("fan-out", bodies) == set()
        before, written = written, sum(map(len, entries(cloud, names)))
        assert before < written <= before + 25 * batches
        bodies, calls = list(sent), calls + 1
        sent.clear()
    assert [len(found) for found in entries(cloud, names)] == [2] * 90
    assert calls == math.ceil(8 / batches)


@pytest.mark.parametrize(("said", "followers"), [(5, 30), (1, 1_030)], ids=["the first", "the second"])
def test_no_page_is_read_for_which_no_time_is_left(cloud: Cloud, app: App, said: int, followers: int) -> None:
    """Each page takes 20 s: there is no time for the next post's, or after the first page for another."""
    writer, names = followed(app, cloud, followers)
    sent: list[str] = []
    table = slow(cloud, sent)
    bodies, calls = [message(post) for post in posts(writer.handle, said)], 0
    while bodies:
        table.begin(page_ms=20_000, batch_ms=251, left_ms=60_000)
        assert cloud.invoke("fan-out", bodies) == set()
        assert min(table.began_ms) >= RESERVE_MS
        assert table.left_ms > 0
        bodies, calls = list(sent), calls + 1
        sent.clear()
    assert [len(found) for found in entries(cloud, names[:3] + names[-3:])] == [said] * 6
    assert calls == max(said, 2)


def test_a_message_for_which_no_time_is_left_is_sent_on_as_it_is(cloud: Cloud, app: App) -> None:
    writer, names = followed(app, cloud, 3)
    sent: list[str] = []
    cloud.fan_out = FanOut(cloud.store, cloud.store, sent.append)
    left_ms = iter([60_000, RESERVE_MS, RESERVE_MS, RESERVE_MS - 1])
    cloud.time_left_ms = left_ms.__next__
    first, second = (message(post) for post in posts(writer.handle, 2))
    assert cloud.invoke("fan-out", [first, second]) == set()
    (rest,) = sent
    assert json.loads(rest) == {**json.loads(second), "after": None}
    assert [len(found) for found in entries(cloud, names)] == [1] * 3
    cloud.time_left_ms = lambda: 60_000
    assert cloud.invoke("fan-out", sent) == set()
    assert [len(found) for found in entries(cloud, names)] == [2] * 3


def test_a_short_text_is_copied_and_a_long_one_fetched(cloud: Cloud, app: App) -> None:
    writer, follower = app.person("writer"), app.person("follower")
    follower.follows(writer)
    texts = ["x" * COPIED_BYTES, "x" * (COPIED_BYTES + 1), "é" * (COPIED_BYTES // 2), "🦉" * 10_000]
    for text in texts:
        writer.says(text)
    items = cloud.store.newest(f"timeline#{follower.handle}", None, 10)
    assert ["text" in item for item in items] == [False, True, False, True]
    assert max(map(size_bytes, items)) <= 1024  # one write unit
    assert follower.all_texts() == texts[::-1]


def test_a_message_stays_small_however_long_the_post(cloud: Cloud) -> None:
    longest = Post("0" * 26, "ada", "🦉" * 10_000, "ada/" + "0" * 26 + ".webp")
    assert len(message(longest).encode()) < 1_000
    assert json.loads(message(longest))["text"] is None


def test_what_tells_of_a_follower_is_taken_by_the_topic_however_much_was_said() -> None:
    """SNS takes 256 KiB at most; a quote and a line's end are two bytes in JSON."""
    picture, new_id = "ada/" + "0" * 26 + ".webp", Ids()
    said = [Post(new_id(), "ada", '"' * COPIED_BYTES, picture) for _ in range(BACKFILL_POSTS - 1)]
    told = followed_by("b" * 30, "ada", [*said, Post(new_id(), "ada", "x" * (COPIED_BYTES + 1))])
    assert len(told.encode()) < 256 * 1024
    assert [len(post["text"] or "") for post in json.loads(told)["posts"]] == [700] * 99 + [0]


def test_a_new_followers_entries_are_those_that_a_post_gives_them(cloud: Cloud, app: App) -> None:
    writer, names = followed(app, cloud, 1)
    said = [*posts(writer.handle, 3), Post(Ids()(), writer.handle, "x" * 9_000)]
    bodies = [followed_by(names[0], writer.handle, said), followed_by("late", writer.handle, said)]
    assert cloud.invoke("fan-out", [*bodies, bodies[0], *map(message, said)]) == set()
    for name in (names[0], "late"):
        entries = cloud.store.newest(f"timeline#{name}", None, 10)
        assert {one["sk"]: one.get("text") for one in entries} == {
            post.id: post.text if len(post.text) < 700 else None for post in said
        }


@pytest.mark.parametrize("own", [False, True])
def test_an_author_has_an_entry_too_where_the_message_says_so(cloud: Cloud, app: App, own: bool) -> None:
    writer, names = followed(app, cloud, 60)
    sent: list[str] = []
    cloud.fan_out = FanOut(cloud.store, cloud.store, sent.append, limit=50)
    said = posts(writer.handle, 1)[0]
    assert cloud.invoke("fan-out", [message(said, own=own)]) == set()
    cloud.store.delete((f"timeline#{writer.handle}", said.id))
    assert cloud.invoke("fan-out", sent) == set()
    assert entries(cloud, [*names, writer.handle]) == [[said.id]] * 60 + [[]], "the rest has it no more"
    assert cloud.invoke("fan-out", [message(said, own=own)]) == set()
    assert entries(cloud, [writer.handle]) == [[said.id] if own else []]


def test_old_entries_expire_and_are_left_out_at_once(cloud: Cloud, app: App) -> None:
    writer, follower = app.person("writer"), app.person("follower")
    follower.follows(writer)
    writer.says("old")
    assert follower.all_texts() == ["old"]
    (item,) = cloud.store.newest(f"timeline#{follower.handle}", None, 10)
    assert abs(int(item["expires_s"]) - (cloud.now_s() + TIMELINE_DAYS * 86_400)) < 60
    cloud.ahead_s = TIMELINE_DAYS * 86_400 + 1
    assert cloud.social.timelines.page(follower.handle, None, 10).posts == ()
    assert [post.text for post in cloud.social.posts.of(writer.handle, None, 10).posts] == ["old"]


def test_a_new_follower_finds_what_was_said_before(cloud: Cloud, app: App) -> None:
    writer, follower = app.person("writer"), app.person("follower")
    for text in ("one", "two", "x" * 9_000):
        writer.says(text)
    follower.follows(writer)
    assert follower.all_texts() == ["x" * 9_000, "two", "one"]


def test_a_message_that_comes_after_the_end_of_following_shows_nothing(cloud: Cloud, app: App) -> None:
    writer, follower = app.person("writer"), app.person("follower")
    follower.follows(writer)
    late = message(posts(writer.handle, 1, "late")[0])
    before = cloud.store.from_start(f"followers#{writer.handle}", None, 10)
    assert follower.call("DELETE", f"/api/following/{writer.handle}").status == 204
    cloud.store.put_all(before)  # as the consumer had read them already
    assert cloud.invoke("fan-out", [late]) == set()
    assert follower.all_texts() == []
    follower.follows(writer)
    assert follower.all_texts() == ["late 0"]


def test_a_page_is_full_although_many_entries_are_left_out(cloud: Cloud, app: App) -> None:
    loud, quiet, reader = app.person("loud"), app.person("quiet"), app.person("reader")
    reader.follows(loud)
    reader.follows(quiet)
    quiet.says("first")
    for number in range(30):
        loud.says(str(number))
    quiet.says("last")
    reader.call("DELETE", f"/api/following/{loud.handle}")
    assert [post["text"] for post in reader.sees(limit=2)["posts"]] == ["last", "first"]
    assert reader.all_texts(limit=1) == ["last", "first"]


def size_bytes(item: Item) -> int:
    """An item's size as DynamoDB counts it: names and values in UTF-8; a number has 21 bytes at most."""
    return sum(len(k.encode()) + (len(v.encode()) if isinstance(v, str) else 21) for k, v in item.items())
