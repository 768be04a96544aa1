"""What a machine offers: EC2 instance types, database classes, cache nodes, performance per family."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from groma.catalog._store import memo, table, unknown
from groma.catalog.facts import fact

Arch = Literal["arm64", "x86_64"]
Engine = Literal["postgres", "mysql"]
GIB = 2**30


@dataclass(frozen=True, slots=True)
class InstanceType:
    """An EC2 instance type.

    Network in Gbit/s and EBS throughput in Mbit/s; a peak or maximum is lent for a while, a baseline
    lasts. ``burstable_baseline`` is the CPU fraction per vCPU that credits sustain, None when the CPU is
    not metered.
    """

    name: str
    family: str
    vcpu: int
    mem_gib: float
    arch: Arch
    network_baseline_gbps: float
    network_peak_gbps: float
    ebs_baseline_mbps: float
    ebs_baseline_iops: int
    ebs_max_mbps: float
    ebs_max_iops: int
    burstable_baseline: float | None
    source: str
    as_of: str


@dataclass(frozen=True, slots=True)
class DatabaseClass:
    """An RDS or Aurora class; its hardware is that of the EC2 type of the same name.

    ``max_connections`` is the engine's default, from the memory that is really usable. PostgreSQL:
    LEAST(DBInstanceClassMemory / 9531392, 5000).
    MySQL: DBInstanceClassMemory / 12582880. It is computed from the nominal memory; AWS keeps a part of
    that for the system, so the real default lies a few per cent lower, more so on the smallest classes.
    """

    name: str
    vcpu: int
    mem_gib: float
    arch: Arch
    burstable_baseline: float | None
    max_connections: int
    source: str
    as_of: str


@dataclass(frozen=True, slots=True)
class CacheNode:
    """An ElastiCache node type; ``mem_gib`` is what the cache may use, less than the machine has."""

    name: str
    vcpu: int
    mem_gib: float
    arch: Arch
    source: str
    as_of: str


@dataclass(frozen=True, slots=True)
class Performance:
    """Work per vCPU and second relative to m6i = 1: CoreMark over the family's sizes.

    ``likely`` is the median, ``low`` and ``high`` the least and most of any size. Web-server tests put
    Graviton about 25 % below what CoreMark says, so for arm64 families low = 0.75 x CoreMark's low: size
    a web tier with ``low`` when a promise hangs on it. Burstable families are rated at full burst.
    """

    low: float
    likely: float
    high: float
    source: str
    as_of: str


@memo
def _instance_types() -> dict[str, InstanceType]:
    data = table("instance_types")
    columns, source = data["columns"], data["sources"][0]
    return {
        name: InstanceType(
            name=name, family=name.split(".")[0], **dict(zip(columns, row, strict=True)), **source
        )
        for name, row in data["rows"].items()
    }


def instance_types() -> tuple[InstanceType, ...]:
    """Every EC2 instance type of the catalog, by family and size."""
    return tuple(_instance_types().values())


def instance_type(name: str) -> InstanceType:
    """The EC2 instance type of that name; InputError, naming near matches, when it is not there."""
    found = _instance_types().get(name)
    if found is None:
        raise unknown("instance type", name, _instance_types())
    return found


@memo
def _class_names() -> dict[str, frozenset[str]]:
    """Names of database classes by engine; "aurora" stands for the Aurora table."""
    rds = table("rds")["rows"]
    return {
        "postgres": frozenset(key.split("/")[3] for key in rds if key.startswith("postgres/")),
        "mysql": frozenset(key.split("/")[3] for key in rds if key.startswith("mysql/")),
        "aurora": frozenset(key.split("/")[1] for key in table("aurora")["rows"]),
    }


def database_classes(engine: Engine = "postgres") -> tuple[DatabaseClass, ...]:
    """Every class of the catalog that RDS sells for the engine, in the order of the EC2 types."""
    names = _class_names().get(engine)
    if names is None or engine not in ("postgres", "mysql"):
        raise unknown("database engine", engine, ("postgres", "mysql"))
    return tuple(database_class(f"db.{t}", engine) for t in _instance_types() if f"db.{t}" in names)


def aurora_classes() -> tuple[str, ...]:
    """The name of every class that Aurora sells, in the order of the EC2 types."""
    names = _class_names()["aurora"]
    return tuple(f"db.{t}" for t in _instance_types() if f"db.{t}" in names)


@memo
def database_class(name: str, engine: Engine = "postgres") -> DatabaseClass:
    """The RDS or Aurora class of that name; InputError, naming near matches, when it is not there."""
    known = frozenset[str]().union(*_class_names().values())
    if name not in known:
        raise unknown("database class", name, known)
    machine = instance_type(name.removeprefix("db."))
    return DatabaseClass(
        name=name,
        vcpu=machine.vcpu,
        mem_gib=machine.mem_gib,
        arch=machine.arch,
        burstable_baseline=machine.burstable_baseline,
        max_connections=_max_connections(machine.mem_gib, engine),
        source=machine.source,
        as_of=machine.as_of,
    )


def _usable_gib(mem_gib: float) -> float:
    """What AWS's formulas call `DBInstanceClassMemory`: the class's memory less what the system keeps.

    AWS publishes the name, not the value; the line u = 0.9632·m - 0.3195 goes through two measured classes.
    """
    usable = mem_gib * fact("rds.memory_usable_share").value - fact("rds.memory_kept_gib").value
    return max(usable, 0.0)


def _max_connections(mem_gib: float, engine: Engine) -> int:
    connections = int(_usable_gib(mem_gib) * GIB / fact(f"rds.{engine}_bytes_per_connection").value)
    if engine == "postgres":
        return min(connections, int(fact("rds.postgres_max_connections").value))
    return connections


@memo
def _cache_nodes() -> dict[str, CacheNode]:
    data = table("elasticache")
    source = data["sources"][0]
    return {
        name: CacheNode(
            name, vcpu, mem_gib, "arm64" if name.split(".")[1].endswith("g") else "x86_64", **source
        )
        for name, vcpu, mem_gib in data["nodes"]
    }


def cache_nodes() -> tuple[CacheNode, ...]:
    """Every ElastiCache node type of the catalog."""
    return tuple(_cache_nodes().values())


def cache_node(name: str) -> CacheNode:
    """The ElastiCache node type of that name; InputError, naming near matches, when it is not there."""
    found = _cache_nodes().get(name)
    if found is None:
        raise unknown("cache node type", name, _cache_nodes())
    return found


@memo
def performance(family: str) -> Performance:
    """Performance per vCPU of an EC2 family ("m7g"); InputError when the catalog has no such family."""
    data = table("performance")
    if family not in data["rows"]:
        raise unknown("instance family", family, data["rows"])
    _, median, low, high = data["rows"][family]
    if any(t.family == family and t.arch == "arm64" for t in _instance_types().values()):
        low = round(low * (1 - fact("performance.graviton_web_discount").value), 4)
    return Performance(low=low, likely=median, high=high, **data["sources"][0])
