"""Amazon Aurora Global Database: one region's cluster of a PostgreSQL database that stands in all regions."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import partial
from typing import ClassVar, Literal

from groma import catalog
from groma.answers import (
    MISSING,
    Alarm,
    Ask,
    BillLine,
    ModuleCall,
    QuotaNeed,
    Ref,
    Running,
    Uptime,
    Value,
    in_region,
)
from groma.architecture import Architecture, Component, Finding, Lane
from groma.components.database import APPLICATION_USER, LOG_DAYS, LOG_GB_PER_MONTH
from groma.components.database_alarms import MOST_CONNECTIONS, pooled
from groma.components.global_database_alarms import cluster_alarms
from groma.components.machine_group import security_groups_of
from groma.components.operations import SECRET_MODULE, DatabaseSecret
from groma.components.pricing import BOTH_DIRECTIONS, CROSS_ZONE, Meter, committed
from groma.quantity import Range
from groma.sizing.pools import LEAST_POOL
from groma.sizing.values import Size

MOST_INSTANCES = 16
"""Of one cluster: a writer and 15 readers, or 16 readers; of a primary with s secondaries only 15 - s readers
(https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-global-database.configuration.requirements.html,
read 2026-11-22)."""
MOST_REGIONS = 11
"""A primary and up to ten secondary regions (same page)."""
LEAST_FORWARDED_PERCENT = 25
"""Of its connections a writer takes so many from other regions unless it is told otherwise, by the parameter
apg_write_forward.max_forwarding_connections_percent
(https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-global-database-write-forwarding-apg.html,
read 2026-11-28)."""


@dataclass(frozen=True, slots=True)
class ClusterTraffic:
    """What one region's cluster takes and gives in a month of 730 hours.

    Attributes:
        read_ios, write_ios: operations on this region's storage volume; a secondary writes none itself.
        replicated_write_ios: operations that arrive from the primary region.
        replicated_gb: bytes that this region sends to others, if it is the primary.
        query_gb: bytes between its clients and it, both ways.
    """

    read_ios: Range
    write_ios: Range
    replicated_write_ios: Range
    replicated_gb: Range
    query_gb: Range


@dataclass(frozen=True, kw_only=True)
class GlobalDatabase(Component):
    """One region's cluster.

    Attributes:
        database: name of the global database, the same in all regions.
        role: whether this region takes the writes or follows; any follower can be made the primary.
        primary: the region that takes the writes.
        home: the region that holds the master user's secret.
        size: class of the instances, and what the readers were sized for.
        instances: how many of them; in the primary one is the writer.
        secondaries: regions that follow the primary.
        clients: ids of the server groups that connect to it.
        write_connections: connections that the servers of one region open for writes, at the most.
        stored_gib: what the volume holds after a year.
        changed_per_day: share of it that goes into a day's backup.
    """

    kind: ClassVar[str] = "global-database"
    service: ClassVar[str] = "Amazon Aurora PostgreSQL"
    icon: ClassVar[str] = "database/aurora"
    lane: ClassVar[Lane] = "data"
    keeps: ClassVar[tuple[str, ...]] = ("aws_rds_cluster",)
    protected: ClassVar[tuple[str, ...]] = ("aws_rds_cluster", "aws_rds_global_cluster")
    service_roles: ClassVar[tuple[str, ...]] = ("rds.amazonaws.com",)

    database: str
    role: Literal["primary", "secondary"]
    primary: str
    home: str
    size: Size
    instances: int
    secondaries: int
    clients: tuple[str, ...]
    write_connections: int
    stored_gib: Range
    changed_per_day: Range
    traffic: ClusterTraffic
    backup_retention_days: int = 7

    @property
    def label(self) -> str:
        number = self.id.rpartition("/")[2].removeprefix("database")
        return f"Aurora cluster {number}".strip()

    @property
    def details(self) -> tuple[str, ...]:
        name, count = self.size.choice.name, self.instances
        if self.role == "primary":
            return (f"{count} × {name}", f"1 writer, {count - 1} readers")
        return (f"{count} × {name}", "readers; one can be promoted")

    def bill(self, architecture: Architecture) -> tuple[BillLine, ...]:
        meter, zones, traffic = Meter(self.id, architecture), len(architecture.zones_of(self)), self.traffic
        far = traffic.query_gb * ((1 - 1 / zones) * BOTH_DIRECTIONS)
        kept = self.stored_gib * (self.changed_per_day * (self.backup_retention_days - 1))
        lines = [
            self._machines(meter),
            meter.monthly("storage", self.stored_gib, "aurora", "storage_standard", "at the end of a year"),
            meter.volume("reads of storage", traffic.read_ios, "aurora", "io_standard"),
            meter.monthly(
                "backups beyond the newest", kept, "aurora", "backup_over_free",
                f"{self.backup_retention_days} days; one day is free",
            ),
            meter.volume("logs taken in", LOG_GB_PER_MONTH, "cloudwatch", "logs_ingest_standard"),
            meter.monthly("logs stored", LOG_GB_PER_MONTH, "cloudwatch", "logs_storage", f"{LOG_DAYS} days"),
            meter.volume("traffic with servers in other zones, both directions", far, *CROSS_ZONE),
        ]  # fmt: skip
        if self.role == "primary":
            copies = "sent to the other regions"
            lines += [
                meter.volume("writes to storage", traffic.write_ios, "aurora", "io_standard"),
                meter.volume(
                    "replication to other regions",
                    traffic.replicated_gb,
                    "datatransfer",
                    "inter_region_out",
                    copies,
                ),
            ]
        else:
            replicated, note = traffic.replicated_write_ios, f"from {self.primary}"
            lines.append(meter.volume("replicated writes", replicated, "aurora", "replicated_write_io", note))
        return tuple(lines)

    def _machines(self, meter: Meter) -> BillLine:
        """The instances; they run in every hour, so that `mixed` commits to them for a year."""
        name, region = self.size.choice.name, meter.architecture.region
        _, price = committed(meter.terms.purchase, partial(catalog.aurora_price, region, name))
        return meter.machines(f"{name} Aurora PostgreSQL", self.instances, price)

    def quotas(self, architecture: Architecture) -> tuple[QuotaNeed, ...]:
        return (QuotaNeed("databases", self.instances),)

    def uptime(self, architecture: Architecture) -> Uptime:
        share = catalog.sla("aurora-multi-az").availability
        return Uptime(self.id, share, "agreement for an Aurora cluster with instances in several zones")

    def checks(self, architecture: Architecture) -> tuple[Finding, ...]:
        return (self._connections(architecture), *self._writes(), self._instances())

    @property
    def max_connections(self) -> int:
        """Connections that each instance accepts."""
        return catalog.database_class(self.size.choice.name).max_connections

    @property
    def forwarded_percent(self) -> int:
        """What the writer has to take from other regions, in percent of its connections: in every region the
        same, since any of them may become the one that writes.
        """
        forwarded = self.write_connections * self.secondaries
        return max(LEAST_FORWARDED_PERCENT, math.ceil(100 * forwarded / self.max_connections))

    def _writes(self) -> tuple[Finding, ...]:
        """Whether the one instance that writes has connections for the writes of all regions."""
        if self.role != "primary":
            return ()
        forwarded = self.write_connections * self.secondaries
        wanted, allowed = self.write_connections + forwarded, self.max_connections
        return (
            Finding(
                id=f"{self.id}-writes",
                what=f"the writer of {self.label} has connections for the writes of all regions",
                expected=f"at most {MOST_CONNECTIONS:.0%} of {allowed:,}",
                actual=f"{wanted:,}, {forwarded:,} of them forwarded ({self.forwarded_percent} % allowed)",
                ok=wanted <= MOST_CONNECTIONS * allowed,
                hint="larger application servers need fewer connections",
            ),
        )

    def _connections(self, architecture: Architecture) -> Finding:
        pool = max(self.size.pool, LEAST_POOL)
        wanted, allowed = pooled(architecture, self.clients, pool), self.max_connections
        return Finding(
            id=f"{self.id}-connections",
            what=f"each instance of {self.label} has connections for all of {', '.join(self.clients)}",
            expected=f"at most {MOST_CONNECTIONS:.0%} of {allowed:,}",
            actual=f"{wanted:,} ({pool} a server at the group's maximum)",
            ok=wanted <= MOST_CONNECTIONS * allowed,
        )

    def _instances(self) -> Finding:
        most = MOST_INSTANCES - (self.secondaries if self.role == "primary" else 0)
        return Finding(
            id=f"{self.id}-instances",
            what=f"{self.label} has no more instances than an Aurora cluster takes",
            expected=f"2 to {most}",
            actual=str(self.instances),
            ok=2 <= self.instances <= most,
            hint="the writes or reads need one more global database",
        )

    def alarms(self, architecture: Architecture) -> tuple[Alarm, ...]:
        return cluster_alarms(self, architecture)

    def module(self, architecture: Architecture) -> ModuleCall:
        zones: list[Value] = list(architecture.zones_of(self))
        arguments: dict[str, Value] = {
            "name": self.database,
            "vpc_id": Ref("module.network.vpc_id"),
            "subnet_ids": Ref("values(module.network.private_subnet_ids)"),
            "client_security_group_ids": security_groups_of(architecture, self.clients),
            "instances": {"class": self.size.choice.name, "count": self.instances, "zones": zones},
            "application_user": APPLICATION_USER,
            "forwarded_percent": self.forwarded_percent,
            "backup_retention_days": self.backup_retention_days,
            "deletion_protection": Ref("var.deletion_protection"),
            "kms_key_arn": Ref("module.key.arn"),
        }
        if self.role == "primary":
            secret = in_region(SECRET_MODULE, self.home)
            arguments["primary"] = {
                "username": Ref(f"{secret}.username"),
                "password_version": Ref(f"{secret}.version"),
            }
            arguments["password"] = Ref(f"{secret}.password")
        else:
            arguments["global_cluster_id"] = Ref(f"{in_region(self.id, self.primary)}.global_cluster_id")
        return ModuleCall(self.id, "global-database", arguments)

    def running(self, architecture: Architecture, ask: Ask) -> tuple[Running, ...]:
        name = f"{self.database}-{architecture.region}"
        found = ask("rds", "describe_db_clusters", DBClusterIdentifier=name) or {}
        for cluster in found.get("DBClusters", ()):
            members = len(cluster.get("DBClusterMembers", ()))
            return (Running(self.label, cluster["Status"], f"{self.role}, {members} instances"),)
        return (Running(self.label, MISSING),)

    def outputs(self) -> dict[str, str]:
        return {
            f"{self.id}_cluster_id": f"module.{self.id}.cluster_id",
            f"{self.id}_reader_endpoint": f"module.{self.id}.reader_endpoint",
        }


@dataclass(frozen=True, kw_only=True)
class GlobalSecret(DatabaseSecret):
    """The master password of all global databases, with a copy in each region whose servers read it.

    Attributes:
        home: the region in which it is made.
    """

    home: str

    def arn_in(self, region: str) -> Ref:
        """The ARN of the secret as a region's servers read it, from any region of the root."""
        if region in self.replicas:
            return Ref(f'{in_region(SECRET_MODULE, self.home)}.replica_arns["{region}"]')
        return Ref(f"{in_region(SECRET_MODULE, self.home)}.secret_arn")
