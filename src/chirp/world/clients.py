"""Clients of the region's tables and topic, which give up before a request does, and the log of shared
modules."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

from chirp.functions.table import Store
from chirp.servers.logs import log

LIMITS: Mapping[str, Any] = {
    "connect_timeout": 1,
    "read_timeout": 2,
    "retries": {"mode": "standard", "total_max_attempts": 3},
}
_OF_EVERY_RECORD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "taskName"}


class Journal(logging.Handler):
    """Writes what shared modules log as the servers do: one JSON object per line."""

    def emit(self, record: logging.LogRecord) -> None:
        """Called by `logging`."""
        more = {name: value for name, value in vars(record).items() if name not in _OF_EVERY_RECORD}
        if record.exc_info and record.exc_info[1] is not None:
            more["error"] = repr(record.exc_info[1])
        log(event=record.getMessage(), level=record.levelname, **more)


def configure_log() -> None:
    """Have everything of this application logged as the servers do."""
    logger = logging.getLogger("chirp")
    logger.handlers, logger.propagate = [Journal()], False
    logger.setLevel(logging.INFO)


def table(name: str, region: str, connections: int) -> Store:
    """A table in the region; AWS_ENDPOINT_URL names another place than AWS."""
    import boto3
    from botocore.config import Config

    config = Config(**LIMITS, max_pool_connections=connections)
    return Store(boto3.Session(region_name=region).resource("dynamodb", config=config).meta.client, name)


def publisher(sns: Any, topic: str) -> Callable[[Sequence[str]], Collection[int]]:
    """Publishes to this topic; see `announcer.Publish`."""

    def publish(messages: Sequence[str]) -> Collection[int]:
        entries = [{"Id": str(number), "Message": message} for number, message in enumerate(messages)]
        answer = sns.publish_batch(TopicArn=topic, PublishBatchRequestEntries=entries)
        return {int(taken["Id"]) for taken in answer["Successful"]}

    return publish
