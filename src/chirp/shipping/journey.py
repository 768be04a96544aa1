"""Two users who try out what was deployed: sign up, log in, post, read, upload; and what must not pass.

Their accounts have names of their own, so that everything of them can be removed at the end.
"""

from __future__ import annotations

import secrets
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field

from chirp.functions.names import MEDIA, UPLOADS
from groma.application.journey import Step, Traces, Visit

TIMELINE = ("timeline", "a post is in its follower's timeline")
PICTURE = ("picture", "a picture is uploaded by a presigned form, and its thumbnail is served")
PICTURE_WITHIN_S = 60.0
NO_LOGIN = "the two users are not logged in"
PARTITIONS = ("account", "posts", "timeline", "following", "followers", "unfollowed", "request")
"""What a handle's partition keys begin with: `chirp.functions.table` says what lies in them."""


@dataclass
class Travellers:
    """The two accounts: one writes, one follows."""

    handles: tuple[str, str] = field(
        default_factory=lambda: (f"w{secrets.token_hex(6)}", f"r{secrets.token_hex(6)}")
    )
    password: str = field(default_factory=lambda: f"Aa1-{secrets.token_urlsafe(18)}", repr=False)
    tokens: list[str] = field(default_factory=list, repr=False)
    pictures: list[str] = field(default_factory=list)

    def steps(self, visit: Visit) -> Iterator[Step]:
        """All steps; those that need a login are not tried without one."""
        yield self._sign_up(visit)
        logged_in = self._log_in(visit)
        yield logged_in
        yield from self._refused(visit)
        if logged_in.ok:
            yield self._timeline(visit)
            yield self._upload(visit)
        else:
            yield _not_tried(TIMELINE, visit.fresh_within_s)
            yield _not_tried(PICTURE, PICTURE_WITHIN_S)

    def traces(self) -> Traces:
        """Accounts, items of the table, pictures with their copies."""
        return Traces(
            users=self.handles,
            partitions=(
                *(f"{partition}#{handle}" for handle in self.handles for partition in PARTITIONS),
                *(f"picture#{key}" for key in self.pictures),
            ),
            objects=tuple(
                name
                for key in self.pictures
                for name in (UPLOADS + key, MEDIA + key, f"{MEDIA}thumbnails/{key}")
            ),
        )

    def _sign_up(self, visit: Visit) -> Step:
        statuses = []
        for handle in self.handles:
            account = {"handle": handle, "email": visit.address(handle), "password": self.password}
            reply = visit.ask("POST", "/api/accounts", account)
            statuses.append(reply.status)
            if reply.status == 201 and reply.content.get("confirm"):
                visit.confirm(handle)
        return _compared(
            "sign-up",
            "two users sign up through the distribution (confirmed by AdminConfirmSignUp, no mail is read)",
            "201, 201",
            ", ".join(map(str, statuses)),
        )

    def _log_in(self, visit: Visit) -> Step:
        statuses = []
        for handle in self.handles:
            reply = visit.ask("POST", "/api/sessions", {"handle": handle, "password": self.password})
            statuses.append(reply.status)
            self.tokens.append(str(reply.content.get("token", "")))
        return _compared("log-in", "both log in", "200, 200", ", ".join(map(str, statuses)))

    def _refused(self, visit: Visit) -> Iterator[Step]:
        reply = visit.ask("GET", "/api/me")
        yield _compared("no-token", "without a token one is refused", "401", str(reply.status))
        token = next((token for token in self.tokens if token), "e30.e30.e30")
        reply = visit.ask("GET", "/api/me", token=forged(token))
        yield _compared("forged-token", "with a forged token, too", "401", str(reply.status))

    def _timeline(self, visit: Visit) -> Step:
        author, token = self.handles[0], self.tokens[1]
        visit.ask("PUT", f"/api/following/{author}", token=token)
        posted = visit.ask("POST", "/api/posts", {"text": "groma was here"}, self.tokens[0])

        def arrived() -> str | None:
            page = visit.ask("GET", "/api/timeline", token=token)
            ids = [post["id"] for post in page.content.get("posts", ())]
            return posted.content["id"] if posted.content.get("id") in ids else None

        goal_s = visit.fresh_within_s
        post, after_s = visit.wait_for(arrived, 2 * goal_s)
        return Step(
            *TIMELINE,
            f"within {goal_s:g} s",
            f"after {after_s:.1f} s" if post else f"not within {after_s:.0f} s (posting: {posted.status})",
            post is not None and after_s <= goal_s,
        )

    def _upload(self, visit: Visit) -> Step:
        file, token = picture(640, 480), self.tokens[0]
        asked = visit.ask("POST", "/api/pictures", {"content_type": "image/png", "bytes": len(file)}, token)
        found, after_s, status = None, 0.0, asked.status
        if asked.status == 201:
            key, form = asked.content["key"], asked.content["upload"]
            self.pictures.append(key)
            status = visit.fill_in(form["url"], form["fields"], file, "image/png").status
            visit.ask("POST", "/api/posts", {"text": "a picture", "picture": key}, token)
            found, after_s = visit.wait_for(lambda: self._thumbnail(visit), PICTURE_WITHIN_S)
        return Step(
            *PICTURE,
            f"within {PICTURE_WITHIN_S:g} s",
            f"after {after_s:.1f} s" if found else f"not within {after_s:.0f} s (upload: {status})",
            found is not None,
        )

    def _thumbnail(self, visit: Visit) -> str | None:
        """The path of the thumbnail, once the distribution serves it."""
        page = visit.ask("GET", f"/api/users/{self.handles[0]}/posts")
        shown = [post["picture"] or {} for post in page.content.get("posts", ())]
        path = next((picture["thumbnail"] for picture in shown if picture.get("thumbnail")), None)
        served = path and visit.ask("GET", path)
        return path if served and served.status == 200 and served.body.startswith(b"\x89PNG") else None


def _compared(id_: str, what: str, expected: str, actual: str) -> Step:
    return Step(id_, what, expected, actual, actual == expected)


def _not_tried(step: tuple[str, str], within_s: float) -> Step:
    return Step(*step, f"within {within_s:g} s", NO_LOGIN, ok=True, was_tried=False)


def forged(token: str) -> str:
    """The token with another signature."""
    signed, _, signature = token.rpartition(".")
    return f"{signed}.{signature[:-8]}{signature[-8:].swapcase()[::-1]}x"


def picture(width: int, height: int) -> bytes:
    """A PNG file of one colour (https://www.w3.org/TR/png-3/)."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    rows = (b"\x00" + b"\x0b\x5d\x52" * width) * height
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        (chunk(b"IHDR", head), chunk(b"IDAT", zlib.compress(rows)), chunk(b"IEND", b""))
    )
