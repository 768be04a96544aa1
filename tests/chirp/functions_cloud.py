"""The Lambda host in this process: moto keeps table, queues, bucket and accounts.

What moto lacks is done here by hand: the gateway with its authorizer (a token's signature, issuer, client and
expiry), the mail with a code and the check of it, and the event source mapping that calls consumers with
batches, deletes what they handled, and leaves the rest to the queue's redrive policy.
"""

from __future__ import annotations

import base64
import functools
import json
import secrets
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from botocore.exceptions import ClientError
from functions_emulated import BUCKET, REGION, emulated, session, with_own_timelines
from joserfc import jwk, jwt
from joserfc.errors import JoseError
from moto.utilities.utils import load_resource

from chirp.functions import api
from chirp.functions.fan_out import FanOut, lateness
from chirp.functions.housekeeping import Housekeeping
from chirp.functions.messages import consume
from chirp.functions.pictures import Checker
from chirp.functions.table import Store
from chirp.shipping.functions import DEFAULT_ROUTE, FUNCTIONS, QUEUES, ROUTES
from groma.application import filled

CODES_AN_HOUR = 5
CONTEXT = SimpleNamespace(
    function_name="tried",
    memory_limit_in_mb=512,
    invoked_function_arn="arn:aws:lambda:us-east-1:123456789012:function:tried",
    aws_request_id="1",
    get_remaining_time_in_millis=lambda: 60_000,
)


class Mailing:
    """A Cognito client that mails codes and checks them."""

    def __init__(self, cognito: Any) -> None:
        self._cognito = cognito
        self.codes: dict[str, str] = {}
        self.confirmed: set[str] = set()
        self.mailed: Counter[str] = Counter()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._cognito, name)

    def sign_up(self, **arguments: Any) -> Any:
        answer = self._cognito.sign_up(**arguments)
        self.codes[arguments["Username"]] = f"{secrets.randbelow(10**6):06}"
        return answer

    def confirm_sign_up(self, **arguments: Any) -> Any:
        if self.codes.get(arguments["Username"]) != arguments["ConfirmationCode"]:
            error = {"Code": "CodeMismatchException", "Message": "Invalid verification code provided"}
            raise ClientError({"Error": error}, "ConfirmSignUp")
        self.confirmed.add(arguments["Username"])
        return self._cognito.confirm_sign_up(**arguments)

    def resend_confirmation_code(self, **arguments: Any) -> Any:
        """Another code, of which Cognito mails a few an hour; also for nobody, as the pool's client says."""
        name = arguments["Username"]
        if name in self.confirmed:
            error = {"Code": "InvalidParameterException", "Message": "User is already confirmed."}
            raise ClientError({"Error": error}, "ResendConfirmationCode")
        self.mailed[name] += 1
        if self.mailed[name] > CODES_AN_HOUR:
            error = {"Code": "LimitExceededException", "Message": "Attempt limit exceeded"}
            raise ClientError({"Error": error}, "ResendConfirmationCode")
        if name in self.codes:
            self.codes[name] = f"{secrets.randbelow(10**6):06}"
        return {"CodeDeliveryDetails": {"DeliveryMedium": "EMAIL", "AttributeName": "email"}}


