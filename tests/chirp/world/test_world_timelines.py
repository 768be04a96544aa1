"""Timelines of two regions, each in a table of its own, which is filled from the topics of both."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from behaviour import PASSWORD, Person
from functions_cloud import Cloud
from functions_emulated import with_own_timelines
from postgres import Cluster
from world_region import Here, region, variables

pytestmark = pytest.mark.slow


@dataclass
class Two:
    """Both regions; one topic and queue stand for those of both, since each message goes to both queues."""

    here: Here
    there: Here

    def pass_on(self, times: int = 1) -> int:
        """Hand all that waits to the fan-out of both regions, so many times; returns how many messages."""
        sqs, url = self.here.cloud.clients["sqs"], self.here.cloud.resources["fan-out-queue.url"]
        self.here.host.announcer.stop()
        said: list[str] = []
        while found := sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
            said += [each["Body"] for each in found]
            for each in found:
                sqs.delete_message(QueueUrl=url, ReceiptHandle=each["ReceiptHandle"])
        for each in (self.here, self.there):
            assert each.cloud.invoke("fan-out", said * times) == set()
        return len(said)

    def seen_there(self, person: Person) -> list[str]:
        """What somebody sees who comes to the other region."""
        return Person(self.there.app, person.handle, person.token).all_texts()


@pytest.fixture
def two(databases: Cluster, cloud: Cloud, names: list[str], here: Here) -> Iterator[Two]:
    other = Cloud(cloud.clients, with_own_timelines(cloud.clients, cloud.resources, "timelines-there"))
    said = variables(databases, names, [False, False], TIMELINES=other.timelines.name)
    with region(databases, other, said) as there:
        yield Two(here, there)


def test_a_post_of_one_region_is_seen_in_both_by_follower_and_author(two: Two, databases: Cluster) -> None:
    writer, reader = two.here.app.person("writer"), two.here.app.person("reader")
    reader.follows(writer)
    writer.says("x" * 9_000)
    writer.says("hello")
    assert writer.all_texts() == ["hello", "x" * 9_000], "one's own at once, where one is"
    assert two.seen_there(writer) == []
    assert two.pass_on(times=2) == 2
    databases.settle()
    for person in (writer, reader):
        assert person.all_texts() == two.seen_there(person) == ["hello", "x" * 9_000]


def test_who_begins_to_follow_finds_earlier_posts_at_once_and_then_in_the_other_region(two: Two) -> None:
    writer, reader = two.here.app.person("writer"), two.here.app.person("reader")
    for text in ("one", "two"):
        writer.says(text)
    two.pass_on()
    session = {"handle": reader.handle, "password": PASSWORD}
    token = two.there.app.call("POST", "/api/sessions", session).content["token"]
    follower = Person(two.there.app, reader.handle, token)
    follower.follows(writer)
    assert (follower.all_texts(), reader.all_texts()) == (["two", "one"], [])
    assert two.pass_on(times=2) == 1
    assert follower.all_texts() == reader.all_texts() == ["two", "one"]
    assert follower.call("DELETE", f"/api/following/{writer.handle}").status == 204
    assert follower.all_texts() == reader.all_texts() == []


class Deaf:
    """A topic that takes nothing."""

    def publish_batch(self, **_: Any) -> Any:
        return {"Successful": [], "Failed": [{"Id": "0"}]}


def test_a_topic_that_takes_nothing_leaves_a_following_to_be_asked_for_again(two: Two) -> None:
    writer, reader = two.here.app.person("writer"), two.here.app.person("reader")
    writer.says("before")
    two.pass_on()
    path, clients = f"/api/following/{writer.handle}", two.here.cloud.clients
    topic, clients["sns"] = clients["sns"], Deaf()
    try:
        assert reader.call("PUT", path).status == 503
    finally:
        clients["sns"] = topic
    assert reader.call("GET", path).content == {"following": False}
    assert reader.call("PUT", path).status == 204
    assert two.pass_on() == 1
    assert reader.all_texts() == two.seen_there(reader) == ["before"]


def test_what_expires_in_the_table_of_all_regions_are_no_timelines(two: Two) -> None:
    """Each that expires there is a paid deletion in every other region."""
    writer, reader = two.here.app.person("writer"), two.here.app.person("reader")
    writer.says("before")
    reader.follows(writer)
    key = writer.call("POST", "/api/pictures", {"content_type": "image/png", "bytes": 9}).content["key"]
    writer.says("look", picture=key)
    two.pass_on()
    assert reader.call("DELETE", f"/api/following/{writer.handle}").status == 204
    kept, own = (_kinds(two.here.cloud, name) for name in ("social", "social-timelines"))
    assert kept == {"session": True, "unfollowed": True, "picture": False}
    assert own == _kinds(two.there.cloud, "timelines-there") == {"timeline": True}


def _kinds(cloud: Cloud, name: str) -> dict[str, bool]:
    """Kinds of the items in a table, and whether each of them expires."""
    found: dict[str, set[bool]] = {}
    for item in cloud.clients["dynamodb"].scan(TableName=name)["Items"]:
        found.setdefault(item["pk"]["S"].partition("#")[0], set()).add("expires_s" in item)
    assert all(len(each) == 1 for each in found.values())
    return {kind: each.pop() for kind, each in found.items()}
