"""A database that exists already: found by its secret, asked by the application, never made or watched."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from groma.answers import ModuleCall, Uptime
from groma.architecture import Architecture, Component, Finding, Lane
from groma.components.database_alarms import pooled
from groma.components.machine_group import security_groups_of
from groma.sizing.pools import LEAST_POOL
from groma.sizing.values import Size

MODULE, CALL = "existing-database", "database"
KEYS = ("host", "port", "username", "password", "dbname")
"""What its secret has to hold: the keys that Secrets Manager gives a secret of a database."""


@dataclass(frozen=True, kw_only=True)
class ExistingDatabase(Component):
    """A database of somebody else's, by what the application asks of it.

    Its alarms, backups and standby are its owner's: which instance or cluster answers nobody knows here, and
    neither the dimensions of its metrics.

    Attributes:
        engine_name: what it is to be, for people: `PostgreSQL`; engine: as its secret says it.
        port: on which it is reached.
        secret: the name of its secret.
        security_group: its security group, which the stack lets in; empty where its owner does.
        clients: ids of the groups that connect to it.
        size: what as many queries would take of RDS: what it has to bear, and by which the p99 is reckoned.
        queries_per_s, writes_per_s: at the likely peak, the writes among the queries.
        busy: vCPUs of the reference family that they keep busy.
    """

    kind: ClassVar[str] = "existing-database"
    service: ClassVar[str] = "found by its secret"
    icon: ClassVar[str] = "database/rds"
    lane: ClassVar[Lane] = "data"

    engine: str
    engine_name: str
    port: int
    secret: str
    security_group: str
    clients: tuple[str, ...]
    size: Size
    queries_per_s: float
    writes_per_s: float
    busy: float

    @property
    def label(self) -> str:
        return "Database"

    @property
    def details(self) -> tuple[str, ...]:
        return ("exists already", f"{self.engine_name}, port {self.port}")

    @property
    def asked(self) -> str:
        """What it has to bear at the likely peak, in words."""
        return (
            f"{self.queries_per_s:,.0f} queries/s at peak, {self.writes_per_s:,.0f} of them writes, "
            f"{self.busy:.2g} vCPUs busy with them"
        )

    def uptime(self, architecture: Architecture) -> Uptime:
        """Nobody knows what its owner promises, so that it is counted as always there, and said so."""
        return Uptime(self.id, 1.0, "exists already: its owner's to promise, counted as always there")

    def checks(self, architecture: Architecture) -> tuple[Finding, ...]:
        pool = max(self.size.pool, LEAST_POOL)
        connections = pooled(architecture, self.clients, pool)
        return (
            Finding(
                id=f"{self.id}-bears",
                what=f"whether the database that exists bears {self.asked}",
                expected=f"as {self.size.choice.name} of RDS would, with {connections:,} connections",
                actual="nobody knows here",
                ok=False,
                severity="warning",
                hint=f"ask its owner for that, and for {connections:,} connections; "
                f"{self.size.choice.name} of RDS would do",
            ),
        )

    def module(self, architecture: Architecture) -> ModuleCall:
        """Its secret as a data source finds it, and the way there."""
        return ModuleCall(
            CALL,
            MODULE,
            {
                "name": f"{architecture.name}-database",
                "secret": self.secret,
                "port": self.port,
                "client_security_group_ids": security_groups_of(architecture, self.clients),
                **({"security_group_id": self.security_group} if self.security_group else {}),
            },
        )

    def outputs(self) -> dict[str, str]:
        return {"existing_database_secret_arn": f"module.{CALL}.secret_arn"}
