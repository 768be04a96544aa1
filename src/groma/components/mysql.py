"""Amazon RDS for MySQL: a master that takes the writes, and read replicas in other zones."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from groma.answers import Alarm
from groma.architecture import Architecture
from groma.catalog import Engine
from groma.components.database import DatabaseServer
from groma.components.mysql_alarms import mysql_alarms


@dataclass(frozen=True, kw_only=True)
class MysqlServer(DatabaseServer):
    """One MySQL instance, laid out, billed and provisioned as one of PostgreSQL is.

    Agreements are the same for both engines, and so are the prices of storage and backups, which the price
    list has once for all of them. Its replica copies the binary log, which RDS writes once backups are kept,
    and keeps until the replica has read it.
    """

    kind: ClassVar[str] = "mysql-server"
    service: ClassVar[str] = "Amazon RDS for MySQL"
    icon: ClassVar[str] = "database/rds-mysql-instance"
    engine: ClassVar[Engine] = "mysql"
    engine_name: ClassVar[str] = "MySQL"
    port: ClassVar[int] = 3306

    def alarms(self, architecture: Architecture) -> tuple[Alarm, ...]:
        return mysql_alarms(self, architecture)
