"""What a server says of its health while it prepares: a release that cannot serve is to replace no other."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest
from postgres import Cluster, wait_until
from server_process import Cloud, environment, serving

from chirp.servers.migrations import MigrationChanged
from chirp.servers.preparation import Preparation
from first_boot import free_port


def prepared(*outcomes: Exception | None) -> list[str | None]:
    """What is said to be broken before each attempt; the last one succeeds."""
    said: list[str | None] = []
    rest = iter((*outcomes, None))

    def prepare() -> None:
        said.append(preparation.broken)
        if (outcome := next(rest)) is not None:
            raise outcome

    preparation = Preparation(prepare, retry_s=0)
    preparation.run()
    assert preparation.done
    assert preparation.broken is None
    return said[1:]


@pytest.mark.parametrize(
    "error",
    [
        psycopg.OperationalError("connection refused"),
        psycopg.errors.AdminShutdown("the administrator ends it"),
        psycopg.errors.QueryCanceled("too slow"),
        psycopg.errors.ReadOnlySqlTransaction("another one writes now"),
        OSError("no route to the secret"),
        RuntimeError("not replicated yet"),
    ],
)
def test_what_does_not_answer_is_waited_for(error: Exception) -> None:
    assert prepared(error, error) == [None, None]


@pytest.mark.parametrize(
    "error",
    [
        psycopg.errors.SyntaxError("no SQL"),
        psycopg.errors.DuplicateTable("accounts"),
        psycopg.errors.NotNullViolation("rows that do not fit"),
        psycopg.errors.InsufficientPrivilege("may not"),
        MigrationChanged("0001 was changed"),
    ],
)
def test_what_the_database_refuses_is_said_until_it_goes_well(error: Exception) -> None:
    (said,) = prepared(error)
    assert said == f"{type(error).__name__}: {error}"
    assert prepared(error, psycopg.OperationalError("gone"))[1] is None


def test_an_end_is_an_end() -> None:
    tries = 0

    def prepare() -> None:
        nonlocal tries
        tries += 1
        preparation.stop()
        raise psycopg.OperationalError

    preparation = Preparation(prepare, retry_s=60)
    preparation.run()
    assert (tries, preparation.done) == (1, False)


@pytest.mark.slow
def test_a_refused_migration_fails_the_health_check_until_it_is_mended(
    databases: Cluster, services: Cloud, tmp_path: Path
) -> None:
    name = f"refusing_{secrets.token_hex(4)}"
    databases.sql(f"CREATE DATABASE {name}")
    databases.sql("CREATE TABLE posts (id int)", database=name)
    variables = environment(databases, services, free_port(), DATABASE_NAME=name, PROCESSORS="1")
    with serving(tmp_path / "log", variables, ready=False) as server:
        health: Callable[[], int] = lambda: server.ask("GET", "/healthz")[0]  # noqa: E731
        said: Callable[[], str] = lambda: json.loads(server.ask("GET", "/healthz")[2])["error"]  # noqa: E731
        wait_until(lambda: "refuses" in said(), "the release is found unfit")
        assert health() == 503
        assert server.ask("GET", "/livez")[0] == 200, "the process itself is well"
        assert "posts" not in said(), "what is wrong is in the log alone"
        assert any("DuplicateTable" in str(line.get("error")) for line in server.lines())
        databases.sql("DROP TABLE posts", database=name)
        wait_until(server.is_ready, "it serves")
        assert health() == 200
