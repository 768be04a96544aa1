"""A database with several read replicas: where they stand, what each carries, and how they are reached."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import pytest

from groma.application.own import USUAL_WITH_REPLICAS
from groma.architecture import Architecture
from groma.bill import bill
from groma.check import check
from groma.components.connection_secret import ConnectionSecret
from groma.components.database import DatabaseServer
from groma.components.server_group import ServerGroup
from groma.design import Design, design
from groma.errors import WorkloadError
from groma.monitoring.alarms import alarms
from groma.report.documents import build
from groma.simulation.scene import Assumed, scenes_of
from groma.terraform.calls import module_calls, outputs
from groma.terraform.effects import effects
from groma.workload import parse

TEXT = """\
name: shop
blueprint: {blueprint}
users: {{total: {users}}}
profile: social-media
slo: {{p99_ms: 400, availability: 0.999}}
application: {{image: 'acme/shop:1.4', port: 8000, health: /up{settings}}}
database: {{engine: {engine}, replicas: {replicas}, multi_az: {multi_az}}}
network: {{zones: {zones}}}
"""
SAMPLE = "name: chirp\nblueprint: three-tier\nusers: {total: 50_000}\ndatabase: {replicas: 2}\n"


@cache
def made(
    replicas: int = 3,
    blueprint: str = "three-tier",
    engine: str = "postgresql",
    zones: int = 2,
    multi_az: str = "true",
    settings: str = "",
    users: int = 200_000,
) -> Design:
    values = {"blueprint": blueprint, "engine": engine, "zones": zones, "multi_az": multi_az, "users": users}
    return design(parse(TEXT.format(**values, replicas=replicas, settings=settings)))


def databases(architecture: Architecture) -> list[DatabaseServer]:
    return list(architecture.of_type(DatabaseServer))


@pytest.mark.parametrize("engine", ["postgresql", "mysql"])
@pytest.mark.parametrize(("replicas", "zones"), [(2, 2), (2, 3), (5, 3), (15, 2)])
def test_they_stand_in_turn_over_the_zones(engine: str, replicas: int, zones: int) -> None:
    found = made(replicas, engine=engine, zones=zones).architecture
    master, *others = databases(found)
    assert [each.id for each in others] == [
        "database-replica",
        *(f"database-replica-{number}" for number in range(2, replicas + 1)),
    ]
    stand = ["".join(found.zones_of(each))[-1] for each in (master, *others)]
    assert stand == [("abc"[:zones])[number % zones] for number in range(1 + replicas)]
    assert made(replicas, engine=engine, zones=zones).plan.of("database").desired == 1 + replicas
    assert not [each for each in check(found) if each.id.startswith("database-") and not each.ok]


def test_reads_are_spread_evenly_and_each_replica_copies_the_master() -> None:
    one, three = made(1).architecture, made(3).architecture
    (whole,) = (link for link in one.links if (link.source, link.target) == ("app", "database-replica"))
    reads = [link for link in three.links if link.source == "app" and link.note == whole.note]
    reads = [link for link in reads if link.target.startswith("database-replica")]
    assert whole.peak_per_s is not None
    assert whole.gb_per_month is not None
    assert len(reads) == 3
    for link in reads:
        assert link.peak_per_s == pytest.approx(whole.peak_per_s / 3)
        assert link.gb_per_month is not None
        assert link.gb_per_month.likely == pytest.approx(whole.gb_per_month.likely / 3)
    copies = {link.target for link in three.links if link.flow == "replication"}
    assert copies == {each.id for each in databases(three)[1:]}


def test_each_is_paid_watched_and_told_apart() -> None:
    found = made(3, zones=3).architecture
    lines = bill(found).lines
    by_component = [{line.item for line in lines if line.component == each.id} for each in databases(found)]
    assert by_component[1] == by_component[2] == by_component[3]
    ids = {alarm.id for alarm in alarms(found)}
    whats = {id_.removeprefix("database-replica-3-") for id_ in ids if id_.startswith("database-replica-3-")}
    assert {"cpu", "memory", "storage", "connections", "lag"} <= whats
    told = outputs(found)
    assert told["database_replica_id"][0].expression == "module.database.replica_id"
    assert told["database_replica_3_id"][0].expression == "module.database.replica_ids[2]"
    assert len({each.label for each in databases(found)}) == 4


def test_the_module_is_given_the_first_as_before_and_the_others_in_their_order() -> None:
    one, four = (module_calls(made(count, zones=3).architecture)["database"] for count in (1, 4))
    assert "more_replicas" not in one.arguments
    first, others = four.arguments["replica"], four.arguments["more_replicas"]
    assert isinstance(first, Mapping)
    assert isinstance(others, list)
    assert first["zone"] == "us-east-1b"
    assert [each["zone"] for each in others] == ["us-east-1c", "us-east-1a", "us-east-1b"]
    assert {each["instance_class"] for each in others} == {first["instance_class"]}


@pytest.mark.parametrize(
    ("replicas", "zones", "readers"), [(2, 2, 0), (3, 2, 1), (2, 3, 1), (5, 3, 3), (9, 2, 4)]
)
def test_with_a_zone_lost_the_busiest_carries_its_share_of_the_reads(
    replicas: int, zones: int, readers: int
) -> None:
    """The master's zone is lost: one of those that are left takes the writes, and the others read."""
    found = made(replicas, zones=zones)
    size, demand = found.plan.of("database"), found.demand
    reads, writes = demand.reads_per_s.likely, demand.writes_per_s.likely
    busiest = max(writes, reads / readers) if readers else reads + writes
    each = busiest / (reads + writes) * demand.database_busy.likely
    assert size.utilisation_zone_lost == pytest.approx(
        each / (size.choice.vcpu * size.choice.speed), rel=1e-6
    )
    (scene,) = scenes_of(found, Assumed())
    row = next(row for row in scene.rows if row.name == "database")
    assert (row.zones, row.room, row.routing) == (min(1 + replicas, zones), 1 + replicas, "by-role")


