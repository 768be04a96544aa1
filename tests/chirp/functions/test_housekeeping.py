"""Housekeeping: what was left half done is finished, what nobody wants goes, and nothing else."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from behaviour import PASSWORD, App
from botocore.exceptions import ClientError
from functions_cloud import Cloud
from functions_emulated import BUCKET
from pictures_to_try import picture

from chirp.functions.housekeeping import (
    ABANDONED_S,
    RESERVE_MS,
    UNCONFIRMED_S,
    UNPUBLISHED_S,
    Housekeeping,
)
from chirp.functions.uploads import picture_key

NOTHING = {"published": 0, "pictures": 0, "accounts": 0}


class Topic:
    """A topic that does not answer, as often as it is told to."""

    def __init__(self, sns: Any, failures: int) -> None:
        self._sns, self.failures = sns, failures

    def publish(self, **arguments: Any) -> Any:
        if self.failures > 0:
            self.failures -= 1
            raise ClientError({"Error": {"Code": "InternalError"}}, "Publish")
        return self._sns.publish(**arguments)


def test_a_post_that_was_not_published_is_published_later(cloud: Cloud, app: App) -> None:
    writer, follower = app.person("writer"), app.person("follower")
    follower.follows(writer)
    cloud.clients["sns"] = Topic(cloud.clients["sns"], failures=2)
    writer.says("held back")
    writer.says("held back too")
    writer.says("not held back")
    assert writer.all_texts() == ["not held back", "held back too", "held back"]
    assert follower.all_texts() == ["not held back"]
    assert cloud.housekeeping() == NOTHING  # too early: it may just be on its way
    cloud.ahead_s = UNPUBLISHED_S + 1
    assert cloud.housekeeping() == {**NOTHING, "published": 2}
    cloud.settle()
    assert follower.all_texts() == ["not held back", "held back too", "held back"]
    assert cloud.housekeeping() == NOTHING


def test_a_post_that_was_published_but_not_noted_as_such_is_not_doubled(cloud: Cloud, app: App) -> None:
    writer, follower = app.person("writer"), app.person("follower")
    follower.follows(writer)
    notes: list[Any] = []
    object.__setattr__(cloud.store, "delete", notes.append)
    writer.says("once")
    object.__delattr__(cloud.store, "delete")
    assert len(notes) == 1
    cloud.ahead_s = UNPUBLISHED_S + 1
    assert cloud.housekeeping()["published"] == 1
    cloud.settle()
    assert follower.all_texts() == writer.all_texts() == ["once"]


def test_one_failure_does_not_keep_the_others(cloud: Cloud, app: App) -> None:
    writer = app.person("writer")
    cloud.clients["sns"] = Topic(cloud.clients["sns"], failures=4)
    for number in range(3):
        writer.says(str(number))
    cloud.ahead_s = UNPUBLISHED_S + 1
    assert cloud.housekeeping()["published"] == 2
    assert cloud.housekeeping()["published"] == 1


def test_pictures_that_were_never_posted_go_and_others_stay(cloud: Cloud, app: App) -> None:
    person = app.person()
    asked = {"content_type": "image/png", "bytes": 100}
    posted, forgotten, never_sent = (
        str(person.call("POST", "/api/pictures", asked).content["key"]) for _ in range(3)
    )
    for key in (posted, forgotten):
        cloud.clients["s3"].put_object(Bucket=BUCKET, Key=f"uploads/{key}", Body=picture("PNG", (9, 9)))
    cloud.settle()
    person.says("look", picture=posted)
    cloud.ahead_s = ABANDONED_S - 60
    assert cloud.housekeeping() == NOTHING
    cloud.ahead_s = ABANDONED_S + 60
    assert cloud.housekeeping() == {**NOTHING, "pictures": 2}
    left = cloud.clients["s3"].list_objects_v2(Bucket=BUCKET)["Contents"]
    assert {one["Key"] for one in left} == {f"media/{posted}", f"media/thumbnails/{posted}"}
    assert cloud.store.get(picture_key(forgotten)) is None
    assert cloud.store.get(picture_key(never_sent)) is None


def test_a_picture_that_is_just_being_posted_stays(cloud: Cloud, app: App) -> None:
    """The index still shows it as waiting when it is posted."""
    person = app.person()
    key = str(person.call("POST", "/api/pictures", {"content_type": "image/png", "bytes": 9}).content["key"])
    cloud.ahead_s = ABANDONED_S + 60
    (waiting,) = cloud.store.waiting("upload", ABANDONED_S)
    cloud.social.post(person.handle, "look", key)
    keeper(cloud)._abandon(waiting)
    item = cloud.store.get(picture_key(key))
    assert item is not None
    assert item["state"] == "pending"


def test_a_picture_that_is_going_cannot_be_posted(cloud: Cloud, app: App) -> None:
    person = app.person()
    key = str(person.call("POST", "/api/pictures", {"content_type": "image/png", "bytes": 9}).content["key"])
    assert cloud.store.update(
        picture_key(key), "SET #state = :gone", "attribute_exists(pk)", gone="abandoned"
    )
    refused = person.call("POST", "/api/posts", {"text": "look", "picture": key})
    assert refused.refusal == (400, "picture")
    cloud.ahead_s = ABANDONED_S + 60
    assert cloud.housekeeping() == {**NOTHING, "pictures": 1}  # what another round had begun


def test_an_account_that_nobody_confirmed_frees_its_handle(cloud: Cloud, app: App) -> None:
    confirmed = app.person()
    waiting = {"handle": "waiting", "email": "w@example.com", "password": PASSWORD}
    assert app.call("POST", "/api/accounts", waiting).status == 201
    assert app.call("POST", "/api/accounts", waiting).status == 409
    cloud.ahead_s = UNCONFIRMED_S - 60
    assert cloud.housekeeping() == NOTHING
    cloud.ahead_s = UNCONFIRMED_S + 60
    assert cloud.housekeeping() == {**NOTHING, "accounts": 1}
    assert app.call("POST", "/api/accounts", waiting).status == 201
    login = {"handle": confirmed.handle, "password": PASSWORD}
    assert app.call("POST", "/api/sessions", login).status == 200


def test_nothing_is_begun_when_the_time_is_nearly_over(cloud: Cloud, app: App) -> None:
    writer = app.person("writer")
    cloud.clients["sns"] = Topic(cloud.clients["sns"], failures=2)
    writer.says("one")
    writer.says("two")
    cloud.ahead_s = UNPUBLISHED_S + 1
    left_ms = iter([RESERVE_MS, RESERVE_MS - 1, 0, 0])
    assert keeper(cloud)(lambda: next(left_ms)) == {**NOTHING, "published": 1}


def test_a_service_that_does_not_answer_keeps_nothing_else(cloud: Cloud, app: App) -> None:
    class Silent:
        def get_paginator(self, name: str) -> Any:
            raise ClientError({"Error": {"Code": "TooManyRequestsException"}}, "ListUsers")

    writer = app.person("writer")
    cloud.clients["sns"] = Topic(cloud.clients["sns"], failures=1)
    writer.says("one")
    cloud.ahead_s = UNPUBLISHED_S + 1
    assert keeper(cloud, Silent())(lambda: 60_000) == {**NOTHING, "published": 1}


def test_where_there_is_no_user_pool_no_account_is_looked_for(cloud: Cloud) -> None:
    class Unasked:
        def get_paginator(self, name: str) -> Any:
            raise AssertionError(name)

    assert replace(keeper(cloud, Unasked()), pool="")(lambda: 60_000) == NOTHING


def keeper(cloud: Cloud, cognito: Any = None) -> Housekeeping:
    """Housekeeping of that cloud."""
    publish = cloud.social.posts.publish  # type: ignore[attr-defined]
    cognito = cognito or cloud.clients["cognito-idp"]
    pool = cloud.resources["user-pool.id"]
    return Housekeeping(cloud.store, cognito, cloud.clients["s3"], publish, pool, BUCKET)


def test_the_clock_of_cognito_is_understood() -> None:
    from chirp.functions.housekeeping import _seconds

    assert _seconds(datetime(2026, 11, 22, tzinfo=UTC)) == 1_795_305_600
