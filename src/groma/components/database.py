"""Amazon RDS for PostgreSQL: a master that takes the writes, and a read replica in another zone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

from groma import catalog
from groma.answers import Alarm, BillLine, Metric, ModuleCall, Ref, Uptime, Value
from groma.architecture import Architecture, Component, Finding, Lane
from groma.components.pricing import MONTH_HOURS, hourly, metered
from groma.components.server_group import ServerGroup
from groma.quantity import Range
from groma.tiers import Size

MODULE = "database"
CPU_LIMIT_PERCENT = 90
LEAST_FREE_MEMORY = 0.25
LEAST_FREE_STORAGE = 0.1
MOST_CONNECTIONS = 0.9
MOST_LAG_S = 60
CONNECTIONS_PER_SERVER = 10


@dataclass(frozen=True, kw_only=True)
class DatabaseServer(Component):
    """One database instance: the master, or the replica that copies it and answers reads.

    Attributes:
        clients: ids of the server groups that connect to it.
        storage_gib: gp3 storage it starts with; it grows by itself up to `max_storage_gib`.
        stored_gib: how much of it is used after a year.
    """

    kind: ClassVar[str] = "database-server"
    service: ClassVar[str] = "Amazon RDS for PostgreSQL"
    icon: ClassVar[str] = "database/rds-postgresql-instance"
    lane: ClassVar[Lane] = "data"

    role: Literal["master", "replica"]
    size: Size
    clients: tuple[str, ...]
    storage_gib: int
    max_storage_gib: int
    stored_gib: Range
    backup_retention_days: int = 7

    @property
    def instance_class(self) -> str:
        """The class that AWS knows: `db.m7g.large`."""
        return self.size.choice.name

    @property
    def label(self) -> str:
        return "Database master" if self.role == "master" else "Read replica"

    @property
    def details(self) -> tuple[str, ...]:
        return (self.instance_class, f"gp3 {self.storage_gib} GB")

    def bill(self, architecture: Architecture) -> tuple[BillLine, ...]:
        region = architecture.region
        price = catalog.rds_price(region, self.instance_class)
        storage = Range(
            float(self.storage_gib),
            max(self.stored_gib.likely, self.storage_gib),
            max(self.stored_gib.high, self.storage_gib),
        )
        return (
            hourly(self.id, f"{self.instance_class} PostgreSQL single-AZ", 1, price),
            metered(self.id, "gp3 storage", storage, "rds", "storage_gp3_single", region),
        )

    def uptime(self, architecture: Architecture) -> Uptime | None:
        """1 - (1 - a)ⁿ over the n copies of the data, `a` being the agreement for a single-AZ instance.

        The master answers for all copies. Promoting a replica takes minutes in which only reads are
        answered; that is a finding of its own, not part of this figure.
        """
        if self.role != "master":
            return None
        copies = len(architecture.of_type(DatabaseServer))
        single = catalog.sla("rds-single-az").availability
        share = 1 - (1 - single) ** copies
        return Uptime(self.id, share, f"{copies} single-AZ copies, each up {single:.1%} of the time")

    def checks(self, architecture: Architecture) -> tuple[Finding, ...]:
        return (self._connections(architecture), *self._failover(architecture))

    def _connections(self, architecture: Architecture) -> Finding:
        groups = [g for g in architecture.of_type(ServerGroup) if g.id in self.clients]
        wanted = sum(group.size.max * CONNECTIONS_PER_SERVER for group in groups)
        allowed = catalog.database_class(self.instance_class).max_connections
        return Finding(
            id=f"{self.id}-connections",
            what=f"{self.label.lower()} has connections for every server of {', '.join(self.clients)}",
            expected=f"at most {MOST_CONNECTIONS:.0%} of {allowed}",
            actual=f"{wanted} ({CONNECTIONS_PER_SERVER} a server at the group's maximum)",
            ok=wanted <= MOST_CONNECTIONS * allowed,
        )

    def _failover(self, architecture: Architecture) -> tuple[Finding, ...]:
        if self.role != "master":
            return ()
        price = catalog.rds_price(architecture.region, self.instance_class)
        more = f" for about ${price.usd * MONTH_HOURS:,.0f} more a month" if price else ""
        return (
            Finding(
                id=f"{self.id}-failover",
                what="the loss of the database master",
                expected="writes go on by themselves",
                actual="the replica is promoted by hand: no writes for 10 to 30 minutes",
                ok=False,
                severity="warning",
                hint=f"a Multi-AZ master fails over by itself in 1 to 2 minutes{more}",
            ),
        )

    def alarms(self, architecture: Architecture) -> tuple[Alarm, ...]:
        mem_gib = self.size.choice.mem_gib
        busy = f"over {CPU_LIMIT_PERCENT} % for 15 minutes"
        connections = catalog.database_class(self.instance_class).max_connections
        alarms = [
            self._alarm("cpu", "CPUUtilization", ">", CPU_LIMIT_PERCENT, busy),
            self._alarm(
                "memory",
                "FreeableMemory",
                "<",
                round(LEAST_FREE_MEMORY * mem_gib * 2**30),
                f"less than {LEAST_FREE_MEMORY:.0%} of the {mem_gib:g} GiB of {self.instance_class}",
            ),
            self._alarm(
                "storage",
                "FreeStorageSpace",
                "<",
                round(LEAST_FREE_STORAGE * self.storage_gib * 2**30),
                f"less than {LEAST_FREE_STORAGE:.0%} of the {self.storage_gib} GiB",
            ),
            self._alarm(
                "connections",
                "DatabaseConnections",
                ">",
                round(MOST_CONNECTIONS * connections),
                f"over {MOST_CONNECTIONS:.0%} of the {connections} that {self.instance_class} allows",
            ),
        ]
        if self.role == "replica":
            lag = f"readers would see what is older than {MOST_LAG_S} s"
            alarms.append(self._alarm("lag", "ReplicaLag", ">", MOST_LAG_S, lag))
        return tuple(alarms)

    def _alarm(
        self, what: str, metric: str, comparison: Literal[">", "<"], threshold: float, because: str
    ) -> Alarm:
        return Alarm(
            id=f"{self.id}-{what}",
            component=self.id,
            title=f"{self.label.lower()}: {what}",
            because=because,
            watches=Metric("AWS/RDS", metric, "Average", {"DBInstanceIdentifier": self._identifier()}, 300),
            comparison=comparison,
            threshold=threshold,
            evaluation_periods=3,
            datapoints=3,
        )

    def _identifier(self) -> Ref:
        return Ref(f"module.{MODULE}.{self.role}_id")

    def module(self, architecture: Architecture) -> ModuleCall:
        (zone,) = architecture.zones_of(self)
        arguments: dict[str, Value] = {self.role: {"instance_class": self.instance_class, "zone": zone}}
        if self.role == "master":
            arguments |= self._shared(architecture)
        return ModuleCall(MODULE, "database", arguments)

    def _shared(self, architecture: Architecture) -> dict[str, Value]:
        clients = {group: Ref(f"module.{group}.server_security_group_id") for group in self.clients}
        return {
            "name": f"{architecture.name}-database",
            "vpc_id": Ref("module.network.vpc_id"),
            "subnet_ids": Ref("values(module.network.private_subnet_ids)"),
            "client_security_group_ids": clients,
            "storage": {"gib": self.storage_gib, "max_gib": self.max_storage_gib},
            "backup_retention_days": self.backup_retention_days,
            "deletion_protection": Ref("var.deletion_protection"),
            "kms_key_arn": Ref("module.key.arn"),
            "username": Ref("module.secret.username"),
            "secret_arn": Ref("module.secret.secret_arn"),
            "password": Ref("module.secret.password"),
            "password_version": Ref("module.secret.version"),
        }

    def outputs(self) -> dict[str, str]:
        return {
            f"database_{self.role}_id": f"module.{MODULE}.{self.role}_id",
            f"database_{self.role}_endpoint": f"module.{MODULE}.{self.role}_endpoint",
        }
