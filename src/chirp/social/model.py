"""Values of the social application, its limits, and the checks of what comes from outside.

A check takes what JSON or a URL held, whatever its type, and returns the value to use or raises `Invalid`,
which names the field.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from chirp.social import ids
from chirp.social.errors import Invalid, TooLarge

MAX_POST_CHARS = 10_000
MAX_PICTURE_BYTES = 5 * 2**20
MAX_EMAIL_CHARS = 254
MIN_PASSWORD_CHARS, MAX_PASSWORD_CHARS = 10, 128
MAX_IDEMPOTENCY_KEY_CHARS = 64
MAX_FOLLOWING = 5_000
"""How many others one person may follow: what a timeline has to be made of stays bounded."""
DEFAULT_PAGE, MAX_PAGE = 20, 50
HANDLE = re.compile(r"[a-z][a-z0-9_]{2,29}")
RESERVED_HANDLES = frozenset({"thumbnails"})
"""`media/thumbnails/` in the bucket belongs to no person."""
EMAIL = re.compile(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+")
IDEMPOTENCY_KEY = re.compile(rf"[!-~]{{1,{MAX_IDEMPOTENCY_KEY_CHARS}}}")
PICTURE_TYPES = {"image/jpeg": "jpg", "image/png": "png", "image/webp": "webp", "image/gif": "gif"}
PICTURE_KEY = re.compile(rf"({HANDLE.pattern})/({ids.PATTERN.pattern})\.(jpg|png|webp|gif)")


@dataclass(frozen=True, slots=True)
class Post:
    """What somebody said; `picture` is the key under which its picture was uploaded."""

    id: str
    author: str
    text: str
    picture: str | None = None

    @property
    def created_ms(self) -> int:
        """When it was made, in milliseconds since 1970."""
        return ids.created_ms(self.id)


@dataclass(frozen=True, slots=True)
class Page:
    """Posts, newest first; `next` is the cursor of the page of older ones, None when there are none."""

    posts: tuple[Post, ...]
    next: str | None = None

    @classmethod
    def of(cls, posts: tuple[Post, ...], limit: int) -> Page:
        """The page of at most `limit` posts, from up to `limit + 1` that were found."""
        shown = posts[:limit]
        return cls(shown, shown[-1].id if len(posts) > limit else None)


@dataclass(frozen=True, slots=True)
class Profile:
    """A person as everybody may see them: their handle, how many follow them, how many they follow."""

    handle: str
    followers: int
    following: int


@dataclass(frozen=True, slots=True)
class Session:
    """What a login gives: a bearer token, and for how many seconds it is good."""

    token: str
    expires_s: int


@dataclass(frozen=True, slots=True)
class Upload:
    """Where and with which form fields a browser uploads a picture (a presigned POST)."""

    url: str
    fields: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Picture:
    """Where a browser finds a picture; `thumbnail` is None where the host makes none."""

    url: str
    thumbnail: str | None = None


def handle(value: object, field: str = "handle") -> str:
    """A handle; capital letters become small ones, so that nobody poses as another."""
    text = _string(value, field).lower()
    if not HANDLE.fullmatch(text):
        raise Invalid("must be 3 to 30 letters a to z, digits or '_', beginning with a letter", field=field)
    if text in RESERVED_HANDLES:
        raise Invalid("is reserved", field=field)
    return text


def email(value: object) -> str:
    """A mail address: only its form is checked."""
    text = _string(value, "email").strip()
    if len(text) > MAX_EMAIL_CHARS or not EMAIL.fullmatch(text) or not text.isprintable():
        raise Invalid("must be a mail address", field="email")
    return text


def password(value: object) -> str:
    """A new password, in NFC so that every keyboard's accents are the same (RFC 8265)."""
    text = unicodedata.normalize("NFC", _string(value, "password"))
    if not MIN_PASSWORD_CHARS <= len(text) <= MAX_PASSWORD_CHARS:
        why = f"must have {MIN_PASSWORD_CHARS} to {MAX_PASSWORD_CHARS} characters"
        raise Invalid(why, field="password")
    if text != text.strip() or not text.isprintable():
        raise Invalid("must not begin or end with a space nor hold control characters", field="password")
    return text


def given_password(value: object) -> str:
    """A password to compare: one that is too long to be right is refused before it is hashed."""
    text = unicodedata.normalize("NFC", _string(value, "password"))
    if len(text) > MAX_PASSWORD_CHARS:
        raise Invalid(f"must have at most {MAX_PASSWORD_CHARS} characters", field="password")
    return text


def code(value: object) -> str:
    """A confirmation code as it was mailed."""
    text = _string(value, "code").strip()
    if not 1 <= len(text) <= 64:
        raise Invalid("must be the code that was mailed", field="code")
    return text


def post_text(value: object, *, with_picture: bool = False) -> str:
    """The text of a post, exactly as it was written; only a post with a picture may have none."""
    text = _string(value, "text")
    if len(text) > MAX_POST_CHARS:
        raise Invalid(f"must have at most {MAX_POST_CHARS:,} characters", field="text")
    if any(unicodedata.category(c) == "Cc" and c not in "\t\n\r" for c in text):
        raise Invalid("must not hold control characters", field="text")
    if not with_picture and not text.strip():
        raise Invalid("must not be empty", field="text")
    return text


def picture_key(value: object, owner: str) -> str | None:
    """The key of a picture that this person uploaded; None for no picture."""
    if value is None:
        return None
    found = PICTURE_KEY.fullmatch(_string(value, "picture"))
    if not found or found[1] != owner:
        raise Invalid("must be a key that was given to you for an upload", field="picture")
    return found[0]


def picture_type(value: object) -> str:
    """The media type of a picture: one of those that every browser shows."""
    text = _string(value, "content_type").lower()
    if text not in PICTURE_TYPES:
        raise Invalid(f"must be one of {', '.join(PICTURE_TYPES)}", field="content_type")
    return text


def picture_bytes(value: object) -> int:
    """The size of a picture that is going to be uploaded."""
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        raise Invalid("must be a whole number from 1 on", field="bytes")
    if value > MAX_PICTURE_BYTES:
        raise TooLarge(f"must be at most {MAX_PICTURE_BYTES:,}", field="bytes")
    return value


def idempotency_key(value: str | None) -> str | None:
    """The header by which a repeated request is known; None when there is none."""
    if value is not None and not IDEMPOTENCY_KEY.fullmatch(value):
        why = f"must be 1 to {MAX_IDEMPOTENCY_KEY_CHARS} visible ASCII characters"
        raise Invalid(why, field="Idempotency-Key")
    return value


def cursor(value: str | None) -> str | None:
    """Where a page begins: the id of a post, which is not shown again; None for the newest."""
    if value is not None and not ids.is_id(value):
        raise Invalid("must be a cursor that a page gave", field="before")
    return value


def page_size(value: str | None) -> int:
    """How many posts a page has."""
    text = str(DEFAULT_PAGE) if value is None else value
    if not re.fullmatch("[0-9]{1,3}", text) or not 1 <= int(text) <= MAX_PAGE:
        raise Invalid(f"must be 1 to {MAX_PAGE}", field="limit")
    return int(text)


def _string(value: object, field: str) -> str:
    """Text that can be written as UTF-8: JSON can hold halves of characters, which cannot."""
    if not isinstance(value, str):
        raise Invalid("is missing" if value is None else "must be text", field=field)
    if any("\ud800" <= character <= "\udfff" for character in value):
        raise Invalid("holds half a character", field=field)
    return value
