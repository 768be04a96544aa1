"""Migrations against a real database: in order, once, whole or not at all."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import psycopg
import pytest
from postgres import USER, Cluster

from chirp.servers.migrations import MigrationChanged, migrate, migrations, signing_key

pytestmark = pytest.mark.slow

ONE = {"0001_one.sql": "CREATE TABLE one (n int)"}
TWO = {**ONE, "0002_two.sql": "ALTER TABLE one ADD m int; CREATE TABLE two (n int)"}


@pytest.fixture
def where(databases: Cluster) -> dict[str, Any]:
    name = f"migrated_{secrets.token_hex(4)}"
    databases.sql(f"CREATE DATABASE {name}")
    return {"host": "127.0.0.1", "port": databases.master.port, "dbname": name, "user": USER,
            "password": databases.password, "autocommit": True}  # fmt: skip


@pytest.fixture
def connection(where: dict[str, Any]) -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(**where) as found:
        yield found


def tables(connection: psycopg.Connection[Any]) -> set[str]:
    rows = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
    return {name for (name,) in rows} - {"migrations"}


def test_the_numbers_of_the_files_are_all_different_and_in_order() -> None:
    numbers = [int(name.partition("_")[0]) for name in migrations()]
    assert numbers == list(range(1, len(numbers) + 1))


def test_each_is_applied_once_and_in_order(connection: psycopg.Connection[Any]) -> None:
    assert migrate(connection, ONE) == ["0001_one.sql"]
    assert migrate(connection, ONE) == []
    assert migrate(connection, TWO) == ["0002_two.sql"]
    assert migrate(connection, TWO) == []
    assert tables(connection) == {"one", "two"}


def test_one_that_fails_leaves_nothing_and_can_be_mended(connection: psycopg.Connection[Any]) -> None:
    broken = {**ONE, "0002_two.sql": "CREATE TABLE two (n int); SELECT 1 / 0"}
    with pytest.raises(psycopg.errors.DivisionByZero):
        migrate(connection, broken)
    assert tables(connection) == {"one"}
    assert migrate(connection, TWO) == ["0002_two.sql"]


def test_one_that_was_changed_after_it_was_applied_is_refused(connection: psycopg.Connection[Any]) -> None:
    migrate(connection, ONE)
    with pytest.raises(MigrationChanged, match=r"0001_one\.sql"):
        migrate(connection, {"0001_one.sql": "CREATE TABLE one (n bigint)"})


def test_an_older_release_leaves_a_newer_database_as_it_is(connection: psycopg.Connection[Any]) -> None:
    migrate(connection, TWO)
    assert migrate(connection, ONE) == []
    assert tables(connection) == {"one", "two"}


def test_all_at_once_apply_each_once_and_share_one_key(where: dict[str, Any]) -> None:
    def start(_: int) -> tuple[list[str], bytes]:
        with psycopg.connect(**where) as connection:
            return migrate(connection), signing_key(connection)

    with ThreadPoolExecutor(12) as pool:
        done = list(pool.map(start, range(24)))
    assert sorted(name for applied, _ in done for name in applied) == list(migrations())
    assert len({key for _, key in done}) == 1
    assert len(done[0][1]) == 32
