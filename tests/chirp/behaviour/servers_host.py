"""The servers' host: gunicorn over a real PostgreSQL master, its streaming replica and a real cache."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest
from behaviour import Ask, Reply

sys.path.insert(0, str(Path(__file__).parents[1] / "servers"))

from caching import caching
from postgres import cluster
from server_process import cloud, environment, serving

from first_boot import free_port

MARKS = [pytest.mark.slow]
SETTLE_S = 60.0
THUMBNAILS = False


@contextmanager
def opened(directory: Path) -> Iterator[tuple[Ask, Callable[[str], str]]]:
    """One server with two processes."""
    with cluster() as databases, cloud(databases.password) as services, caching() as (cached, _):
        variables = environment(databases, services, free_port(), **cached)
        with serving(directory / "log", variables) as server:

            def ask(method: str, path: str, headers: Mapping[str, str], body: bytes) -> Reply:
                return Reply(*server.ask(method, path, headers, body))

            yield ask, _no_code


def _no_code(handle: str) -> str:
    raise AssertionError(f"{handle} was asked for a code, but the servers confirm at once")
