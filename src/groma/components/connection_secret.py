"""AWS Secrets Manager: how tasks connect to the database, as a whole URL."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from groma.answers import BillLine, ModuleCall, Ref, Value
from groma.architecture import Architecture, Component, Lane
from groma.components.pricing import Meter
from groma.quantity import Range

MODULE = "connection"
CALLS_PER_TASK_AND_MONTH = Range(10, 60, 300)
"""Each task is told its secrets when it starts; how often tasks start is a guess."""


@dataclass(frozen=True, kw_only=True)
class ConnectionSecret(Component):
    """The URL of the database with user and password: what ECS tells a task it takes from a secret as it is.

    Attributes:
        tasks: that run at peak.
        writer: the host that is written to.
        reader: the host of the copy of the database that is read from.
        readers: the hosts of all copies, where there are several or a list of their URLs is asked for.
        copied: whether it is a copy of the secret of a database that exists, as URLs.
    """

    kind: ClassVar[str] = "connection-secret"
    service: ClassVar[str] = "AWS Secrets Manager"
    icon: ClassVar[str] = "security/secrets-manager"
    lane: ClassVar[Lane] = "operations"
    protected: ClassVar[tuple[str, ...]] = ("aws_secretsmanager_secret",)

    tasks: int
    writer: Ref
    reader: Ref
    readers: Value = None
    copied: bool = False

    @property
    def label(self) -> str:
        return "Connection secret"

    @property
    def details(self) -> tuple[str, ...]:
        return ("database URLs",)

    def bill(self, architecture: Architecture) -> tuple[BillLine, ...]:
        meter = Meter(self.id, architecture)
        calls = CALLS_PER_TASK_AND_MONTH * self.tasks
        return (
            meter.monthly("secret", 1, "secretsmanager", "secret"),
            meter.volume("API calls", calls, "secretsmanager", "api_request"),
        )

    def module(self, architecture: Architecture) -> ModuleCall:
        return ModuleCall(
            MODULE,
            "existing-connection" if self.copied else "connection-secret",
            {
                "name": f"{architecture.name}/connection",
                "kms_key_arn": Ref("module.key.arn"),
                **(self._copied() if self.copied else self._database()),
                "deletion_protection": Ref("var.deletion_protection"),
            },
        )

    def _copied(self) -> dict[str, Value]:
        """Where all of it stands, and which version that has."""
        arn, version = Ref("module.database.secret_arn"), Ref("module.database.secret_version")
        return {"secret_arn": arn, "secret_version": version}

    def _database(self) -> dict[str, Value]:
        """Where the database is and who signs in, of one that the stack makes."""
        return {
            "database": {
                "writer": self.writer,
                **({"reader": self.reader} if self.readers is None else {}),
                "port": Ref("module.database.port"),
                "name": Ref("module.database.database_name"),
            },
            **({} if self.readers is None else {"readers": self.readers}),
            "username": Ref("module.secret.username"),
            "password": Ref("module.secret.password"),
            "password_version": Ref("module.secret.version"),
        }

    def outputs(self) -> dict[str, str]:
        return {"connection_secret_arn": f"module.{MODULE}.arn"}
