"""Connections of a process that holds many, and reads that wait for what does not come."""

from __future__ import annotations

import os
import resource
from collections.abc import Iterator
from contextlib import ExitStack

import psycopg
import pytest
from behaviour import Person
from functions_cloud import Cloud
from postgres import DATABASE, USER, Cluster, wait_until
from world_region import Here, region, variables

from chirp.servers.host import LAST_WRITE
from chirp.social.errors import Unavailable
from chirp.world.shards import ALL_WRITES, MODE, TIMEOUTS_MS, OutcomeUnknown, check_unasked

pytestmark = pytest.mark.slow

MANY = 1_100
"""More descriptors than select() knows."""
TAKES_LONG_S = 4


@pytest.fixture
def crowded() -> Iterator[None]:
    """A process with so many descriptors that the next one has a number above 1,023."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, min(hard, 4 * MANY)), hard))
    with ExitStack() as stack:
        stack.callback(resource.setrlimit, resource.RLIMIT_NOFILE, (soft, hard))
        for _ in range(MANY):
            stack.callback(os.close, os.open(os.devnull, os.O_RDONLY))
        yield


def test_a_connection_of_a_process_with_many_clients_is_checked(databases: Cluster, crowded: None) -> None:
    where = {"host": "127.0.0.1", "port": databases.master.port, "dbname": DATABASE}
    with psycopg.connect(**where, user=USER, password=databases.password, autocommit=True) as connection:
        assert connection.fileno() > 1023
        check_unasked(connection)
        connection.execute("SELECT 1")
        pid = connection.info.backend_pid
        databases.sql("SELECT pg_terminate_backend(%s)", pid)
        left = "SELECT 1 FROM pg_stat_activity WHERE pid = %s"
        wait_until(lambda: not databases.sql(left, pid), "it is cut")
        with pytest.raises(psycopg.OperationalError):
            check_unasked(connection)


def test_a_read_that_waits_for_replication_takes_what_the_reader_has(
    databases: Cluster, cloud: Cloud, names: list[str], here: Here
) -> None:
    """A query that takes long only in the mode that waits stands for replication that does not come."""
    ask = f"SELECT current_setting('{MODE}', true)"

    def wait(connection: psycopg.Connection[tuple[object, ...]]) -> object:
        (mode,) = connection.execute(ask).fetchone() or ("",)
        if mode == ALL_WRITES:
            connection.execute("SELECT pg_sleep(%s)", [TAKES_LONG_S])
        return mode

    with region(databases, cloud, variables(databases, names, [False, False])) as there:
        shard, _ = there.host.shards.all
        assert TIMEOUTS_MS[ALL_WRITES] / 1000 < TAKES_LONG_S < 5, "given up only in the mode that waits"
        assert shard.read(wait, current=True) != ALL_WRITES, "the query that takes long would say so"
        with pytest.raises(Unavailable, match="does not answer"):
            shard.read(wait, current=True, only=True)
        timeout = shard.write(lambda c: c.execute("SHOW statement_timeout").fetchone())
        assert timeout == ("5s",)


@pytest.mark.parametrize("primary", [True, False])
def test_a_query_that_takes_long_itself_is_not_asked_again(
    databases: Cluster, cloud: Cloud, names: list[str], here: Here, primary: bool
) -> None:
    with region(databases, cloud, variables(databases, names, [primary] * 2)) as there:
        shard, asked = there.host.shards.all[0], list[object]()

        def slow(connection: psycopg.Connection[tuple[object, ...]]) -> None:
            asked.append(connection)
            with connection.transaction():
                connection.execute("SET LOCAL statement_timeout = 50")
                connection.execute("SELECT pg_sleep(4)")

        with pytest.raises(Unavailable, match="ask for less"):
            shard.read(slow, current=primary)
        assert len(asked) == 1


def test_only_what_may_have_been_written_is_said_to_have_been(here: Here) -> None:
    person = here.app.person()
    person = Person(here.app, person.handle, person.token)
    shard = here.host.shards.of(person.handle)
    write, errors = shard.write, [Unavailable("no writer"), OutcomeUnknown("silence")]

    def fail(_: object) -> object:
        raise errors.pop(0)

    object.__setattr__(shard, "write", fail)
    try:
        answers = [person.call("POST", "/api/posts", {"text": "x"}) for _ in range(2)]
    finally:
        object.__setattr__(shard, "write", write)
    assert [answer.status for answer in answers] == [503, 503]
    assert [LAST_WRITE in answer.headers for answer in answers] == [False, True]


def test_a_writer_that_was_asked_and_is_gone_may_have_written(here: Here) -> None:
    shard = here.host.shards.all[0]
    with pytest.raises(OutcomeUnknown):
        shard.write(lambda c: c.execute("SELECT pg_terminate_backend(pg_backend_pid())"))
    read_only = "SELECT set_config('default_transaction_read_only', 'on', false)"
    shard.write(lambda c: c.execute(read_only))
    refused: list[type[Exception]] = []
    for _ in range(4):
        try:
            shard.write(lambda c: c.execute("UPDATE accounts SET email = email"))
        except Unavailable as error:
            refused.append(type(error))
    assert refused == [Unavailable]
