"""Databases and an AWS in this process for the tests of the worldwide servers: they take seconds to start."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

sys.path.append(str(Path(__file__).parents[1] / "servers"))

from functions_cloud import Cloud
from functions_emulated import empty, emulated, with_own_timelines
from postgres import Cluster, cluster
from world_region import Here, new_databases, region, variables


@pytest.fixture(scope="session")
def databases() -> Iterator[Cluster]:
    """A master and its replica; a test leaves them as it found them."""
    with cluster() as found:
        yield found


@pytest.fixture(scope="module")
def everything() -> Iterator[tuple[Mapping[str, Any], Mapping[str, str]]]:
    """Table, topics, queues and bucket of one file's tests."""
    with emulated() as made:
        yield made


@pytest.fixture
def cloud(everything: tuple[Mapping[str, Any], Mapping[str, str]]) -> Cloud:
    """The workers over empty tables, empty queues and an empty bucket."""
    clients, resources = everything
    empty(clients, resources)
    return Cloud(dict(clients), with_own_timelines(clients, resources))


@pytest.fixture
def fresh_names(databases: Cluster) -> list[str]:
    """Two new databases."""
    return new_databases(databases)


@pytest.fixture(scope="module")
def names(databases: Cluster) -> list[str]:
    """Two databases for one file's tests."""
    return new_databases(databases)


@pytest.fixture
def here(databases: Cluster, cloud: Cloud, names: list[str]) -> Iterator[Here]:
    """A region that writes both, which are empty."""
    with region(databases, cloud, variables(databases, names)) as found:
        for name in names:
            databases.sql("TRUNCATE accounts, posts, outbox, followers, following", database=name)
        databases.settle()
        yield found
