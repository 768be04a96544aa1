"""What happens to databases, passwords and servers, and what people notice of it: as little as can be."""

from __future__ import annotations

import base64
import calendar
import json
import secrets
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from person import PASSWORD, Person
from postgres import Cluster, wait_until
from server_process import BUCKET, Cloud, Running, environment, serving

from chirp.social.model import MAX_FOLLOWING
from first_boot import free_port

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def server(
    databases: Cluster, services: Cloud, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Running]:
    """One with a single process, so that what it has noticed is noticed for all requests."""
    variables = environment(databases, services, free_port(), PROCESSORS="1")
    with serving(tmp_path_factory.mktemp("server") / "log", variables) as found:
        yield found


@pytest.fixture
def person(server: Running) -> Person:
    return Person(server)


def replica_of(server: Running) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(server.ask("GET", "/readyz")[2])["replica"]
    return found


def wait_for_replica(server: Running, *, used: bool = True) -> None:
    wait_until(lambda: replica_of(server)["ok"] is used, f"the replica is {'used' if used else 'left alone'}")


def test_reads_are_the_replicas_and_writes_the_masters(databases: Cluster, person: Person) -> None:
    wait_for_replica(person.server)
    person.says("hello")
    databases.settle()
    person.forgets()
    query = (
        "SELECT 1 FROM pg_stat_activity WHERE application_name = 'groma-social' AND query LIKE '%LATERAL%'"
    )
    for _ in range(5):
        assert person.sees() == ["hello"]
    assert databases.sql(query, at=databases.replica)
    assert not databases.sql(query)


def test_one_reads_what_one_wrote_though_the_replica_lags(databases: Cluster, person: Person) -> None:
    wait_for_replica(person.server)
    person.says("before")
    databases.settle()
    databases.pause_replica()
    try:
        person.says("after")
        assert person.sees() == ["after", "before"], "with X-Last-Write the master answers"
        person.forgets()
        assert person.sees() == ["before"], "without it the replica does, as long as it lags by little"
    finally:
        databases.resume_replica()
    assert person.sees() == ["after", "before"]


def test_somebody_follows_as_many_as_one_may(databases: Cluster, person: Person) -> None:
    names = f"SELECT 'crowd_' || n FROM generate_series(2, {MAX_FOLLOWING}) AS n"
    databases.sql(f"INSERT INTO accounts (handle, email, password) SELECT *, '', '' FROM ({names}) AS names")
    try:
        databases.sql(f"INSERT INTO follows SELECT %s, name FROM ({names}) AS names (name)", person.handle)
        first, second = Person(person.server), Person(person.server)
        assert person.call("PUT", f"/api/following/{first.handle}")[0] == 204
        status, refusal = person.call("PUT", f"/api/following/{second.handle}")
        assert (status, refusal["field"]) == (409, "handle")
        assert person.call("PUT", f"/api/following/{first.handle}")[0] == 204, "again is the same as once"
        assert person.call("GET", "/api/me")[1]["following"] == MAX_FOLLOWING
        assert person.call("DELETE", "/api/following/crowd_2")[0] == 204
        assert person.call("PUT", f"/api/following/{second.handle}")[0] == 204
    finally:
        databases.sql("DELETE FROM follows WHERE follower = %s", person.handle)
        databases.sql("DELETE FROM accounts WHERE starts_with(handle, 'crowd_')")


def test_a_replica_that_lags_by_more_than_five_seconds_is_left_alone(
    databases: Cluster, person: Person
) -> None:
    wait_for_replica(person.server)
    databases.pause_replica()
    try:
        began = time.monotonic()
        person.says("late")
        person.forgets()
        wait_for_replica(person.server, used=False)
        assert time.monotonic() - began >= 4.5
        assert replica_of(person.server)["lag_s"] >= 5
        assert person.sees() == ["late"]
    finally:
        databases.resume_replica()
    wait_for_replica(person.server)


def test_a_replica_that_is_stopped_is_not_missed(databases: Cluster, person: Person) -> None:
    wait_for_replica(person.server)
    person.says("one")
    databases.replica.stop("immediate")
    try:
        for number in range(5):
            person.forgets()
            assert person.sees()[0] == ("one" if number == 0 else f"two {number - 1}")
            person.says(f"two {number}")
        assert person.server.ask("GET", "/readyz")[0] == 200
    finally:
        databases.replica.start()
    databases.settle()
    wait_for_replica(person.server)


def test_a_master_that_crashes_stops_writes_but_not_reads_and_comes_back(
    databases: Cluster, person: Person
) -> None:
    person.says("kept")
    databases.settle()
    wait_for_replica(person.server)
    databases.master.stop("immediate")
    try:
        status, refusal = person.call("POST", "/api/posts", {"text": "lost?"}, **{"Idempotency-Key": "k"})
        assert (status, list(refusal)) == (503, ["error"])
        assert person.sees() == ["kept"], "an older state is better than none"
        assert person.server.ask("GET", "/readyz")[0] == 503
        assert person.server.ask("GET", "/healthz")[0] == 200
    finally:
        databases.master.start()

    def posted() -> bool:
        content, key = {"text": "lost?"}, {"Idempotency-Key": "k"}
        return person.call("POST", "/api/posts", content, **key)[0] == 201

    wait_until(posted, "writes go on")
    assert person.sees() == ["lost?", "kept"]
    wait_for_replica(person.server)


