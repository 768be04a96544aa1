"""What needs no signature, and what looks like it and does."""

from __future__ import annotations

import pytest

from groma.live.embedded.access.public import Public, public_kind, unsigned_operations
from groma.live.embedded.gate import Http

HERE = "127.0.0.1:4566"
CONFIRM = "Action=ConfirmSubscription&TopicArn=a&Token=t"
UNSUBSCRIBE = "Action=Unsubscribe&SubscriptionArn=a"
PUT_ITEM = "DynamoDB_20120810.PutItem"
COGNITO = "AWSCognitoIdentityProviderService."
FORM = "multipart/form-data; boundary=x"


def kind(method: str, path: str, query: str = "", host: str = HERE, **headers: str) -> Public | None:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return public_kind(Http(method, path, query, {"host": host, **named}))


@pytest.mark.parametrize(
    ("expected", "asked"),
    [
        (Public.SITE, {"method": "GET", "path": "/", "host": "d1.cloudfront.net"}),
        (Public.SITE, {"method": "POST", "path": "/api/posts", "host": "d1.cloudfront.localhost:4566"}),
        (Public.API, {"method": "GET", "path": "/api", "host": "abc1.execute-api.eu-west-1.amazonaws.com"}),
        (Public.API, {"method": "GET", "path": "/_aws/execute-api/abc1/$default/api"}),
        (Public.COGNITO, {"method": "POST", "path": "/", "x_amz_target": f"{COGNITO}InitiateAuth"}),
        (Public.COGNITO, {"method": "POST", "path": "/", "x_amz_target": f"{COGNITO}SignUp"}),
        (Public.KEYS, {"method": "GET", "path": "/us-east-1_AbC123/.well-known/jwks.json"}),
        (Public.FORM, {"method": "POST", "path": "/bucket", "content_type": FORM}),
        (Public.LINK, {"method": "GET", "path": "/", "query": CONFIRM}),
        (Public.LINK, {"method": "GET", "path": "/", "query": UNSUBSCRIBE}),
        (Public.PREFLIGHT, {"method": "OPTIONS", "path": "/bucket", "origin": "http://d1"}),
        (None, {"method": "POST", "path": "/", "x_amz_target": f"{COGNITO}AdminCreateUser"}),
        (None, {"method": "POST", "path": "/", "x_amz_target": f"{PUT_ITEM}, {COGNITO}SignUp"}),
        (None, {"method": "POST", "path": "/", "x_amz_target": f"{COGNITO}SignUp, {COGNITO}ListUsers"}),
        (None, {"method": "POST", "path": "/", "x_amz_target": "AWSLambda.CreateFunction"}),
        (None, {"method": "GET", "path": "/", "query": "Action=CreateTopic&Name=x"}),
        (None, {"method": "GET", "path": "/", "query": "Action=Subscribe&TopicArn=a&Token=t"}),
        (None, {"method": "GET", "path": "/", "query": f"{UNSUBSCRIBE}&Action=CreateTopic"}),
        (None, {"method": "POST", "path": "/", "query": CONFIRM}),
        (None, {"method": "GET", "path": "/bucket/object"}),
        (None, {"method": "PUT", "path": "/bucket"}),
        (None, {"method": "POST", "path": "/bucket", "content_type": FORM, "query": "delete"}),
        (None, {"method": "POST", "path": "/bucket", "content_type": FORM, "x_amz_target": "AWSLambda.X"}),
        (None, {"method": "GET", "path": "/_ministack/health"}),
        (None, {"method": "POST", "path": "/2015-03-31/functions"}),
        (None, {"method": "GET", "path": "/", "host": "d1.cloudfront.net.example.com"}),
    ],
)  # fmt: skip
def test_what_needs_no_signature(expected: Public | None, asked: dict[str, str]) -> None:
    assert kind(**asked) is expected


def test_what_cognito_takes_unsigned_is_what_users_do_themselves() -> None:
    operations = unsigned_operations()
    assert operations >= {"SignUp", "ConfirmSignUp", "InitiateAuth", "RespondToAuthChallenge", "GetUser"}
    assert not [name for name in operations if name.startswith(("Admin", "Create", "List", "Describe"))
                and name not in ("ListDevices", "ListWebAuthnCredentials")]  # fmt: skip
