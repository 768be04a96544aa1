"""The API's function: events of both kinds of API, who asks, and what goes wrong behind it."""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest
from behaviour import PASSWORD, App
from botocore.exceptions import ClientError, EndpointConnectionError
from functions_cloud import Cloud

from chirp.functions import api
from chirp.functions.accounts import REFUSALS, CognitoAccounts
from chirp.social import errors
from chirp.social.model import MAX_FOLLOWING
from chirp.social.service import Social


def v2(method: str, path: str, claims: dict[str, str] | None = None, **more: Any) -> dict[str, Any]:
    """An HTTP API's event."""
    context: dict[str, Any] = {"http": {"method": method}, "stage": "$default"}
    if claims is not None:
        context["authorizer"] = {"jwt": {"claims": claims}}
    return {"version": "2.0", "rawPath": path, "requestContext": context, **more}


def v1(method: str, path: str, claims: dict[str, str] | None = None, **more: Any) -> dict[str, Any]:
    """A REST API's event."""
    context = {"authorizer": {"claims": claims}} if claims is not None else {}
    event = {"httpMethod": method, "path": path, "requestContext": context, "headers": None, "body": None}
    return {**event, "queryStringParameters": None, **more}


ACCESS = {"token_use": "access", "username": "ada"}
both = pytest.mark.parametrize("event", [v1, v2])


@both
@pytest.mark.parametrize(
    ("headers", "came"),
    [
        ({"x-origin-key": "k"}, True),
        ({"X-Origin-Key": "k"}, True),
        ({"x-origin-key": "K"}, False),
        ({"x-origin-key": ""}, False),
        ({"x-origin-key": "\udcff"}, False),
        ({"x-other": "k"}, False),
        ({}, False),
        (None, False),
    ],
)
def test_the_distribution_is_known_by_its_key(event: Any, headers: dict[str, str] | None, came: bool) -> None:
    digest = "8254c329a92850f6d539dd376f4816ee2764517da5e0235514af433164480d7a"
    variables = {"EDGE_HEADER": "X-Origin-Key", "EDGE_KEY_SHA256": digest}
    asked = event("GET", "/api/healthz") | {"headers": headers}
    assert api.came_by_the_edge(asked, variables) is came


@both
def test_who_asks_is_in_the_claims_that_were_checked(event: Any) -> None:
    assert api.read(event("GET", "/api/me", ACCESS)).caller == "ada"


@both
@pytest.mark.parametrize(
    "claims",
    [
        None,
        {},
        {"token_use": "id", "cognito:username": "ada"},
        {"username": "ada"},
        {"token_use": "access"},
        {"token_use": "access", "username": "thumbnails"},
        {"token_use": "access", "username": "a/b"},
        {"token_use": "access", "username": "Ada"},
    ],
)
def test_without_the_claims_of_an_access_token_nobody_asks(event: Any, claims: Any, cloud: Cloud) -> None:
    forged = {"authorization": "Bearer x.y.z", "x-caller": "ada", "cognito:username": "ada"}
    asked = event("GET", "/api/me", claims, headers=forged, body='{"caller": "ada", "username": "ada"}')
    assert api.read(asked).caller is None
    assert api.serve(cloud.social, asked)["statusCode"] == 401


@both
def test_a_body_may_come_in_base64(event: Any) -> None:
    content = "🦉".encode()
    encoded = base64.b64encode(content).decode()
    assert api.read(event("POST", "/", body=encoded, isBase64Encoded=True)).body == content
    assert api.read(event("POST", "/", body="🦉")).body == content
    assert api.read(event("POST", "/", body=None)).body == b""


@both
def test_a_body_that_is_no_base64_is_refused(event: Any, cloud: Cloud) -> None:
    asked = event("POST", "/api/accounts", body="%%%", isBase64Encoded=True)
    assert api.serve(cloud.social, asked)["statusCode"] == 400


def test_a_named_stage_is_no_part_of_the_path() -> None:
    event = v2("GET", "/live/api/me")
    event["requestContext"]["stage"] = "live"
    assert api.read(event).path == "/api/me"
    event["rawPath"] = "/lively/api/me"
    assert api.read(event).path == "/lively/api/me"


def test_names_of_headers_become_small() -> None:
    assert api.read(v1("GET", "/", headers={"Idempotency-Key": "k"})).headers == {"idempotency-key": "k"}