def test_more_replicas_are_smaller_ones_where_a_single_one_is_bound_by_reads() -> None:
    few, many = (made(count, users=3_000_000).plan.of("database") for count in (1, 7))
    assert many.choice.vcpu < few.choice.vcpu
    assert many.utilisation_zone_lost < 0.95


@pytest.mark.parametrize("multi_az", ["true", "false"])
def test_the_plan_counts_on_the_price_that_the_bill_has(multi_az: str) -> None:
    found = made(4, multi_az=multi_az)
    size = found.plan.of("database")
    lines = [line for line in bill(found.architecture).lines if line.component.startswith("database-")]
    usd = sum(line.monthly_usd.likely for line in lines if line.monthly_usd and size.choice.name in line.item)
    assert size.usd_per_month == pytest.approx(usd)
    assert size.mean == 5


def test_one_that_goes_or_comes_leaves_the_others_alone() -> None:
    two, three = made(2).architecture, made(3).architecture
    assert not [each for each in effects(two, three) if each.element.startswith("Read replica")]
    gone = [each for each in effects(three, two) if "replica" in each.element.lower()]
    assert [(each.element, each.kind) for each in gone] == [("Read replica 3", "loses data")]


def test_a_third_zone_moves_the_second_replica_and_it_is_said() -> None:
    told = effects(made(2).architecture, made(2, zones=3).architecture)
    assert ("read replica", "replaced") in {(each.element, each.kind) for each in told}
    both = effects(made(1).architecture, made(1, zones=3).architecture)
    assert ("read replica", "replaced") not in {(each.element, each.kind) for each in both}


def server_settings(found: Design) -> tuple[Mapping[str, object], Mapping[str, object]]:
    (app,) = (each for each in found.architecture.of_type(ServerGroup) if each.id == "app")
    settings, secrets = app.variables["settings"], app.variables["secrets"]
    assert isinstance(settings, Mapping)
    assert isinstance(secrets, Mapping)
    return settings, secrets


def test_what_says_nothing_is_told_of_all_replicas() -> None:
    one, several, mysql = (server_settings(each)[1] for each in (made(1), made(3), made(3, engine="mysql")))
    urls = {name for name in USUAL_WITH_REPLICAS if name.startswith("DATABASE_") and "URL" in name}
    assert set(several) == urls
    assert set(urls) - set(one) == {"DATABASE_REPLICA_URLS"}
    assert urls - set(mysql) == {"DATABASE_REPLICA_URL"}


def test_a_list_can_be_asked_for_however_many_there_are() -> None:
    for count in (0, 1):
        found = made(
            count, settings=", settings: {READS: database.replica_urls, HOST: database.replica_host}"
        )
        (app,) = (each for each in found.architecture.of_type(ServerGroup) if each.id == "app")
        database = app.variables["database"]
        assert isinstance(database, Mapping)
        assert database["readers"] == [database["reader"]]


@pytest.mark.slow
def test_tasks_find_a_url_of_each_in_the_secret() -> None:
    one, several = (made(count, "containers").architecture for count in (1, 3))
    (secret,), (before,) = (list(each.of_type(ConnectionSecret)) for each in (several, one))
    arguments = secret.module(several).arguments
    assert getattr(arguments["readers"], "expression", "") == "module.database.replica_endpoints"
    assert "readers" not in before.module(one).arguments
    root = "\n".join(
        content.decode() for path, content in build(made(3, "containers")).items() if path.endswith(".tf")
    )
    assert ":replica_urls::" in root


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (SAMPLE, "the sample reads from, which is one"),
        (SAMPLE.replace("2", "16"), r"database\.replicas.*at most 15"),
        (
            TEXT.format(
                blueprint="three-tier",
                users=50_000,
                settings=", settings: {R: database.replica_url}",
                engine="mysql",
                replicas=2,
                multi_az="true",
                zones=2,
            ),
            r"MySQL has no single URL.*database\.replica_urls",
        ),
        (SAMPLE.replace("replicas: 2", "storage: io1"), "is io1, the previous generation.*storage: io2"),
        (SAMPLE.replace("replicas: 2", "storage: magnetic"), "'magnetic' does not exist"),
    ],
)
def test_what_cannot_be_is_refused_with_what_can(text: str, told: str) -> None:
    with pytest.raises(WorkloadError, match=told):
        parse(text)
