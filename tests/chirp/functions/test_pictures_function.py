"""The pictures function: what becomes of uploads that are pictures, and of those that are none."""

from __future__ import annotations

import io
import json
from typing import Any
from urllib.parse import quote_plus

import pytest
from behaviour import App, Person
from functions_cloud import Cloud
from functions_emulated import BUCKET
from pictures_to_try import picture
from PIL import Image

from chirp.functions import images
from chirp.functions.images import LARGEST_PX, MAX_PIXELS, THUMBNAIL_PX, NotAPicture, clean
from chirp.functions.uploads import picture_key
from chirp.social.model import MAX_PICTURE_BYTES, PICTURE_TYPES

KINDS = {"image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WEBP", "image/gif": "GIF"}


def allowed(person: Person, content_type: str = "image/png") -> str:
    asked = {"content_type": content_type, "bytes": 1_000}
    return str(person.call("POST", "/api/pictures", asked).content["key"])


def upload(cloud: Cloud, key: str, content: bytes) -> None:
    cloud.clients["s3"].put_object(Bucket=BUCKET, Key=f"uploads/{key}", Body=content)
    cloud.settle()


def stored(cloud: Cloud) -> dict[str, dict[str, Any]]:
    """Every object of the bucket, with its content opened as a picture where it is one."""
    listed = cloud.clients["s3"].list_objects_v2(Bucket=BUCKET).get("Contents", [])
    return {one["Key"]: cloud.clients["s3"].get_object(Bucket=BUCKET, Key=one["Key"]) for one in listed}


def state(cloud: Cloud, key: str) -> str:
    item = cloud.store.get(picture_key(key))
    return str(item and item["state"])


@pytest.mark.parametrize("content_type", sorted(PICTURE_TYPES))
def test_a_picture_gets_a_copy_and_a_thumbnail(cloud: Cloud, app: App, content_type: str) -> None:
    person = app.person()
    key = allowed(person, content_type)
    post = person.says("look", picture=key)
    assert post["picture"] == {"url": f"/media/{key}", "thumbnail": None}
    upload(cloud, key, picture(KINDS[content_type], (900, 600)))
    objects = stored(cloud)
    assert set(objects) == {f"media/{key}", f"media/thumbnails/{key}"}
    sizes = {}
    for name, found in objects.items():
        assert found["ContentType"] == content_type
        assert "immutable" in found["CacheControl"]
        with Image.open(found["Body"]) as image:
            assert image.format == KINDS[content_type]
            sizes[name] = image.size
    assert sizes == {f"media/{key}": (900, 600), f"media/thumbnails/{key}": (THUMBNAIL_PX, 213)}
    assert person.sees()["posts"][0]["picture"]["thumbnail"] == f"/media/thumbnails/{key}"


BAD = {
    "no picture": b"<script>alert(1)</script>",
    "nothing but a beginning": b"\x89PNG\r\n\x1a\n",
    "cut off": picture("PNG", (200, 200))[:-500],
    "damaged": picture("PNG", (60, 60))[:80] + b"\0" * 400,
    "another kind": picture("GIF", (50, 50)),
    "vector": b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
    "too large": picture("PNG", (60, 60)) + b"\0" * MAX_PICTURE_BYTES,
}


@pytest.mark.parametrize("content", BAD.values(), ids=list(BAD))
def test_what_is_no_picture_is_removed_and_never_shown(cloud: Cloud, app: App, content: bytes) -> None:
    person = app.person()
    key = allowed(person)
    person.says("look", picture=key)
    upload(cloud, key, content)
    assert stored(cloud) == {}
    assert state(cloud, key) == "rejected"
    assert person.sees()["posts"][0]["picture"] is None
    refused = person.call("POST", "/api/posts", {"text": "again", "picture": key})
    assert refused.refusal == (400, "picture")


def test_a_bomb_is_not_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    side = int(MAX_PIXELS**0.5) + 10
    buffer = io.BytesIO()
    Image.new("1", (side, side)).save(buffer, "PNG")
    assert len(buffer.getvalue()) < 50_000
    monkeypatch.setattr(images, "_still", lambda *_: pytest.fail("it was opened"))
    with pytest.raises(NotAPicture, match="pixels"):
        clean(buffer.getvalue(), "png")


def test_nothing_hidden_survives() -> None:
    exif = Image.Exif()
    exif[0x010F] = "Camera of Ada"
    exif.get_ifd(0x8825)[1] = "N"
    secret = b"<script>secret</script>"
    content = picture("JPEG", (400, 300), exif=exif.tobytes(), comment=secret) + secret
    assert b"Camera of Ada" in content
    made = clean(content, "jpg")
    for one in (made.copy, made.thumbnail):
        assert b"Camera of Ada" not in one
        assert b"secret" not in one
        with Image.open(io.BytesIO(one)) as image:
            assert not image.getexif()


def test_a_picture_taken_sideways_stands_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    with Image.open(io.BytesIO(clean(picture("JPEG", (400, 300), exif=exif.tobytes()), "jpg").copy)) as image:
        assert image.size == (300, 400)


