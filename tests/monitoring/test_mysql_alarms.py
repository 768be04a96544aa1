"""Alarms and limits of MySQL: from its own memory, connections and replication."""

from __future__ import annotations

from functools import cache

from groma import catalog
from groma.architecture import Architecture
from groma.bill import bill
from groma.components.mysql import MysqlServer
from groma.design import design
from groma.monitoring.coverage import coverage
from groma.workload import parse

FILE = """\
name: shop
blueprint: three-tier
users: {total: 2_000_000}
application: {image: 'acme/shop:1.4'}
machines: {burstable: false}
database: {engine: mysql, version: '8.4.5'}
"""


@cache
def architecture() -> Architecture:
    return design(parse(FILE), reasons=False).architecture


def test_each_instance_is_watched_by_what_mysql_publishes() -> None:
    made = architecture()
    master, replica = made.of_type(MysqlServer)
    assert (master.role, replica.role) == ("master", "replica")
    shared = ["cpu", "memory", "storage", "connections"]
    assert [each.id for each in master.alarms(made)] == [f"database-master-{name}" for name in shared]
    assert [each.id for each in replica.alarms(made)] == [
        f"database-replica-{name}" for name in (*shared, "lag", "replication")
    ]
    said = [
        text
        for each in (*master.alarms(made), *replica.alarms(made))
        for text in (each.title, each.derived_from, each.runbook.means, each.runbook.look, each.runbook.do)
    ]
    assert not [text for text in said if "PostgreSQL" in text or "pg_" in text or "vacuum" in text]


def test_limits_follow_from_the_memory_that_mysql_really_has() -> None:
    made = architecture()
    master = made.of_type(MysqlServer)[0]
    alarms = {each.id: each for each in master.alarms(made)}
    gib = master.size.choice.mem_gib
    assert alarms["database-master-memory"].threshold == round(0.05 * gib * 2**30)
    accepted = int((gib * 0.9632 - 0.3195) * 2**30 / 12_582_880)
    assert catalog.database_class(master.instance_class, "mysql").max_connections == accepted
    assert f"accepts {accepted:,}" in alarms["database-master-connections"].derived_from
    assert master.size.choice.max_connections == accepted


def test_it_is_priced_drawn_and_written_by_its_engine() -> None:
    made = architecture()
    master = made.of_type(MysqlServer)[0]
    lines = [line for line in bill(made).lines if line.component == master.id]
    assert lines[0].item == f"{master.instance_class} MySQL single-AZ"
    price = catalog.rds_price("us-east-1", master.instance_class, "mysql")
    assert price is not None
    assert lines[0].monthly_usd is not None
    assert lines[0].monthly_usd.likely == price.usd * 730
    assert (master.service, master.icon) == ("Amazon RDS for MySQL", "database/rds-mysql-instance")
    assert master.details[1] == "version 8.4.5"
    arguments = master.module(made).arguments
    assert (arguments["engine"], arguments["engine_version"]) == ("mysql", "8.4.5")


def test_what_aws_recommends_and_mysql_has_not_is_said() -> None:
    lines = [line for line in coverage(architecture()).lines if line.recommended.namespace == "AWS/RDS"]
    because = {(line.recommended.metric, line.kind): line.because for line in lines}
    assert because["MaximumUsedTransactionIDs", "mysql-server"].startswith("of PostgreSQL")
    assert not [line for line in lines if line.verdict == "unknown"]
