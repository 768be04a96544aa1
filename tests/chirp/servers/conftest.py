"""Databases and services for all tests of the servers in one process: starting them takes seconds."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from postgres import Cluster, cluster
from server_process import Cloud, cloud


@pytest.fixture(scope="session")
def databases() -> Iterator[Cluster]:
    """A master and its replica; a test leaves them as it found them."""
    with cluster() as found:
        yield found


@pytest.fixture(scope="session")
def services(databases: Cluster) -> Iterator[Cloud]:
    """Secrets Manager and S3."""
    with cloud(databases.password) as found:
        yield found
