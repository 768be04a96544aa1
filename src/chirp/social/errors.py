"""What a caller of the application can do wrong. `http.py` alone turns these into statuses."""

from __future__ import annotations


class SocialError(Exception):
    """Base of all: what is wrong in words for a person, and which field of the request it is about.

    Attributes:
        why: one sentence without a full stop.
        field: name of the field; None when it is about none.
    """

    def __init__(self, why: str, *, field: str | None = None) -> None:
        super().__init__(why)
        self.why = why
        self.field = field


class Invalid(SocialError):
    """A field holds what the application does not take."""


class Unauthorised(SocialError):
    """Nobody is logged in, or name and password do not belong together."""


class Unconfirmed(SocialError):
    """The account waits for the code that was mailed to it."""


class NotFound(SocialError):
    """There is no such person or thing."""


class Conflict(SocialError):
    """What was asked for is taken, or contradicts an earlier request."""


class TooLarge(SocialError):
    """More than the application takes."""


class TooMany(SocialError):
    """More often than the application takes; `retry_after_s` says when to try again."""

    def __init__(self, why: str, *, field: str | None = None, retry_after_s: int = 1) -> None:
        super().__init__(why, field=field)
        self.retry_after_s = retry_after_s


class Unavailable(SocialError):
    """The application cannot answer now, through no fault of the caller."""
