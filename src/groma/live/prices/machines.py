"""Which products are machines: EC2, RDS and Aurora, ElastiCache; and the units in the same files."""

from __future__ import annotations

from functools import cache

from groma import catalog
from groma.catalog.prices import PURCHASES
from groma.live.prices.figures import Attributes, Figure, Machine, unit


@cache
def _known_types() -> frozenset[str]:
    return frozenset(machine.name for machine in catalog.instance_types())


EC2_UNITS = {
    "EBS:VolumeUsage.gp3": ("ebs", "gp3_storage"),
    "EBS:VolumeP-IOPS.gp3": ("ebs", "gp3_iops_over_3000"),
    "EBS:VolumeP-Throughput.gp3": ("ebs", "gp3_throughput_over_125"),
    "NatGateway-Hours": ("natgateway", "hour"),
    "NatGateway-Bytes": ("natgateway", "gb_processed"),
}
EC2_ATTRIBUTES = {
    "operatingSystem": "Linux",
    "tenancy": "Shared",
    "preInstalledSw": "NA",
    "capacitystatus": "Used",
    "licenseModel": "No License required",
}


def ec2(family: str, usage: str, attributes: Attributes) -> Figure | None:
    """Linux on shared machines, volumes, NAT gateways."""
    if usage in EC2_UNITS:
        return unit(*EC2_UNITS[usage])
    name = attributes.get("instanceType", "")
    if family != "Compute Instance" or usage != f"BoxUsage:{name}" or name not in _known_types():
        return None
    if any(attributes.get(key) != value for key, value in EC2_ATTRIBUTES.items()):
        return None
    places = {str(term): ("ec2_reserved", f"{term}/{name}") for term in PURCHASES}
    return Machine(places | {"on-demand": ("ec2_on_demand", name)})


RDS_UNITS = {
    "RDS:GP3-Storage": ("rds", "storage_gp3_single"),
    "RDS:Multi-AZ-GP3-Storage": ("rds", "storage_gp3_multi"),
    "RDS:PIOPS-Storage-IO2": ("rds", "storage_io2_single"),
    "RDS:Multi-AZ-PIOPS-Storage-IO2": ("rds", "storage_io2_multi"),
    "RDS:IO2-PIOPS": ("rds", "io2_iops_single"),
    "RDS:Multi-AZ-IO2-PIOPS": ("rds", "io2_iops_multi"),
    "RDS:ChargedBackupUsage": ("rds", "backup_over_free"),
}
CREDIT_UNITS = {
    "CPUCredits:db.t3": ("rds", "cpu_credit_t3"),
    "CPUCredits:db.t4g": ("rds", "cpu_credit_t4g"),
}
"""One product for each engine; PostgreSQL's is taken."""
AURORA_UNITS = {
    "Aurora:StorageUsage": ("aurora", "storage_standard"),
    "Aurora:StorageIOUsage": ("aurora", "io_standard"),
    "Aurora:BackupUsage": ("aurora", "backup_over_free"),
    "Aurora:ReplicatedWriteIO": ("aurora", "replicated_write_io"),
}
RDS_ENGINES = {"PostgreSQL": "postgres", "MySQL": "mysql"}
AURORA_ENGINES = ("Aurora PostgreSQL", "Aurora MySQL")


def rds(family: str, usage: str, attributes: Attributes) -> Figure | None:
    """The class is read from its attribute: usage types shorten it (`db.r6g.xl`)."""
    engine, name = attributes.get("databaseEngine", ""), attributes.get("instanceType", "")
    if usage in RDS_UNITS and engine in (*RDS_ENGINES, "Any"):
        return unit(*RDS_UNITS[usage])
    if usage in CREDIT_UNITS:
        return unit(*CREDIT_UNITS[usage]) if engine == "PostgreSQL" else None
    if usage in AURORA_UNITS:
        return unit(*AURORA_UNITS[usage]) if engine in ("Any", "Aurora PostgreSQL") else None
    deployments = {"InstanceUsage:db.": "single-az", "Multi-AZUsage:db.": "multi-az"}
    deployment = next((d for start, d in deployments.items() if usage.startswith(start)), None)
    if deployment is None or not name.startswith("db."):
        return None
    if engine in RDS_ENGINES:
        start = f"{RDS_ENGINES[engine]}/{deployment}"
        return Machine({p: ("rds", f"{start}/{p}/{name}") for p in PURCHASES}, upfront_3y=True)
    if engine in AURORA_ENGINES and deployment == "single-az":
        return Machine({p: ("aurora", f"{p}/{name}") for p in PURCHASES}, upfront_3y=True)
    return None


def elasticache(family: str, usage: str, attributes: Attributes) -> Figure | None:
    """Nodes of Redis and Valkey."""
    engine, name = attributes.get("cacheEngine", "").lower(), attributes.get("instanceType", "")
    if not usage.startswith("NodeUsage:cache.") or engine not in ("redis", "valkey"):
        return None
    return Machine({p: ("elasticache", f"{engine}/{p}/{name}") for p in PURCHASES})
