"""Pictures to upload, and the form in which a browser sends them."""

from __future__ import annotations

import io
import secrets
from collections.abc import Mapping
from typing import Any

from PIL import Image


def picture(kind: str, size: tuple[int, int], mode: str = "RGB", **more: Any) -> bytes:
    """A picture with noise in it, so that no format makes it small."""
    buffer = io.BytesIO()
    noise = Image.frombytes("L", size, secrets.token_bytes(size[0] * size[1]))
    noise.convert(mode).save(buffer, kind, **more)
    return buffer.getvalue()


def sent_as_form(upload: Mapping[str, Any], content: bytes) -> tuple[str, bytes, str]:
    """URL, body and content type of a presigned upload (multipart/form-data, RFC 7578)."""
    edge = secrets.token_hex(16)
    parts = [_part(edge, f'name="{name}"', value.encode()) for name, value in upload["fields"].items()]
    file = _part(edge, 'name="file"; filename="picture"', content)
    body = b"".join([*parts, file, f"--{edge}--\r\n".encode()])
    return str(upload["url"]), body, f"multipart/form-data; boundary={edge}"


def _part(edge: str, what: str, content: bytes) -> bytes:
    return f"--{edge}\r\nContent-Disposition: form-data; {what}\r\n\r\n".encode() + content + b"\r\n"
