"""What each function needs from the infrastructure, as data: its handler, trigger, variables and rights.

Blueprint, sizing and Terraform read `FUNCTIONS`, `QUEUES`, `ROUTES` and `TABLE`; nothing of it is said twice.
A resource is named by its role (`Resource`); whoever deploys knows its ARN.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from chirp.social import http

RUNTIME = "python3.13"
ARCHITECTURE = "arm64"
UPLOADS = "uploads/"
"""Prefix of what users upload: written by presigned POST, read by the pictures function alone."""
MEDIA = "media/"
"""Prefix of checked pictures, below which `thumbnails/` lies: what the distribution serves as `/media/…`."""


class Resource(StrEnum):
    """A thing that functions are given rights on, named by its role."""

    TABLE = "table"
    TABLE_INDEX = "table-index"
    USER_POOL = "user-pool"
    POSTED_TOPIC = "posted-topic"
    FAN_OUT_QUEUE = "fan-out-queue"
    PICTURES_QUEUE = "pictures-queue"
    BUCKET = "bucket"
    UPLOADS = "uploads"
    MEDIA = "media"


@dataclass(frozen=True)
class Right:
    """Actions that a function may take on one resource.

    Attributes:
        actions: IAM actions, such as `dynamodb:Query`.
        resource: on what. `BUCKET` is the bucket's own ARN; `UPLOADS` and `MEDIA` are the objects below these
            prefixes of it.
    """

    actions: tuple[str, ...]
    resource: Resource


@dataclass(frozen=True)
class Http:
    """Called by API Gateway; HTTP API with payload version 2.0, or REST API."""


@dataclass(frozen=True)
class Queue:
    """Called with batches of messages from a queue that a topic fills.

    Subscriptions deliver raw messages; the event source mapping reports batch item failures; what fails
    `max_receives` times goes to a dead-letter queue of its own.

    Attributes:
        name: the queue's role; also that of its function. topic: the role of the topic; `posted` is published
        to by the API, `uploaded` by the bucket for objects
            created below `UPLOADS`.
        batch_size: messages in one call at most.
        visibility_s: how long a received message stays hidden, in seconds: six times the function's timeout,
            as AWS advises.
        max_receives: how often a message is tried.
        retention_s: how long the dead-letter queue keeps a message, in seconds.
    """

    name: str
    topic: str
    batch_size: int
    visibility_s: int
    max_receives: int = 5
    retention_s: int = 14 * 24 * 3600


@dataclass(frozen=True)
class Schedule:
    """Called by an EventBridge schedule, such as `rate(5 minutes)`."""

    expression: str


@dataclass(frozen=True)
class Function:
    """One Lambda function.

    Attributes:
        name: its role; the deployed name ends with it.
        purpose: one sentence for its description.
        handler: `module.function`, as Lambda takes it.
        trigger: who calls it.
        memory_mib: memory to begin with, in MiB; CPU grows with it. Sizing may choose another.
        timeout_s: in seconds.
        variables: environment variable → what it holds: `<role>.<attribute>`, or a text to be taken as it is.
        rights: everything it may do, beyond writing its own logs and traces.
        native: compiled libraries that its zip must hold beside the pure-Python ones (`wheel.WHEELS`).
    """

    name: str
    purpose: str
    handler: str
    trigger: Http | Queue | Schedule
    memory_mib: int
    timeout_s: int
    variables: Mapping[str, str]
    rights: tuple[Right, ...]
    native: tuple[str, ...] = ()


@dataclass(frozen=True)
class Table:
    """The table's keys, index and time to live; `table.py` says what lies in it."""

    hash_key: str = "pk"
    range_key: str = "sk"
    index: str = "todo"
    index_hash_key: str = "todo"
    index_range_key: str = "todo_ms"
    index_projection: str = "ALL"
    types: Mapping[str, str] = field(
        default_factory=lambda: {"pk": "S", "sk": "S", "todo": "S", "todo_ms": "N"}
    )
    ttl: str = "expires_s"


TABLE = Table()

DEFAULT_ROUTE = "$default"
"""The route key of whatever no other route knows; the application refuses it in its own words."""
ROUTES: Mapping[str, bool] = {
    f"{method} {path}": route not in http.PUBLIC for (method, path), route in http.ROUTES.items()
} | {DEFAULT_ROUTE: False}
"""Route keys of the HTTP API (`GET /api/me`) → whether its authorizer stands before it."""
ACCOUNT_ROUTES = tuple(
    key for key, is_private in ROUTES.items() if key.startswith("POST ") and not is_private
)
"""What anybody may send and Cognito has to answer, with a mail or a compared password: worth a limit."""

