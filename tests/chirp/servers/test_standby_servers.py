"""Servers of a standby in another region: they read before its database is promoted, and write after it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from person import Person
from postgres import Cluster, cluster, wait_until
from server_process import Running, cloud, environment, serving

from first_boot import free_port

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def both() -> Iterator[Cluster]:
    """A master and a replica of which nothing is left as it was."""
    with cluster() as found:
        yield found


@pytest.fixture(scope="module")
def standby(both: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Running, Person]]:
    """A server that knows the replica alone, and somebody who has posted at home, which is then lost."""
    logs = tmp_path_factory.mktemp("standby")
    alone = {"DATABASE_PORT": str(both.replica.port), "REPLICA_PORT": str(both.replica.port)}
    with cloud(both.password) as services:
        variables = environment(both, services, free_port(), PROCESSORS="1")
        with serving(logs / "home", variables) as home:
            person = Person(home)
            person.says("before")
            both.settle()
            there = environment(both, services, free_port(), PROCESSORS="1", **alone)
            with serving(logs / "standby", there, ready=False) as found:
                both.master.stop("immediate")
                yield found, person


def test_it_is_healthy_and_reads_what_cannot_be_written(standby: tuple[Running, Person]) -> None:
    server, person = standby
    person.server = server
    wait_until(lambda: server.ask("GET", "/healthz")[0] == 200, "the server is let in")
    assert person.sees() == ["before"]
    status, said = person.call("POST", "/api/posts", {"text": "during"})
    assert status == 503, said
    assert server.ask("GET", "/api/writable")[0] == 409, "no error, so that no alarm counts it"


def test_it_writes_once_the_database_is_promoted(both: Cluster, standby: tuple[Running, Person]) -> None:
    server, person = standby
    person.server = server
    both.sql("SELECT pg_promote()", at=both.replica, database="postgres")
    wait_until(lambda: person.call("POST", "/api/posts", {"text": "after"})[0] == 201, "it is written")
    assert person.sees() == ["after", "before"]
    assert server.ask("GET", "/api/writable")[0] == 200
