"""Copies of a database's automated backups in another region, for when its own is lost."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from groma.answers import MISSING, Ask, BillLine, ModuleCall, Ref, Running
from groma.architecture import Architecture, Component, Finding, Lane
from groma.components.pricing import Meter
from groma.quantity import Range

MODULE = "backup-copies"
MONTH_DAYS = 365 / 12
TWICE = 2
"""What changes is sent in the day's snapshot, and before that in the logs of each change."""


@dataclass(frozen=True, kw_only=True)
class BackupCopies(Component):
    """Snapshots and transaction logs of a database master of RDS, copied to another region as they come.

    Attributes:
        region: where they are kept.
        source: the id of the master.
        days: how long they are kept there.
        stored_gib: what the database holds after a year.
        changed_per_day: share of it that goes into a day's backup.
    """

    kind: ClassVar[str] = "backup-copies"
    service: ClassVar[str] = "Amazon RDS automated backups"
    icon: ClassVar[str] = "storage/backup"
    lane: ClassVar[Lane] = "data"

    region: str
    source: str
    days: int
    stored_gib: Range
    changed_per_day: Range

    @property
    def label(self) -> str:
        return "Copies of backups"

    @property
    def details(self) -> tuple[str, ...]:
        return (f"in {self.region}", f"{self.days} days · encrypted")

    @property
    def call(self) -> str:
        """The call of its module: copies in another region are other ones, which take no resource over."""
        return f"copies_{self.region.replace('-', '_')}"

    @property
    def sent_gb_per_month(self) -> Range:
        """What is copied in a month, with a year's rows; the first snapshot comes before there are many."""
        return self.stored_gib * (self.changed_per_day * (MONTH_DAYS * TWICE))

    def bill(self, architecture: Architecture) -> tuple[BillLine, ...]:
        """Transfer out of the home region, and storage in the other; AWS's own key there costs nothing.

        A snapshot and what changed on each of the days d lie there: stored · (1 + d · changed). RDS keeps as
        much as a region's instances have for nothing, and there is none in that region.
        """
        meter, at = Meter(self.id, architecture), self.region
        held = self.stored_gib * (self.changed_per_day * self.days + 1)
        sent, kept = f"snapshots and logs to {at}", f"{self.days} days; nothing is free without a database"
        return (
            meter.volume("copies sent", self.sent_gb_per_month, "datatransfer", "inter_region_out", sent),
            meter.monthly("copies kept", held, "rds", "backup_over_free", kept, at=at),
        )

    def checks(self, architecture: Architecture) -> tuple[Finding, ...]:
        home = architecture.region
        return (
            Finding(
                id=f"{self.id}-region",
                what=f"the loss of {home}, with all that is stored there",
                expected="the database can be restored in another region",
                actual=f"by hand in {self.region}, to any second of {self.days} days but the last minutes",
                ok=self.region != home,
                hint="name another region as database.backups_copied_to",
            ),
        )

    def module(self, architecture: Architecture) -> ModuleCall:
        return ModuleCall(
            self.call,
            MODULE,
            {
                "source_arn": Ref("module.database.master_arn"),
                "retention_days": self.days,
            },
            {"aws": self.region},
        )

    def running(self, architecture: Architecture, ask: Ask) -> tuple[Running, ...]:
        """As the master tells of them in its own region."""
        name = f"{architecture.name}-database-master"
        found = ask("rds", "describe_db_instances", DBInstanceIdentifier=name) or {}
        copies = [
            copy["DBInstanceAutomatedBackupsArn"]
            for database in found.get("DBInstances", ())
            for copy in database.get("DBInstanceAutomatedBackupsReplications", ())
        ]
        goes_on = any(arn.split(":")[3] == self.region for arn in copies)
        return (Running(self.label, "replicating" if goes_on else MISSING, f"to {self.region}"),)

    def outputs(self) -> dict[str, str]:
        return {f"backup_copies_{what}": f"module.{self.call}.{what}" for what in ("arn", "key_arn")}