def test_a_large_picture_is_made_smaller() -> None:
    with Image.open(io.BytesIO(clean(picture("JPEG", (3000, 1500)), "jpg").copy)) as image:
        assert image.size == (LARGEST_PX, LARGEST_PX // 2)


@pytest.mark.parametrize("mode", ["L", "RGB", "CMYK"])
def test_every_kind_of_jpeg_is_understood(mode: str) -> None:
    assert clean(picture("JPEG", (64, 64), mode), "jpg").thumbnail


def test_a_jpeg_with_several_pictures_shows_its_first() -> None:
    buffer = io.BytesIO()
    first, second = (Image.new("RGB", (64, 48), colour) for colour in ("red", "blue"))
    first.save(buffer, "MPO", save_all=True, append_images=[second])
    with Image.open(io.BytesIO(clean(buffer.getvalue(), "jpg").copy)) as image:
        assert (image.format, image.size) == ("JPEG", (64, 48))
        assert image.convert("RGB").getpixel((10, 10))[0] > 200


def test_transparency_stays() -> None:
    buffer = io.BytesIO()
    Image.new("RGBA", (50, 50), (255, 0, 0, 0)).save(buffer, "PNG")
    with Image.open(io.BytesIO(clean(buffer.getvalue(), "png").thumbnail)) as image:
        assert image.convert("RGBA").getpixel((10, 10)) == (255, 0, 0, 0)


@pytest.mark.parametrize("kind", ["GIF", "WEBP"])
def test_a_picture_that_moves_goes_on_moving(kind: str) -> None:
    frames = [Image.new("RGB", (40, 30), (80 * n, 0, 0)) for n in range(3)]
    buffer = io.BytesIO()
    frames[0].save(buffer, kind, save_all=True, append_images=frames[1:], duration=[100, 200, 300])
    made = clean(buffer.getvalue(), kind.lower())
    with Image.open(io.BytesIO(made.copy)) as image:
        assert getattr(image, "n_frames", 1) == 3
    with Image.open(io.BytesIO(made.thumbnail)) as image:
        assert getattr(image, "n_frames", 1) == 1


def test_the_same_event_again_does_nothing(cloud: Cloud, app: App) -> None:
    person = app.person()
    key = allowed(person)
    upload(cloud, key, picture("PNG", (20, 20)))
    kept = {name: found["ETag"] for name, found in stored(cloud).items()}
    assert cloud.invoke("pictures", [event(f"uploads/{key}")] * 3) == set()
    assert {name: found["ETag"] for name, found in stored(cloud).items()} == kept
    assert state(cloud, key) == "ready"


def test_a_picture_is_not_exchanged_once_it_is_there(cloud: Cloud, app: App) -> None:
    person = app.person()
    key = allowed(person)
    upload(cloud, key, picture("PNG", (20, 20)))
    kept = {name: found["ETag"] for name, found in stored(cloud).items()}
    upload(cloud, key, picture("PNG", (30, 30)))
    assert {name: found["ETag"] for name, found in stored(cloud).items()} == kept


def test_an_upload_that_nobody_was_allowed_is_removed(cloud: Cloud) -> None:
    upload(cloud, "ada/00000000000000000000000000.png", picture("PNG", (20, 20)))
    assert stored(cloud) == {}


def test_a_failure_between_leaves_the_upload_to_the_next_attempt(cloud: Cloud, app: App) -> None:
    person = app.person()
    key = allowed(person)
    cloud.clients["s3"].put_object(Bucket=BUCKET, Key=f"uploads/{key}", Body=picture("PNG", (20, 20)))
    keep = cloud.checker._keep

    def breaks_off(*arguments: Any) -> None:
        keep(*arguments)
        raise ConnectionError("gone")

    object.__setattr__(cloud.checker, "_keep", breaks_off)
    assert cloud.invoke("pictures", [event(f"uploads/{key}")]) == {0}
    assert state(cloud, key) == "pending"
    object.__setattr__(cloud.checker, "_keep", keep)
    assert cloud.invoke("pictures", [event(f"uploads/{key}")]) == set()
    assert state(cloud, key) == "ready"
    assert set(stored(cloud)) == {f"media/{key}", f"media/thumbnails/{key}"}


def test_s3_may_try_the_topic(cloud: Cloud) -> None:
    tried = json.dumps({"Service": "Amazon S3", "Event": "s3:TestEvent", "Bucket": BUCKET})
    assert cloud.invoke("pictures", [tried]) == set()


@pytest.mark.parametrize("poison", ["", "{}", "[]", '{"Records": [{}]}'])
def test_a_message_of_nobody_fails_alone(cloud: Cloud, app: App, poison: str) -> None:
    key = allowed(app.person())
    cloud.clients["s3"].put_object(Bucket=BUCKET, Key=f"uploads/{key}", Body=picture("PNG", (20, 20)))
    assert cloud.invoke("pictures", [poison, event(f"uploads/{key}"), event("media/x.png")]) == {0, 2}
    assert state(cloud, key) == "ready"


def event(name: str) -> str:
    """What S3 says of an object."""
    return json.dumps({"Records": [{"s3": {"object": {"key": quote_plus(name)}}}]})
