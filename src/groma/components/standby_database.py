"""Amazon RDS in a standby region: a read replica of the home region's master, for the day it is promoted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from groma.answers import Alarm, BillLine, ModuleCall, Ref, Runbook, Value
from groma.architecture import Architecture
from groma.components.database import MODULE, DatabaseServer, in_network
from groma.components.operations import SECRET_MODULE
from groma.components.pricing import Meter
from groma.quantity import Range


@dataclass(frozen=True, kw_only=True)
class StandbyDatabase(DatabaseServer):
    """An instance that copies the master from another region, and takes its place by hand.

    Attributes:
        parameters: of the engine, beside the module's own: what the master has more of.
        home: the region of the master; source: what it is called there; sent_gb_per_month: what it sends
            here in a month.
    """

    home: str
    source: str
    sent_gb_per_month: Range
    parameters: Mapping[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """What its instance is called after the database: it will be the master."""
        return "master"

    @property
    def label(self) -> str:
        return "Standby database"

    @property
    def details(self) -> tuple[str, ...]:
        return (*super().details, f"replica of {self.home}")

    def bill(self, architecture: Architecture) -> tuple[BillLine, ...]:
        """As any instance, with what the master sends: transfer out of its region."""
        meter, item = Meter(self.id, architecture), f"changes sent from {self.home}"
        sent = meter.volume(item, self.sent_gb_per_month, "datatransfer", "inter_region_out", at=self.home)
        return (*super().bill(architecture), self._backups(meter), sent)

    def alarms(self, architecture: Architecture) -> tuple[Alarm, ...]:
        late = Runbook(
            f"Nothing yet: what is written now would be lost with {self.home}, whose database keeps its log "
            "until the copy has it: its volume fills.",
            f"Its CPU and disk, the transfer from {self.home}, and whether much is being written there.",
            "If it does not catch up, delete it: `groma up` makes a new one, in hours with much data.",
        )
        return tuple(
            replace(each, runbook=late) if each.id == f"{self.id}-lag" else each
            for each in super().alarms(architecture)
        )

    def module(self, architecture: Architecture) -> ModuleCall:
        arguments = in_network(architecture, self.clients, self._own(), self.backup_retention_days)
        standby_of: dict[str, Value] = {
            "instance_arn": Ref(f"module.{MODULE}.master_arn", of_root=True),
            "database_name": Ref(f"module.{MODULE}.database_name", of_root=True),
            "secret_arn": Ref(f'module.{SECRET_MODULE}.replica_arns["{architecture.region}"]'),
        }
        parameters: dict[str, Value] = {"parameters": dict(self.parameters)} if self.parameters else {}
        place: dict[str, Value] = {"master": self._place(architecture)}
        return ModuleCall(MODULE, "database", {**place, **arguments, **parameters, "standby_of": standby_of})

    def of_module(self, what: Literal["id", "endpoint"]) -> str:
        return f"module.{MODULE}.master_{what}"
