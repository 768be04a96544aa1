"""Uploading pictures and showing them, on every host."""

from __future__ import annotations

import pytest
from behaviour import App, Person

SIZE = 12_345


def upload(person: Person, content_type: object = "image/png", size: object = SIZE) -> str:
    reply = person.call("POST", "/api/pictures", {"content_type": content_type, "bytes": size})
    assert reply.status == 201, reply.body
    content = reply.content
    assert content.keys() == {"key", "upload"}
    assert content["upload"].keys() == {"url", "fields"}
    assert content["upload"]["url"].startswith("http")
    assert content["upload"]["fields"]["key"].endswith(content["key"])
    assert content["upload"]["fields"]["Content-Type"] == content_type
    key: str = content["key"]
    return key


def test_a_post_shows_its_picture(app: App) -> None:
    person = app.person()
    key = upload(person)
    post = person.says("look", picture=key)
    assert post["picture"]["url"] == f"/media/{key}"
    assert post["picture"]["thumbnail"] == (f"/media/thumbnails/{key}" if app.thumbnails else None)
    person.comes_to_see("look")
    assert person.sees()["posts"][0] == post


def test_a_picture_needs_no_words(app: App) -> None:
    person = app.person()
    assert person.says("", picture=upload(person))["text"] == ""


def test_every_upload_has_a_key_of_its_own(app: App) -> None:
    person = app.person()
    assert len({upload(person) for _ in range(5)}) == 5


@pytest.mark.parametrize("content_type", [None, "", 7, "text/html", "image/svg+xml", "image/png; charset=x"])
def test_what_is_no_picture_is_refused(app: App, content_type: object) -> None:
    content = {"content_type": content_type, "bytes": SIZE}
    assert app.person().call("POST", "/api/pictures", content).refusal == (400, "content_type")


@pytest.mark.parametrize(
    ("size", "status"), [(0, 400), (-1, 400), ("1", 400), (True, 400), (1.5, 400), (None, 400)]
)
def test_a_size_that_is_none_is_refused(app: App, size: object, status: int) -> None:
    content = {"content_type": "image/png", "bytes": size}
    assert app.person().call("POST", "/api/pictures", content).refusal == (status, "bytes")


def test_a_picture_has_five_mib_at_most(app: App) -> None:
    person = app.person()
    upload(person, size=5 * 2**20)
    too_large = {"content_type": "image/png", "bytes": 5 * 2**20 + 1}
    assert person.call("POST", "/api/pictures", too_large).refusal == (413, "bytes")


def test_a_picture_of_somebody_else_or_from_elsewhere_is_refused(app: App) -> None:
    one, two = app.person(), app.person()
    key = upload(one)
    traversal = key.replace(one.handle, f"{two.handle}/../{one.handle}")
    for picture in (key, traversal, f"{two.handle}/x.png", "https://example.com/x.png", "", 7, [key]):
        content = {"text": "look", "picture": picture}
        assert two.call("POST", "/api/posts", content).refusal == (400, "picture")
    assert two.all_texts() == []
