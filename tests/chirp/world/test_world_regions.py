"""Several regions over the same databases: who brings them up to date, and what is good everywhere."""

from __future__ import annotations

import pytest
from behaviour import PASSWORD, Person
from dict_cache import DictCache
from functions_cloud import Cloud
from postgres import Cluster
from psycopg import OperationalError
from world_region import NOWHERE, Here, host_of, region, variables

from chirp.servers.migrations import MigrationChanged
from chirp.world.host import NotArrived
from chirp.world.shards import OWN_WRITES

pytestmark = pytest.mark.slow

TABLES = "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"


def tables(databases: Cluster, name: str) -> int:
    return int(databases.sql(TABLES, database=name)[0][0])


def test_only_where_a_database_is_written_it_is_migrated_and_others_wait(
    databases: Cluster, cloud: Cloud, fresh_names: list[str]
) -> None:
    """Each region writes one database, and neither is ready before the other has done its part."""
    one = host_of(databases, cloud, variables(databases, fresh_names, [True, False]), DictCache())
    other = host_of(databases, cloud, variables(databases, fresh_names, [False, True]), DictCache())
    try:
        with pytest.raises(NotArrived, match="schema of database 0"):
            other.prepare()
        assert [tables(databases, name) for name in fresh_names] == [0, 0]
        with pytest.raises(NotArrived, match="schema of database 1"):
            one.prepare()
        assert tables(databases, fresh_names[0]) > 0
        assert tables(databases, fresh_names[1]) == 0
        other.prepare()
        databases.settle()
        one.prepare()
        keys = "SELECT count(*) FROM signing_key"
        assert [databases.sql(keys, database=name) for name in fresh_names] == [[(1,)], [(1,)]]
    finally:
        one.stop()
        other.stop()


@pytest.mark.parametrize("primary_is", ["read-only", "away"])
def test_where_the_primary_was_a_new_server_serves_what_has_been_made(
    databases: Cluster, cloud: Cloud, fresh_names: list[str], primary_is: str
) -> None:
    """After a switchover its writer is another region's, while the settings still say that it is here."""
    at = f"127.0.0.1:{databases.replica.port}" if primary_is == "read-only" else NOWHERE
    moved = {"DATABASE_WRITERS": ",".join(f"{at}/{name}" for name in fresh_names)}
    settled = variables(databases, fresh_names)
    first = host_of(databases, cloud, settled | moved, DictCache())
    try:
        with pytest.raises(OperationalError):
            first.prepare()
    finally:
        first.stop()
    assert [tables(databases, name) for name in fresh_names] == [0, 0]
    with region(databases, cloud, settled) as before:
        person = before.app.person()
        person.says("kept")
    databases.settle()
    with region(databases, cloud, settled | moved) as after:
        again = Person(after.app, person.handle, person.token, person.last_write)
        shown = again.call("GET", f"/api/users/{person.handle}/posts?limit=50")
        assert [post["text"] for post in shown.content["posts"]] == ["kept"]
        assert after.host.standing()[0]
        assert after.host._last_writes is not None
        assert after.host._last_writes.from_header(before.host._last_writes.to_header()).current  # type: ignore[union-attr]
        assert again.call("POST", "/api/posts", {"text": "x"}).status == 503


def test_an_account_session_and_following_of_one_region_are_good_in_another(
    databases: Cluster, cloud: Cloud, names: list[str], here: Here
) -> None:
    writer, reader = here.app.person("writer"), here.app.person("reader")
    with region(databases, cloud, variables(databases, names, [False, False])) as there:
        moved = Person(there.app, writer.handle, writer.token)
        moved.says("from far away")
        session = there.app.call("POST", "/api/sessions", {"handle": reader.handle, "password": PASSWORD})
        follower = Person(there.app, reader.handle, session.content["token"])
        follower.follows(writer)
        assert follower.all_texts() == ["from far away"]
        assert follower.call("GET", f"/api/following/{writer.handle}").content == {"following": True}
        stranger = there.app.person("stranger")
        stranger.says("new here")
    databases.settle()
    assert Person(here.app, stranger.handle, stranger.token).all_texts() == ["new here"]
    assert here.app.call("GET", f"/api/users/{writer.handle}").content["followers"] == 1


def test_where_writes_are_sent_on_a_current_read_waits_for_everybodys(
    databases: Cluster, cloud: Cloud, names: list[str], here: Here
) -> None:
    """PostgreSQL keeps Aurora's setting and does nothing with it; so it can be asked for."""
    with region(databases, cloud, variables(databases, names, [False, False])) as there:
        ask = "SELECT current_setting('apg_write_forward.consistency_mode')"
        (shard, _), read = there.host.shards.all, lambda c: c.execute(ask).fetchone()[0]
        assert shard.read(read, current=True) == "global"
        assert [shard.write(read) for _ in range(3)] == [OWN_WRITES] * 3
    (shard, _) = here.host.shards.all
    missing = "SELECT current_setting('apg_write_forward.consistency_mode', true)"
    assert shard.write(lambda c: c.execute(missing).fetchone()) == (None,)


def test_a_release_whose_migration_was_changed_says_that_it_is_broken(
    databases: Cluster, cloud: Cloud, fresh_names: list[str]
) -> None:
    with region(databases, cloud, variables(databases, fresh_names)):
        pass
    databases.sql("UPDATE migrations SET sha256 = 'another'", database=fresh_names[1])
    host = host_of(databases, cloud, variables(databases, fresh_names), DictCache())
    try:
        with pytest.raises(MigrationChanged, match="0001"):
            host.prepare()
    finally:
        host.stop()


def test_readiness_tells_of_everything_behind_the_server(here: Here, databases: Cluster) -> None:
    is_ready, found = here.host.standing()
    assert is_ready
    assert [each["primary"] for each in found["databases"]] == [True, True]
    assert all(each[way]["ok"] for each in found["databases"] for way in ("writes", "reads"))
    assert (found["table"], found["cache"]) == ({"ok": True}, {"ok": True})
    here.cache.standing = False
    assert here.host.standing()[0], "a cache is not needed"
    assert here.host.standing()[1]["cache"] == {"ok": False}
    assert here.host.silent_s() < 5


def test_before_everything_is_prepared_it_answers_nothing(
    databases: Cluster, cloud: Cloud, fresh_names: list[str]
) -> None:
    host = host_of(databases, cloud, variables(databases, fresh_names, [False, False]), DictCache())
    ask = Here(host, DictCache(), cloud).app.call
    assert ask("GET", "/api/healthz").status == 503
    assert ask("GET", "/api/users/somebody").status == 503
    assert not host.standing()[0]
    host.stop()
