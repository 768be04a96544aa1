"""Amazon ElastiCache: a Valkey cache before the database, in shards with a copy of each in another zone."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import ClassVar

from groma import catalog
from groma.answers import (
    MISSING,
    Alarm,
    Ask,
    BillLine,
    Metric,
    Missing,
    ModuleCall,
    QuotaNeed,
    Ref,
    Runbook,
    Running,
    Uptime,
    Value,
)
from groma.architecture import Architecture, Component, Finding, Lane
from groma.components.machine_group import security_groups_of
from groma.components.pricing import BOTH_DIRECTIONS, CROSS_ZONE, TERM_NAMES, Meter, committed
from groma.components.watching import ELSEWHERE, alarm, running
from groma.errors import Infeasible
from groma.quantity import Range

RESERVED_MEMORY = 0.25
"""Share of a node's memory that ElastiCache keeps for copies and backups (`reserved-memory-percent`)."""
MOST_SHARDS = 250
NODES_PER_CACHE = 90
"""Quota "Nodes per cluster per instance type" of Amazon ElastiCache, by default; AWS raises it to 500."""
CPU_LIMIT_PERCENT = 90
"""AWS's recommendation for its one thread, by the law of one server, M/M/1."""
REPLICAS = 1
MODULE = "cache"
"""What its module is called where it is called, in each region."""
ROLES: Mapping[str, Value] = {
    "cache.host": Ref(f"module.{MODULE}.endpoint"),
    "cache.port": Ref(f"module.{MODULE}.port"),
    "cache.user": Ref(f"module.{MODULE}.user_name"),
    "cache.name": Ref(f"module.{MODULE}.id"),
}
"""What servers are told of it, by role."""
MAY_CONNECT: Mapping[str, Value] = {MODULE: Ref(f"module.{MODULE}.connect_policy")}
"""The policy, by its name, that lets them sign in."""


@dataclass(frozen=True, slots=True)
class CacheSize:
    """How many nodes of which type: `shards` primaries, each with `REPLICAS` copies in other zones.

    `hot_gib` and `reads_per_s` are what it was sized for.
    """

    node_type: str
    shards: int
    hot_gib: float
    reads_per_s: float

    @property
    def nodes(self) -> int:
        """All nodes."""
        return self.shards * (1 + REPLICAS)

    @property
    def usable_gib(self) -> float:
        """What all primaries hold together."""
        return self.shards * catalog.cache_node(self.node_type).mem_gib * (1 - RESERVED_MEMORY)


def cheapest_cache(region: str, hot_gib: float, reads_per_s: float, node_reads_per_s: float) -> CacheSize:
    """The cheapest nodes that hold the hot set and answer its reads, with the copies lost with their zone.

    Of each type it takes the larger of ⌈hot / usable memory⌉ and ⌈reads / reads of a node⌉ shards; all types
    are tried. Burstable nodes are left out: a cache that has run out of credits takes the database with it.

    Args:
        hot_gib: what is to be held, in GiB.
        reads_per_s: reads at the peak.
        node_reads_per_s: what one node answers.

    Raises:
        Infeasible: no number of nodes that ElastiCache allows is enough.
    """
    found: list[tuple[float, int, CacheSize]] = []
    for node in catalog.cache_nodes():
        price = catalog.elasticache_price(region, node.name)
        if price is None or node.name.startswith("cache.t"):
            continue
        by_memory = math.ceil(hot_gib / (node.mem_gib * (1 - RESERVED_MEMORY)) - 1e-9)
        shards = max(1, by_memory, math.ceil(reads_per_s / node_reads_per_s - 1e-9))
        if shards <= MOST_SHARDS:
            size = CacheSize(node.name, shards, hot_gib, reads_per_s)
            found.append((size.nodes * price.usd, size.nodes, size))
    if not found:
        raise Infeasible(
            f"no cache of at most {MOST_SHARDS} shards holds {hot_gib:,.0f} GiB and answers "
            f"{reads_per_s:,.0f} reads/s in {region}",
            hint="lower load.database_hot_gib_per_million_users, or spread the users over more regions",
        )
    return min(found, key=lambda each: (each[0], each[1], each[2].node_type))[2]


