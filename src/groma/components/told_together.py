"""What is told in one mail: a crowd, or a slow release, is in all tiers at once, and in all regions."""

from __future__ import annotations

from collections.abc import Iterator

from groma.answers import Alarm, Composite, Runbook, Suppressed
from groma.architecture import Architecture
from groma.components.error_budget import FAST, WAIT_S
from groma.components.load_balancer import LoadBalancer
from groma.components.machine_group import MachineGroup

OF_LOAD = ("5xx", "latency", "cpu", "full")
"""How the ids of alarms end that tell, tier by tier, of more work than a tier can do."""
AFTER_ERRORS_S = 1800
"""How long after a page for errors nothing is told of load: while a release or a crowd lasts, errors come and
go as groups grow, and whoever was called is still there."""


def told_together(architecture: Architecture, *, is_one_of_several: bool) -> tuple[Composite, ...]:
    """A ticket for all busy tiers; in each region of several also a page for slow answers. Both only while no
    errors page already.

    Args:
        architecture: of one region. Without a load balancer there is nothing to put together.
        is_one_of_several: whether it is.
    """
    public = next((each for each in architecture.of_type(LoadBalancer) if not each.internal), None)
    if public is None:
        return ()
    found = list(_of_tiers(architecture))
    slow = next(each for each in found if each.id == f"{public.group}-latency")
    busy = tuple(each.id for each in found if each.severity == "ticket")
    unless = Suppressed(f"{public.group}-5xx-{FAST.name}", WAIT_S, AFTER_ERRORS_S)
    if not is_one_of_several:
        return (_busy(public, busy, unless, "in which tiers? All alike"),)
    title = f"{slow.title}, and it is not their errors that page"
    everywhere = "in which tiers, and in the other regions, too? All tiers and regions alike"
    return (
        Composite.of_one(slow, f"{public.group}-slow", title, unless),
        _busy(public, busy, unless, everywhere),
    )


def _of_tiers(architecture: Architecture) -> Iterator[Alarm]:
    for component in architecture.components:
        if isinstance(component, LoadBalancer | MachineGroup):
            tier = component.group if isinstance(component, LoadBalancer) else component.id
            ids = {f"{tier}-{what}" for what in OF_LOAD}
            yield from (each for each in component.alarms(architecture) if each.id in ids)


def _busy(public: LoadBalancer, ids: tuple[str, ...], unless: Suppressed, where: str) -> Composite:
    return Composite(
        id="busy",
        component=public.id,
        title="tiers have more to do than they can",
        severity="ticket",
        derived_from=f"any of {len(ids)} alarms, each from its own limit on; one mail for what one cause "
        "does to several tiers",
        any_of=ids,
        runbook=Runbook(
            "If users feel it, a page tells that. It is the cause, or where it shows; of tiers that follow "
            "while it is on no mail comes.",
            f"Which of its alarms are on, {where}: more users. One tier: a release, or what is behind that "
            "tier.",
            "As the alarm says that came on first. For a crowd raise the load in the workload file and "
            "`groma up`; after a release go back to the one before.",
        ),
        suppressed=unless,
    )
