"""The use cases: what a person can do, with every rule that does not depend on where it runs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from chirp.social import model
from chirp.social.errors import Conflict, Invalid, Unauthorised
from chirp.social.ids import Ids
from chirp.social.model import Page, Picture, Post, Profile, Session, Upload
from chirp.social.ports import Accounts, Follows, Pictures, Posts, Timelines

_ids = Ids()


@dataclass(frozen=True)
class Social:
    """The application over a host's ports. Arguments typed `object` or `str | None` are checked here.

    Attributes:
        new_id: gives an id that sorts after all that it gave before.
    """

    accounts: Accounts
    posts: Posts
    follows: Follows
    timelines: Timelines
    pictures: Pictures
    new_id: Callable[[], str] = field(default=_ids)

    def sign_up(self, handle: object, email: object, password: object) -> tuple[str, bool]:
        """Open an account: its handle as it is kept, and whether it has to be confirmed by a mailed code."""
        name = model.handle(handle)
        return name, self.accounts.sign_up(name, model.email(email), model.password(password))

    def confirm(self, handle: object, code: object) -> None:
        """Confirm an account with the mailed code."""
        self.accounts.confirm(model.handle(handle), model.code(code))

    def send_code_again(self, handle: object) -> None:
        """Mail a new confirmation code; whether there is such an account is not said."""
        self.accounts.send_code_again(model.handle(handle))

    def log_in(self, handle: object, password: object) -> Session:
        """Open a session; a handle that cannot exist is refused as a wrong password is."""
        if handle is None:
            raise Invalid("is missing", field="handle")
        try:
            name = model.handle(handle)
        except Invalid:
            raise Unauthorised("handle or password is wrong") from None
        return self.accounts.log_in(name, model.given_password(password))

    def profile(self, handle: str) -> Profile:
        """A person with the numbers of followers and followed."""
        return self.follows.profile(handle)

    def post(
        self, author: str, text: object, picture: object = None, idempotency_key: str | None = None
    ) -> Post:
        """Say something; the same request with the same key gives the same post.

        Raises:
            Conflict: the key was used for something else.
        """
        key = model.picture_key(picture, author)
        post = Post(self.new_id(), author, model.post_text(text, with_picture=key is not None), key)
        kept = self.posts.add(post, model.idempotency_key(idempotency_key))
        if (kept.text, kept.picture) != (post.text, post.picture):
            raise Conflict("was used for another post", field="Idempotency-Key")
        return kept

    def posts_of(self, handle: str, before: str | None, limit: str | None) -> Page:
        """A page of what one person has said."""
        page = self.posts.of(handle, model.cursor(before), model.page_size(limit))
        if not page.posts:
            self.follows.profile(handle)  # NotFound when nobody has this handle
        return page

    def follow(self, follower: str, followee: str) -> None:
        """Follow somebody else."""
        if follower == followee:
            raise Invalid("must be somebody else", field="handle")
        self.follows.follow(follower, followee)

    def is_following(self, follower: str, followee: str) -> bool:
        """Whether somebody follows somebody."""
        return self.follows.is_following(follower, followee)

    def unfollow(self, follower: str, followee: str) -> None:
        """Stop following somebody."""
        self.follows.unfollow(follower, followee)

    def timeline(self, handle: str, before: str | None, limit: str | None) -> Page:
        """A page of what a person and those they follow have said, newest first."""
        return self.timelines.page(handle, model.cursor(before), model.page_size(limit))

    def upload(self, owner: str, content_type: object, size_bytes: object) -> tuple[str, Upload]:
        """Let a person upload a picture: its key, to be named in a post, and where the browser sends it."""
        type_, size = model.picture_type(content_type), model.picture_bytes(size_bytes)
        key = f"{owner}/{self.new_id()}.{model.PICTURE_TYPES[type_]}"
        return key, self.pictures.upload(key, type_, size)

    def picture(self, post: Post) -> Picture | None:
        """Where a post's picture is found."""
        return None if post.picture is None else self.pictures.shown(post.picture)
