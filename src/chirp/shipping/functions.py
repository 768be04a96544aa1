"""What each function needs from the infrastructure: its handler, trigger, settings and rights."""

from __future__ import annotations

from collections.abc import Mapping

from chirp import functions
from chirp.functions.names import CONSISTENT, INDEX, MEDIA, SHARDS, TTL, UPLOADS, WAITING
from chirp.social import http
from groma.application import Fixed, Function, Http, Queue, Resource, Right, Schedule, Table
from groma.application.needs import Settings

RUNTIME = "python3.13"
PROCESSOR = "arm64"

TABLE = Table(
    hash_key="pk",
    range_key="sk",
    index=INDEX,
    index_hash_key="todo",
    index_range_key="todo_ms",
    index_projection="ALL",
    types={"pk": "S", "sk": "S", "todo": "S", "todo_ms": "N"},
    ttl=TTL,
    consistent_reads=CONSISTENT,
    index_writes_per_post=2,
    index_writes_per_upload=3,
    index_queries=len(WAITING) * SHARDS,
    operations=("GetItem", "Query", "TransactWriteItems"),
)
"""`chirp.functions.table` says what lies in it. In the index a post's note comes and goes, and a picture
comes, is checked and is kept; a round of housekeeping asks for all shards of both."""

IN_TABLE = Resource("table")
IN_TIMELINES = Resource("timelines")
IN_INDEX = Resource("index", INDEX)
IN_POOL = Resource("user-pool")
IN_BUCKET = Resource("bucket")
IN_UPLOADS = Resource("objects", UPLOADS)
IN_MEDIA = Resource("objects", MEDIA)

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
ACCOUNT_PATHS = tuple(
    sorted({key.removeprefix("POST ").partition("/{")[0] for key in ACCOUNT_ROUTES}),
)
"""The paths of these routes; of several that begin alike the shortest."""

_CONSUME = ("sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes")

FAN_OUT_QUEUE = Queue("fan-out", topic="posted", batch_size=10, visibility_s=360)
PICTURES_QUEUE = Queue("pictures", topic="uploaded", batch_size=1, visibility_s=360)
POSTED = Resource("topic", FAN_OUT_QUEUE.topic)
QUEUES: Mapping[str, Queue] = {queue.name: queue for queue in (FAN_OUT_QUEUE, PICTURES_QUEUE)}


def _function(
    name: str,
    purpose: str,
    trigger: Http | Queue | Schedule,
    size: tuple[int, int],
    settings: Settings,
    rights: tuple[Right, ...],
    native: tuple[str, ...] = (),
) -> Function:
    """One entry: the handler follows from the name; `size` is memory in MiB and timeout in seconds."""
    module = name.replace("-", "_")
    handler = f"{functions.__name__}.{module}.handler"
    common = {"POWERTOOLS_SERVICE_NAME": Fixed(name), "POWERTOOLS_METRICS_NAMESPACE": Fixed("Social")}
    return Function(name, purpose, handler, trigger, *size, {**common, **settings}, rights, native)


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
                "MEDIA_URL": Fixed("/media"),
                "EDGE_HEADER": "edge.header",
                "EDGE_KEY_SHA256": "edge.key_sha256",
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
                    IN_TABLE,
                ),
                Right(("sns:Publish",), POSTED),
                Right(("s3:PutObject",), IN_UPLOADS),
            ),
        ),
        _function(
            "fan-out",
            "Writes each new post into the timelines of its author's followers.",
            FAN_OUT_QUEUE,
            (512, 60),
            {"TABLE": "table.name", "TIMELINES": "timelines.name", "QUEUE_URL": "fan-out-queue.url"},
            (
                Right((*_CONSUME, "sqs:SendMessage"), Resource("queue", FAN_OUT_QUEUE.name)),
                Right(("dynamodb:Query",), IN_TABLE),
                Right(("dynamodb:BatchWriteItem",), IN_TIMELINES),
            ),
        ),
        _function(
            "pictures",
            "Checks uploaded pictures, and keeps a clean copy and a thumbnail of each.",
            PICTURES_QUEUE,
            (1024, 60),
            {"TABLE": "table.name", "BUCKET": "bucket.name"},
            (
                Right(_CONSUME, Resource("queue", PICTURES_QUEUE.name)),
                Right(("dynamodb:GetItem", "dynamodb:UpdateItem"), IN_TABLE),
                Right(("s3:ListBucket",), IN_BUCKET),
                Right(("s3:GetObject", "s3:DeleteObject"), IN_UPLOADS),
                Right(("s3:PutObject",), IN_MEDIA),
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
                Right(("dynamodb:DeleteItem", "dynamodb:UpdateItem"), IN_TABLE),
                Right(("dynamodb:Query",), IN_INDEX),
                Right(("sns:Publish",), POSTED),
                Right(("cognito-idp:ListUsers", "cognito-idp:AdminDeleteUser"), IN_POOL),
                Right(("s3:DeleteObject",), IN_UPLOADS),
                Right(("s3:DeleteObject",), IN_MEDIA),
            ),
        ),
    )
}
