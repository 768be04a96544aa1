"""The machines that a tier may be made of, from the catalog."""

from __future__ import annotations

from groma import catalog
from groma.terms import CALCULATOR_HOURS
from groma.tiers import Choice

FAMILIES = frozenset(
    {"m6i", "m7g", "m7i", "m7a", "m8g"}
    | {"c6i", "c7g", "c7i", "c7a", "c8g"}
    | {"r7g", "r7i", "r8g"}
    | {"t3", "t3a", "t4g"}
)


def server_choices(region: str, *, volume_gib: float, public: bool) -> tuple[Choice, ...]:
    """EC2 instance types with a price in the region, with volume and address in the hourly price.

    The speed is the low end of what was measured for the family, since a web server gets less out of a
    fast processor than a benchmark does. A flex type counts as burstable at its guaranteed share.
    """
    volume = catalog.unit_price("ebs", "gp3_storage", region)
    address = catalog.unit_price("vpc", "public_ipv4_in_use", region)
    extra = volume.cost(volume_gib) / CALCULATOR_HOURS if volume else 0.0
    extra += address.marginal(0) if address and public else 0.0
    choices = []
    for machine in catalog.instance_types():
        if machine.family not in FAMILIES:
            continue
        price = catalog.ec2_price(region, machine.name)
        choices.append(
            Choice(
                name=machine.name,
                vcpu=machine.vcpu,
                mem_gib=machine.mem_gib,
                speed=catalog.performance(machine.family).low,
                network_gbps=machine.network_baseline_gbps,
                baseline=machine.burstable_baseline,
                usd_per_hour=None if price is None else price.usd + extra,
                ebs_iops=machine.ebs_baseline_iops,
                ebs_mbps=machine.ebs_baseline_mbps,
            )
        )
    return tuple(choices)


def database_choices(region: str) -> tuple[Choice, ...]:
    """RDS for PostgreSQL classes with a single-AZ price in the region."""
    choices = []
    for database in catalog.database_classes():
        family = database.name.split(".")[1]
        machine = catalog.instance_type(database.name.removeprefix("db."))
        price = catalog.rds_price(region, database.name)
        choices.append(
            Choice(
                name=database.name,
                vcpu=database.vcpu,
                mem_gib=database.mem_gib,
                speed=catalog.performance(family).low,
                network_gbps=machine.network_baseline_gbps,
                baseline=database.burstable_baseline,
                usd_per_hour=None if price is None else price.usd,
                ebs_iops=machine.ebs_baseline_iops,
                ebs_mbps=machine.ebs_baseline_mbps,
                max_connections=database.max_connections,
            )
        )
    return tuple(choices)
