"""What AWS takes without a signature, and of it what this cloud does: what a stack offers to its users.

Everything else needs one, also where AWS does not ask for it: objects that are public, what Cognito's hosted
pages do, roles assumed with a token of somebody else. The emulators check less of those than AWS does.

Which calls Cognito takes unsigned stands in its model (`authtype: none`):
https://docs.aws.amazon.com/cognito/latest/developerguide/authentication-flows-public-server-side.html, read
2026-11-29.
"""

from __future__ import annotations

import functools
import re
from contextvars import ContextVar
from enum import StrEnum
from urllib.parse import parse_qsl

from groma.live.embedded.gate.asked import Http, is_form

ON_AWS = re.compile(
    r"(?P<label>[a-z0-9-]+)\.(?P<kind>cloudfront\.net|execute-api\.[a-z0-9-]+\.amazonaws\.com)"
)
HERE = re.compile(r"(?P<label>[a-z0-9-]+)\.(?P<kind>cloudfront|execute-api)\.(?:localhost|127\.0\.0\.1)")
_API_PATHS = re.compile(r"/_aws/execute-api/[a-z0-9]+/")
_KEYS = re.compile(r"/[\w-]+_[A-Za-z0-9]+/\.well-known/(?:jwks\.json|openid-configuration)")
_COGNITO = "AWSCognitoIdentityProviderService."
_LINKS = ({"Action", "TopicArn", "Token"}, {"Action", "SubscriptionArn"})
"""What links in mails ask of SNS: to confirm a subscription, to end it. Who knows them had the mail."""


class Public(StrEnum):
    """What may be asked without a signature."""

    SITE = "a distribution"
    API = "an API of API Gateway"
    COGNITO = "sign-up and login"
    KEYS = "the keys of a user pool"
    FORM = "a form of a browser, signed by its fields"
    LINK = "a link in a mail"
    PREFLIGHT = "what a browser asks before it sends a form"


asked_as: ContextVar[Public | None] = ContextVar("asked_as", default=None)
"""As what the request of this task was let in; None where it was signed."""


def host_name(http: Http) -> str:
    """The name under which a request came, without its port."""
    return http.headers.get("host", "").rpartition(":")[0].lower() or http.headers.get("host", "").lower()


def public_kind(http: Http) -> Public | None:
    """What a request asks for that needs no signature; None when it needs one. Its body need not be known."""
    name = host_name(http)
    found = ON_AWS.fullmatch(name) or HERE.fullmatch(name)
    if found is not None:
        return Public.SITE if found["kind"].startswith("cloudfront") else Public.API
    if _API_PATHS.match(http.path):
        return Public.API
    if http.method == "OPTIONS" and "origin" in http.headers:
        return Public.PREFLIGHT
    if http.method == "POST" and http.path == "/" and _is_login(http.headers.get("x-amz-target", "")):
        return Public.COGNITO
    if http.method == "GET" and _KEYS.fullmatch(http.path) and not http.query:
        return Public.KEYS
    if is_form(http) and not http.query and "x-amz-target" not in http.headers:
        return Public.FORM
    return Public.LINK if _is_link(http) else None


def _is_login(target: str) -> bool:
    return target.startswith(_COGNITO) and target.removeprefix(_COGNITO) in unsigned_operations()


def _is_link(http: Http) -> bool:
    pairs = parse_qsl(http.query, keep_blank_values=True)
    asked = dict(pairs)
    is_one = len(pairs) == len(asked) and set(asked) in _LINKS and all(asked.values())
    return (
        is_one
        and (http.method, http.path) == ("GET", "/")
        and asked["Action"] == ("ConfirmSubscription" if "Token" in asked else "Unsubscribe")
    )


@functools.cache
def unsigned_operations() -> frozenset[str]:
    """The operations of Cognito's user pools that a program with no keys calls: an application's users."""
    from botocore.loaders import Loader
    from botocore.model import ServiceModel

    model = ServiceModel(Loader().load_service_model("cognito-idp", "service-2"))
    return frozenset(
        name for name in model.operation_names if model.operation_model(name).auth_type == "none"
    )
