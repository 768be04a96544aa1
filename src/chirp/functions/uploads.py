"""Pictures that users upload: what was allowed, and what became of it.

A browser uploads to `uploads/<key>`, which nobody is served. The pictures function looks at it there, and
puts what may be shown below `media/`. The table keeps the state of each: pending → ready or rejected;
abandoned when nobody has posted it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from chirp.functions.names import UPLOAD, UPLOADS
from chirp.functions.table import Key, Store, shard
from chirp.social.model import MAX_PICTURE_BYTES, Page, Picture, Post, Upload

UPLOAD_EXPIRES_S = 600
"""How long a form for an upload may be used, in seconds."""

PENDING, READY, REJECTED, ABANDONED = "pending", "ready", "rejected", "abandoned"
KEEP = "REMOVE todo, todo_ms"
"""The update that keeps a picture for good."""
MAY_BE_KEPT = "attribute_exists(pk) AND #state IN (:pending, :ready)"
"""Its condition."""
_REMEMBERED = 10_000


def picture_key(key: str) -> Key:
    """The key in the table of a picture's item."""
    return f"picture#{key}", "picture"


@dataclass(frozen=True)
class DynamoPictures:
    """The port `Pictures`.

    Attributes:
        s3: a client that signs for the bucket's region.
        media_url: what the URLs of checked pictures begin with.
    """

    store: Store
    s3: Any
    bucket: str
    media_url: str
    _final: dict[str, str] = field(default_factory=dict, repr=False, compare=False)

    def upload(self, key: str, content_type: str, size_bytes: int) -> Upload:
        """A form that takes one picture of this type, of at most `MAX_PICTURE_BYTES`, for ten minutes."""
        item = {"state": PENDING, "todo": shard(UPLOAD, key), "todo_ms": self.store.now_ms}
        pk, sk = picture_key(key)
        self.store.put_all([{"pk": pk, "sk": sk, "content_type": content_type, **item}])
        form = self.s3.generate_presigned_post(
            self.bucket,
            UPLOADS + key,
            Fields={"Content-Type": content_type},
            Conditions=[{"Content-Type": content_type}, ["content-length-range", 1, MAX_PICTURE_BYTES]],
            ExpiresIn=UPLOAD_EXPIRES_S,
        )
        return Upload(form["url"], form["fields"])

    def keep(self, key: str) -> bool:
        """Keep a picture for good; False when nobody was given its key, or it is being removed."""
        return self.store.update(picture_key(key), KEEP, MAY_BE_KEPT, pending=PENDING, ready=READY)

    def shown(self, key: str) -> Picture:
        """Where the picture is found; its thumbnail only once there is one."""
        is_ready = self._states([key]).get(key) == READY
        return Picture(f"{self.media_url}/{key}", f"{self.media_url}/thumbnails/{key}" if is_ready else None)

    def without_rejected(self, page: Page) -> Page:
        """The page, in which no post shows a picture that is none."""
        states = self._states(post.picture for post in page.posts if post.picture)

        def clean(post: Post) -> Post:
            return replace(post, picture=None) if states.get(post.picture or "") == REJECTED else post

        return replace(page, posts=tuple(clean(post) for post in page.posts))

    def _states(self, keys: Iterable[str]) -> dict[str, str]:
        """The state of each picture: one read for all; those that are final are remembered.

        Servers call it from several threads, of which another may forget everything at any moment.
        """
        states = {key: self._final.get(key) for key in keys}
        found = self.store.get_all(picture_key(key) for key, state in states.items() if state is None)
        fresh = {pk.removeprefix("picture#"): str(item["state"]) for (pk, _), item in found.items()}
        if len(self._final) > _REMEMBERED:
            self._final.clear()
        self._final.update({key: state for key, state in fresh.items() if state in (READY, REJECTED)})
        return {key: state for key, state in states.items() if state is not None} | fresh
