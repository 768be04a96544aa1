"""Looks at what somebody uploaded as a picture; makes a clean copy and a thumbnail of it with Pillow.

A clean copy is decoded and encoded anew: nothing remains of what was hidden in the file, such as the place
where it was taken. Both are of the kind that was declared, so that name and content agree.
"""

from __future__ import annotations

import io
import struct
import zlib
from dataclasses import dataclass
from typing import Any

from chirp.functions.native import make_importable

make_importable("PIL")

from PIL import Image, ImageOps, ImageSequence  # noqa: E402

FORMATS = {"jpg": "JPEG", "png": "PNG", "webp": "WEBP", "gif": "GIF"}
"""Extension of a key → Pillow's name of the format."""
MOVING = ("PNG", "WEBP", "GIF")
"""Formats whose frames follow each other; a JPEG with several (of a phone's camera) shows its first."""
THUMBNAIL_PX, LARGEST_PX = 320, 2048
"""The longest side of a thumbnail and of a copy; pictures that move keep their size."""
MAX_PIXELS = 50_000_000
"""Pixels of all frames together: some 200 MB when decoded."""

_BROKEN = (EOFError, IndexError, OSError, SyntaxError, ValueError, struct.error, zlib.error)
"""What Pillow's decoders raise for files that are not what they seem."""


class NotAPicture(Exception):
    """The file is not the picture that was declared; its text says why."""


@dataclass(frozen=True)
class Pictures:
    """What is kept of an upload: two encoded pictures."""

    copy: bytes
    thumbnail: bytes


def clean(content: bytes, extension: str) -> Pictures:
    """Return the clean copy and the thumbnail.

    Raises:
        NotAPicture: another kind of file, broken, cut off, or too many pixels.
    """
    kind = FORMATS[extension]
    try:
        with Image.open(io.BytesIO(content), formats=[kind]) as image:
            frames = int(getattr(image, "n_frames", 1)) if kind in MOVING else 1
            pixels = image.width * image.height * frames
            if pixels > MAX_PIXELS:
                raise NotAPicture(f"has {pixels:,} pixels, more than {MAX_PIXELS:,}")
            image.load()
            copy = _moving(image, kind) if frames > 1 else _still(image, kind, LARGEST_PX)
            image.seek(0)
            return Pictures(copy, _still(image, kind, THUMBNAIL_PX))
    except (Image.DecompressionBombError, *_BROKEN) as error:
        raise NotAPicture(f"is no {kind} that can be read: {error}") from error


def _still(image: Image.Image, kind: str, longest_px: int) -> bytes:
    upright = ImageOps.exif_transpose(image)
    if kind == "JPEG" and upright.mode not in ("L", "RGB"):
        upright = upright.convert("RGB")
    upright.thumbnail((longest_px, longest_px))  # a copy already
    return _encoded(upright, kind)


def _moving(image: Image.Image, kind: str) -> bytes:
    """Every frame again, with its duration."""
    frames = [frame.copy() for frame in ImageSequence.Iterator(image)]
    durations = [int(frame.info.get("duration", 100)) for frame in frames]
    more = {"save_all": True, "append_images": frames[1:], "duration": durations}
    return _encoded(frames[0], kind, **more, loop=int(image.info.get("loop", 0)))


def _encoded(image: Image.Image, kind: str, **more: Any) -> bytes:
    """The picture in its format, with nothing beside it but colours and transparency."""
    image.info = {name: image.info[name] for name in ("icc_profile", "transparency") if name in image.info}
    quality = {"quality": 85} if kind in ("JPEG", "WEBP") else {}
    buffer = io.BytesIO()
    image.save(buffer, kind, **quality, **more)
    return buffer.getvalue()
