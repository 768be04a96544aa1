"""Where the things are that an application names by role, as Terraform writes them."""

from __future__ import annotations

from groma.answers import Ref
from groma.application import PortableApplication, Resource
from groma.components.site import ORIGIN_HEADER, ORIGIN_KEY_SHA256


def values(application: PortableApplication) -> dict[str, Ref]:
    """Role → what it is for functions: `table.name` → `module.table.name`."""
    queues = application.queues.values()
    return {
        "table.name": Ref("module.table.name"),
        "timelines.name": Ref("module.table.name"),
        "user-pool.id": Ref("module.auth.user_pool_id"),
        "user-pool.client_id": Ref("module.auth.client_id"),
        "bucket.name": Ref("module.media.bucket_name"),
        "edge.header": ORIGIN_HEADER,
        "edge.key_sha256": ORIGIN_KEY_SHA256,
        **{f"{queue.topic}-topic.arn": Ref(f"module.{queue.topic}.topic_arn") for queue in queues},
        **{
            f"{queue.name}-queue.url": Ref(f'module.{queue.topic}.queue_urls["{queue.name}"]')
            for queue in queues
        },
    }


def arn(application: PortableApplication, resource: Resource) -> str:
    """The ARN of what rights are given on.

    Raises:
        KeyError: the application has no queue of that name.
    """
    match resource.kind:
        case "table" | "timelines":
            return "module.table.arn"
        case "index":
            return f'module.table.index_arns["{resource.name}"]'
        case "user-pool":
            return "module.auth.user_pool_arn"
        case "topic":
            return f"module.{resource.name}.topic_arn"
        case "queue":
            topic = application.queues[resource.name].topic
            return f'module.{topic}.queue_arns["{resource.name}"]'
        case "bucket":
            return "module.media.bucket_arn"
        case "objects":
            return f'"${{module.media.bucket_arn}}/{resource.name}*"'
