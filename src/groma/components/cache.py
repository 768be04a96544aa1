"""Amazon ElastiCache: a Valkey cache before the database, in shards with a copy of each in another zone."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import partial
from typing import ClassVar

from groma import catalog
from groma.answers import MISSING, Alarm, Ask, BillLine, Metric, ModuleCall, QuotaNeed, Ref, Running, Uptime
from groma.architecture import Architecture, Component, Finding, Lane
from groma.components.pricing import BOTH_DIRECTIONS, CROSS_ZONE, TERM_NAMES, Meter, committed
from groma.errors import Infeasible
from groma.quantity import Range

RESERVED_MEMORY = 0.25
"""Share of a node's memory that ElastiCache keeps for copies and backups (`reserved-memory-percent`)."""
MOST_SHARDS = 250
NODES_PER_CACHE = 90
"""Quota "Nodes per cluster per instance type" of Amazon ElastiCache, by default; AWS raises it to 500."""
CPU_LIMIT_PERCENT = 90
MEMORY_LIMIT_PERCENT = 80
REPLICAS = 1
NAMES = {"cpu": "CPU"}


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
            f"no cache of at most {MOST_SHARDS} shards holds {hot_gib:,.0f} GiB in {region}",
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

    @property
    def label(self) -> str:
        return "Valkey cache"

    @property
    def details(self) -> tuple[str, ...]:
        return (f"{self.size.nodes} × {self.size.node_type}", f"{self.size.shards} shards, 1 replica each")

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

    def uptime(self, architecture: Architecture) -> Uptime:
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
                Metric(
                    "AWS/ElastiCache", "EngineCPUUtilization", "Average", {**group, "Role": "Primary"}, 300
                ),
                CPU_LIMIT_PERCENT,
                "one thread of a node executes all commands; at its limit every read waits",
            ),
            self._alarm(
                "memory",
                Metric(
                    "AWS/ElastiCache", "DatabaseMemoryUsageCountedForEvictPercentage", "Average", group, 300
                ),
                MEMORY_LIMIT_PERCENT,
                f"sized to hold the rows of a day; a full {node} forgets some that are still asked for",
            ),
        )

    def _alarm(self, what: str, metric: Metric, limit: int, because: str) -> Alarm:
        return Alarm(
            id=f"{self.id}-{what}",
            component=self.id,
            title=f"the cache uses over {limit} % of its {NAMES.get(what, what)}",
            because=because,
            watches=metric,
            comparison=">",
            threshold=limit,
            evaluation_periods=3,
            datapoints=3,
        )

    def module(self, architecture: Architecture) -> ModuleCall:
        clients = {group: Ref(f"module.{group}.server_security_group_id") for group in self.clients}
        return ModuleCall(
            self.id,
            "cache",
            {
                "name": self.name,
                "vpc_id": Ref("module.network.vpc_id"),
                "subnet_ids": Ref("values(module.network.private_subnet_ids)"),
                "client_security_group_ids": clients,
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
