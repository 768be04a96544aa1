"""A database that exists: nothing of it is made, sized, paid or watched; what it has to bear is said."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

import pytest

from groma.answers import Ref
from groma.application.choice import application_of
from groma.architecture import Component
from groma.bill import bill
from groma.check import check
from groma.components.connection_secret import ConnectionSecret
from groma.components.container_service import ContainerService
from groma.components.database import DatabaseServer
from groma.components.existing_database import ExistingDatabase
from groma.components.operations import DatabaseSecret
from groma.components.server_group import ServerGroup
from groma.design import Design, design
from groma.design.steps import steps
from groma.diagram import lint
from groma.monitoring.alarms import alarms
from groma.questions.drills.drilling import drill
from groma.questions.drills.reading import built_in
from groma.questions.drills.stage import applies, stage_of
from groma.questions.drills.watching import guards_of
from groma.report.documents import build, picture
from groma.report.plan import tables
from groma.terraform.calls import module_calls
from groma.workload import parse

TEXT = """\
name: shop
blueprint: {blueprint}
users: {{total: 200_000}}
profile: {profile}
slo: {{availability: 0.999}}
application: {{image: 'acme/shop:1.4', port: 8000, health: /up{settings}}}
database: {{{database}}}
"""
EXISTING = "existing: {secret: prod/shop/db}"
EACH = [("three-tier", "postgresql"), ("three-tier", "mysql"), ("containers", "postgresql")]
VPC = "network: {vpc: vpc-0a1b2c3d, public_tags: {tier: public}, private_tags: {tier: private}}\n"


@cache
def made(
    blueprint: str = "three-tier",
    engine: str = "postgresql",
    more: str = "",
    settings: str = "",
    database: str = EXISTING,
) -> Design:
    stated = f"engine: {engine}, {database}"
    values = {"blueprint": blueprint, "settings": settings, "profile": "web-shop"}
    return design(parse(TEXT.format(**values, database=stated) + more))


def existing(design: Design) -> ExistingDatabase:
    (found,) = design.architecture.of_type(ExistingDatabase)
    return found


def app(design: Design) -> Component:
    return design.architecture.component("app")


@pytest.mark.parametrize(("blueprint", "engine"), EACH)
def test_no_database_is_made_and_no_secret_of_its_own(blueprint: str, engine: str) -> None:
    found = made(blueprint, engine)
    assert not found.architecture.of_type(DatabaseServer)
    assert not found.architecture.of_type(DatabaseSecret)
    calls = module_calls(found.architecture)
    assert calls["database"].module == "existing-database"
    assert "secret" not in calls
    roots = [
        content.decode()
        for path, content in build(found).items()
        if path.startswith("terraform/") and path.count("/") == 1
    ]
    assert not [text for text in roots if "master_endpoint" in text or "module.secret" in text]
    assert "terraform/modules/database/main.tf" not in build(found)


def test_it_is_priced_at_nothing_and_sized_as_what_it_has_to_do_as_well_as() -> None:
    found, size = made(), made().plan.of("database")
    lines = bill(found.architecture).lines
    assert not [line for line in lines if line.component == "database" or "db." in line.item]
    assert size.known_usd_per_month == 0.0
    assert size.usd_per_month > 0
    sizes = next(iter(tables(found)))
    assert [row[1] for row in sizes.rows][-1] == f"like {size.choice.name}"
    assert [row[-1] for row in sizes.rows][-1] == "0.00"
    beside = made(database="replicas: 0")
    assert size.choice.name == beside.plan.of("database").choice.name


def test_what_it_has_to_bear_is_what_a_database_that_is_made_would() -> None:
    """The same queries, connections and processors as of a master alone."""
    found, alone = made(), made(database="replicas: 0")
    database = existing(found)
    (asked,) = (link for link in found.architecture.links if link.target == "database")
    (same,) = (link for link in alone.architecture.links if link.target == "database-master")
    assert asked.peak_per_s == pytest.approx(same.peak_per_s)
    assert database.queries_per_s == pytest.approx(asked.peak_per_s)
    assert 0 < database.writes_per_s < database.queries_per_s
    (finding,) = database.checks(found.architecture)
    (kept,) = (each for each in check(alone.architecture) if each.id == "database-master-connections")
    assert kept.actual.split()[0] in finding.expected
    assert finding.severity == "warning"
    decided = {each.about: each for each in found.decisions}
    assert f"{database.queries_per_s:,.0f} queries/s at peak" in decided["database's load"].decided
    assert "connections" in decided["database's load"].decided
    assert not re.search(r"\d connections", decided["database's load"].decided), "the finding counts them"
    assert "database tier" not in decided
    assert found.plan.latency_ms == alone.plan.latency_ms


@pytest.mark.parametrize("more", ["", VPC])
def test_who_lets_the_application_in_is_said(more: str) -> None:
    decided = {each.about: each for each in made(more=more).decisions}["way to the database"]
    assert decided.decided == "its owner lets in shop-app-servers on port 5432"
    assert ("`network.vpc`" in decided.because) == (not more)


def test_a_security_group_that_is_named_is_opened() -> None:
    stated = "existing: {secret: prod/shop/db, port: 6432, security_group: sg-0a1b2c3d}"
    found = made(more=VPC, database=stated)
    call = module_calls(found.architecture)["database"]
    assert call.arguments["security_group_id"] == "sg-0a1b2c3d"
    assert call.arguments["port"] == 6432
    decided = {each.about: each for each in found.decisions}["way to the database"]
    assert decided.decided == "sg-0a1b2c3d lets the application in on port 6432"


def test_servers_are_told_all_of_it_by_the_secret_and_may_read_no_other() -> None:
    settings = ", settings: {PGHOST: database.host, DB: database.name, POOL: database.pool}"
    found = made(settings=settings)
    servers = app(found)
    assert isinstance(servers, ServerGroup)
    assert servers.variables["secrets"] == {"PGHOST": "database:host", "DB": "database:name"}
    told = servers.variables["settings"]
    assert isinstance(told, Mapping)
    assert set(told) == {"POOL"}
    database = servers.variables["database"]
    assert isinstance(database, Mapping)
    assert database["exists"] is True
    assert set(database) == {"exists", "secret_arn", "port"}
    assert "secret" not in servers.rights
    assert servers.rights["instance_policies"] == {"database": Ref("module.database.read_policy")}


def test_tasks_are_told_a_copy_that_follows_the_secret() -> None:
    settings = ", settings: {URL: database.url, PGHOST: database.host, EACH: database.replica_urls}"
    found = made("containers", settings=settings)
    tasks = app(found)
    assert isinstance(tasks, ContainerService)
    assert {name: getattr(value, "expression", "") for name, value in tasks.secrets.items()} == {
        "URL": '"${module.connection.arn}:url::"',
        "PGHOST": '"${module.connection.arn}:host::"',
        "EACH": '"${module.connection.arn}:replica_urls::"',
    }
    assert tasks.labels == {"connection": Ref("module.connection.version")}
    (secret,) = found.architecture.of_type(ConnectionSecret)
    given = secret.module(found.architecture).arguments
    assert secret.module(found.architecture).module == "existing-connection"
    assert given["secret_version"] == Ref("module.database.secret_version")
    assert application_of(found.workload.own).servers.secrets["URL"] == "database:url"


def test_it_is_drawn_as_what_exists() -> None:
    for blueprint in ("three-tier", "containers"):
        found = made(blueprint)
        assert existing(found).details[0] == "exists already"
        assert [each for each in lint(picture(found), found.architecture) if not each.ok] == []


def test_its_owner_watches_it() -> None:
    watched = {alarm.component for alarm in alarms(made().architecture)}
    assert "database" not in watched
    assert not [each for each in steps(made()) if "backups" in each.what or "standby" in each.what]
    assert {each.component for each in made().availability.parts} >= {"database", "app"}


def test_its_drills_leave_out_what_nobody_knows() -> None:
    found = made()
    stage = stage_of(found, guards_of(found.architecture), 1)
    faults = {each.name: each for each in built_in()}
    assert applies(faults["zone-loss"], stage) == "nobody knows in which zone the database that exists stands"
    assert applies(faults["busy-database"], stage) == "no alarm of it reads AWS/RDS/CPUUtilization"
    assert applies(faults["replica-zone-loss"], stage) == ""
    lost = drill(stage, faults["replica-zone-loss"])
    assert lost.hurt.failed < 0.2 * lost.hurt.asked, "the database stays"
    broken = drill(stage, faults["database-failover"])
    assert broken.wrong == ()
    assert broken.hurt.failed > 0


def test_a_workers_tasks_ask_it_too() -> None:
    text = TEXT.format(
        blueprint="containers",
        profile="web-shop",
        settings=", workers: {mail: {command: python worker.py}}",
        database=EXISTING,
    )
    links = design(parse(text), reasons=False).architecture.links
    assert ("mail-worker", "database") in {(link.source, link.target) for link in links}
