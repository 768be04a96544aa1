"""What the application names by its role, as Terraform finds it in a generated root."""

from __future__ import annotations

from collections.abc import Mapping

from groma.application.functions.deployment import MEDIA, TABLE, UPLOADS, Resource

EXPRESSIONS: Mapping[str, str] = {
    "table.name": "module.table.name",
    "posted-topic.arn": "module.posted.topic_arn",
    "user-pool.id": "module.auth.user_pool_id",
    "user-pool.client_id": "module.auth.client_id",
    "bucket.name": "module.media.bucket_name",
    "fan-out-queue.url": 'module.posted.queue_urls["fan-out"]',
    "pictures-queue.url": 'module.uploaded.queue_urls["pictures"]',
}
"""What the functions' variables hold, by the role that the application names."""

ARNS: Mapping[Resource, str] = {
    Resource.TABLE: "module.table.arn",
    Resource.TABLE_INDEX: f'module.table.index_arns["{TABLE.index}"]',
    Resource.USER_POOL: "module.auth.user_pool_arn",
    Resource.POSTED_TOPIC: "module.posted.topic_arn",
    Resource.FAN_OUT_QUEUE: 'module.posted.queue_arns["fan-out"]',
    Resource.PICTURES_QUEUE: 'module.uploaded.queue_arns["pictures"]',
    Resource.BUCKET: "module.media.bucket_arn",
    Resource.UPLOADS: f'"${{module.media.bucket_arn}}/{UPLOADS}*"',
    Resource.MEDIA: f'"${{module.media.bucket_arn}}/{MEDIA}*"',
}
"""What the functions have rights on, by the role that the application names."""
