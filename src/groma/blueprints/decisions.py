"""What blueprints decide in the same way, and why."""

from __future__ import annotations

from groma.sizing.values import Decision, Plan, Size, Wish
from groma.workload import Workload
from groma.workload.demand import Demand


def of_load(workload: Workload, load: Demand) -> Decision:
    """The peak that everything is sized for."""
    peak, mean, habits = load.peak_per_s, load.mean_per_s, workload.load
    return Decision(
        "load",
        f"{peak.likely:.0f} requests/s at peak ({peak.low:.0f}–{peak.high:.0f})",
        f"{mean.likely:.1f}/s on average, times {habits.peak_hour_to_mean.likely:g} in the busiest hour, "
        f"times {habits.burst_to_peak_hour.likely:g} in its busiest five minutes",
    )


def of_tier(size: Size, workload: Workload) -> Decision:
    """The machines of a tier."""
    kept = {
        "likely": "the cheapest that keep the p99 with a zone lost at peak, when they are",
        "least-regret": "of least regret over the ranges; at the likely peak with a zone lost",
        "certified": "the cheapest that the referee signs; with a zone lost at peak, when they are",
    }[workload.sizing]
    bound = f", bound by {size.bound_by} and not by load{_key(size)}" if size.bound_by else ""
    return Decision(
        f"{size.tier} tier",
        f"{size.desired} × {size.choice.name} at peak ({size.min}–{size.max})",
        f"{kept} {size.utilisation_zone_lost:.0%} busy{bound}; ${size.usd_per_month:,.0f} a month",
    )


OF_MEMORY = {
    "web": "load.web_working_gib",
    "app": "load.app_working_gib",
    "database": "load.database_hot_gib_per_million_users",
}
OF_TRANSFER = {
    "network": "load.response_kib",
    "EBS throughput": "load.storage_reads_per_read",
    "EBS operations": "load.storage_reads_per_read",
}
"""The key that most of what binds follows from, by tier and by limit."""


def key_that_binds(size: Size) -> str:
    """The key to change where something else than load binds a tier; empty where there is none."""
    if size.bound_by == "memory":
        return OF_MEMORY.get(size.tier, "")
    return OF_TRANSFER.get(size.bound_by, "")


def _key(size: Size) -> str:
    key = key_that_binds(size)
    return f": `{key}`" if key else ""


def of_database(multi_az: bool, replicas: int = 1) -> Decision:
    """One instance in each zone, with or without a standby of the master; or a master alone."""
    if not replicas:
        carries = "as stated: it carries reads and writes; "
        if multi_az:
            because = "its standby in another zone takes over by itself in 1 to 2 minutes"
            return Decision("database", "a Multi-AZ master, no replica", carries + because)
        because = "when its zone is lost, so are both, until it is restored by hand"
        return Decision("database", "a master alone", carries + because)
    if replicas > 1:
        what = f"{'a Multi-AZ master' if multi_az else 'a master'} and {replicas} read replicas"
        takes_over = (
            "the standby in another zone takes over by itself in 1 to 2 minutes"
            if multi_az
            else "one is promoted by hand when the master is lost"
        )
        because = f"as stated: in turn over the zones, they share the reads; {takes_over}"
        return Decision("database", what, because)
    if multi_az:
        return Decision(
            "database",
            "a Multi-AZ master and a read replica",
            "the standby in another zone takes over by itself in 1 to 2 minutes; the replica carries reads",
        )
    return Decision(
        "database",
        "a master and a read replica, each in one zone",
        "the blueprint's; the replica carries the reads and is promoted by hand when the master is lost",
    )


def of_nat(per_zone: bool) -> Decision:
    """One way out to the internet, or one in each zone."""
    if per_zone:
        return Decision("NAT gateway", "one in each zone", "no zone needs another to reach the internet")
    return Decision("NAT gateway", "one, in the first zone", "nothing that users wait for passes it")


def of_pools(plan: Plan) -> tuple[Decision, ...]:
    """The connection pools of the tiers that have clients."""
    return tuple(
        Decision(
            f"{each.tier} pool",
            f"{each.pool} connections from each server to each instance{_for_writes(each)}",
            "Little's law at the high peak with a zone lost; 999 of 1,000 queries find one free",
        )
        for each in plan.sizes
        if each.pool
    )


def _for_writes(size: Size) -> str:
    return f", and {size.write_pool} more for writes" if size.write_pool else ""


def of_discipline(workload: Workload) -> Decision:
    """How machines share themselves among requests."""
    stated = workload.load.discipline
    by_tier = stated if isinstance(stated, str) else ", ".join(f"{tier} {how}" for tier, how in stated)
    return Decision(
        "discipline",
        by_tier,
        "an event loop or a pool serves one after the other; threads share the CPUs",
    )


def of_wish(wish: Wish) -> tuple[Decision, ...]:
    """What was asked beyond the goals and shows in no other decision."""
    found = []
    if wish.load_factor > 1:
        what = f"servers for {wish.load_factor:g} times the likely peak stand day and night"
        found.append(Decision("reserve", what, "a crowd comes faster than servers can be added"))
    if wish.no_burst:
        because = "they give all of their processor for ever, whatever the day brings"
        found.append(Decision("burstable machines", "none", because))
    if wish.backup_days is not None:
        because = "a mistake that is noticed late can still be taken back, to any second"
        found.append(Decision("backups", f"kept {wish.backup_days} days", because))
    if wish.log_days is not None:
        because = "who talked to whom can be looked up long after an intrusion"
        found.append(Decision("flow logs", f"kept {wish.log_days} days", because))
    return tuple(found)
