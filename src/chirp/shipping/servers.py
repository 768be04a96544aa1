"""What the application servers need from the infrastructure: settings and rights.

`chirp.servers.settings` and `chirp.world.settings` say what each setting means.
"""

from __future__ import annotations

from chirp.functions.names import MEDIA, UPLOADS
from chirp.shipping.functions import FAN_OUT_QUEUE, IN_TABLE, IN_TIMELINES, POSTED
from chirp.world.settings import CHOSEN_BY
from groma.application import Right, Servers

SERVERS = Servers(
    settings={
        "DATABASE_HOST": "database.writer",
        "REPLICA_HOST": "database.reader",
        "DATABASE_PORT": "database.port",
        "DATABASE_NAME": "database.name",
        "DATABASE_USER": "database.user",
        "DATABASE_SECRET_ARN": "database.secret_arn",
        "POOL_SIZE": "database.pool",
        "MEDIA_BUCKET": "bucket.name",
    },
    puts_below=MEDIA,
    traced={"TRACED_SHARE": "traced.share"},
    remembers={"user_timeline": 2},
)
"""Before one database and its replica. Nobody checks pictures there: they are put where they are served.

Of somebody's page the profile and the latest posts are remembered (`servers.store`), and not whether the
reader follows them; nothing of a timeline, which is everybody's own.
"""

REGIONAL_SERVERS = Servers(
    settings={
        "TABLE": "table.name",
        "TIMELINES": "timelines.name",
        "POSTED_TOPIC": f"{FAN_OUT_QUEUE.topic}-topic.arn",
        "CACHE_HOST": "cache.host",
        "CACHE_PORT": "cache.port",
        "CACHE_USER": "cache.user",
        "CACHE_NAME": "cache.name",
        "MEDIA_BUCKET": "bucket.name",
        CHOSEN_BY: "databases.writers",
        "DATABASE_READERS": "databases.readers",
        "DATABASE_PRIMARIES": "databases.primaries",
        "DATABASE_PORT": "database.port",
        "DATABASE_NAME": "database.name",
        "DATABASE_USER": "database.user",
        "DATABASE_SECRET_ARN": "database.secret_arn",
        "POOL_SIZE": "database.pool",
        "WRITE_POOL_SIZE": "database.write_pool",
    },
    puts_below=UPLOADS,
    rights=(
        Right(
            (
                "dynamodb:BatchGetItem",
                "dynamodb:BatchWriteItem",
                "dynamodb:DeleteItem",
                "dynamodb:GetItem",
                "dynamodb:Query",
                "dynamodb:UpdateItem",
            ),
            IN_TABLE,
        ),
        Right(("dynamodb:BatchWriteItem", "dynamodb:GetItem", "dynamodb:Query"), IN_TIMELINES),
        Right(("sns:Publish",), POSTED),
    ),
)
"""In several regions. A picture is published by the function that has checked it."""