@both
def test_an_answer_to_head_has_no_body(event: Any, cloud: Cloud) -> None:
    answer = api.serve(cloud.social, event("HEAD", "/api/healthz"))
    assert (answer["statusCode"], answer["body"]) == (200, "")


def fault(code: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": "secret detail"}}, "TransactWriteItems")


@pytest.mark.parametrize(
    ("raised", "status"),
    [
        (fault("ThrottlingException"), 503),
        (fault("ProvisionedThroughputExceededException"), 503),
        (EndpointConnectionError(endpoint_url="https://secret"), 503),
        (fault("AccessDeniedException"), 500),
        (ValueError("secret detail"), 500),
    ],
)
def test_what_fails_behind_the_api_is_not_told_to_its_callers(raised: Exception, status: int) -> None:
    def fail(*_: Any) -> Any:
        raise raised

    broken = SimpleNamespace(profile=fail)
    social = Social(*[broken] * 5)  # type: ignore[list-item]
    answer = api.serve(social, v2("GET", "/api/users/ada"))
    assert answer["statusCode"] == status
    assert "secret" not in answer["body"]
    assert json.loads(answer["body"])["error"]


def test_expired_and_foreign_tokens_are_refused_at_the_gateway(cloud: Cloud, app: App) -> None:
    person = app.person()
    assert person.call("GET", "/api/me").status == 200
    cloud.ahead_s = 3_601
    assert person.call("GET", "/api/me").status == 401
    cloud.ahead_s = 0
    own_client = cloud.resources["user-pool.client_id"]
    cloud.resources["user-pool.client_id"] = "another"
    assert person.call("GET", "/api/me").status == 401
    cloud.resources["user-pool.client_id"] = own_client
    head, claims, signature = person.token.split(".")
    unsigned = base64.urlsafe_b64encode(b'{"alg":"none","kid":"dummy"}').decode().rstrip("=")
    for forged in (f"{unsigned}.{claims}.", f"{unsigned}.{claims}.{signature}", f"{head}.{claims}."):
        assert app.call("GET", "/api/me", token=forged).status == 401


class Pool:
    """A Cognito that refuses with one error."""

    def __init__(self, code: str, message: str = "") -> None:
        self.error = ClientError({"Error": {"Code": code, "Message": message}}, "Any")

    def __getattr__(self, name: str) -> Any:
        def refuse(**_: Any) -> Any:
            raise self.error

        return refuse


def accounts(cloud: Cloud, *refusal: str) -> CognitoAccounts:
    return CognitoAccounts(Pool(*refusal), "client", cloud.store)


@pytest.mark.parametrize(
    ("code", "message", "expected"),
    [
        ("NotAuthorizedException", "Incorrect username or password.", errors.Unauthorised),
        ("NotAuthorizedException", "Password attempts exceeded", errors.TooMany),
        ("UserNotFoundException", "", errors.Unauthorised),
        ("UserNotConfirmedException", "", errors.Unconfirmed),
        ("PasswordResetRequiredException", "", errors.Unauthorised),
        ("InvalidParameterException", "", errors.Unauthorised),
        ("TooManyRequestsException", "", errors.TooMany),
        ("ResourceNotFoundException", "no such pool", ClientError),
    ],
)
def test_what_cognito_says_to_a_login(
    cloud: Cloud, code: str, message: str, expected: type[Exception]
) -> None:
    with pytest.raises(expected):
        accounts(cloud, code, message).log_in("ada", "a password")


@pytest.mark.parametrize(
    ("code", "message", "expected", "field"),
    [
        ("UsernameExistsException", "", errors.Conflict, "handle"),
        ("InvalidPasswordException", "too short", errors.Invalid, "password"),
        ("InvalidParameterException", "1 validation error: password", errors.Invalid, "password"),
        ("InvalidParameterException", "Invalid email address format.", errors.Invalid, "email"),
        ("CodeDeliveryFailureException", "", errors.Unavailable, None),
        ("LimitExceededException", "", errors.TooMany, None),
    ],
)
def test_what_cognito_says_to_a_sign_up(
    cloud: Cloud, code: str, message: str, expected: type[errors.SocialError], field: str | None
) -> None:
    with pytest.raises(expected) as refusal:
        accounts(cloud, code, message).sign_up("ada", "ada@example.com", "a password")
    assert refusal.value.field == field


@pytest.mark.parametrize(
    ("code", "message", "expected"),
    [
        ("CodeMismatchException", "", errors.Invalid),
        ("ExpiredCodeException", "", errors.Invalid),
        ("UserNotFoundException", "", errors.Invalid),
        ("InvalidParameterException", "", errors.Invalid),
        ("NotAuthorizedException", "User is disabled.", errors.Invalid),
        ("TooManyFailedAttemptsException", "", errors.TooMany),
        ("LimitExceededException", "", errors.TooMany),
    ],
)
def test_what_cognito_says_to_a_code(
    cloud: Cloud, code: str, message: str, expected: type[Exception]
) -> None:
    with pytest.raises(expected):
        accounts(cloud, code, message).confirm("ada", "123456")


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("UserNotFoundException", "Username/client id combination not found."),
        ("InvalidParameterException", "User is already confirmed."),
        ("NotAuthorizedException", "User is disabled."),
    ],
)
def test_asking_for_another_code_tells_nothing_of_an_account(cloud: Cloud, code: str, message: str) -> None:
    accounts(cloud, code, message).send_code_again("ada")


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("LimitExceededException", errors.TooMany),
        ("TooManyRequestsException", errors.TooMany),
        ("CodeDeliveryFailureException", errors.Unavailable),
        ("ResourceNotFoundException", ClientError),
    ],
)
def test_what_cognito_says_to_asking_for_another_code(
    cloud: Cloud, code: str, expected: type[Exception]
) -> None:
    with pytest.raises(expected):
        accounts(cloud, code).send_code_again("ada")


