"""Each function does only what its description gives it the right to, and needs all of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from behaviour import App
from functions_cloud import Cloud
from functions_emulated import BUCKET
from pictures_to_try import picture

from chirp.functions.names import MEDIA, UPLOADS
from chirp.shipping.functions import (
    FAN_OUT_QUEUE,
    FUNCTIONS,
    IN_BUCKET,
    IN_INDEX,
    IN_MEDIA,
    IN_POOL,
    IN_TABLE,
    IN_TIMELINES,
    IN_UPLOADS,
    POSTED,
)
from groma.application import Queue, Resource

Use = tuple[str, str, Resource]

PUBLIC = {"SignUp", "ConfirmSignUp", "ResendConfirmationCode", "InitiateAuth"}
"""Operations of Cognito that need no right: anybody may call them."""
OF_THE_TRIGGER = {"sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"}
"""What Lambda itself does with a function's rights when it polls a queue."""


@pytest.fixture
def used(cloud: Cloud) -> Iterator[set[Use]]:
    """Fills with function, action and resource of each call."""
    found: set[Use] = set()

    def note(params: dict[str, Any], model: Any, **_: Any) -> None:
        if cloud.acting and model.name not in PUBLIC:
            service = model.service_model.signing_name
            found.update((cloud.acting, *use) for use in uses(service, model.name, params))

    clients = (*cloud.clients.values(), cloud.store.client)
    for client in clients:
        client.meta.events.register("provide-client-params.*.*", note)
    yield found
    for client in clients:
        client.meta.events.unregister("provide-client-params.*.*", note)


def uses(service: str, operation: str, params: dict[str, Any]) -> set[tuple[str, Resource]]:
    """The IAM actions of a call, each with its resource.

    Source: https://docs.aws.amazon.com/service-authorization/latest/reference/
    """
    if operation == "TransactWriteItems":
        kinds = {next(iter(action)) for action in params["TransactItems"]}
        return {(f"dynamodb:{kind}Item", IN_TABLE) for kind in kinds}
    if service == "s3" and "Key" not in params:
        return set()  # a form is signed; nothing is called
    resource = {
        "cognito-idp": lambda: IN_POOL,
        "dynamodb": lambda: IN_INDEX if "IndexName" in params else _table(operation, params),
        "sns": lambda: POSTED,
        "sqs": lambda: Resource("queue", FAN_OUT_QUEUE.name),
        "s3": lambda: {UPLOADS: IN_UPLOADS, MEDIA: IN_MEDIA}[params["Key"].split("/")[0] + "/"],
    }[service]()
    return {(f"{service}:{operation}", resource)}


def _table(operation: str, params: dict[str, Any]) -> Resource:
    """Which of the two that are one here: entries alone are written where timelines are."""
    if operation != "BatchWriteItem":
        return IN_TABLE
    written = [put["PutRequest"]["Item"]["pk"] for puts in params["RequestItems"].values() for put in puts]
    return IN_TIMELINES if all(pk.startswith("timeline#") for pk in written) else IN_TABLE


def test_what_the_functions_do_is_what_they_may(cloud: Cloud, app: App, used: set[Use]) -> None:
    writer, follower = app.person("writer"), app.person("follower")
    follower.follows(writer)
    assert follower.call("DELETE", f"/api/following/{writer.handle}").status == 204
    follower.follows(writer)
    for name, content in (("good", picture("PNG", (40, 30))), ("bad", b"no picture"), ("abandoned", None)):
        key = writer.call("POST", "/api/pictures", {"content_type": "image/png", "bytes": 100}).content["key"]
        if name != "abandoned":
            writer.says(name, picture=key)
        if content is not None:
            cloud.clients["s3"].put_object(Bucket=BUCKET, Key=f"{UPLOADS}{key}", Body=content)
        cloud.settle()
    writer.says("x" * 5_000)
    follower.comes_to_see("x" * 5_000)
    cloud.invoke("fan-out", [message_with_a_full_page(cloud, writer.handle)])
    leave_a_note(cloud, writer.handle)
    app.call("POST", "/api/accounts", {"handle": "never", "email": "n@example.com", "password": "p" * 10})
    cloud.ahead_s = 4 * 86_400
    assert cloud.housekeeping() == {"published": 1, "pictures": 1, "accounts": 1}
    granted = {
        (function.name, action, right.resource)
        for function in FUNCTIONS.values()
        for right in function.rights
        for action in right.actions
        if not (isinstance(function.trigger, Queue) and action in OF_THE_TRIGGER)
    }
    signed = {
        ("api", "s3:PutObject", IN_UPLOADS),  # by the browser, with the API's signature
        ("pictures", "s3:ListBucket", IN_BUCKET),  # makes S3 say "not there" instead of "not allowed"
    }
    assert used == granted - signed


def message_with_a_full_page(cloud: Cloud, author: str) -> str:
    """Makes the consumer send the rest to its queue, after one batch."""
    cloud.store.put_all({"pk": f"followers#{author}", "sk": f"reader_{n}", "since_ms": 0} for n in range(25))
    object.__setattr__(cloud.fan_out, "limit", 1)
    return f'{{"kind": "posted", "author": "{author}", "id": "{"0" * 26}", "text": "late"}}'


def leave_a_note(cloud: Cloud, author: str) -> None:
    """A post whose message never reached the topic."""
    note = {"pk": "outbox#1", "sk": author, "todo": "outbox#0", "todo_ms": 1, "message": "{}"}
    cloud.store.put_all([note])
