"""Whether a server is to get requests: never before it was prepared, and for a while without its database."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest
from postgres import DATABASE, ROLE, Cluster, cluster, wait_until
from psycopg_pool import PoolTimeout
from server_process import Cloud, Running, cloud, environment, serving

from chirp.servers.answering import IMPATIENT_S, Answering
from chirp.servers.health import AWAY_S, SPREAD_S, Health
from first_boot import free_port

CHECKED_WITHIN_S = 5.0
"""After so long the load balancer takes a health check for failed: the module `server-tier`."""
FAILOVER_S = 120.0


@dataclass
class Fake:
    """A host whose database has been silent for so long."""

    ready: bool = False
    broken: str | None = None
    silent: float = 0.0

    def silent_s(self) -> float:
        return self.silent


@pytest.mark.parametrize("draw", [0.0, 0.5, 1.0])
def test_who_was_once_prepared_outlives_a_failover_but_not_for_ever(draw: float) -> None:
    host = Fake()
    health = Health(host, lambda: draw)
    assert health.wrong is not None, "nobody is let in before it was prepared"
    host.ready, host.silent = True, 2 * FAILOVER_S
    health.ask()
    assert health.wrong is None
    host.silent = AWAY_S + SPREAD_S * draw + 1
    health.ask()
    assert "no database has answered" in str(health.wrong)
    host.silent = 0.1
    health.ask()
    assert health.wrong is None, "the database is back"
    host.broken = "refused"
    assert health.wrong is not None


def test_neighbours_do_not_leave_at_once() -> None:
    servers = [Health(Fake(ready=True, silent=AWAY_S + SPREAD_S / 2), lambda n=n: n / 10) for n in range(11)]
    for server in servers:
        server.ask()
    assert 3 <= sum(server.wrong is None for server in servers) <= 8


def test_an_answer_is_whatever_a_database_says_but_for_its_last_words() -> None:
    now_s = 0.0
    answering = Answering(lambda: now_s)

    def silent_after(error: Exception) -> float:
        nonlocal now_s
        now_s += 10
        with pytest.raises(type(error)), answering.noted():
            raise error
        return answering.silent_s

    assert silent_after(psycopg.errors.UniqueViolation()) == 0
    assert silent_after(psycopg.errors.QueryCanceled()) == 0
    assert silent_after(psycopg.errors.AdminShutdown()) == 10
    assert silent_after(psycopg.OperationalError("connection refused")) == 20
    assert silent_after(PoolTimeout()) == 30
    with answering.noted():
        pass
    assert answering.silent_s == 0


def test_who_has_waited_in_vain_is_not_followed_by_others() -> None:
    answering = Answering()
    assert answering.wait_s(2.0) == 2.0
    with pytest.raises(PoolTimeout), answering.noted():
        raise PoolTimeout
    assert answering.wait_s(2.0) == IMPATIENT_S
    answering.answered()
    assert answering.wait_s(2.0) == 2.0


@pytest.fixture(scope="module")
def databases() -> Iterator[Cluster]:
    """Of their own: others change passwords, with which a replica would not find its master again."""
    with cluster() as found:
        yield found


@pytest.fixture(scope="module")
def services(databases: Cluster) -> Iterator[Cloud]:
    """Secrets Manager and S3."""
    with cloud(databases.password) as found:
        yield found


@contextmanager
def stopped(databases: Cluster) -> Iterator[None]:
    """PostgreSQL is away, master and replica."""
    for server in (databases.master, databases.replica):
        server.stop("immediate")
    try:
        yield
    finally:
        for server in (databases.master, databases.replica):
            server.start()
        databases.settle()


def statuses(server: Running) -> tuple[int, int, int]:
    """Of liveness, of health, and of health as seen from outside."""
    live, health, through = (server.ask("GET", path)[0] for path in ("/livez", "/healthz", "/api/healthz"))
    return live, health, through


@pytest.mark.slow
def test_a_server_that_never_had_its_database_is_not_let_in_until_it_has(
    databases: Cluster, services: Cloud, tmp_path: Path
) -> None:
    variables = environment(databases, services, free_port(), PROCESSORS="1")
    with stopped(databases), serving(tmp_path / "log", variables, ready=False) as early:
        wait_until(lambda: "cannot be prepared" in early.log.read_text(), "it has tried")
        assert statuses(early) == (200, 503, 503)
    with serving(tmp_path / "log2", variables) as server:
        assert statuses(server) == (200, 200, 200)


@pytest.mark.slow
def test_a_database_that_blinks_takes_no_server_out_however_many_ask(
    databases: Cluster, services: Cloud, tmp_path: Path
) -> None:
    variables = environment(databases, services, free_port(), PROCESSORS="1")
    with serving(tmp_path / "log", variables) as server, ThreadPoolExecutor(80) as crowd:
        with stopped(databases):
            until_s = time.monotonic() + 6
            asked = [crowd.submit(ask_until, server, until_s) for _ in range(80)]
            time.sleep(3)  # the first ones have waited in vain
            for _ in range(5):
                began_s = time.monotonic()
                assert statuses(server) == (200, 200, 200)
                assert time.monotonic() - began_s < CHECKED_WITHIN_S
            assert {status for found in asked for status in found.result()} == {503}
        wait_until(lambda: server.ask("GET", "/readyz")[0] == 200, "the database is back")
        assert server.ask("GET", "/api/users/nobody_here")[0] == 404
        assert statuses(server) == (200, 200, 200)


def ask_until(server: Running, until_s: float) -> set[int]:
    """What one of a crowd is answered, which asks again and again."""
    found = set()
    while time.monotonic() < until_s:
        body = json.dumps({"handle": "nobody_here", "password": "never to be logged"}).encode()
        found.add(server.ask("POST", "/api/sessions", body=body)[0])
    return found


@pytest.mark.slow
def test_who_replaces_a_server_needs_no_secrets_manager(
    databases: Cluster, services: Cloud, tmp_path: Path
) -> None:
    with serving(tmp_path / "first", environment(databases, services, free_port(), PROCESSORS="1")):
        pass  # it has migrated, as the owner, and made the application's role
    lost = Cloud("http://127.0.0.1:1", services.secret_arn)
    with serving(tmp_path / "second", environment(databases, lost, free_port(), PROCESSORS="1")) as server:
        assert statuses(server) == (200, 200, 200)
        users = "SELECT DISTINCT usename FROM pg_stat_activity WHERE application_name = 'groma-social'"
        assert databases.sql(users) == [(ROLE,)]


@pytest.mark.slow
@pytest.mark.parametrize(
    "forbidden",
    [
        "CREATE TABLE mine (n int)",
        "DROP TABLE posts",
        "DELETE FROM migrations",
        "UPDATE signing_key SET key = ''",
    ],
)
def test_the_application_changes_rows_and_nothing_else(
    databases: Cluster, services: Cloud, tmp_path: Path, forbidden: str
) -> None:
    with serving(tmp_path / "log", environment(databases, services, free_port(), PROCESSORS="1")):
        where = {"host": "127.0.0.1", "port": databases.master.port, "dbname": DATABASE, "user": ROLE}
        with psycopg.connect(**where, autocommit=True) as connection:
            connection.execute("DELETE FROM posts WHERE id = 'none'")
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(forbidden)
