"""What functions and servers need from the infrastructure, as data: trigger, settings and rights."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeVar

T = TypeVar("T")


@dataclass(frozen=True)
class Fixed:
    """A setting that is a text of the application's own, whatever it stands on."""

    text: str


Settings = Mapping[str, str | Fixed]
"""Environment variable → what it holds: a role (`table.name`), or a text. Their order is kept.

Of functions: `table.name`, `timelines.name` (in one region the same table), `bucket.name`, `user-pool.id`,
`user-pool.client_id`, and for each queue `<topic>-topic.arn` and `<queue>-queue.url`.

Of servers: `bucket.name`, `database.port`, `database.name`, `database.user` (a role that signs in by tokens
of IAM; servers make it as the owner, whose login is in the secret), `database.secret_arn` and `database.pool`
(connections that a server keeps to each database's readers, and before one database as many to its writer).

- Before one database: `database.writer` and `database.reader`, hosts; the latter empty without a replica.
- In several regions: `table.name` of the table that all share, `timelines.name` of the region's own, and
  `<topic>-topic.arn`; `cache.host`, `cache.port`, `cache.user` and
  `cache.name`; `databases.writers` and `databases.readers`, each `host/name,host/name` of all databases in
  this region; `databases.primaries`, for each whether this region writes it: `true,false`;
  `database.write_pool`, connections that it keeps to each of them besides for writes.
- Where a cache stands before one database: `cache.host`, `cache.port`, `cache.user` and `cache.name` as well.
- Where requests are traced: `traced.share`, which part of them, and `traced.name`, whose they are.
"""


OPEN_TELEMETRY: Settings = {
    "OTEL_SERVICE_NAME": "traced.name",
    "OTEL_TRACES_EXPORTER": Fixed("otlp"),
    "OTEL_METRICS_EXPORTER": Fixed("none"),
    "OTEL_LOGS_EXPORTER": Fixed("none"),
    "OTEL_EXPORTER_OTLP_PROTOCOL": Fixed("http/protobuf"),
    "OTEL_EXPORTER_OTLP_ENDPOINT": Fixed("http://127.0.0.1:4318"),
    "OTEL_TRACES_SAMPLER": Fixed("traceidratio"),
    "OTEL_TRACES_SAMPLER_ARG": "traced.share",
}
"""How OpenTelemetry's libraries are told of an agent on the same machine
(https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/, read 2026-11-30).

Whoever sends a request has no say in whether it is traced: everybody can send one. No propagator is named: a
library that lacks it does not start.
"""


CACHE: Settings = {
    "CACHE_HOST": "cache.host",
    "CACHE_PORT": "cache.port",
    "CACHE_USER": "cache.user",
    "CACHE_NAME": "cache.name",
}
"""What tells a server where its cache is, and who it is there: a user of IAM's, which signs in by a token."""


def filled(settings: Settings, values: Mapping[str, T]) -> dict[str, T | str]:
    """Environment variable → its value, in the settings' order.

    Args:
        values: what each role is, where the application is to run.

    Raises:
        ValueError: a setting holds a role that is not there.
    """
    found: dict[str, T | str] = {}
    for name, said in settings.items():
        if isinstance(said, Fixed):
            found[name] = said.text
        elif said in values:
            found[name] = values[said]
        else:
            roles = ", ".join(values)
            raise ValueError(f"setting {name} of the application: no {said!r} here, choose one of: {roles}")
    return found


@dataclass(frozen=True)
class Resource:
    """A thing that rights are given on.

    Attributes:
        kind: `bucket` is the bucket itself, `objects` are those below a prefix of it; `timelines` is the
            table of timelines: one of each region's own where there are several, or else the table.
        name: which one, of an index, topic or queue; the prefix (`uploads/`) of objects.
    """

    kind: Literal["table", "timelines", "index", "user-pool", "topic", "queue", "bucket", "objects"]
    name: str = ""


@dataclass(frozen=True)
class Right:
    """Actions that may be taken on one resource.

    Attributes:
        actions: IAM actions, such as `dynamodb:Query`.
        resource: on what.
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
        name: the queue's role; also that of its function.
        topic: the role of the topic.
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
        settings: what its environment holds.
        rights: everything it may do, beyond writing its own logs and traces.
        native: compiled libraries that its zip must hold beside the pure-Python ones.
    """

    name: str
    purpose: str
    handler: str
    trigger: Http | Queue | Schedule
    memory_mib: int
    timeout_s: int
    settings: Settings
    rights: tuple[Right, ...]
    native: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Table:
    """A DynamoDB table: its keys, its one index, and the attribute that is its time to live.

    Attributes:
        types: attribute → DynamoDB's type of it (`S`, `N`), for each key.
        ttl: when an item expires, in seconds since 1970.
        consistent_reads: whether its items are read strongly consistent, at twice the price of eventually.
        index_writes_per_post, index_writes_per_upload: write units of the index that one of each takes, until
            it is out of the index again.
        index_queries: queries of the index that one function makes at once.
        operations: what users wait for most, as DynamoDB calls it, which tells its own errors by operation.
    """

    hash_key: str
    range_key: str
    index: str
    index_hash_key: str
    index_range_key: str
    index_projection: str
    types: Mapping[str, str]
    ttl: str
    consistent_reads: bool
    index_writes_per_post: int
    index_writes_per_upload: int
    index_queries: int
    operations: tuple[str, ...]
