"""What a worldwide server is told, and where it looks for a handle."""

from __future__ import annotations

from collections import Counter

import pytest

from chirp.servers.settings import Settings
from chirp.world.settings import Address, WorldSettings
from chirp.world.shards import shard_of

COMMON = {
    "NAME": "chirp", "AWS_REGION": "us-east-1", "LISTEN": "0.0.0.0", "PORT": "8080", "MEDIA_BUCKET": "media",
    "DATABASE_PORT": "5432", "DATABASE_NAME": "chirp", "DATABASE_USER": "app", "DATABASE_SECRET_ARN": "arn",
    "DATABASE_SSL_MODE": "verify-full", "POOL_SIZE": "6", "PROCESSORS": "2",
}  # fmt: skip
WORLD = {
    **COMMON,
    "TABLE": "social", "TIMELINES": "own", "POSTED_TOPIC": "arn", "CACHE_HOST": "cache", "CACHE_PORT": "6379",
    "CACHE_USER": "app", "CACHE_NAME": "chirp-cache", "DATABASE_WRITERS": "w1,w2",
    "DATABASE_READERS": "r1,r2", "DATABASE_PRIMARIES": "true,false", "WRITE_POOL_SIZE": "3",
}  # fmt: skip


def test_each_database_has_its_addresses_and_whether_it_is_written_here() -> None:
    first, second = WorldSettings.from_environment(WORLD).shards
    assert (first.writer, first.reader) == (Address("w1", 5432, "chirp"), Address("r1", 5432, "chirp"))
    assert (second.writer.host, second.reader.host) == ("w2", "r2")
    assert (first.is_primary, second.is_primary) == (True, False)


@pytest.mark.parametrize(
    ("processors", "pools", "shared"),
    [(2, (6, 3), (2, 3, 1)), (8, (8, 16), (8, 1, 2)), (8, (6, 3), (8, 1, 1)), (1, (0, 0), (1, 1, 1))],
)
def test_every_processor_has_a_process_and_each_its_part_of_the_connections(
    processors: int, pools: tuple[int, int], shared: tuple[int, int, int]
) -> None:
    said = {"PROCESSORS": processors, "POOL_SIZE": pools[0], "WRITE_POOL_SIZE": pools[1]}
    settings = WorldSettings.from_environment(WORLD | {name: str(number) for name, number in said.items()})
    assert (settings.processes, settings.connections, settings.write_connections) == shared


def test_a_database_may_have_a_port_and_a_name_of_its_own() -> None:
    assert Address.parse("host", 5432, "chirp") == Address("host", 5432, "chirp")
    assert Address.parse("host:1", 5432, "chirp") == Address("host", 1, "chirp")
    assert Address.parse("host/other", 5432, "chirp") == Address("host", 5432, "other")
    assert Address.parse("host:1/other", 5432, "chirp") == Address("host", 1, "other")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_READERS", "r1"),
        ("DATABASE_PRIMARIES", "true,false,false"),
        ("DATABASE_PRIMARIES", "true,"),
        ("DATABASE_PRIMARIES", "yes,no"),
        ("DATABASE_WRITERS", "w1,"),
        ("DATABASE_WRITERS", "w1,w2:port"),
        ("CACHE_TLS", "0"),
    ],
)
def test_what_does_not_fit_together_is_refused(name: str, value: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        WorldSettings.from_environment({**WORLD, name: value})


@pytest.mark.parametrize("name", sorted(set(WORLD) - {"PROCESSORS"}))
def test_a_missing_variable_is_named(name: str) -> None:
    with pytest.raises(KeyError, match=name):
        WorldSettings.from_environment({key: value for key, value in WORLD.items() if key != name})


def test_the_databases_variable_chooses_the_host() -> None:
    from chirp.servers.__main__ import read_settings

    three_tier = {**COMMON, "DATABASE_HOST": "master", "REPLICA_HOST": ""}
    assert isinstance(read_settings(WORLD), WorldSettings)
    assert isinstance(read_settings(three_tier), Settings)


def test_a_handle_stays_in_its_database_and_all_have_about_as_many() -> None:
    """Not to change: people would not be found any more."""
    assert [shard_of(handle, 4) for handle in ("ada", "grace", "linus", "ken")] == [0, 3, 3, 2]
    assert {shard_of(f"person_{n}", 1) for n in range(100)} == {0}
    counts = Counter(shard_of(f"person_{n}", 7) for n in range(70_000))
    assert set(counts) == set(range(7))
    assert all(abs(count - 10_000) < 500 for count in counts.values())
