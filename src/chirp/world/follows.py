"""Who follows whom: kept at both ends, each in its own database, and in the table for the fan-out.

No transaction spans all these, so the order matters. The follower's own side is written last: it is what they
see, so what was left half done looks undone to the one person who can ask for it again, and asking again
finishes it. A new follower finds the latest posts at once in the timeline of this region; those of the other
regions are filled by their fan-out, which the topic tells.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from botocore.exceptions import BotoCoreError, ClientError
from psycopg.errors import ForeignKeyViolation

from chirp.functions.posts import BACKFILL_POSTS, TIMELINE_DAYS, entry, followed
from chirp.functions.table import Store
from chirp.servers.kinds import FOLLOWS, PROFILE
from chirp.social.errors import Conflict, NotFound, Unavailable
from chirp.social.model import MAX_FOLLOWING, Profile
from chirp.world.posts import WorldPosts
from chirp.world.visit import Visit, row

LOG = logging.getLogger(__name__)
BE_FOLLOWED = "INSERT INTO followers (followee, follower) VALUES (%s, %s) ON CONFLICT DO NOTHING"
FOLLOW = "INSERT INTO following (follower, followee) VALUES (%s, %s) ON CONFLICT DO NOTHING"
BE_UNFOLLOWED = "DELETE FROM followers WHERE followee = %s AND follower = %s"
UNFOLLOW = "DELETE FROM following WHERE follower = %s AND followee = %s"
IS_FOLLOWING = "SELECT true FROM following WHERE follower = %s AND followee = %s"
MAY_FOLLOW = """
    SELECT (SELECT count(*) FROM following WHERE follower = %(follower)s) < %(most)s
           OR EXISTS (SELECT FROM following WHERE follower = %(follower)s AND followee = %(followee)s)
"""
COUNTS = """
    SELECT handle,
           (SELECT count(*) FROM followers WHERE followee = handle),
           (SELECT count(*) FROM following WHERE follower = handle)
    FROM accounts WHERE handle = %s
"""


@dataclass(frozen=True)
class WorldFollows:
    """The port `Follows`.

    Attributes:
        store: the table of all regions; `timelines` is this region's.
        publish: gives messages to the topic; see `announcer.Publish`.
    """

    visit: Visit
    store: Store
    timelines: Store
    posts: WorldPosts
    publish: Callable[[Sequence[str]], Collection[int]]

    def follow(self, follower: str, followee: str) -> None:
        """Follow somebody, and bring their latest posts into the timeline.

        Some that are asked for at once may be a few over `MAX_FOLLOWING`.
        """
        names = {"follower": follower, "followee": followee, "most": MAX_FOLLOWING}
        may = self.visit.read(follower, lambda c: c.execute(MAY_FOLLOW, names).fetchone())
        if may != (True,):
            raise Conflict(f"you follow {MAX_FOLLOWING:,} people already, the most", field="handle")
        try:
            self._follow(follower, followee)
        finally:
            self._forget(follower, followee)

    def _follow(self, follower: str, followee: str) -> None:
        self._write(followee, BE_FOLLOWED, followee, follower)
        since = {"since_ms": self.store.now_ms}
        self.store.put_all([{"pk": f"followers#{followee}", "sk": follower, **since}])
        self.store.delete((f"unfollowed#{follower}", followee))
        self._fill(follower, followee)
        self._write(follower, FOLLOW, follower, followee)

    def unfollow(self, follower: str, followee: str) -> None:
        """Stop following somebody; their posts in the timeline are left out on reading."""
        gone = {"pk": f"unfollowed#{follower}", "sk": followee}
        self.store.put_all([{**gone, "expires_s": self.store.expiry_s(2 * TIMELINE_DAYS)}])
        self.store.delete((f"followers#{followee}", follower))
        try:
            self._write(followee, BE_UNFOLLOWED, followee, follower)
            self._write(follower, UNFOLLOW, follower, followee)
        finally:
            self._forget(follower, followee)

    def is_following(self, follower: str, followee: str) -> bool:
        """Whether the follower's own side is kept."""

        def ask() -> bool:
            return self.visit.read(follower, lambda c: row(c, IS_FOLLOWING, follower, followee)) is not None

        return self.visit.remembered.read(FOLLOWS, _pair(follower, followee), ask)

    def profile(self, handle: str) -> Profile:
        """A person with both counts, from their indexes."""

        def ask() -> Profile:
            found = self.visit.read(handle, lambda c: row(c, COUNTS, handle))
            if found is None:
                raise _nobody()
            return Profile(*found)

        return self.visit.remembered.read(PROFILE, handle, ask)

    def _write(self, handle: str, statement: str, *names: str) -> None:
        try:
            self.visit.write(handle, lambda c: c.execute(statement, names))
        except ForeignKeyViolation:
            raise _nobody() from None

    def _fill(self, follower: str, followee: str) -> None:
        """Bring somebody's latest posts into a timeline, after the fan-out has begun to; here and elsewhere.

        Raises:
            Unavailable: the other regions could not be told.
        """
        expires_s = self.timelines.expiry_s(TIMELINE_DAYS)
        latest = self.posts.latest(followee, None, BACKFILL_POSTS, current=True)
        contents = ((post, {"text": post.text, "picture": post.picture}) for post in latest)
        self.timelines.put_all(entry(follower, followee, post.id, said, expires_s) for post, said in contents)
        if latest and not self._told(followed(follower, followee, latest)):
            raise Unavailable("too busy; try again in a moment")

    def _told(self, message: str) -> bool:
        """Whether the topic took a message."""
        try:
            return bool(self.publish([message]))
        except (BotoCoreError, ClientError) as error:
            LOG.warning("the topic cannot be told of a follower", extra={"reason": repr(error)})
            return False

    def _forget(self, follower: str, followee: str) -> None:
        self.visit.remembered.forget(PROFILE, follower, followee)
        self.visit.remembered.forget(FOLLOWS, _pair(follower, followee))


def _pair(follower: str, followee: str) -> str:
    return f"{follower}:{followee}"


def _nobody() -> NotFound:
    return NotFound("nobody has this handle", field="handle")