def test_one_person_follows_a_bounded_number_of_others(cloud: Cloud, app: App) -> None:
    reader, first, second = app.person("reader"), app.person("first"), app.person("second")
    counts = (f"account#{reader.handle}", "counts")
    assert cloud.store.update(counts, "SET following = :n", "attribute_exists(pk)", n=MAX_FOLLOWING - 1)
    reader.follows(first)
    refused = reader.call("PUT", f"/api/following/{second.handle}")
    assert refused.refusal == (409, "handle")
    assert reader.call("GET", f"/api/following/{second.handle}").content == {"following": False}
    assert second.call("GET", "/api/me").content["followers"] == 0
    reader.follows(first)  # again is the same as once
    assert reader.call("PUT", "/api/following/nobody_at_all").status == 404
    assert reader.call("DELETE", f"/api/following/{first.handle}").status == 204
    reader.follows(second)


def test_confirming_again_changes_nothing(cloud: Cloud) -> None:
    again = "User cannot be confirmed. Current status is CONFIRMED"
    accounts(cloud, "NotAuthorizedException", again).confirm("ada", "123456")
    assert cloud.social.follows.profile("ada").followers == 0


def test_every_refusal_is_one_of_the_application() -> None:
    assert all(isinstance(refusal(), errors.SocialError) for refusal in REFUSALS.values())


def test_an_account_confirmed_elsewhere_is_found_after_its_first_login(cloud: Cloud, app: App) -> None:
    account = {"handle": "ada_l", "email": "a@example.com", "password": PASSWORD}
    assert app.call("POST", "/api/accounts", account).status == 201
    cloud.clients["cognito-idp"].admin_confirm_sign_up(
        UserPoolId=cloud.resources["user-pool.id"], Username="ada_l"
    )
    assert app.call("GET", "/api/users/ada_l").status == 404
    assert app.call("POST", "/api/sessions", account).status == 200
    assert app.call("GET", "/api/users/ada_l").status == 200


def test_a_person_without_an_account_cannot_post(cloud: Cloud) -> None:
    with pytest.raises(errors.NotFound):
        cloud.social.post("ghost", "boo")


def test_a_key_is_forgotten_after_a_day(cloud: Cloud, app: App) -> None:
    person = app.person()
    first = cloud.social.post(person.handle, "hello", None, "k")
    assert cloud.social.post(person.handle, "hello", None, "k") == first
    cloud.ahead_s = 86_400 + 60
    assert cloud.social.post(person.handle, "hello", None, "k") != first


def test_a_repeat_after_a_failure_between_gives_the_post_that_was_kept(cloud: Cloud, app: App) -> None:
    person = app.person()

    def silent(_: str) -> None:
        raise EndpointConnectionError(endpoint_url="sns")

    broken = replace(cloud.social, posts=replace(cloud.social.posts, publish=silent))  # type: ignore[type-var]
    kept = broken.post(person.handle, "hello", None, "k")
    assert cloud.social.post(person.handle, "hello", None, "k") == kept
    assert person.all_texts() == ["hello"]
