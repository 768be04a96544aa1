"""What an application server is told by its environment."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from chirp.servers.passwords import LOG2_N

HEALTH_PATH = "/healthz"
"""Where a server is asked whether requests are to come to it."""
THROUGH_PATH = f"/api{HEALTH_PATH}"
"""The same, as asked from outside through the web servers."""
WRITABLE_PATH = "/api/writable"
"""Where it is asked from outside, through the web servers, whether anything can be written here."""
ALIVE_PATH = "/livez"
"""Where a server is asked whether it runs."""
METADATA = "169.254.169.254"
LEAST_THREADS = 8
THREADS_PER_CONNECTION = 4
"""Most of a request's time no connection is held: reading, writing, hashing, signing."""


@dataclass(frozen=True, kw_only=True)
class Common:
    """What every server is told, however many databases and regions there are.

    Attributes:
        database_user: the application's role in the databases, which IAM lets in.
        secret_arn: the Secrets Manager secret with `username` and `password` of their owner, in JSON.
        pool_size: connections that this machine keeps to each database's readers, and to its writer where
            these have no number of their own.
        ssl_mode, ssl_root: how libpq makes sure of the databases, and the file of the authorities it trusts.
        media_bucket: where pictures are uploaded to.
        metadata: host of the instance's metadata service.
        processors: as many processes are forked.
        scrypt_log2_n: the cost of new passwords; those that are kept stay as they are.
        traced_share: of the requests; 0 where no agent takes traces.
    """

    name: str
    region: str
    listen: str
    port: int
    database_port: int
    database_name: str
    database_user: str
    secret_arn: str
    pool_size: int
    ssl_mode: str
    ssl_root: str
    media_bucket: str
    metadata: str
    processors: int
    scrypt_log2_n: int
    traced_share: float

    @property
    def processes(self) -> int:
        """One for each processor, however few connections there are: with fewer, processors would idle."""
        return max(1, self.processors)

    @property
    def connections(self) -> int:
        """Connections of each process to each database, one at least."""
        return max(1, self.pool_size // self.processes)

    @property
    def threads(self) -> int:
        """Requests that each process works on at a time."""
        return max(LEAST_THREADS, THREADS_PER_CONNECTION * self.connections)


@dataclass(frozen=True, kw_only=True)
class Settings(Common):
    """One master and its replica, and a cache: a host is "" where there is none.

    Attributes:
        cache_user, cache_name: who the servers are there, and the replication group's id.
        cache_tls: whether the cache is spoken to over TLS, as ElastiCache asks.
    """

    database_host: str
    replica_host: str
    replica_port: int
    cache_host: str
    cache_port: int
    cache_user: str
    cache_name: str
    cache_tls: bool

    @classmethod
    def from_environment(cls, variables: Mapping[str, str]) -> Settings:
        """Raises KeyError when a variable is missing, ValueError when a number is none."""
        common = common_from(variables)
        return cls(
            **common,
            database_host=variables["DATABASE_HOST"],
            replica_host=variables["REPLICA_HOST"],
            replica_port=int(variables.get("REPLICA_PORT", common["database_port"])),
            cache_host=variables.get("CACHE_HOST", ""),
            cache_port=int(variables.get("CACHE_PORT", 0)),
            cache_user=variables.get("CACHE_USER", ""),
            cache_name=variables.get("CACHE_NAME", ""),
            cache_tls=flag("CACHE_TLS", variables.get("CACHE_TLS", "true")),
        )


def common_from(variables: Mapping[str, str]) -> dict[str, Any]:
    """The fields of `Common`; KeyError when a variable is missing, ValueError when a number is none."""
    database_port = int(variables["DATABASE_PORT"])
    return {
        "name": variables["NAME"],
        "region": variables["AWS_REGION"],
        "listen": variables["LISTEN"],
        "port": int(variables["PORT"]),
        "database_port": database_port,
        "database_name": variables["DATABASE_NAME"],
        "database_user": variables["DATABASE_USER"],
        "secret_arn": variables["DATABASE_SECRET_ARN"],
        "pool_size": int(variables["POOL_SIZE"]),
        "ssl_mode": variables["DATABASE_SSL_MODE"],
        "ssl_root": variables.get("DATABASE_SSL_ROOT", ""),
        "media_bucket": variables["MEDIA_BUCKET"],
        "metadata": variables.get("METADATA", METADATA),
        "processors": int(variables.get("PROCESSORS", os.cpu_count() or 1)),
        "scrypt_log2_n": int(variables.get("SCRYPT_LOG2_N", LOG2_N)),
        "traced_share": float(variables.get("TRACED_SHARE", 0)),
    }


def flag(variable: str, text: str) -> bool:
    """Whether a variable says yes; ValueError when it says neither that nor no."""
    if text not in ("true", "false"):
        raise ValueError(f"{variable} holds {text!r}, which is neither true nor false")
    return text == "true"
