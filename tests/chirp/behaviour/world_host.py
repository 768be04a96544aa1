"""The worldwide servers' host, as released: over two databases, a cache, and a region's table and topic."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from behaviour import Ask, Reply

sys.path.append(str(Path(__file__).parents[1] / "servers"))
sys.path.append(str(Path(__file__).parents[1] / "world"))

from functions_cloud import in_process
from postgres import cluster
from server_process import AWS, release, serving
from valkey_server import let_in, valkey_cluster
from world_region import fanned_out, new_databases, over_http, secret_of, variables

from first_boot import free_port

MARKS = [pytest.mark.slow]
SETTLE_S = 60.0
THUMBNAILS = False


@contextmanager
def opened(directory: Path) -> Iterator[tuple[Ask, Callable[[str], str]]]:
    """One server with two processes; the fan-out is called with what the topic brings to its queue."""
    with ExitStack() as stack:
        databases, nodes = stack.enter_context(cluster()), stack.enter_context(valkey_cluster())
        let_in(nodes[0])
        cloud, url = stack.enter_context(in_process(own_timelines=True)), stack.enter_context(over_http())
        stack.enter_context(fanned_out(cloud))
        secret = secret_of(url, databases.password)
        names = new_databases(databases)
        said = variables(databases, names, PORT=str(free_port()), PROCESSORS="2", POOL_SIZE="4")
        said |= {"CACHE_PORT": str(nodes[0].port), "CACHE_TLS": "false"}
        environment = {**AWS, **said, "AWS_ENDPOINT_URL": url, "DATABASE_SECRET_ARN": secret}
        command = release(directory / "release")
        with serving(directory / "log", environment, command=command) as server:

            def ask(method: str, path: str, headers: Mapping[str, str], body: bytes) -> Reply:
                return Reply(*server.ask(method, path, headers, body))

            yield ask, _no_code


def _no_code(handle: str) -> str:
    raise AssertionError(f"{handle} was asked for a code, but the servers confirm at once")
