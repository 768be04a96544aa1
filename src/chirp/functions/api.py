"""The function behind API Gateway: its event in, the application's answer out.

Only what came by way of the distribution is answered: it sends a key of which this knows the SHA-256. Who
asks the API by its own address comes round the firewall, and is refused.

The gateway's JWT authorizer has checked the token's signature, issuer, audience and expiry before this is
called; who asks is taken from its claims alone, never from a header or the body. Understood are an HTTP API's
events (payload version 2.0) and a REST API's.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import time
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from chirp.functions.accounts import CognitoAccounts
from chirp.functions.clients import LOG, at_start, client, store
from chirp.functions.follows import DynamoFollows
from chirp.functions.posts import DynamoPosts, DynamoTimelines
from chirp.functions.table import Store
from chirp.functions.uploads import DynamoPictures
from chirp.social import errors, model
from chirp.social.http import Request, Response, answer, refuse, respond
from chirp.social.service import Social

Event = Mapping[str, Any]

_BUSY = frozenset(
    {
        "InternalServerError",
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "ServiceUnavailable",
        "ThrottlingException",
        "TooManyRequestsException",
    }
)


def social_over(
    table: Store, clients: Mapping[str, Any], variables: Mapping[str, str] = os.environ
) -> Social:
    """The application over AWS. `clients` are those of `cognito-idp`, `s3` and `sns`."""
    topic = variables["POSTED_TOPIC"]
    pictures = DynamoPictures(table, clients["s3"], variables["BUCKET"], variables["MEDIA_URL"])
    posts = DynamoPosts(
        table, pictures, lambda message: clients["sns"].publish(TopicArn=topic, Message=message)
    )
    accounts = CognitoAccounts(clients["cognito-idp"], variables["CLIENT_ID"], table)
    return Social(accounts, posts, DynamoFollows(table), DynamoTimelines(table, table, pictures), pictures)


def came_by_the_edge(event: Event, variables: Mapping[str, str] = os.environ) -> bool:
    """Whether a request bears the distribution's key; the time it takes tells nothing of the key."""
    wanted = variables["EDGE_HEADER"].lower()
    headers = event.get("headers") or {}
    key = next((value for name, value in headers.items() if name.lower() == wanted), "")
    digest = hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()
    return hmac.compare_digest(digest, variables["EDGE_KEY_SHA256"])


def serve(social: Social, event: Event) -> dict[str, Any]:
    """Answer one event; what went wrong here is logged, and told to nobody."""
    start = time.monotonic()
    try:
        request = read(event)
        response = respond(social, request)
    except errors.SocialError as error:
        request, response = None, refuse(error)
    except (BotoCoreError, ClientError) as error:
        request, response = None, _failed(error)
    except Exception:
        LOG.exception("a request could not be answered")
        request, response = None, answer(500, {"error": "something went wrong here"})
    LOG.info(
        "answered",
        extra={
            "route": _route(event),
            "status": response.status,
            "caller": request.caller if request else None,
            "duration_ms": round(1000 * (time.monotonic() - start), 3),
        },
    )
    return write(response, is_head=_method(event) == "HEAD")


def read(event: Event) -> Request:
    """The request in an event of either kind of API."""
    headers = {name.lower(): value for name, value in (event.get("headers") or {}).items()}
    return Request(
        method=_method(event),
        path=_path(event),
        query=event.get("queryStringParameters") or {},
        headers=headers,
        body=_body(event),
        caller=_caller(event),
    )


def write(response: Response, *, is_head: bool = False) -> dict[str, Any]:
    """The response as either kind of API takes it."""
    body = "" if is_head else response.body.decode("utf-8")
    return {
        "statusCode": response.status,
        "headers": dict(response.headers),
        "body": body,
        "isBase64Encoded": False,
    }


def _is_v2(event: Event) -> bool:
    return event.get("version") == "2.0"


def _method(event: Event) -> str:
    method = event["requestContext"]["http"]["method"] if _is_v2(event) else event["httpMethod"]
    return str(method)


def _path(event: Event) -> str:
    """The path without the stage, which an HTTP API's named stages put before it."""
    if not _is_v2(event):
        return str(event["path"])
    path, stage = str(event["rawPath"]), event["requestContext"].get("stage", "$default")
    return path.removeprefix(f"/{stage}") if path.startswith(f"/{stage}/") else path


def _body(event: Event) -> bytes:
    body = event.get("body") or ""
    if not event.get("isBase64Encoded"):
        return str(body).encode("utf-8", "surrogatepass")
    try:
        return base64.b64decode(body, validate=True)
    except ValueError:
        raise errors.Invalid("the body cannot be read") from None


def _caller(event: Event) -> str | None:
    """The handle in the claims that the authorizer checked; only an access token says who may do what."""
    authorizer = event["requestContext"].get("authorizer") or {}
    claims = (authorizer.get("jwt") or {}).get("claims") if _is_v2(event) else authorizer.get("claims")
    if not claims or claims.get("token_use") != "access":
        return None
    return _handle(claims.get("username"))


def _handle(name: object) -> str | None:
    """A user name that is a handle: whoever signs up at Cognito itself may have chosen any other."""
    try:
        return model.handle(name) if model.handle(name) == name else None
    except errors.Invalid:
        return None


def _route(event: Event) -> str:
    key = event.get("routeKey") or f"{event.get('httpMethod')} {event.get('resource')}"
    return str(key)


def _failed(error: BotoCoreError | ClientError) -> Response:
    """What an AWS service did not do: 503 when another attempt may help, else 500."""
    code = error.response["Error"]["Code"] if isinstance(error, ClientError) else type(error).__name__
    LOG.exception("an AWS service failed", extra={"code": code})
    if isinstance(error, BotoCoreError) or code in _BUSY:
        return refuse(errors.Unavailable("too busy; try again in a moment"))
    return answer(HTTPStatus.INTERNAL_SERVER_ERROR, {"error": "something went wrong here"})


@at_start
def _social() -> Social:
    clients = {service: client(service) for service in ("cognito-idp", "s3", "sns")}
    return social_over(store(os.environ["TABLE"]), clients)


@LOG.inject_lambda_context
def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Lambda's entry point."""
    if not came_by_the_edge(event):
        LOG.warning("a request came round the distribution", extra={"route": _route(event)})
        return write(answer(HTTPStatus.FORBIDDEN, {"error": "ask the site, not its API"}))
    return serve(_social(), event)
