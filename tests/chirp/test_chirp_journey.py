"""The parts of the users' journey that need no site; all of it is tried where a stack is provisioned."""

from __future__ import annotations

import base64
import io
import json

from PIL import Image

from chirp.functions.names import MEDIA, UPLOADS
from chirp.shipping.journey import Travellers, forged, picture


def test_a_picture_is_a_png_that_others_can_read() -> None:
    with Image.open(io.BytesIO(picture(640, 480))) as image:
        image.load()
        assert (image.format, image.size, image.getpixel((639, 479))) == ("PNG", (640, 480), (11, 93, 82))


def test_a_forged_token_says_the_same_with_another_signature() -> None:
    claims = base64.urlsafe_b64encode(json.dumps({"username": "ada"}).encode()).decode().rstrip("=")
    token = f"e30.{claims}.abcdefghijkl"
    changed = forged(token)
    assert changed.rpartition(".")[0] == token.rpartition(".")[0]
    assert changed.rpartition(".")[2] != token.rpartition(".")[2]


def test_nobody_travels_under_a_name_that_another_has() -> None:
    first, second = Travellers(), Travellers()
    assert len({*first.handles, *second.handles}) == 4


def test_what_the_users_left_is_known_before_they_have_gone_all_the_way() -> None:
    users = Travellers(handles=("wanda", "rita"))
    left = users.traces()
    assert left.users == ("wanda", "rita")
    assert {"account#wanda", "timeline#rita", "request#rita"} < set(left.partitions)
    assert left.objects == ()
    users.pictures.append("key")
    assert users.traces().objects == (f"{UPLOADS}key", f"{MEDIA}key", f"{MEDIA}thumbnails/key")
    assert "picture#key" in users.traces().partitions