_MODULE = "chirp.functions"
_CONSUME = ("sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes")

FAN_OUT_QUEUE = Queue("fan-out", topic="posted", batch_size=10, visibility_s=360)
PICTURES_QUEUE = Queue("pictures", topic="uploaded", batch_size=1, visibility_s=360)
QUEUES: Mapping[str, Queue] = {queue.name: queue for queue in (FAN_OUT_QUEUE, PICTURES_QUEUE)}


def _function(
    name: str,
    purpose: str,
    trigger: Http | Queue | Schedule,
    size: tuple[int, int],
    variables: Mapping[str, str],
    rights: tuple[Right, ...],
    native: tuple[str, ...] = (),
) -> Function:
    """One entry: the handler follows from the name; `size` is memory in MiB and timeout in seconds."""
    module = name.replace("-", "_")
    common = {"POWERTOOLS_SERVICE_NAME": name, "POWERTOOLS_METRICS_NAMESPACE": "Social"}
    return Function(
        name, purpose, f"{_MODULE}.{module}.handler", trigger, *size, common | dict(variables), rights, native
    )


FUNCTIONS: Mapping[str, Function] = {
    function.name: function
    for function in (
        _function(
            "api",
            "Answers the requests of the social application.",
            Http(),
            (512, 10),
            {
                "TABLE": "table.name",
                "POSTED_TOPIC": "posted-topic.arn",
                "CLIENT_ID": "user-pool.client_id",
                "BUCKET": "bucket.name",
                "MEDIA_URL": "/media",
            },
            (
                Right(
                    (
                        "dynamodb:BatchGetItem",
                        "dynamodb:BatchWriteItem",
                        "dynamodb:DeleteItem",
                        "dynamodb:GetItem",
                        "dynamodb:PutItem",
                        "dynamodb:Query",
                        "dynamodb:UpdateItem",
                    ),
                    Resource.TABLE,
                ),
                Right(("sns:Publish",), Resource.POSTED_TOPIC),
                Right(("s3:PutObject",), Resource.UPLOADS),
            ),
        ),
        _function(
            "fan-out",
            "Writes each new post into the timelines of its author's followers.",
            FAN_OUT_QUEUE,
            (512, 60),
            {"TABLE": "table.name", "QUEUE_URL": "fan-out-queue.url"},
            (
                Right((*_CONSUME, "sqs:SendMessage"), Resource.FAN_OUT_QUEUE),
                Right(("dynamodb:BatchWriteItem", "dynamodb:Query"), Resource.TABLE),
            ),
        ),
        _function(
            "pictures",
            "Checks uploaded pictures, and keeps a clean copy and a thumbnail of each.",
            PICTURES_QUEUE,
            (1024, 60),
            {"TABLE": "table.name", "BUCKET": "bucket.name"},
            (
                Right(_CONSUME, Resource.PICTURES_QUEUE),
                Right(("dynamodb:GetItem", "dynamodb:UpdateItem"), Resource.TABLE),
                Right(("s3:ListBucket",), Resource.BUCKET),
                Right(("s3:GetObject", "s3:DeleteObject"), Resource.UPLOADS),
                Right(("s3:PutObject",), Resource.MEDIA),
            ),
            ("pillow",),
        ),
        _function(
            "housekeeping",
            "Publishes what was left unpublished; removes abandoned uploads and unconfirmed accounts.",
            Schedule("rate(5 minutes)"),
            (256, 120),
            {
                "TABLE": "table.name",
                "POSTED_TOPIC": "posted-topic.arn",
                "USER_POOL_ID": "user-pool.id",
                "BUCKET": "bucket.name",
            },
            (
                Right(("dynamodb:DeleteItem", "dynamodb:UpdateItem"), Resource.TABLE),
                Right(("dynamodb:Query",), Resource.TABLE_INDEX),
                Right(("sns:Publish",), Resource.POSTED_TOPIC),
                Right(("cognito-idp:ListUsers", "cognito-idp:AdminDeleteUser"), Resource.USER_POOL),
                Right(("s3:DeleteObject",), Resource.UPLOADS),
                Right(("s3:DeleteObject",), Resource.MEDIA),
            ),
        ),
    )
}
