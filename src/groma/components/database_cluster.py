"""Amazon Aurora PostgreSQL in one region: a cluster with a writer, its readers, and one volume for all."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import ClassVar

from groma import catalog
from groma.answers import (
    MISSING,
    Alarm,
    Ask,
    BillLine,
    ModuleCall,
    QuotaNeed,
    Running,
    Uptime,
    Value,
)
from groma.architecture import Architecture, Component, Finding, Lane
from groma.components.database import LOG_DAYS, LOG_GB_PER_MONTH, USUAL_BACKUP_DAYS, of_region
from groma.components.database_alarms import MOST_CONNECTIONS, pooled
from groma.components.database_cluster_alarms import cluster_alarms
from groma.components.machine_group import machine_groups
from groma.components.pricing import BOTH_DIRECTIONS, CROSS_ZONE, Meter, committed
from groma.quantity import Range
from groma.sizing.pools import LEAST_POOL
from groma.sizing.values import Size

MODULE, CALL = "database-cluster", "database"
ENGINE, ENGINE_NAME = "aurora-postgresql", "Aurora PostgreSQL"


@dataclass(frozen=True, kw_only=True)
class DatabaseCluster(Component):
    """The cluster, in the zones of its instances; its volume stands in three of the region's, whatever these.

    Which instance writes is Aurora's to say: the first one that serves, until it fails over.

    Attributes:
        size: class of all instances, and what they were sized for.
        readers: instances beside the one that writes.
        clients: ids of the groups that connect to it.
        stored_gib: what the volume holds after a year.
        changed_per_day: share of it that goes into a day's backup.
        read_ios, write_ios: operations on the volume in a month of 730 hours.
        query_gb_per_month: bytes between it and the servers that ask it, both ways.
        version: of the engine; empty for the module's own.
    """

    kind: ClassVar[str] = "database-cluster"
    service: ClassVar[str] = "Amazon Aurora PostgreSQL"
    icon: ClassVar[str] = "database/aurora"
    lane: ClassVar[Lane] = "data"
    keeps: ClassVar[tuple[str, ...]] = ("aws_rds_cluster",)
    protected: ClassVar[tuple[str, ...]] = ("aws_rds_cluster",)
    service_roles: ClassVar[tuple[str, ...]] = ("rds.amazonaws.com",)
    port: ClassVar[int] = 5432

    size: Size
    readers: int
    clients: tuple[str, ...]
    stored_gib: Range
    changed_per_day: Range
    read_ios: Range
    write_ios: Range
    query_gb_per_month: Range
    backup_retention_days: int = USUAL_BACKUP_DAYS
    version: str = ""

    @property
    def instances(self) -> int:
        """The writer and its readers."""
        return 1 + self.readers

    @property
    def instance_class(self) -> str:
        """The class that AWS knows: `db.r7g.large`."""
        return self.size.choice.name

    @property
    def label(self) -> str:
        return "Aurora cluster"

    @property
    def details(self) -> tuple[str, ...]:
        many = f"{self.readers} reader{'' if self.readers == 1 else 's'}"
        parts = f"1 writer, {many}" if self.readers else "a writer alone"
        kept = self.backup_retention_days != USUAL_BACKUP_DAYS
        backups = (f"backups {self.backup_retention_days} days",) if kept else ()
        version = (f"version {self.version}",) if self.version else ()
        return (f"{self.instances} × {self.instance_class}", parts, *version, *backups)

    def bill(self, architecture: Architecture) -> tuple[BillLine, ...]:
        meter = Meter(self.id, architecture)
        far = self.query_gb_per_month * (self._far_share(architecture) * BOTH_DIRECTIONS)
        kept = self.stored_gib * (self.changed_per_day * (self.backup_retention_days - 1))
        return (
            self._machines(meter),
            meter.monthly(
                "storage", self.stored_gib, "aurora", "storage_standard",
                "at the end of a year; once for all instances, over three zones",
            ),
            meter.volume("reads of storage", self.read_ios, "aurora", "io_standard"),
            meter.volume("writes to storage", self.write_ios, "aurora", "io_standard"),
            meter.monthly(
                "backups beyond the newest", kept, "aurora", "backup_over_free",
                f"{self.backup_retention_days} days; one day is free",
            ),
            meter.volume("logs taken in", LOG_GB_PER_MONTH, "cloudwatch", "logs_ingest_standard"),
            meter.monthly("logs stored", LOG_GB_PER_MONTH, "cloudwatch", "logs_storage", f"{LOG_DAYS} days"),
            meter.volume(
                "traffic with servers in other zones, both directions", far, *CROSS_ZONE,
                "paid at both ends inside a VPC; between instances of a cluster it is free",
            ),
        )  # fmt: skip

    def _machines(self, meter: Meter) -> BillLine:
        """The instances; they run in every hour, so that `mixed` commits to them for a year."""
        name, region = self.instance_class, meter.architecture.region
        _, price = committed(meter.terms.purchase, partial(catalog.aurora_price, region, name))
        return meter.machines(f"{name} {ENGINE_NAME}", self.instances, price)

    def _far_share(self, architecture: Architecture) -> float:
        """Of its clients' servers those in other zones than the instance that they ask: of z zones 1 - 1/z,
        as each asks the one writer, and whichever reader its connection went to.
        """
        clients = machine_groups(architecture, self.clients)
        zones = {zone for group in clients for zone in architecture.zones_of(group)}
        return 1 - 1 / len(zones) if zones else 0.0

    def quotas(self, architecture: Architecture) -> tuple[QuotaNeed, ...]:
        return (QuotaNeed("databases", self.instances),)

    def uptime(self, architecture: Architecture) -> Uptime:
        """The agreement for a cluster: with instances in two zones or more, or in one."""
        if self.readers and len(architecture.zones_of(self)) > 1:
            share = catalog.sla("aurora-multi-az").availability
            return Uptime(self.id, share, "agreement for an Aurora cluster with instances in several zones")
        share = catalog.sla("aurora-single-az").availability
        return Uptime(self.id, share, "agreement for an Aurora cluster with instances in one zone")

    def checks(self, architecture: Architecture) -> tuple[Finding, ...]:
        return (self._connections(architecture), self._grows(), self._fails_over(architecture))

    @property
    def max_connections(self) -> int:
        """Connections that each instance accepts."""
        return catalog.database_class(self.instance_class).max_connections

    def _connections(self, architecture: Architecture) -> Finding:
        """Each instance may have to take all pools: a name for reading is told to servers by chance."""
        pool = max(self.size.pool, LEAST_POOL)
        wanted, allowed = pooled(architecture, self.clients, pool), self.max_connections
        return Finding(
            id=f"{self.id}-connections",
            what=f"each instance of the cluster has connections for all of {', '.join(self.clients)}",
            expected=f"at most {MOST_CONNECTIONS:.0%} of {allowed:,}",
            actual=f"{wanted:,} ({pool} a server at the group's maximum)",
            ok=wanted <= MOST_CONNECTIONS * allowed,
        )

    def _grows(self) -> Finding:
        most = catalog.fact("aurora.storage_most_gib").value
        return Finding(
            id=f"{self.id}-storage",
            what="the volume of the cluster can grow to a year's rows at the high end",
            expected=f"at most {most:,.0f} GiB",
            actual=f"{self.stored_gib.high:,.0f} GiB",
            ok=self.stored_gib.high <= most,
            severity="warning",
            hint="older rows have to go somewhere else before that",
        )

    def _fails_over(self, architecture: Architecture) -> Finding:
        zones = architecture.zones_of(self)
        alone = "another is made in its zone, within minutes; while that zone is lost, there is none"
        return Finding(
            id=f"{self.id}-failover",
            what="the loss of the cluster's writer",
            expected="a reader in another zone takes over by itself",
            actual=f"instances in {', '.join(zones)}" if self.readers else alone,
            ok=len(zones) > 1,
            severity="warning",
            hint="`replicas: 1` is a reader that takes over within half a minute",
        )

    def alarms(self, architecture: Architecture) -> tuple[Alarm, ...]:
        return cluster_alarms(self, architecture)

    def module(self, architecture: Architecture) -> ModuleCall:
        zones: list[Value] = list(architecture.zones_of(self))
        own: dict[str, Value] = {
            **({"engine_version": self.version} if self.version else {}),
            "instances": {"class": self.instance_class, "count": self.instances, "zones": zones},
        }
        arguments = of_region(architecture, self.clients, own, self.backup_retention_days)
        return ModuleCall(CALL, MODULE, arguments)

    def running(self, architecture: Architecture, ask: Ask) -> tuple[Running, ...]:
        name = f"{architecture.name}-database"
        found = ask("rds", "describe_db_clusters", DBClusterIdentifier=name) or {}
        for cluster in found.get("DBClusters", ()):
            members = cluster.get("DBClusterMembers", ())
            writer = next((m["DBInstanceIdentifier"] for m in members if m.get("IsClusterWriter")), "nobody")
            return (Running(self.label, cluster["Status"], f"{len(members)} instances, {writer} writes"),)
        return (Running(self.label, MISSING),)

    def outputs(self) -> dict[str, str]:
        told = ("cluster_id", "writer_endpoint", "reader_endpoint")
        return {f"database_{what}": f"module.{CALL}.{what}" for what in told}
