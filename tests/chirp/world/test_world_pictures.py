"""Pictures of the worldwide servers: checked by the functions' worker, and waited for by nobody."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from world_region import Here

sys.path.append(str(Path(__file__).parents[1] / "functions"))

from functions_emulated import BUCKET
from pictures_to_try import picture

from chirp.functions.housekeeping import ABANDONED_S

pytestmark = pytest.mark.slow


def uploaded(here: Here, handle_content: bytes | None, text: str | None) -> tuple[str, str]:
    """The author and key of an upload that was asked for, sent and posted as far as is said."""
    person = here.app.person()
    asked = person.call("POST", "/api/pictures", {"content_type": "image/png", "bytes": 100}).content
    assert asked["upload"]["fields"]["key"] == f"uploads/{asked['key']}"
    if handle_content is not None:
        body = {"Bucket": BUCKET, "Key": f"uploads/{asked['key']}", "Body": handle_content}
        here.cloud.clients["s3"].put_object(**body)
    if text is not None:
        person.says(text, picture=asked["key"])
    return person.handle, str(asked["key"])


def shown(here: Here, handle: str) -> object:
    (post,) = here.app.call("GET", f"/api/users/{handle}/posts?limit=50", x_last_write="").content["posts"]
    return post["picture"]


def test_a_post_is_there_before_its_picture_is_checked_and_has_a_thumbnail_after(
    here: Here, databases: object
) -> None:
    handle, key = uploaded(here, picture("PNG", (40, 30)), "look")
    databases.settle()  # type: ignore[attr-defined]
    assert shown(here, handle) == {"url": f"/media/{key}", "thumbnail": None}
    here.cloud.settle()
    assert shown(here, handle) == {"url": f"/media/{key}", "thumbnail": f"/media/thumbnails/{key}"}


def test_what_is_no_picture_is_not_shown(here: Here, databases: object) -> None:
    handle, _ = uploaded(here, b"no picture", "look")
    here.cloud.settle()
    databases.settle()  # type: ignore[attr-defined]
    assert shown(here, handle) is None


def test_housekeeping_removes_what_was_never_posted_and_nothing_else(here: Here) -> None:
    _, posted = uploaded(here, picture("PNG", (9, 9)), "look")
    uploaded(here, picture("PNG", (9, 9)), None)
    here.cloud.settle()
    here.cloud.ahead_s = ABANDONED_S + 60
    assert here.cloud.housekeeping() == {"published": 0, "pictures": 1, "accounts": 0}
    left = here.cloud.clients["s3"].list_objects_v2(Bucket=BUCKET)["Contents"]
    assert {one["Key"] for one in left} == {f"media/{posted}", f"media/thumbnails/{posted}"}