def test_every_connection_that_was_cut_is_replaced_unnoticed(databases: Cluster, person: Person) -> None:
    cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'groma-social'"
    for server in (databases.master, databases.replica):
        assert databases.sql(cut, at=server)
    assert person.says("on a new connection")
    assert person.sees() == ["on a new connection"]


def test_a_rotated_password_of_the_owner_is_not_noticed(
    databases: Cluster, services: Cloud, person: Person
) -> None:
    cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'groma-social'"
    services.keep(databases.rotate())
    databases.settle()
    for server in (databases.master, databases.replica):
        databases.sql(cut, at=server)
    wait_until(lambda: person.call("POST", "/api/posts", {"text": "hello"})[0] == 201, "writes go on")
    assert person.sees()[0] == "hello", "a session outlives the password of the database"
    wait_for_replica(person.server)


def test_many_servers_that_start_at_once_migrate_once(
    databases: Cluster, services: Cloud, tmp_path: Path
) -> None:
    name = f"fresh_{secrets.token_hex(4)}"
    databases.sql(f"CREATE DATABASE {name}")
    databases.settle()
    with ExitStack() as stack:
        settings = {"DATABASE_NAME": name, "PROCESSORS": "1"}
        variables = [environment(databases, services, free_port(), **settings) for _ in range(4)]
        servers = [
            stack.enter_context(serving(tmp_path / f"log-{number}", each, ready=False))
            for number, each in enumerate(variables)
        ]
        for server in servers:
            wait_until(server.is_ready, "every server is ready", 60)
        lines = [line for server in servers for line in server.lines()]
        assert [line["migration"] for line in lines if line.get("event") == "migrated"] == [
            "0001_people_and_posts.sql"
        ]
        assert [line for line in lines if "cannot be prepared" in str(line)] == []
        person = Person(servers[0])
        person.server = servers[1]
        assert person.call("GET", "/api/me")[0] == 200, "all servers sign with one key"
        _two_servers_make_one_post(person, servers[1:])


def _two_servers_make_one_post(person: Person, servers: list[Running]) -> None:
    headers = {**person.headers, "Idempotency-Key": "same"}
    body = json.dumps({"text": "once"}).encode()
    with ThreadPoolExecutor(8) as pool:
        asked = [pool.submit(servers[n % 2].ask, "POST", "/api/posts", headers, body) for n in range(8)]
        answers = {(status, json.loads(got)["id"]) for status, _, got in (one.result() for one in asked)}
    assert len(answers) == 1
    assert person.sees() == ["once"]


def test_a_forged_position_in_the_log_is_worth_nothing(databases: Cluster, person: Person) -> None:
    person.says("hello")
    good = person.headers["X-Last-Write"]
    far = base64.urlsafe_b64encode(f"{2**62} {int(time.time())}".encode()).decode().rstrip("=")
    for forged in (f"{far}.{good.partition('.')[2]}", "x", ".", "a" * 5000, f"{good}x"):
        person.headers["X-Last-Write"] = forged
        assert person.call("GET", "/api/me")[0] == 200


def test_more_requests_than_connections_wait_their_turn(person: Person) -> None:
    with ThreadPoolExecutor(40) as pool:
        statuses = list(
            pool.map(lambda n: person.call("POST", "/api/posts", {"text": f"{n}"})[0], range(200))
        )
    assert set(statuses) == {201}
    assert len(person.sees()) == 50


def test_the_database_holds_no_password(databases: Cluster, person: Person) -> None:
    ((kept,),) = databases.sql("SELECT password FROM accounts WHERE handle = %s", person.handle)
    assert kept.startswith("scrypt$8$8$5$")
    assert PASSWORD not in kept


def test_what_sql_would_misread_is_only_text(databases: Cluster, person: Person) -> None:
    text = "'; DROP TABLE posts; -- %s %(x)s $1 \\"
    person.says(text)
    assert person.sees() == [text]


def test_a_picture_is_uploaded_by_the_form_and_only_as_it_was_declared(
    services: Cloud, person: Person
) -> None:
    status, given = person.call("POST", "/api/pictures", {"content_type": "image/png", "bytes": 1000})
    assert status == 201
    form, url = given["upload"]["fields"], given["upload"]["url"]
    assert form["key"] == f"media/{given['key']}"
    policy = json.loads(base64.b64decode(form["policy"]))
    assert {"Content-Type": "image/png"} in policy["conditions"]
    assert ["content-length-range", 1, 1000] in policy["conditions"]
    assert {"bucket": BUCKET} in policy["conditions"]
    assert {"key": form["key"]} in policy["conditions"]
    expires_s = calendar.timegm(time.strptime(policy["expiration"], "%Y-%m-%dT%H:%M:%SZ"))
    assert 0 < expires_s - time.time() <= 600
    assert urlsplit(url).path.strip("/").endswith(BUCKET) or BUCKET in url