@dataclass(frozen=True, kw_only=True)
class Cache(Component):
    """A cache of the region's hot rows.

    Attributes:
        name: of the cache: the stack's and `cache`, the same in every region.
        size: node type and shards.
        clients: ids of the server groups that ask it.
        query_gb_per_month: bytes between it and its clients, both ways.
        spared: whether the database carries everything without it, so that no request depends on it.
    """

    kind: ClassVar[str] = "cache"
    service: ClassVar[str] = "Amazon ElastiCache"
    icon: ClassVar[str] = "database/elasticache"
    lane: ClassVar[Lane] = "data"
    service_roles: ClassVar[tuple[str, ...]] = ("elasticache.amazonaws.com",)

    name: str
    size: CacheSize
    clients: tuple[str, ...]
    query_gb_per_month: Range
    spared: bool = False

    @property
    def label(self) -> str:
        return "Valkey cache"

    @property
    def details(self) -> tuple[str, ...]:
        shards = (
            "1 shard, 1 replica" if self.size.shards == 1 else f"{self.size.shards} shards, 1 replica each"
        )
        return (f"{self.size.nodes} × {self.size.node_type}", shards)

    def bill(self, architecture: Architecture) -> tuple[BillLine, ...]:
        meter, zones = Meter(self.id, architecture), len(architecture.zones_of(self))
        name, region = self.size.node_type, architecture.region
        ask = partial(catalog.elasticache_price, region, name, "valkey")
        term, price = committed(meter.terms.purchase, ask)
        item = f"{name} Valkey {TERM_NAMES[term]}"
        far = self.query_gb_per_month * ((1 - 1 / zones) * BOTH_DIRECTIONS)
        return (
            meter.machines(item, self.size.nodes, price),
            meter.volume("traffic with servers in other zones, both directions", far, *CROSS_ZONE),
        )

    def quotas(self, architecture: Architecture) -> tuple[QuotaNeed, ...]:
        return (QuotaNeed("cache-nodes", self.size.nodes),)

    def uptime(self, architecture: Architecture) -> Uptime | None:
        if self.spared:
            return None
        share = catalog.sla("elasticache-multi-az").availability
        return Uptime(self.id, share, "agreement for ElastiCache with replicas in other zones")

    def checks(self, architecture: Architecture) -> tuple[Finding, ...]:
        return (
            Finding(
                id=f"{self.id}-nodes",
                what='AWS allows so many cache nodes: quota "Nodes per cluster per instance type"',
                expected=f"at most {NODES_PER_CACHE}",
                actual=str(self.size.nodes),
                ok=self.size.nodes <= NODES_PER_CACHE,
                severity="warning",
                hint=f"ask AWS for {self.size.nodes} in {architecture.region} before `groma up --target aws`",
            ),
        )

    def alarms(self, architecture: Architecture) -> tuple[Alarm, ...]:
        """By the metrics that ElastiCache sums up over the group, as its own auto scaling reads them."""
        group, node = {"ReplicationGroupId": Ref(f"module.{self.id}.id")}, self.size.node_type
        return (
            self._alarm(
                "cpu",
                "the cache is so busy that reads wait, or silent",
                f"one thread of a node executes all commands; at {CPU_LIMIT_PERCENT} % busy a command waits, "
                f"on average, {1 / (1 - CPU_LIMIT_PERCENT / 100) - 1:.0f} times as long as it takes",
                Metric(
                    "AWS/ElastiCache", "EngineCPUUtilization", "Average", {**group, "Role": "Primary"}, 300
                ),
                CPU_LIMIT_PERCENT,
                running("ticket"),
                Runbook(
                    "Reads become slow. Without data the cache does not run, and the database answers all of "
                    "them.",
                    "Is one key read all the time, or are there more reads than planned? Without data: its "
                    "events.",
                    "One key: keep it in the servers for a second. More reads: `groma up` with the new load.",
                ),
            ),
            self._alarm(
                "memory",
                "the cache is nearly full",
                f"{self.size.hot_gib:,.3g} GiB, the rows of a day, were planned on "
                f"{self.size.usable_gib:,.3g} GiB of {node}: halfway from the one to all of it; at 100 % "
                "rows are evicted that are still asked for",
                Metric(
                    "AWS/ElastiCache", "DatabaseMemoryUsageCountedForEvictPercentage", "Average", group, 300
                ),
                self.full_percent,
                ELSEWHERE,
                Runbook(
                    "Nothing yet; next, rows are evicted that are still asked for, and the database answers "
                    "more.",
                    "Evictions of its nodes, and how long keys live: does something fill it that has no end?",
                    "Give keys an end. More users than planned: `groma up` with the new load adds shards.",
                ),
            ),
        )

    @property
    def full_percent(self) -> int:
        """Halfway from what it was planned to hold to all of it, in percent, at most 95."""
        return min(round(50 * (1 + self.size.hot_gib / self.size.usable_gib)), 95)

    def _alarm(
        self,
        what: str,
        title: str,
        derived_from: str,
        metric: Metric,
        limit: int,
        missing: Missing,
        runbook: Runbook,
    ) -> Alarm:
        return alarm(self.id, what, title, derived_from, metric, (">", limit, 3), missing, runbook)

    def module(self, architecture: Architecture) -> ModuleCall:
        return ModuleCall(
            self.id,
            "cache",
            {
                "name": self.name,
                "vpc_id": Ref("module.network.vpc_id"),
                "subnet_ids": Ref("values(module.network.private_subnet_ids)"),
                "client_security_group_ids": security_groups_of(architecture, self.clients),
                "node_type": self.size.node_type,
                "shards": self.size.shards,
                "replicas_per_shard": REPLICAS,
                "kms_key_arn": Ref("module.key.arn"),
            },
        )

    def running(self, architecture: Architecture, ask: Ask) -> tuple[Running, ...]:
        found = ask("elasticache", "describe_replication_groups", ReplicationGroupId=self.name) or {}
        for group in found.get("ReplicationGroups", ()):
            detail = f"{len(group.get('MemberClusters', ()))} × {group['CacheNodeType']}"
            return (Running(self.label, group["Status"], detail),)
        return (Running(self.label, MISSING),)

    def outputs(self) -> dict[str, str]:
        return {f"{self.id}_id": f"module.{self.id}.id"}
