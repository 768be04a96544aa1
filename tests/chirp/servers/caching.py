"""A real cache before the database, and what a server is told of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from valkey_server import Node, let_in, valkey_cluster


@contextmanager
def caching() -> Iterator[tuple[dict[str, str], Node]]:
    """What a server is told of a cache of one node, and that node."""
    with valkey_cluster() as (node,):
        let_in(node)
        yield (
            {
                "CACHE_HOST": "127.0.0.1",
                "CACHE_PORT": str(node.port),
                "CACHE_USER": "chirp-app",
                "CACHE_NAME": "chirp-cache",
                "CACHE_TLS": "false",
            },
            node,
        )
