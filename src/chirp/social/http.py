"""The application over HTTP: one table of routes for every host. JSON in UTF-8, everything below /api."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import unquote

from chirp.social import errors, model
from chirp.social.model import Page, Post, Profile
from chirp.social.service import Social

MAX_BODY_BYTES = 256 * 1024
"""A post of 10,000 characters has 120 kB at most, when every one is written as two `\\uXXXX`."""

STATUSES: Mapping[type[errors.SocialError], int] = {
    errors.Invalid: 400,
    errors.Unauthorised: 401,
    errors.Unconfirmed: 403,
    errors.NotFound: 404,
    errors.Conflict: 409,
    errors.TooLarge: 413,
    errors.TooMany: 429,
    errors.Unavailable: 503,
}
HEADERS = {"content-type": "application/json; charset=utf-8", "cache-control": "no-store"}


@dataclass(frozen=True)
class Request:
    """A request as every host understands it.

    Attributes:
        path: the path of the URL, percent-encoded or not.
        headers: their names in small letters.
        caller: the handle of whom the host has already made sure of; None to have the token asked.
    """

    method: str
    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    caller: str | None = None


@dataclass(frozen=True)
class Response:
    """An answer; the names of its headers are in small letters."""

    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True)
class Call:
    """A request on its way through a route: the application, the names in its path, and who asks."""

    social: Social
    request: Request
    names: Mapping[str, str]

    @property
    def caller(self) -> str:
        """The handle of the person who asks; Unauthorised without a good token."""
        if self.request.caller is not None:
            return self.request.caller
        scheme, _, token = self.request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not token.strip():
            raise errors.Unauthorised("log in first")
        return self.social.accounts.who(token.strip())

    @property
    def handle(self) -> str:
        """The handle in the path; nobody has one that is not well formed."""
        try:
            return model.handle(self.names["handle"])
        except errors.Invalid:
            raise errors.NotFound("nobody has this handle", field="handle") from None

    @property
    def content(self) -> Mapping[str, object]:
        """The body, which must be a JSON object."""
        if len(self.request.body) > MAX_BODY_BYTES:
            raise errors.TooLarge(f"the body must have at most {MAX_BODY_BYTES:,} bytes")
        try:
            content = json.loads(self.request.body.decode("utf-8"))
        except (ValueError, RecursionError):
            raise errors.Invalid("the body is no JSON in UTF-8") from None
        if not isinstance(content, dict):
            raise errors.Invalid("the body is no JSON object")
        return content

    @property
    def page(self) -> tuple[str | None, str | None]:
        """`before` and `limit` of the query."""
        return self.request.query.get("before"), self.request.query.get("limit")


def respond(social: Social, request: Request) -> Response:
    """Find the route and answer. Only what is no `SocialError` escapes: the host logs it and answers 500."""
    try:
        route, names = _route(request)
        call = Call(social, request, names)
        if route not in PUBLIC:
            call = replace(call, request=replace(request, caller=call.caller))
        status, content = route(call)
    except _NoMethod as refusal:
        return answer(405, {"error": "no such method"}, allow=", ".join(refusal.allowed))
    except errors.SocialError as error:
        return refuse(error)
    return answer(status, content)


def refuse(error: errors.SocialError) -> Response:
    """The answer to what a caller did wrong."""
    content: dict[str, object] = {"error": error.why}
    if error.field is not None:
        content["field"] = error.field
    if isinstance(error, errors.Unconfirmed):
        content["confirm"] = True
    more: dict[str, str] = {}
    if isinstance(error, errors.Unauthorised):
        more["www-authenticate"] = "Bearer"
    if isinstance(error, errors.TooMany):
        more["retry-after"] = str(error.retry_after_s)
    return answer(STATUSES[type(error)], content, **more)


def answer(status: int, content: Mapping[str, object] | None, **headers: str) -> Response:
    """An answer in JSON; without content it has no body either."""
    if content is None:
        return Response(status, {"cache-control": HEADERS["cache-control"], **headers}, b"")
    body = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
    return Response(status, {**HEADERS, **headers}, body)


Answer = tuple[int, Mapping[str, object] | None]


def _sign_up(call: Call) -> Answer:
    content = call.content
    name, confirm = call.social.sign_up(content.get("handle"), content.get("email"), content.get("password"))
    return 201, {"handle": name, "confirm": confirm}


def _confirm(call: Call) -> Answer:
    call.social.confirm(call.handle, call.content.get("code"))
    return 204, None


def _send_code_again(call: Call) -> Answer:
    call.social.send_code_again(call.handle)
    return 204, None


def _log_in(call: Call) -> Answer:
    content = call.content
    session = call.social.log_in(content.get("handle"), content.get("password"))
    return 200, {"token": session.token, "expires_s": session.expires_s}


def _me(call: Call) -> Answer:
    return 200, _profile(call.social.profile(call.caller))


def _user(call: Call) -> Answer:
    return 200, _profile(call.social.profile(call.handle))


def _post(call: Call) -> Answer:
    content = call.content
    key = call.request.headers.get("idempotency-key")
    post = call.social.post(call.caller, content.get("text"), content.get("picture"), key)
    return 201, post_document(call.social, post)


def _posts_of(call: Call) -> Answer:
    return 200, _page(call.social, call.social.posts_of(call.handle, *call.page))


def _is_following(call: Call) -> Answer:
    return 200, {"following": call.social.is_following(call.caller, call.handle)}


def _follow(call: Call) -> Answer:
    call.social.follow(call.caller, call.handle)
    return 204, None


def _unfollow(call: Call) -> Answer:
    call.social.unfollow(call.caller, call.handle)
    return 204, None


def _timeline(call: Call) -> Answer:
    return 200, _page(call.social, call.social.timeline(call.caller, *call.page))


def _upload(call: Call) -> Answer:
    content = call.content
    key, upload = call.social.upload(call.caller, content.get("content_type"), content.get("bytes"))
    return 201, {"key": key, "upload": {"url": upload.url, "fields": dict(upload.fields)}}


def _healthz(call: Call) -> Answer:
    return 200, {"ok": True}


def _profile(profile: Profile) -> Mapping[str, object]:
    return {"handle": profile.handle, "followers": profile.followers, "following": profile.following}


def _page(social: Social, page: Page) -> Mapping[str, object]:
    return {"posts": [post_document(social, post) for post in page.posts], "next": page.next}


def post_document(social: Social, post: Post) -> dict[str, Any]:
    """A post as it is shown."""
    picture = social.picture(post)
    return {
        "id": post.id,
        "author": post.author,
        "text": post.text,
        "created_ms": post.created_ms,
        "picture": None if picture is None else {"url": picture.url, "thumbnail": picture.thumbnail},
    }


Route = Callable[[Call], Answer]

ROUTES: Mapping[tuple[str, str], Route] = {
    ("POST", "/api/accounts"): _sign_up,
    ("POST", "/api/accounts/{handle}/confirm"): _confirm,
    ("POST", "/api/accounts/{handle}/code"): _send_code_again,
    ("POST", "/api/sessions"): _log_in,
    ("GET", "/api/me"): _me,
    ("GET", "/api/users/{handle}"): _user,
    ("GET", "/api/users/{handle}/posts"): _posts_of,
    ("POST", "/api/posts"): _post,
    ("GET", "/api/following/{handle}"): _is_following,
    ("PUT", "/api/following/{handle}"): _follow,
    ("DELETE", "/api/following/{handle}"): _unfollow,
    ("GET", "/api/timeline"): _timeline,
    ("POST", "/api/pictures"): _upload,
    ("GET", "/api/healthz"): _healthz,
}
PUBLIC = frozenset({_sign_up, _confirm, _send_code_again, _log_in, _user, _posts_of, _healthz})
"""The routes that need no token; for all others the caller is made sure of before anything else."""


class _NoMethod(Exception):
    """The path is known, the method is not."""

    def __init__(self, allowed: tuple[str, ...]) -> None:
        super().__init__(allowed)
        self.allowed = allowed


def _route(request: Request) -> tuple[Route, Mapping[str, str]]:
    method = "GET" if request.method == "HEAD" else request.method
    segments = request.path.split("/")
    allowed = []
    for (known, pattern), route in ROUTES.items():
        names = _match(pattern.split("/"), segments)
        if names is not None and known == method:
            return route, names
        if names is not None:
            allowed.append(known)
    if allowed:
        raise _NoMethod(tuple(allowed))
    raise errors.NotFound("no such path")


def _match(pattern: list[str], segments: list[str]) -> Mapping[str, str] | None:
    """The names that a path gives to the `{…}` of a pattern; None when it does not fit."""
    if len(pattern) != len(segments):
        return None
    names: dict[str, str] = {}
    for expected, given in zip(pattern, segments, strict=True):
        if expected.startswith("{"):
            names[expected.strip("{}")] = unquote(given)
        elif expected != given:
            return None
    return names
