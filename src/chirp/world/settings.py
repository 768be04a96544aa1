"""What a server of the worldwide design is told by its environment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from chirp.servers.settings import THREADS_PER_CONNECTION, Common, common_from, flag

CHOSEN_BY = "DATABASE_WRITERS"
"""The variable whose presence makes a server one of the worldwide design."""


@dataclass(frozen=True)
class Address:
    """Where a database answers."""

    host: str
    port: int
    name: str

    @classmethod
    def parse(cls, text: str, port: int, name: str) -> Address:
        """Read `host[:port][/name]`; what is not said is as given. ValueError when it says no host."""
        where, _, own_name = text.partition("/")
        host, _, own_port = where.partition(":")
        if not host:
            raise ValueError(f"no host in {text!r}")
        return cls(host, int(own_port or port), own_name or name)


@dataclass(frozen=True)
class ShardSettings:
    """One of the databases, as this region reaches it.

    Attributes:
        writer: the cluster's writer endpoint in this region; elsewhere than in the primary region it answers
            only once this region has been promoted.
        reader: the reader endpoint, of this region too.
        is_primary: whether the database is written in this region.
    """

    writer: Address
    reader: Address
    is_primary: bool


@dataclass(frozen=True, kw_only=True)
class WorldSettings(Common):
    """Several databases, and what else a region has.

    Attributes:
        table: name of the region's copy of the global table.
        timelines: name of the region's own table of timelines.
        posted_topic: ARN of the region's topic of new posts.
        cache_host, cache_port, cache_user, cache_name: the region's cache, and who the servers are there.
        cache_tls: whether the cache is spoken to over TLS, as ElastiCache asks.
        write_pool_size: connections that this machine keeps to each database for writes, wherever it is
            written; `pool_size` are those to its readers.
        shards: the databases, in the same order in every region.
    """

    table: str
    timelines: str
    posted_topic: str
    cache_host: str
    cache_port: int
    cache_user: str
    cache_name: str
    cache_tls: bool
    write_pool_size: int
    shards: tuple[ShardSettings, ...]

    @classmethod
    def from_environment(cls, variables: Mapping[str, str]) -> WorldSettings:
        """Raises KeyError when a variable is missing, ValueError when one cannot be read."""
        return cls(
            **common_from(variables),
            table=variables["TABLE"],
            timelines=variables["TIMELINES"],
            posted_topic=variables["POSTED_TOPIC"],
            cache_host=variables["CACHE_HOST"],
            cache_port=int(variables["CACHE_PORT"]),
            cache_user=variables["CACHE_USER"],
            cache_name=variables["CACHE_NAME"],
            cache_tls=flag("CACHE_TLS", variables.get("CACHE_TLS", "true")),
            write_pool_size=int(variables["WRITE_POOL_SIZE"]),
            shards=_shards(variables),
        )

    @property
    def threads(self) -> int:
        """Requests that each process works on at a time."""
        return max(super().threads, THREADS_PER_CONNECTION * (self.connections + self.write_connections))

    @property
    def write_connections(self) -> int:
        """Connections of each process for writes to each database."""
        return max(1, self.write_pool_size // self.processes)


def _shards(variables: Mapping[str, str]) -> tuple[ShardSettings, ...]:
    port, name = int(variables["DATABASE_PORT"]), variables["DATABASE_NAME"]
    names = (CHOSEN_BY, "DATABASE_READERS", "DATABASE_PRIMARIES")
    columns = [variables[each].split(",") for each in names]
    if len({len(column) for column in columns}) != 1:
        raise ValueError(f"{', '.join(names)} must name the same databases")
    writers, readers = ([Address.parse(each, port, name) for each in column] for column in columns[:2])
    primaries = [flag(names[2], each) for each in columns[2]]
    return tuple(ShardSettings(*each) for each in zip(writers, readers, primaries, strict=True))
