"""Cognito: how users sign up, and what the application's client may do."""

from __future__ import annotations

from collections.abc import Iterator

from groma.architecture import Architecture, Finding
from groma.components.user_pool import UserPool
from groma.live.verify.findings import compare, listed
from groma.live.verify.reading import Answer, Reading

CLASSES = ("RequireLowercase", "RequireUppercase", "RequireNumbers", "RequireSymbols")
FLOWS = ("ALLOW_REFRESH_TOKEN_AUTH", "ALLOW_USER_PASSWORD_AUTH")


def user_pool(component: UserPool, architecture: Architecture, reading: Reading) -> Iterator[Finding]:
    """The pool, its client, and that there are no login pages but the application's."""
    pool_id, client_id = reading.output("user_pool_id"), reading.output("client_id")
    answer = reading.ask("cognito-idp", "describe_user_pool", UserPoolId=pool_id) if pool_id else None
    pool = answer["UserPool"] if answer else None
    named = {"UserPoolId": pool_id, "ClientId": client_id}
    answer = reading.ask("cognito-idp", "describe_user_pool_client", **named) if pool and client_id else None
    client = answer["UserPoolClient"] if answer else None
    lines = (
        ("pool", "plan, and what is verified", "LITE, email verified", _pool(pool) if pool else None),
        (
            "password", "what a password must be", f"{component.min_password_chars} characters or more",
            _password(pool) if pool else None,
        ),
        ("domain", "domain of hosted login pages", "none", pool.get("Domain", "none") if pool else None),
        (
            "client", "what the client may do", f"{listed(FLOWS)}, no secret, tells nobody who exists",
            _client(client) if client else None,
        ),
        (
            "tokens", "how long a token is good", f"{component.token_minutes} minutes",
            _validity(client) if client else None,
        ),
    )  # fmt: skip
    for aspect, what, expected, actual in lines:
        yield compare(f"{component.id}.{aspect}", f"{component.label}: {what}", expected, actual)


def _pool(pool: Answer) -> str:
    verified = listed(pool.get("AutoVerifiedAttributes") or (), "nothing")
    return f"{pool.get('UserPoolTier', 'no plan')}, {verified} verified"


def _password(pool: Answer) -> str:
    """Its least length, and the classes of characters that it must hold."""
    policy = (pool.get("Policies") or {}).get("PasswordPolicy") or {}
    classes = [name.removeprefix("Require").lower() for name in CLASSES if policy.get(name)]
    return f"{listed([str(policy.get('MinimumLength', 'no')), *classes])} characters or more"


def _client(client: Answer) -> str:
    secret = "a secret" if client.get("ClientSecret") else "no secret"
    quiet = client.get("PreventUserExistenceErrors") == "ENABLED"
    tells = "tells nobody who exists" if quiet else "tells who exists"
    return listed([*sorted(client.get("ExplicitAuthFlows") or ()), secret, tells])


def _validity(client: Answer) -> str:
    unit = (client.get("TokenValidityUnits") or {}).get("AccessToken", "hours")
    return f"{client.get('AccessTokenValidity')} {unit}"