@dataclass
class Cloud:
    """The functions and what they stand on.

    Attributes:
        ahead_s: how many seconds the clock of the gateway and of the functions is ahead.
        acting: the function that runs now; empty between.
        time_left_ms: what a call of the fan-out has left of its time.
    """

    clients: dict[str, Any]
    resources: dict[str, str]
    ahead_s: float = 0.0
    acting: str = ""
    time_left_ms: Callable[[], int] = CONTEXT.get_remaining_time_in_millis
    lock: threading.RLock = field(default_factory=threading.RLock)

    def __post_init__(self) -> None:
        self.clients["cognito-idp"] = Mailing(self.clients["cognito-idp"])
        dynamodb = session().resource("dynamodb").meta.client
        self.store = Store(dynamodb, self.resources["table.name"], clock_s=self.now_s, sleep=lambda _: None)
        own = self.resources["timelines.name"]
        self.timelines = self.store if own == self.store.name else replace(self.store, name=own)
        self.social = api.social_over(self.store, self.clients, self.variables("api"))
        self.fan_out = FanOut(self.store, self.timelines, self._enqueue)
        self.checker = Checker(self.store, self.clients["s3"], BUCKET)

    def now_s(self) -> float:
        return time.time() + self.ahead_s

    def variables(self, name: str) -> dict[str, str]:
        """The environment that a function's description asks for."""
        return filled(FUNCTIONS[name].settings, self.resources)

    def housekeeping(self) -> dict[str, int]:
        """One round."""
        publish = self.social.posts.publish  # type: ignore[attr-defined]
        pool = self.resources["user-pool.id"]
        keeper = Housekeeping(
            self.store, self.clients["cognito-idp"], self.clients["s3"], publish, pool, BUCKET
        )
        with self.as_function("housekeeping"):
            return keeper(lambda: 60_000)

    @contextmanager
    def as_function(self, name: str) -> Iterator[None]:
        """What is done within is done by this function."""
        self.acting = name
        yield
        self.acting = ""

    def call(
        self, method: str, path: str, headers: Mapping[str, str], body: bytes
    ) -> tuple[int, dict[str, str], bytes]:
        """A request through the gateway; what it sets going is done before it answers."""
        with self.lock:
            event = self.event(method, path, headers, body)
            if event is None:
                return 401, {"content-type": "application/json"}, b'{"message":"Unauthorized"}'
            with self.as_function("api"):
                answer = json.loads(json.dumps(api.serve(self.social, json.loads(json.dumps(event)))))
            if (method, path) == ("POST", "/api/posts"):
                self.settle()
        return answer["statusCode"], answer["headers"], answer["body"].encode()

    def event(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> dict[str, Any] | None:
        """What an HTTP API hands to its function; None when its authorizer refuses."""
        url = urlsplit(path)
        key = _route_key(method, url.path)
        context: dict[str, Any] = {"http": {"method": method, "path": url.path}, "stage": "$default"}
        if ROUTES[key]:
            claims = self.claims(headers.get("authorization", ""))
            if claims is None:
                return None
            context["authorizer"] = {"jwt": {"claims": {k: str(v) for k, v in claims.items()}}}
        is_text = headers.get("content-type", "").startswith(("application/json", "text/"))
        return {
            "version": "2.0",
            "routeKey": key,
            "rawPath": url.path,
            "headers": dict(headers),
            "queryStringParameters": dict(parse_qsl(url.query)),
            "requestContext": context,
            "body": body.decode() if is_text else base64.b64encode(body).decode(),
            "isBase64Encoded": not is_text,
        }

    def claims(self, authorization: str) -> dict[str, Any] | None:
        """The claims of a bearer token, checked as a JWT authorizer does; None for a bad one."""
        try:
            token = jwt.decode(authorization.removeprefix("Bearer "), _public_key(), algorithms=["RS256"])
        except (JoseError, ValueError):
            return None
        claims = token.claims
        issuer = f"https://cognito-idp.{REGION}.amazonaws.com/{self.resources['user-pool.id']}"
        good = claims["iss"] == issuer and claims["client_id"] == self.resources["user-pool.client_id"]
        return claims if good and claims["exp"] > self.now_s() else None

    def settle(self) -> None:
        """Pass messages until every queue is empty."""
        with self.lock:
            while any([self.pass_on("fan-out"), self.pass_on("pictures")]):
                pass

    def pass_on(self, name: str) -> int:
        """Call a queue's function with one batch; returns how many messages it held."""
        url = self.resources[f"{name}-queue.url"]
        batch = self.clients["sqs"].receive_message(
            QueueUrl=url, MaxNumberOfMessages=QUEUES[name].batch_size, AttributeNames=["All"]
        )
        messages = batch.get("Messages", [])
        if messages:
            failed = self.invoke(name, [message["Body"] for message in messages])
            for number, message in enumerate(messages):
                if number not in failed:
                    self.clients["sqs"].delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
        return len(messages)

    def invoke(self, name: str, bodies: list[str]) -> set[int]:
        """Call a consumer with a batch; returns the positions of the messages that failed."""
        records = [
            {"messageId": str(number), "body": body, "eventSource": "aws:sqs"}
            for number, body in enumerate(bodies)
        ]
        is_late = lateness(self.time_left_ms)
        consumer = {
            "fan-out": lambda record: self.fan_out(record, is_late),
            "pictures": self.checker,
        }[name]
        with self.as_function(name):
            answer = consume(consumer, {"Records": records}, CONTEXT)
        return {int(failure["itemIdentifier"]) for failure in answer["batchItemFailures"]}

    def dead(self, name: str) -> list[str]:
        """Bodies of the messages in a queue's dead-letter queue."""
        url = self.resources[f"{name}-dead.url"]
        found = self.clients["sqs"].receive_message(QueueUrl=url, MaxNumberOfMessages=10)
        return [message["Body"] for message in found.get("Messages", [])]

    def _enqueue(self, body: str) -> None:
        self.clients["sqs"].send_message(QueueUrl=self.resources["fan-out-queue.url"], MessageBody=body)


def _route_key(method: str, path: str) -> str:
    """The route by which an HTTP API would send this on."""
    for key in ROUTES:
        known, _, pattern = key.partition(" ")
        parts, given = pattern.split("/"), path.split("/")
        fits = len(parts) == len(given) and all(
            p == g or (p.startswith("{") and g) for p, g in zip(parts, given, strict=True)
        )
        if known == method and fits:
            return key
    return DEFAULT_ROUTE


@functools.cache
def _public_key() -> jwk.KeySet:
    """What moto signs every token with, as its pools publish it."""
    return jwk.KeySet.import_key_set(load_resource("cognitoidp/resources/jwks-public.json"))


@contextmanager
def in_process(*, own_timelines: bool = False) -> Iterator[Cloud]:
    """A cloud of its own for as long as the context lasts."""
    with emulated() as (clients, resources):
        made = with_own_timelines(clients, resources) if own_timelines else dict(resources)
        yield Cloud(dict(clients), made)
