"""An Aurora cluster of one region: sized, paid, drawn, told to the application, watched and drilled."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import pytest

from groma import catalog
from groma.architecture import Architecture
from groma.bill import Bill, bill
from groma.check import check
from groma.components.connection_secret import ConnectionSecret
from groma.components.database_cluster import DatabaseCluster
from groma.components.server_group import ServerGroup
from groma.design import Design, design
from groma.design.making import as_stated
from groma.design.steps import steps
from groma.diagram import lint
from groma.errors import Infeasible
from groma.monitoring.alarms import alarms
from groma.monitoring.coverage import coverage
from groma.questions.alternatives import candidates
from groma.questions.drills.drilling import drill, normal_week
from groma.questions.drills.reading import built_in
from groma.questions.drills.stage import Stage, applies, stage_of, suited
from groma.questions.drills.watching import guards_of
from groma.report.documents import build, picture
from groma.terraform.calls import module_calls, outputs
from groma.terraform.effects import effects
from groma.workload import parse
from groma.workload.demand import demand

TEXT = """\
name: shop
blueprint: {blueprint}
regions: [{region}]
users: {{total: {users}}}
profile: social-media
slo: {{p99_ms: 400, availability: {goal}}}
application: {{image: 'acme/shop:1.4', port: 8000, health: /up{settings}}}
database: {{{database}}}
network: {{zones: {zones}}}
"""
AURORA = "engine: aurora-postgresql"


@cache
def made(
    database: str = f"{AURORA}, replicas: 2",
    blueprint: str = "three-tier",
    zones: int = 3,
    settings: str = "",
    users: int = 200_000,
    region: str = "us-east-1",
) -> Design:
    goal = 0.998 if database.endswith("replicas: 0") else 0.999
    values = {
        "goal": goal,
        "blueprint": blueprint,
        "zones": zones,
        "settings": settings,
        "users": users,
        "region": region,
    }
    return design(parse(TEXT.format(**values, database=database)), reasons=False)


def cluster(architecture: Architecture) -> DatabaseCluster:
    (found,) = architecture.of_type(DatabaseCluster)
    return found


def usd(found: Bill, item: str) -> float:
    (line,) = (each for each in found.lines if each.component == "database" and item in each.item)
    assert line.monthly_usd is not None
    return line.monthly_usd.likely


@pytest.mark.parametrize("blueprint", ["three-tier", "containers"])
@pytest.mark.parametrize(("readers", "zones"), [(0, 2), (1, 2), (1, 3), (2, 3), (15, 2)])
def test_its_instances_stand_in_turn_over_the_zones(blueprint: str, readers: int, zones: int) -> None:
    found = made(f"{AURORA}, replicas: {readers}", blueprint, zones)
    database = cluster(found.architecture)
    assert database.instances == found.plan.of("database").desired == 1 + readers
    stand = [zone[-1] for zone in found.architecture.zones_of(database)]
    assert stand == list("abc"[: min(1 + readers, zones)])
    assert [each for each in lint(picture(found), found.architecture) if not each.ok] == []
    wrong = [each.id for each in check(found.architecture) if each.id.startswith("database-") and not each.ok]
    assert wrong == ([] if readers else ["database-failover"])


def test_its_classes_are_auroras_and_its_volume_limits_none() -> None:
    found = made().plan.of("database").choice
    assert found.name.split(".")[1] in ("r7g", "r8g")
    price = catalog.aurora_price("us-east-1", found.name)
    assert price is not None
    assert found.usd_per_hour == price.usd
    assert not found.stand_in


def test_each_instance_and_the_one_volume_are_paid() -> None:
    one, three = (bill(made(f"{AURORA}, replicas: {count}").architecture) for count in (0, 2))
    found = made()
    choice, load = found.plan.of("database").choice, demand(found.workload)
    assert choice.usd_per_hour is not None
    assert usd(three, choice.name) == pytest.approx(3 * 730 * choice.usd_per_hour)
    (stored,) = (line for line in three.lines if line.component == "database" and line.item == "storage")
    assert stored.quantity.likely == pytest.approx(load.database_stored_gib.likely)
    for item in ("reads of storage", "writes to storage", "backups"):
        assert usd(one, item) == usd(three, item) > 0, "one volume, however many instances share it"
    writes = load.writes_per_s.likely * load.mean_per_s.likely / load.peak_per_s.likely * 730 * 3600
    per_write = found.workload.load.storage_writes_per_write.likely
    assert usd(three, "writes to storage") == pytest.approx(writes * per_write * 0.2 / 1e6)


def test_in_another_region_it_is_sized_and_its_price_is_said_to_be_unknown() -> None:
    found = made(region="eu-west-3")
    assert found.plan.of("database").choice.stand_in
    lines = [each for each in bill(found.architecture).lines if each.component == "database"]
    unknown = {line.item for line in lines if line.monthly_usd is None}
    assert f"{found.plan.of('database').choice.name} Aurora PostgreSQL" in unknown
    assert "storage" in unknown


def test_a_writer_alone_that_promises_too_little_is_told_of_readers() -> None:
    text = TEXT.format(
        goal=0.999, blueprint="three-tier", zones=2, settings="", users=50_000, region="us-east-1",
        database=f"{AURORA}, replicas: 0",
    )  # fmt: skip
    with pytest.raises(Infeasible) as error:
        design(parse(text))
    assert error.value.hint == (
        "lower slo.availability to 0.9987 or less, or write `replicas: 1`: a reader that takes over"
    )


@pytest.mark.parametrize("readers", [0, 1, 5])
def test_it_promises_what_aurora_does(readers: int) -> None:
    architecture = made(f"{AURORA}, replicas: {readers}").architecture
    which = "aurora-multi-az" if readers else "aurora-single-az"
    assert cluster(architecture).uptime(architecture).share == catalog.sla(which).availability


def test_servers_are_told_two_names_however_many_readers_there_are() -> None:
    for readers in (1, 5):
        architecture = made(f"{AURORA}, replicas: {readers}").architecture
        (app,) = (each for each in architecture.of_type(ServerGroup) if each.id == "app")
        told = app.variables["database"]
        assert isinstance(told, Mapping)
        assert told["writer"].expression == "module.database.writer_endpoint"
        assert told["reader"].expression == "module.database.reader_endpoint"
        assert "readers" not in told
        assert app.variables["secrets"]["DATABASE_REPLICA_URL"] == "database:replica_url"
        assert "DATABASE_REPLICA_URLS" not in app.variables["secrets"]
    alone = made(f"{AURORA}, replicas: 0").architecture
    (app,) = (each for each in alone.of_type(ServerGroup) if each.id == "app")
    assert app.variables["database"]["reader"].expression == "module.database.writer_endpoint"


def test_who_asks_for_a_list_of_urls_is_told_one() -> None:
    settings = ", settings: {READ: database.replica_urls, WRITE: database.url}"
    architecture = made(f"{AURORA}, replicas: 3", settings=settings).architecture
    (app,) = (each for each in architecture.of_type(ServerGroup) if each.id == "app")
    (reader,) = app.variables["database"]["readers"]
    assert reader.expression == "module.database.reader_endpoint"


def test_tasks_are_told_by_their_secret() -> None:
    (secret,) = made(blueprint="containers").architecture.of_type(ConnectionSecret)
    call = secret.module(made(blueprint="containers").architecture)
    told = call.arguments["database"]
    assert isinstance(told, Mapping)
    assert told["writer"].expression == "module.database.writer_endpoint"
    assert told["reader"].expression == "module.database.reader_endpoint"


def test_what_runs_beside_the_tasks_asks_the_cluster() -> None:
    beside = (
        ", migrate: [./migrate], workers: {mail: {command: [./mail]}},"
        " schedule: {report: {command: [./report], when: '0 3 * * *', takes_s: 100}}"
    )
    found = made(blueprint="containers", settings=beside).architecture
    asking = {link.source for link in found.links if link.target == "database"}
    assert {"app", "mail-worker"} < asking
    assert len(asking) == 3


def test_the_module_is_told_what_is_designed() -> None:
    found = made(f"{AURORA}, replicas: 2, version: '17'")
    call = module_calls(found.architecture)["database"]
    assert call.module == "database-cluster"
    assert call.arguments["engine_version"] == "17"
    assert call.arguments["instances"] == {
        "class": found.plan.of("database").choice.name,
        "count": 3,
        "zones": ["us-east-1a", "us-east-1b", "us-east-1c"],
    }
    assert outputs(found.architecture)["database_reader_endpoint"][0].expression == (
        "module.database.reader_endpoint"
    )
    assert "modules/database-cluster/main.tf" in " ".join(build(found))


def test_it_is_watched_as_a_cluster_and_each_instance_for_its_silence() -> None:
    found = made().architecture
    ids = {alarm.id for alarm in alarms(found) if alarm.component == "database"}
    shared = {f"database-{each}" for each in ("cpu", "memory", "connections", "transactions")}
    assert ids == shared | {"database-lag"} | {f"database-instance-{number}" for number in (1, 2, 3)}
    alone = made(f"{AURORA}, replicas: 0").architecture
    assert {alarm.id for alarm in alarms(alone) if alarm.component == "database"} == shared
    for architecture in (found, alone):
        unknown = [line for line in coverage(architecture).lines if line.verdict == "unknown"]
        assert unknown == []


def test_nothing_safer_is_offered_than_its_readers() -> None:
    found = made(users=50_000)
    assert not [each for each in steps(found) if "standby" in each.what]
    assert [each for each in steps(found) if each.aspect == "recovery"]
    assert {each.multi_az for each in candidates(found.workload)} == {False}


@pytest.mark.parametrize(("stated", "then"), [(0, 1), (1, 2), (2, 2)])
def test_money_buys_another_reader_where_one_or_none_is_left(stated: int, then: int) -> None:
    usual = made(f"{AURORA}, replicas: {stated}", users=50_000).workload
    rich = usual.model_copy(update={"budget_usd_per_month": 50_000.0, "spend": ("availability",)})
    found = design(rich)
    assert found.spent is not None
    taken = [row.outcome for row in found.spent.rows if row.step.what == "another reader"]
    assert taken == ["bought"] * (then - stated)
    (cluster,) = found.architecture.of_type(DatabaseCluster)
    assert (cluster.readers, found.plan.of("database").desired) == (then, 1 + then)
    (told,) = (each for each in found.decisions if each.about == "database")
    assert as_stated(found) == rich
    assert told.because.startswith("as stated" if then == stated else "bought")
    assert not [each for each in check(found.architecture) if not each.ok and each.severity == "error"]


def test_to_change_to_it_is_to_lose_what_the_instances_hold() -> None:
    before, after = made("replicas: 1").architecture, made(f"{AURORA}, replicas: 1").architecture
    kinds = {each.element: each.kind for each in effects(before, after)}
    assert kinds["Database master"] == "loses data"
    back = {each.element: each.kind for each in effects(after, before)}
    assert back["Aurora cluster"] == "loses data"


@cache
def stage() -> Stage:
    found = made(f"{AURORA}, replicas: 1", zones=2, users=50_000)
    return stage_of(found, guards_of(found.architecture), 1)


@pytest.mark.parametrize(
    "name",
    ["zone-loss", "replica-zone-loss", "database-failover", "replica-loss", "replica-lag", "silent-master"],
)
def test_it_is_drilled_as_what_it_is(name: str) -> None:
    fault = suited({each.name: each for each in built_in()}[name], stage())
    assert applies(fault, stage()) == ""
    assert drill(stage(), fault).wrong == ()


def test_a_week_in_which_nothing_is_wrong_is_a_quiet_one() -> None:
    assert normal_week(stage()).wrong == ()


def test_a_reader_writes_within_half_a_minute() -> None:
    """A master of RDS without a standby is away for a quarter of an hour."""
    fault = {each.name: each for each in built_in()}["database-failover"]
    of_rds = made("replicas: 1", zones=2, users=50_000)
    other = stage_of(of_rds, guards_of(of_rds.architecture), 1)
    assert suited(fault, other) is fault
    lost, away = drill(stage(), suited(fault, stage())), drill(other, fault)
    assert 0 < lost.hurt.failed < away.hurt.failed / 10


def test_the_loss_of_its_zone_is_over_within_half_a_minute() -> None:
    fault = suited({each.name: each for each in built_in()}["zone-loss"], stage())
    lost = drill(stage(), fault)
    assert any(
        "database: 1 of 2 servers lost" in str(each) for each in lost.words().lines + lost.words().tables
    )
    assert lost.hurt.failed < 0.05 * lost.hurt.asked
