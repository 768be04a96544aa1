"""Who follows whom. Each following is kept under both its ends, with both counts, in one transaction."""

from __future__ import annotations

from dataclasses import dataclass

from chirp.functions import table
from chirp.functions.posts import BACKFILL_POSTS, TIMELINE_DAYS, entry
from chirp.functions.table import Cancelled, Item, Key, Store
from chirp.social.errors import Conflict, NotFound
from chirp.social.model import MAX_FOLLOWING, Profile


@dataclass(frozen=True)
class DynamoFollows:
    """The port `Follows`."""

    store: Store

    def follow(self, follower: str, followee: str) -> None:
        """Follow somebody, and bring their latest posts into the follower's timeline.

        The posts are read after the following is kept, and a post looks for followers after it is kept: so
        whichever comes first, no post that is made meanwhile is missed.
        """
        since = {"since_ms": self.store.now_ms}
        try:
            self.store.transact(
                [
                    table.put(
                        {"pk": f"following#{follower}", "sk": followee, **since}, "attribute_not_exists(pk)"
                    ),
                    table.put({"pk": f"followers#{followee}", "sk": follower, **since}),
                    table.delete((f"unfollowed#{follower}", followee)),
                    _count(followee, "followers", 1),
                    _count(follower, "following", 1, most=MAX_FOLLOWING),
                ]
            )
        except Cancelled as cancelled:
            _refuse(cancelled)
        self._fill(follower, followee)

    def is_following(self, follower: str, followee: str) -> bool:
        """Whether the following is kept."""
        return self.store.get((f"following#{follower}", followee)) is not None

    def unfollow(self, follower: str, followee: str) -> None:
        """Stop following somebody; their posts in the timeline are left out on reading."""
        gone: Item = {"pk": f"unfollowed#{follower}", "sk": followee}
        gone["expires_s"] = self.store.expiry_s(2 * TIMELINE_DAYS)
        try:
            self.store.transact(
                [
                    table.delete((f"following#{follower}", followee), "attribute_exists(pk)"),
                    table.delete((f"followers#{followee}", follower)),
                    table.put(gone),
                    _count(followee, "followers", -1),
                    _count(follower, "following", -1),
                ]
            )
        except Cancelled as cancelled:
            if 0 not in cancelled.failed:
                raise

    def profile(self, handle: str) -> Profile:
        """A person with both counts."""
        counts = self.store.get(_counts(handle))
        if counts is None:
            raise NotFound("nobody has this handle", field="handle")
        return Profile(handle, int(counts["followers"]), int(counts["following"]))

    def _fill(self, follower: str, followee: str) -> None:
        """Bring somebody's latest posts into the timeline of a new follower."""
        posts = self.store.newest(f"posts#{followee}", None, BACKFILL_POSTS)
        expires_s = self.store.expiry_s(TIMELINE_DAYS)
        self.store.put_all(entry(follower, followee, post["sk"], post, expires_s) for post in posts)


def _counts(handle: str) -> Key:
    return f"account#{handle}", "counts"


def _count(handle: str, what: str, by: int, most: int | None = None) -> table.Action:
    """Add to a count of somebody who has an account, as long as it is less than `most`."""
    condition, bound = "attribute_exists(pk)", {}
    if most is not None:
        condition, bound = f"{condition} AND {what} < :most", {"most": most}
    return table.update(_counts(handle), f"ADD {what} :by", condition, by=by, **bound)


def _refuse(cancelled: Cancelled) -> None:
    """Say why a following was not kept; nothing when it was there before: again is the same as once."""
    failed = cancelled.failed
    if failed.get(3) == {} or failed.get(4) == {}:
        raise NotFound("nobody has this handle", field="handle") from None
    if 0 not in failed:
        raise Conflict(f"you follow {MAX_FOLLOWING:,} people already, the most", field="handle") from None
