"""Amazon RDS for PostgreSQL: a master that takes the writes, and read replicas in other zones."""

from __future__ import annotations

from collections.abc import Collection, Mapping
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
)
from groma.architecture import Architecture, Component, Finding, Lane
from groma.components.database_alarms import MOST_CONNECTIONS, database_alarms, pooled
from groma.components.machine_group import machine_groups, security_groups_of
from groma.components.pricing import BOTH_DIRECTIONS, CROSS_ZONE, MONTH_HOURS, TERM_NAMES, Meter, committed
from groma.quantity import ZERO, Range
from groma.sizing.pools import LEAST_POOL
from groma.sizing.values import Size

MODULE = "database"
PROMOTION_HOURS = 0.5
"""Until somebody has noticed, decided, and promoted the replica: an assumption."""
APPLICATION_USER = "application"
"""The role by which the application signs in, with a token that IAM checks; the owner only migrates."""
LOG_GB_PER_MONTH = Range(0.1, 0.3, 1.0)
"""Logs of one instance: enhanced monitoring by the minute and slow statements: a guess."""
LOG_DAYS = 30
USUAL_BACKUP_DAYS = 7
"""What is not said of a master."""


@dataclass(frozen=True, kw_only=True)
class DatabaseServer(Component):
    """One database instance: the master, or the replica that copies it and answers reads.

    Attributes:
        number: which of the replicas it is, counted from 1; of the first nothing is said of it.
        clients: ids of the server groups that connect to it.
        standby: the subnet of its Multi-AZ standby, which takes over by itself; empty for none. RDS then
            chooses which of the network's zones it begins in.
        storage_class: the class of its volume.
        storage_gib: what that starts with; it grows by itself up to `max_storage_gib`.
        iops: operations/s that are bought apart; 0 where they come with the size.
        stored_gib: how much of it is used after a year.
        write_share: share of requests that write to the database.
        query_gb_per_month: bytes between it and the servers that ask it, both ways.
        changed_per_day: share of the stored data that goes into a day's backup.
        version: of the engine; empty for the module's own.
        surplus_vcpu_hours: what a burstable class uses beyond its credits in a month of 730 hours.
    """

    kind: ClassVar[str] = "database-server"
    service: ClassVar[str] = "Amazon RDS for PostgreSQL"
    icon: ClassVar[str] = "database/rds-postgresql-instance"
    lane: ClassVar[Lane] = "data"
    keeps: ClassVar[tuple[str, ...]] = ("aws_db_instance",)
    protected: ClassVar[tuple[str, ...]] = ("aws_db_instance",)
    service_roles: ClassVar[tuple[str, ...]] = ("rds.amazonaws.com",)
    engine: ClassVar[catalog.Engine] = "postgres"
    engine_name: ClassVar[str] = "PostgreSQL"
    port: ClassVar[int] = 5432

    role: Literal["master", "replica"]
    size: Size
    clients: tuple[str, ...]
    storage_gib: int
    max_storage_gib: int
    stored_gib: Range
    query_gb_per_month: Range
    changed_per_day: Range
    write_share: float
    storage_class: Literal["gp3", "io2"] = "gp3"
    iops: int = 0
    surplus_vcpu_hours: Range = ZERO
    backup_retention_days: int = USUAL_BACKUP_DAYS
    standby: str = ""
    version: str = ""
    number: int = 1

    @property
    def name(self) -> str:
        """What its instance is called after the database: `master`, `replica`, `replica-2`."""
        return self.role if self.number == 1 else f"{self.role}-{self.number}"

    @property
    def instance_class(self) -> str:
        """The class that AWS knows: `db.m7g.large`."""
        return self.size.choice.name

    @property
    def label(self) -> str:
        if self.role == "master":
            return "Database master"
        return "Read replica" if self.number == 1 else f"Read replica {self.number}"

    @property
    def details(self) -> tuple[str, ...]:
        multi_az = " · Multi-AZ" if self.standby else ""
        kept = self.role == "master" and self.backup_retention_days != USUAL_BACKUP_DAYS
        backups = (f"backups {self.backup_retention_days} days",) if kept else ()
        version = (f"version {self.version}",) if self.version else ()
        iops = f" · {self.iops:,} IOPS" if self.iops else ""
        storage = f"{self.storage_class} {self.storage_gib} GB{iops}"
        return (f"{self.instance_class}{multi_az}", *version, storage, *backups)

    def standby_zone(self, architecture: Architecture) -> str:
        """The name of the zone of its standby; empty when it has none."""
        zone = architecture.enclosing(self.standby, "zone") if self.standby else None
        return zone.name if zone is not None else ""

    def bill(self, architecture: Architecture) -> tuple[BillLine, ...]:
        meter = Meter(self.id, architecture)
        logs, kept = LOG_GB_PER_MONTH, "slow statements, and the operating system by the minute"
        lines = [
            self._machine(meter),
            *self._storage(meter),
            meter.volume("logs taken in", logs, "cloudwatch", "logs_ingest_standard", kept),
            meter.monthly("logs stored", logs, "cloudwatch", "logs_storage", f"{LOG_DAYS} days"),
            meter.volume(
                "traffic with servers in other zones, both directions",
                self.query_gb_per_month * (self._far_share(architecture) * BOTH_DIRECTIONS),
                *CROSS_ZONE,
                "paid at both ends inside a VPC; replication within the region is free",
            ),
        ]
        if self.surplus_vcpu_hours.high:
            lines.append(self._surplus(meter))
        if self.role == "master":
            lines.append(self._backups(meter))
        return tuple(lines)

    def _surplus(self, meter: Meter) -> BillLine:
        """RDS never slows a burstable class down: what it uses beyond its credits is billed."""
        item, note = "surplus CPU credits", "unlimited mode, at the high end of the load"
        family = self.instance_class.split(".")[1]
        return meter.volume(item, self.surplus_vcpu_hours, "rds", f"cpu_credit_{family}", note)

    @property
    def provisioned_gib(self) -> Range:
        """The storage that is paid for: what it starts with, grown where more is stored."""
        start = float(self.storage_gib)
        return self.stored_gib.map(lambda gib: max(gib, start))

    def _machine(self, meter: Meter) -> BillLine:
        """The instance; it runs in every hour, so that `mixed` commits to it for a year."""
        region, multi_az = meter.architecture.region, bool(self.standby)
        ask = partial(catalog.rds_price, region, self.instance_class, self.engine, multi_az)
        term, price = committed(meter.terms.purchase, ask)
        deployed = "Multi-AZ, with its standby" if multi_az else "single-AZ"
        name = f"{self.instance_class} {self.engine_name} {deployed}"
        if term == "on-demand":
            return meter.machines(name, 1, price)
        note = "partly paid in advance, spread over the term" if term == "reserved-3y" else "no upfront"
        return meter.machines(f"{name}, {TERM_NAMES[term]}", 1, price, note)

    def _storage(self, meter: Meter) -> tuple[BillLine, ...]:
        """The volume, and what operations are bought with it; with a standby a price holds those of both."""
        kind, both = self.storage_class, ", standby's too" if self.standby else ""
        which = "multi" if self.standby else "single"
        lines = [
            meter.monthly(f"{kind} storage{both}", self.provisioned_gib, "rds", f"storage_{kind}_{which}")
        ]
        if self.iops:
            item = f"{kind} operations by the second{both}"
            lines.append(meter.monthly(item, self.iops, "rds", f"{kind}_iops_{which}"))
        return tuple(lines)

    def _backups(self, meter: Meter) -> BillLine:
        """What the backups hold beyond the free allowance: the storage of all instances of the region."""
        free = sum((d.provisioned_gib for d in meter.architecture.of_type(DatabaseServer)), Range.exactly(0))
        held = self.stored_gib * (self.changed_per_day * self.backup_retention_days + 1)
        cases = (max(0.0, getattr(held, c) - getattr(free, c)) for c in ("low", "likely", "high"))
        note = f"{self.backup_retention_days} days; about {held.likely:,.0f} GB, {free.likely:,.0f} GB free"
        return meter.monthly(
            "backups over the free allowance", Range.around(*cases), "rds", "backup_over_free", note
        )

    def _far_share(self, architecture: Architecture) -> float:
        """Share of its clients' servers that stand in other zones."""
        clients = machine_groups(architecture, self.clients)
        zones = [zone for group in clients for zone in architecture.zones_of(group)]
        near = sum(zone in architecture.zones_of(self) for zone in zones)
        return 1 - near / len(zones) if zones else 0.0

    def quotas(self, architecture: Architecture) -> tuple[QuotaNeed, ...]:
        return (QuotaNeed("databases", 1),)

    def uptime(self, architecture: Architecture) -> Uptime | None:
        """Share of requests that the database answers; the master answers for all copies.

        Reads fail when all n copies are down: 1 - (1 - a)ⁿ, with `a` the agreement for a single-AZ instance.
        Writes fail from the loss of the master until a replica is promoted by hand. The agreement allows one
        outage of (1 - a) of a month, of which the promotion ends all but its own time T: 1 - min(1 - a, T).
        A Multi-AZ master fails over by itself within its own agreement m: writes m, and reads
        1 - (1 - m)·(1 - a)ⁿ⁻¹.
        Both are weighted by the share w of requests that write: (1 - w)·reads + w·writes.
        """
        if self.role != "master":
            return None
        copies = len(architecture.of_type(DatabaseServer))
        its = "its replica" if copies == 2 else "its replicas"
        single = catalog.sla("rds-single-az").availability
        if self.standby:
            multi = catalog.sla("rds-multi-az").availability
            reads = 1 - (1 - multi) * (1 - single) ** (copies - 1)
            share = (1 - self.write_share) * reads + self.write_share * multi
            because = f"Multi-AZ, up {multi:.2%} of the time"
            if copies > 1:
                because += f"; {self.write_share:.0%} of requests write, others also read from {its}"
            return Uptime(self.id, share, because)
        if copies == 1:
            return Uptime(self.id, single, f"a single-AZ instance, up {single:.1%} of the time")
        reads = 1 - (1 - single) ** copies
        writes = 1 - min(1 - single, PROMOTION_HOURS / MONTH_HOURS)
        share = (1 - self.write_share) * reads + self.write_share * writes
        return Uptime(
            self.id,
            share,
            f"{copies} single-AZ copies, each up {single:.1%} of the time; {self.write_share:.0%} of "
            f"requests write and wait {PROMOTION_HOURS * 60:.0f} minutes for a replica to be promoted",
        )

    def checks(self, architecture: Architecture) -> tuple[Finding, ...]:
        return (self._connections(architecture), self._grows(), *self._failover(architecture))

    def _grows(self) -> Finding:
        return Finding(
            id=f"{self.id}-storage",
            what=f"the volume of the {self.label.lower()} can grow to a year's rows at the high end",
            expected=f"at most {self.max_storage_gib:,} GiB",
            actual=f"{self.stored_gib.high:,.0f} GiB",
            ok=self.stored_gib.high <= self.max_storage_gib,
            severity="warning",
            hint="older rows have to go somewhere else before that",
        )

    def _connections(self, architecture: Architecture) -> Finding:
        pool = max(self.size.pool, LEAST_POOL)
        wanted = pooled(architecture, self.clients, pool)
        allowed = catalog.database_class(self.instance_class, self.engine).max_connections
        return Finding(
            id=f"{self.id}-connections",
            what=f"{self.label.lower()} has connections for every server of {', '.join(self.clients)}",
            expected=f"at most {MOST_CONNECTIONS:.0%} of {allowed}",
            actual=f"{wanted} ({pool} a server at the group's maximum)",
            ok=wanted <= MOST_CONNECTIONS * allowed,
        )

    def _failover(self, architecture: Architecture) -> tuple[Finding, ...]:
        if self.role != "master":
            return ()
        if self.standby:
            return (self._fails_over(architecture),)
        price = catalog.rds_price(architecture.region, self.instance_class, self.engine)
        both = catalog.rds_price(architecture.region, self.instance_class, self.engine, multi_az=True)
        usd = (both.usd - price.usd) * MONTH_HOURS if price and both else None
        copies = len(architecture.of_type(DatabaseServer))
        more = f" for about ${usd:,.0f} more a month" if usd is not None else ""
        return (
            Finding(
                id=f"{self.id}-failover",
                what="the loss of the database master",
                expected="writes go on by themselves",
                actual="it is restored from a backup by hand: nothing is read or written for an hour or more"
                if copies == 1
                else f"{'the' if copies == 2 else 'a'} replica is promoted by hand: no writes for 10 to 30 "
                "minutes",
                ok=False,
                severity="warning",
                hint=f"a Multi-AZ master fails over by itself in 1 to 2 minutes{more}",
            ),
        )

    def _fails_over(self, architecture: Architecture) -> Finding:
        (zone,), standby = architecture.zones_of(self), self.standby_zone(architecture)
        return Finding(
            id=f"{self.id}-failover",
            what="the loss of the database master",
            expected="a standby in another zone takes over by itself",
            actual=f"standby in {standby}, master in {zone}" if standby else "no zone of the standby",
            ok=standby not in ("", zone),
        )

    def alarms(self, architecture: Architecture) -> tuple[Alarm, ...]:
        return database_alarms(self, architecture)

    def module(self, architecture: Architecture) -> ModuleCall:
        if self.number > 1:
            return ModuleCall(MODULE, "database", {})  # the master's lists them all
        arguments: dict[str, Value] = {self.role: self._place(architecture)}
        if self.role == "master":
            arguments |= self._shared(architecture)
        return ModuleCall(MODULE, "database", arguments)

    def _place(self, architecture: Architecture) -> dict[str, Value]:
        (zone,) = architecture.zones_of(self)
        return {"instance_class": self.instance_class, "zone": zone}

    def _more_replicas(self, architecture: Architecture) -> dict[str, Value]:
        """Those beyond the first, in the order of their numbers."""
        others = [each for each in architecture.of_type(DatabaseServer) if each.number > 1]
        others.sort(key=lambda each: each.number)
        return {"more_replicas": [each._place(architecture) for each in others]} if others else {}

    def _shared(self, architecture: Architecture) -> dict[str, Value]:
        own: dict[str, Value] = {
            **({"multi_az": True} if self.standby else {}),
            **self._more_replicas(architecture),
            **self._own(),
        }
        return of_region(architecture, self.clients, own, self.backup_retention_days)

    def _own(self) -> dict[str, Value]:
        """Engine and volume."""
        return {
            **({} if self.engine == "postgres" else {"engine": self.engine}),
            **({"engine_version": self.version} if self.version else {}),
            "storage": {
                "gib": self.storage_gib,
                "max_gib": self.max_storage_gib,
                **({"type": self.storage_class, "iops": self.iops} if self.iops else {}),
            },
        }

    def running(self, architecture: Architecture, ask: Ask) -> tuple[Running, ...]:
        name = f"{architecture.name}-database-{self.name}"
        found = ask("rds", "describe_db_instances", DBInstanceIdentifier=name) or {}
        for database in found.get("DBInstances", ()):
            detail = f"{database['DBInstanceClass']} in {database.get('AvailabilityZone', 'no zone')}"
            return (Running(self.label, database["DBInstanceStatus"], detail),)
        return (Running(self.label, MISSING),)

    def outputs(self) -> dict[str, str]:
        name = self.name.replace("-", "_")
        return {f"database_{name}_{what}": self.of_module(what) for what in ("id", "endpoint")}

    def of_module(self, what: Literal["id", "endpoint"]) -> str:
        """Where the module tells its identifier or its host name."""
        if self.number == 1:
            return f"module.{MODULE}.{self.role}_{what}"
        return f"module.{MODULE}.replica_{what}s[{self.number - 1}]"


def of_region(
    architecture: Architecture, clients: Collection[str], own: Mapping[str, Value], backup_days: int
) -> dict[str, Value]:
    """What the module of a database of one region is told: where it stands, what is its own, who signs in.

    Args:
        clients: ids of the groups that connect to it.
        own: what modules of other databases do not take.
    """
    return {
        **in_network(architecture, clients, own, backup_days),
        "username": Ref("module.secret.username"),
        "secret_arn": Ref("module.secret.secret_arn"),
        "password": Ref("module.secret.password"),
        "password_version": Ref("module.secret.version"),
    }


def in_network(
    architecture: Architecture, clients: Collection[str], own: Mapping[str, Value], backup_days: int
) -> dict[str, Value]:
    """The same but for the owner's login, which a copy has from what it copies."""
    return {
        "name": f"{architecture.name}-database",
        "vpc_id": Ref("module.network.vpc_id"),
        "subnet_ids": Ref("values(module.network.private_subnet_ids)"),
        "client_security_group_ids": security_groups_of(architecture, clients),
        **own,
        "backup_retention_days": backup_days,
        "deletion_protection": Ref("var.deletion_protection"),
        "kms_key_arn": Ref("module.key.arn"),
        "application_user": APPLICATION_USER,
    }
