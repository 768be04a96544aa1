"""Brings a database to the schema that this release expects: numbered files of SQL, each applied once.

A release runs beside the one before it while servers are replaced, so a migration only adds: what the older
release uses goes one release later.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping
from importlib.resources import files
from typing import Any

from psycopg import Connection, sql

LOCK = 0x67726F6D61  # any number, the same for all servers of a database
KEY_BYTES = 32
TABLE = """
    CREATE TABLE IF NOT EXISTS migrations (
        number     int PRIMARY KEY,
        name       text NOT NULL,
        sha256     text NOT NULL,
        applied_at timestamptz NOT NULL DEFAULT now()
    )
"""


class MigrationChanged(RuntimeError):
    """A migration that has been applied is not what it was; a change belongs into a new file."""


def migrations(package: str = __name__) -> Mapping[str, str]:
    """File name → SQL of the files in a package, in the order of their numbers."""
    found = (entry for entry in files(package).iterdir() if entry.name.endswith(".sql"))
    return {entry.name: entry.read_text(encoding="utf-8") for entry in sorted(found, key=lambda e: e.name)}


def migrate(connection: Connection[Any], known: Mapping[str, str] | None = None) -> list[str]:
    """Apply what is missing; the names of what was applied. Any number of servers may call it at once.

    `connection` is in autocommit. A database that is ahead of this release is left as it is.

    Raises:
        MigrationChanged: a file was edited after it had been applied.
    """
    wanted = migrations() if known is None else known
    connection.execute("SET statement_timeout = 0")
    connection.execute("SET lock_timeout = 0")  # it would end the wait for the others' migration too
    connection.execute("SELECT pg_advisory_lock(%s)", (LOCK,))
    try:
        connection.execute(TABLE)
        applied = dict(connection.execute("SELECT number, sha256 FROM migrations").fetchall())
        return [name for name, text in wanted.items() if _apply(connection, applied, name, text)]
    finally:
        connection.execute("SELECT pg_advisory_unlock(%s)", (LOCK,))


def has_arrived(connection: Connection[Any], known: Mapping[str, str]) -> bool:
    """Whether all of these have been applied, at the primary or, by replication, here."""
    if connection.execute("SELECT to_regclass('migrations') IS NULL").fetchone() == (True,):
        return False
    applied = {number for (number,) in connection.execute("SELECT number FROM migrations")}
    return applied >= {_number(name) for name in known}


def signing_key(connection: Connection[Any]) -> bytes:
    """The key that all servers sign with; the first one makes it."""
    fresh = secrets.token_bytes(KEY_BYTES)
    connection.execute("INSERT INTO signing_key (key) VALUES (%s) ON CONFLICT DO NOTHING", (fresh,))
    row = connection.execute("SELECT key FROM signing_key").fetchone()
    assert row is not None
    return bytes(row[0])


def _apply(connection: Connection[Any], applied: Mapping[int, str], name: str, text: str) -> bool:
    number, digest = _number(name), hashlib.sha256(text.encode()).hexdigest()
    if number in applied:
        if applied[number] != digest:
            raise MigrationChanged(f"{name} was changed after it had been applied")
        return False
    with connection.transaction():
        connection.execute(sql.SQL(text))
        record = "INSERT INTO migrations (number, name, sha256) VALUES (%s, %s, %s)"
        connection.execute(record, (number, name, digest))
    return True


def _number(name: str) -> int:
    return int(name.partition("_")[0])
