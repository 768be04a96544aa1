"""The bundle, run by the embedded cloud: its gateway, authorizer, topics, queues and bucket."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from urllib.error import HTTPError
from urllib.request import ProxyHandler, Request, build_opener

import pytest
from deployed import Deployed, wait_until
from pictures_to_try import picture, sent_as_form

from groma.live.embedded import EmbeddedCloud

pytestmark = pytest.mark.slow

CLIENTS, POSTS = 8, 600


@pytest.fixture(scope="module")
def deployed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployed]:
    cloud = EmbeddedCloud(tmp_path_factory.mktemp("cloud") / "cloud")
    endpoints = cloud.start()
    try:
        yield Deployed(endpoints)
    finally:
        cloud.stop(discard=True)


def test_a_post_reaches_a_follower_over_http(deployed: Deployed) -> None:
    writer, follower = deployed.app.person("writer"), deployed.app.person("follower")
    follower.follows(writer)
    post = writer.says("🦉 " * 3_000)
    follower.comes_to_see("🦉 " * 3_000)
    assert follower.sees()["posts"] == [post]
    assert follower.call("GET", "/api/me").content["following"] == 1


def test_who_comes_round_the_distribution_is_refused(deployed: Deployed) -> None:
    for headers in ({}, {"X-Origin-Key": ""}, {"x-origin-key": "3f1c5a52-2d43-4b0e-9d55-4e6f8f0f7f12"}):
        answer = deployed.ask_around("GET", "/api/healthz", headers)
        assert (answer.status, json.loads(answer.body)) == (403, {"error": "ask the site, not its API"})
    assert deployed.ask("GET", "/api/healthz", {}, b"").status == 200


def test_the_gateway_lets_nobody_in_with_another_token(deployed: Deployed) -> None:
    person = deployed.app.person()
    head, claims, signature = person.token.split(".")
    for token in (None, "x", f"{head}.{claims}.", f"{head}.{claims[:-2]}AA.{signature}"):
        assert deployed.app.call("GET", "/api/me", token=token).status == 401
    assert deployed.app.call("GET", "/api/nothing", token=person.token).content == {"error": "no such path"}


def test_an_upload_becomes_a_picture_with_a_thumbnail(deployed: Deployed) -> None:
    person = deployed.app.person()
    content = picture("JPEG", (1200, 800))
    asked = {"content_type": "image/jpeg", "bytes": len(content)}
    allowed = person.call("POST", "/api/pictures", asked).content
    assert post_form(allowed["upload"], content) in (200, 201, 204)
    person.says("look", picture=allowed["key"])
    wait_until(lambda: person.sees()["posts"][0]["picture"]["thumbnail"] is not None, 20)
    shown = person.sees()["posts"][0]["picture"]
    assert shown == {
        "url": f"/media/{allowed['key']}",
        "thumbnail": f"/media/thumbnails/{allowed['key']}",
    }
    bucket = deployed.resources["bucket.name"]
    listed = deployed.clients["s3"].list_objects_v2(Bucket=bucket)["Contents"]
    kept = {one["Key"] for one in listed if allowed["key"] in one["Key"]}
    assert kept == {f"media/{allowed['key']}", f"media/thumbnails/{allowed['key']}"}


def test_what_the_form_does_not_allow_is_not_taken(deployed: Deployed) -> None:
    person = deployed.app.person()
    asked = {"content_type": "image/png", "bytes": 1}
    allowed = person.call("POST", "/api/pictures", asked).content
    assert post_form(allowed["upload"], b"x" * (5 * 2**20 + 1)) in (400, 403)
    changed = {**allowed["upload"], "fields": {**allowed["upload"]["fields"], "Content-Type": "text/html"}}
    assert post_form(changed, b"<script>") in (400, 403)


def test_a_poisoned_message_ends_alone_in_the_dead_letter_queue(deployed: Deployed) -> None:
    writer, follower = deployed.app.person("writer"), deployed.app.person("follower")
    follower.follows(writer)
    sqs, url = deployed.clients["sqs"], deployed.resources["fan-out-queue.url"]
    kept = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["VisibilityTimeout"])["Attributes"]
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"VisibilityTimeout": "0"})
    deployed.clients["sns"].publish(TopicArn=deployed.resources["posted-topic.arn"], Message="poison")
    writer.says("unharmed")
    follower.comes_to_see("unharmed")
    wait_until(lambda: deployed.waiting("fan-out-dead") == 1, 30)
    assert deployed.waiting("fan-out-queue") == 0
    sqs.set_queue_attributes(QueueUrl=url, Attributes=kept)


def test_many_who_follow_at_once_are_counted_exactly(deployed: Deployed) -> None:
    star, fans = deployed.app.person("star"), [deployed.app.person("fan") for _ in range(CLIENTS // 2)]
    path = f"/api/following/{star.handle}"
    for method, followers in (("PUT", len(fans)), ("DELETE", 0)):
        with ThreadPoolExecutor(CLIENTS) as pool:
            asked = [pool.submit(fan.call, method, path) for fan in fans for _ in range(2)]
        assert [answer.result() for answer in asked if answer.result().status != 204] == []
        assert star.call("GET", "/api/me").content["followers"] == followers


def test_housekeeping_runs_where_it_is_deployed(deployed: Deployed) -> None:
    assert deployed.invoke("housekeeping", {}) == {"published": 0, "pictures": 0, "accounts": 0}


def test_hundreds_of_posts_of_eight_clients_reach_every_follower_once(deployed: Deployed) -> None:
    writers = [deployed.app.person("writer") for _ in range(CLIENTS)]
    followers = [deployed.app.person("follower") for _ in range(2)]
    for follower in followers:
        for writer in writers:
            follower.follows(writer)
    expected = {f"{client} says {number}" for client in range(CLIENTS) for number in range(POSTS // CLIENTS)}

    def say(client: int) -> None:
        for number in range(POSTS // CLIENTS):
            writers[client].says(f"{client} says {number}")

    start = time.monotonic()
    with ThreadPoolExecutor(CLIENTS) as pool:
        list(pool.map(say, range(CLIENTS)))
    said_s = time.monotonic() - start
    wait_until(lambda: deployed.waiting("fan-out-queue") == 0, 60)
    print(f"{POSTS} posts in {said_s:.1f} s, all fanned out after {time.monotonic() - start:.1f} s")
    assert [deployed.entries(follower.handle) for follower in followers] == [POSTS, POSTS]
    texts = followers[0].all_texts()
    assert len(texts) == POSTS
    assert set(texts) == expected
    assert deployed.waiting("fan-out-dead") <= 1  # what another test poisoned


def post_form(upload: dict[str, object], content: bytes) -> int:
    """Uploads as a browser does; returns the status."""
    url, body, content_type = sent_as_form(upload, content)
    request = Request(url, data=body, headers={"content-type": content_type}, method="POST")
    try:
        with build_opener(ProxyHandler({})).open(request, timeout=30) as answer:
            return int(answer.status)
    except HTTPError as refusal:
        return refusal.code
