"""The journey of users through what is deployed: sign up, log in, post, read, upload; and what must not pass.

Two accounts are made for it under names of their own, and everything of them is removed at the end. It goes
through the distribution, as a browser does, and is the same against the embedded cloud and AWS; what one of
them cannot show, its finding says.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field

from groma.architecture import Architecture, Finding
from groma.components.http_api import HttpApi
from groma.components.messaging import DeadLetterQueue, Queue
from groma.components.site import SiteDistribution
from groma.components.user_pool import UserPool
from groma.errors import CloudError
from groma.live.target import Web
from groma.live.verify import cleaning, dead_letters, flood
from groma.live.verify.findings import compare, judge, not_tried
from groma.live.verify.reading import Deployed, Site
from groma.live.verify.visitor import SiteError, Visitor, picture, wait_for

NEEDED = (SiteDistribution, HttpApi, UserPool)
OUTPUTS = ("distribution_domain_name", "api_domain_name", "user_pool_id", "table_name", "media_bucket_name")
TIMELINE = ("journey.timeline", "a post is in its follower's timeline")
PICTURE = ("journey.picture", "a picture is uploaded by a presigned form, and its thumbnail is served")
PICTURE_WITHIN_S = 60.0
NO_LOGIN = "the two users are not logged in"
MAILBOX = "success+{}@simulator.amazonses.com"
"""AWS's mailbox that takes every mail
(https://docs.aws.amazon.com/ses/latest/dg/send-an-email-from-console.html, undated, read 2026-11-22)."""


def journey(architecture: Architecture, deployed: Deployed) -> Iterator[Finding]:
    """Findings of the journey; none when the design has no such site, or its cloud cannot be visited.

    Raises:
        CloudError: the cloud does not let these credentials do what the journey needs.
    """
    from botocore.exceptions import BotoCoreError, ClientError

    clients, outputs = deployed.clients, deployed.outputs
    if not all(architecture.of_type(kind) for kind in NEEDED) or not isinstance(clients, Site):
        return
    if not all(isinstance(outputs.get(name), str) for name in OUTPUTS):
        yield compare("journey.site", "users reach the site", "it answers", None)
        return
    try:
        yield from _journey(architecture, deployed, clients)
    except SiteError as error:
        yield compare("journey.site", "users reach the site", "it answers", str(error))
    except (ClientError, BotoCoreError) as error:
        hint = "the journey makes two users and removes them: let these credentials do so"
        raise CloudError(str(error), where="the users' journey", hint=hint) from error


def _journey(architecture: Architecture, deployed: Deployed, clients: Site) -> Iterator[Finding]:
    named = {name: str(deployed.outputs[name]) for name in OUTPUTS}
    travellers = _Travellers(architecture, Visitor(clients.web(named["distribution_domain_name"])))
    try:
        yield from travellers.go(clients, named["user_pool_id"])
    finally:
        cleaning.clean(clients, architecture.region, named, travellers.handles, travellers.pictures)
    yield from _bad_days(architecture, deployed, clients.web(named["api_domain_name"]))


@dataclass
class _Travellers:
    """The two accounts: one writes, one follows."""

    architecture: Architecture
    visitor: Visitor
    handles: tuple[str, str] = field(
        default_factory=lambda: (f"w{secrets.token_hex(6)}", f"r{secrets.token_hex(6)}")
    )
    password: str = field(default_factory=lambda: f"Aa1-{secrets.token_urlsafe(18)}", repr=False)
    tokens: list[str] = field(default_factory=list, repr=False)
    pictures: list[str] = field(default_factory=list)

    def go(self, clients: Site, pool: str) -> Iterator[Finding]:
        """All steps; those that need a login are not tried without one."""
        yield self._sign_up(clients, pool)
        logged_in = self._log_in()
        yield logged_in
        yield from self._refused()
        if logged_in.ok:
            yield self._timeline()
            yield self._upload()
        else:
            yield not_tried(*TIMELINE, f"within {self._goal_s:g} s", NO_LOGIN)
            yield not_tried(*PICTURE, f"within {PICTURE_WITHIN_S:g} s", NO_LOGIN)

    def _sign_up(self, clients: Site, pool: str) -> Finding:
        cognito = clients.client("cognito-idp", self.architecture.region)
        statuses = []
        for handle in self.handles:
            account = {"handle": handle, "email": MAILBOX.format(handle), "password": self.password}
            reply = self.visitor.ask("POST", "/api/accounts", account)
            statuses.append(reply.status)
            if reply.status == 201 and reply.content.get("confirm"):
                cognito.admin_confirm_sign_up(UserPoolId=pool, Username=handle)
        return compare(
            "journey.sign-up",
            "two users sign up through the distribution (confirmed by AdminConfirmSignUp, no mail is read)",
            "201, 201",
            ", ".join(map(str, statuses)),
        )

    def _log_in(self) -> Finding:
        statuses = []
        for handle in self.handles:
            reply = self.visitor.ask("POST", "/api/sessions", {"handle": handle, "password": self.password})
            statuses.append(reply.status)
            self.tokens.append(str(reply.content.get("token", "")))
        return compare("journey.log-in", "both log in", "200, 200", ", ".join(map(str, statuses)))

    def _refused(self) -> Iterator[Finding]:
        reply = self.visitor.ask("GET", "/api/me")
        yield compare("journey.no-token", "without a token one is refused", "401", str(reply.status))
        token = next((token for token in self.tokens if token), "e30.e30.e30")
        reply = self.visitor.ask("GET", "/api/me", token=forged(token))
        yield compare("journey.forged-token", "with a forged token, too", "401", str(reply.status))

    @property
    def _goal_s(self) -> float:
        """How soon a post has to be in its followers' timelines."""
        return max(queue.goal_s for queue in self.architecture.of_type(Queue))

    def _timeline(self) -> Finding:
        author, token = self.handles[0], self.tokens[1]
        self.visitor.ask("PUT", f"/api/following/{author}", token=token)
        posted = self.visitor.ask("POST", "/api/posts", {"text": "groma was here"}, self.tokens[0])

        def arrived() -> str | None:
            page = self.visitor.ask("GET", "/api/timeline", token=token)
            ids = [post["id"] for post in page.content.get("posts", ())]
            return posted.content["id"] if posted.content.get("id") in ids else None

        goal_s = self._goal_s
        post, after_s = wait_for(arrived, 2 * goal_s)
        return judge(
            *TIMELINE,
            f"within {goal_s:g} s",
            f"after {after_s:.1f} s" if post else f"not within {after_s:.0f} s (posting: {posted.status})",
            post is not None and after_s <= goal_s,
        )

    def _upload(self) -> Finding:
        file, token = picture(640, 480), self.tokens[0]
        asked = self.visitor.ask(
            "POST", "/api/pictures", {"content_type": "image/png", "bytes": len(file)}, token
        )
        found, after_s, status = None, 0.0, asked.status
        if asked.status == 201:
            key, form = asked.content["key"], asked.content["upload"]
            self.pictures.append(key)
            status = self.visitor.fill_in(form["url"], form["fields"], file, "image/png").status
            self.visitor.ask("POST", "/api/posts", {"text": "a picture", "picture": key}, token)
            found, after_s = wait_for(self._thumbnail, PICTURE_WITHIN_S)
        return judge(
            *PICTURE,
            f"within {PICTURE_WITHIN_S:g} s",
            f"after {after_s:.1f} s" if found else f"not within {after_s:.0f} s (upload: {status})",
            found is not None,
        )

    def _thumbnail(self) -> str | None:
        """The path of the thumbnail, once the distribution serves it."""
        page = self.visitor.ask("GET", f"/api/users/{self.handles[0]}/posts")
        shown = [post["picture"] or {} for post in page.content.get("posts", ())]
        path = next((picture["thumbnail"] for picture in shown if picture.get("thumbnail")), None)
        served = path and self.visitor.ask("GET", path)
        return path if served and served.status == 200 and served.body.startswith(b"\x89PNG") else None


def forged(token: str) -> str:
    """The token with another signature."""
    signed, _, signature = token.rpartition(".")
    return f"{signed}.{signature[:-8]}{signature[-8:].swapcase()[::-1]}x"


def _bad_days(architecture: Architecture, deployed: Deployed, api: Web) -> Iterator[Finding]:
    for dead in architecture.of_type(DeadLetterQueue):
        yield from dead_letters.poison(dead, architecture, deployed, api.is_embedded)
    (designed,) = architecture.of_type(HttpApi)
    yield flood.throttled(designed, Visitor(api))
