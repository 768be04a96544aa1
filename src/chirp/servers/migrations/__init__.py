"""Brings a database to the schema that this release expects: numbered files of SQL, each applied once.

A release runs beside the one before it while servers are replaced, so a migration only adds: what the older
release uses goes one release later.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable, Mapping
from contextlib import suppress
from importlib.resources import files
from typing import Any

from psycopg import Connection, Error, errors, sql

LOCK = 0x67726F6D61  # any number, the same for all servers of a database
KEY_BYTES = 32
Query = Callable[[Connection[Any]], Any]
TABLE = """
    CREATE TABLE IF NOT EXISTS migrations (
        number     int PRIMARY KEY,
        name       text NOT NULL,
        sha256     text NOT NULL,
        applied_at timestamptz NOT NULL DEFAULT now()
    )
"""

GRANTS = (
    "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {}",
    "GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {}",
    "REVOKE INSERT, UPDATE, DELETE ON migrations, signing_key FROM {}",
)


class NotPrepared(RuntimeError):
    """Something that the owner makes is not there."""


class MigrationChanged(RuntimeError):
    """A migration that has been applied is not what it was; a change belongs into a new file."""


def migrations(package: str = __name__) -> Mapping[str, str]:
    """File name → SQL of the files in a package, in the order of their numbers."""
    found = (entry for entry in files(package).iterdir() if entry.name.endswith(".sql"))
    return {entry.name: entry.read_text(encoding="utf-8") for entry in sorted(found, key=lambda e: e.name)}


def migrate(connection: Connection[Any], known: Mapping[str, str] | None = None, user: str = "") -> list[str]:
    """Apply what is missing; the names of what was applied. Any number of servers may call it at once.

    `connection` is the owner's, in autocommit. A database that is ahead of this release is left as it is.
    `user` is a role that is made where it is missing, may then read and change all rows, and nothing else.

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
        done = [name for name, text in wanted.items() if _apply(connection, applied, name, text)]
        if user:
            signing_key(connection)
            _let_in(connection, user)
        return done
    finally:
        connection.execute("SELECT pg_advisory_unlock(%s)", (LOCK,))


def has_arrived(connection: Connection[Any], known: Mapping[str, str]) -> bool:
    """Whether all of these have been applied, at the primary or, by replication, here."""
    if connection.execute("SELECT to_regclass('migrations') IS NULL").fetchone() == (True,):
        return False
    applied = dict(connection.execute("SELECT number, sha256 FROM migrations").fetchall())
    return all(applied.get(_number(name)) == _digest(text) for name, text in known.items())


def arrived(once: Callable[[Query], Any], known: Mapping[str, str]) -> bool:
    """Whether all of these, the key and the role of whoever asks are there; False when nobody answers, too.

    Args:
        once: asks a question over a connection of the application's role.
    """
    try:
        return bool(once(lambda c: has_arrived(c, known) and read_key(c) is not None))
    except Error:
        return False


def signing_key(connection: Connection[Any]) -> bytes:
    """The key that all servers sign with; the first one makes it."""
    fresh = secrets.token_bytes(KEY_BYTES)
    connection.execute("INSERT INTO signing_key (key) VALUES (%s) ON CONFLICT DO NOTHING", (fresh,))
    found = read_key(connection)
    assert found is not None
    return found


def read_key(connection: Connection[Any]) -> bytes | None:
    """The same, when there is one."""
    row = connection.execute("SELECT key FROM signing_key").fetchone()
    return None if row is None else bytes(row[0])


def _let_in(connection: Connection[Any], user: str) -> None:
    """RDS has the role `rds_iam`, which lets a member in by a token alone; other servers do not."""
    name = sql.Identifier(user)
    roles = {row[0] for row in connection.execute("SELECT rolname FROM pg_roles").fetchall()}
    if user not in roles:
        with suppress(
            errors.DuplicateObject, errors.UniqueViolation
        ):  # another database's servers were faster
            connection.execute(sql.SQL("CREATE ROLE {} LOGIN").format(name))
    if "rds_iam" in roles:
        connection.execute(sql.SQL("GRANT rds_iam TO {}").format(name))
    for grant in GRANTS:
        connection.execute(sql.SQL(grant).format(name))


def _apply(connection: Connection[Any], applied: Mapping[int, str], name: str, text: str) -> bool:
    number, digest = _number(name), _digest(text)
    if number in applied:
        if applied[number] != digest:
            raise MigrationChanged(f"{name} was changed after it had been applied")
        return False
    with connection.transaction():
        connection.execute(sql.SQL(text))
        record = "INSERT INTO migrations (number, name, sha256) VALUES (%s, %s, %s)"
        connection.execute(record, (number, name, digest))
    return True


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _number(name: str) -> int:
    return int(name.partition("_")[0])
