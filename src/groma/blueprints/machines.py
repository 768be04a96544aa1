"""The machines that a tier may be made of, from the catalog."""

from __future__ import annotations

import math
from dataclasses import replace
from functools import lru_cache, partial

from groma import catalog
from groma.components.pricing import committed
from groma.components.server_group import DETAILED_METRICS_PER_SERVER
from groma.errors import WorkloadError
from groma.sizing.values import Choice
from groma.terms import CALCULATOR_HOURS, Buying
from groma.workload import Workload
from groma.workload.machines import Machines

REMEMBERED = 64
"""Rows of machines that are kept."""
VOLUME_GIB = 20
"""The root volume of every server."""
FAMILIES = frozenset(
    {"m6i", "m7g", "m7i", "m7a", "m8g"}
    | {"c6i", "c7g", "c7i", "c7a", "c8g"}
    | {"r7g", "r7i", "r8g"}
    | {"t3", "t3a", "t4g"}
)


@catalog.memo_of_prices
def server_choices(
    region: str, *, volume_gib: float, public: bool, buying: Buying = "on-demand"
) -> tuple[Choice, ...]:
    """EC2 instance types with a price in the region. The hourly price holds what comes with each server: its
    volume, its metrics by the minute and its address.

    The speed is the low end of what was measured for the family, since a web server gets less out of a
    fast processor than a benchmark does. A flex type counts as burstable at its guaranteed share.
    Where no reservation has a price, the choices are those on demand.
    """
    volume = catalog.unit_price("ebs", "gp3_storage", region)
    address = catalog.unit_price("vpc", "public_ipv4_in_use", region)
    metrics = catalog.unit_price("cloudwatch", "custom_metric", region)
    extra = volume.cost(volume_gib) / CALCULATOR_HOURS if volume else 0.0
    extra += metrics.cost(DETAILED_METRICS_PER_SERVER, free=False) / CALCULATOR_HOURS if metrics else 0.0
    extra += address.marginal(0) if address and public else 0.0
    term: Buying = "mixed" if buying == "on-demand" else buying
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
                extra_usd_per_hour=extra,
                reserved_usd_per_hour=_usd(
                    committed(term, partial(catalog.ec2_price, region, machine.name))[1]
                ),
                buying="mixed" if buying == "savings-plan-1y" else buying,
            )
        )
    return _buyable(choices)


@catalog.memo_of_prices
def database_choices(
    region: str,
    *,
    multi_az: bool = False,
    buying: Buying = "on-demand",
    engine: catalog.Engine = "postgres",
    replicas: int = 1,
) -> tuple[Choice, ...]:
    """RDS classes of an engine with a price in the region.

    A database runs in every hour, so that `mixed` commits to it for a year, as a savings plan does. With
    `multi_az` the price of one instance is the mean of a master with its standby and of replicas without.
    """
    standbys = 1 / (1 + replicas) if multi_az else 0.0
    bought: Buying = "reserved-1y" if buying in ("mixed", "savings-plan-1y") else buying
    term: Buying = "mixed" if buying == "on-demand" else buying
    choices = []
    for database in catalog.database_classes(engine):
        family = database.name.split(".")[1]
        machine = catalog.instance_type(database.name.removeprefix("db."))
        choices.append(
            Choice(
                name=database.name,
                vcpu=database.vcpu,
                mem_gib=database.mem_gib,
                speed=catalog.performance(family).low,
                network_gbps=machine.network_baseline_gbps,
                baseline=database.burstable_baseline,
                usd_per_hour=_database_usd(region, database.name, engine, standbys, "on-demand"),
                ebs_iops=machine.ebs_baseline_iops,
                ebs_mbps=machine.ebs_baseline_mbps,
                max_connections=database.max_connections,
                reserved_usd_per_hour=_database_usd(region, database.name, engine, standbys, term),
                buying=bought,
            )
        )
    return _buyable(choices)


def _database_usd(
    region: str, name: str, engine: catalog.Engine, standbys: float, term: Buying
) -> float | None:
    """The mean of instances of which such a share has a standby."""
    alone, both = (
        _usd(committed(term, partial(catalog.rds_price, region, name, engine, standby))[1])
        for standby in (False, True)
    )
    if not standbys:
        return alone
    return None if alone is None or both is None else alone * (1 - standbys) + both * standbys


def _usd(price: catalog.Price | None) -> float | None:
    return None if price is None else price.usd


def _buyable(choices: list[Choice]) -> tuple[Choice, ...]:
    """The choices as they are to be bought, or on demand when none of them can be."""
    if any(choice.priced for choice in choices):
        return tuple(choices)
    return tuple(replace(choice, buying="on-demand") for choice in choices)


PROCESSORS = {"arm": "arm64", "x86": "x86_64"}
"""What a file says → what EC2 calls it."""


def allowed(
    workload: Workload, choices: tuple[Choice, ...], *, has_image: bool = False
) -> tuple[Choice, ...]:
    """The machines that a workload lets servers be made of.

    Args:
        has_image: whether they run an image of one's own, which is for x86 unless the file says otherwise.

    Raises:
        WorkloadError: none is left, or a family is none that there is.
    """
    stated = workload.machines
    for number, family in enumerate((*stated.families, *stated.without)):
        if family not in FAMILIES:
            key = "families" if number < len(stated.families) else "without"
            raise WorkloadError(
                f"there is no family {family!r} to choose from",
                where=workload.where("machines", key),
                hint=f"choose of {', '.join(sorted(FAMILIES))}",
            )
    processor = PROCESSORS.get(stated.architecture or ("x86" if has_image else "either"))
    left = _left(stated, lasting(workload, choices), processor)
    if not left:
        raise WorkloadError(
            "leaves no machine to choose from",
            where=workload.where("machines"),
            hint="allow another family or architecture: g in a family's name is ARM, t is burstable",
        )
    return left


@lru_cache(maxsize=REMEMBERED)
def _left(stated: Machines, choices: tuple[Choice, ...], processor: str | None) -> tuple[Choice, ...]:
    return tuple(choice for choice in choices if _fits(stated, choice, processor))


def _fits(stated: Machines, choice: Choice, processor: str | None) -> bool:
    machine = catalog.instance_type(choice.name)
    return (
        machine.family not in stated.without
        and (not stated.families or machine.family in stated.families)
        and processor in (None, machine.arch)
    )


def lasting(workload: Workload, choices: tuple[Choice, ...]) -> tuple[Choice, ...]:
    """Without those that live on CPU credits, where a workload refuses them."""
    if workload.machines.burstable:
        return choices
    return tuple(choice for choice in choices if choice.baseline is None)


def most(workload: Workload) -> float:
    """Machines that a group of servers may grow to."""
    return workload.machines.most or math.inf
