"""What a host provides to the application. Everything given to these has been checked before."""

from __future__ import annotations

from typing import Protocol

from chirp.social.model import Page, Picture, Post, Profile, Session, Upload


class Accounts(Protocol):
    """People's accounts and what proves who they are."""

    def sign_up(self, handle: str, email: str, password: str) -> bool:
        """Open an account; True when a code was mailed that `confirm` waits for.

        Raises:
            Conflict: the handle is taken.
            Invalid: the host's own rules for passwords or addresses refuse it.
        """
        ...

    def confirm(self, handle: str, code: str) -> None:
        """Confirm an account; one that is confirmed already stays so.

        Raises:
            Invalid: not the code that was mailed, or too old; whether there is such an account is not said.
        """
        ...

    def send_code_again(self, handle: str) -> None:
        """Mail a new code to an account that waits for one; nothing where no code is needed.

        Whether there is such an account is not said.

        Raises:
            TooMany: asked too often.
            Unavailable: the mail could not be sent.
        """
        ...

    def log_in(self, handle: str, password: str) -> Session:
        """Open a session.

        Raises:
            Unauthorised: no such account or another password; it is not said which.
            Unconfirmed: the password is right, but the account is not confirmed yet.
            TooMany: too many attempts.
        """
        ...

    def who(self, token: str) -> str:
        """The handle of the person to whom a token was given.

        Raises:
            Unauthorised: forged, changed or expired.
        """
        ...


class Posts(Protocol):
    """What people have said."""

    def add(self, post: Post, idempotency_key: str | None) -> Post:
        """Keep a post and bring it into the timelines; returns what is kept.

        With a key that its author used before, that is the earlier post, also when two ask at once.

        Raises:
            NotFound: the author has no account (any more).
        """
        ...

    def of(self, author: str, before: str | None, limit: int) -> Page:
        """Posts of one person that are older than the one with id `before`; none for an unknown person."""
        ...


class Follows(Protocol):
    """Who follows whom."""

    def follow(self, follower: str, followee: str) -> None:
        """Follow somebody; again is the same as once.

        Raises:
            NotFound: nobody has the followee's handle.
            Conflict: the follower follows `MAX_FOLLOWING` others already.
        """
        ...

    def is_following(self, follower: str, followee: str) -> bool:
        """Whether somebody follows somebody; False when either is unknown."""
        ...

    def unfollow(self, follower: str, followee: str) -> None:
        """Stop following somebody, known or not, followed or not."""
        ...

    def profile(self, handle: str) -> Profile:
        """A person with both counts.

        Raises:
            NotFound: nobody has this handle.
        """
        ...


class Timelines(Protocol):
    """What people see of those they follow."""

    def page(self, handle: str, before: str | None, limit: int) -> Page:
        """Posts of this person and of those they follow that are older than the one with id `before`."""
        ...


class Pictures(Protocol):
    """Where pictures are kept: browsers send and fetch them without passing the application."""

    def upload(self, key: str, content_type: str, size_bytes: int) -> Upload:
        """Let the bearer upload a picture of this type and at most `MAX_PICTURE_BYTES` under this key."""
        ...

    def shown(self, key: str) -> Picture:
        """Where the picture of a key is found."""
        ...
