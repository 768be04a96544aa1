"""From elements to the whole architecture, with what is counted from them: its alarms, and a budget."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import replace

from groma.architecture import HOME, Architecture, Component, Link, Part, Place
from groma.architecture.account import Account
from groma.components.edge_monitoring import EdgeMonitoring
from groma.components.operations import Budget, Monitoring, metrics_watched
from groma.components.told_together import told_together
from groma.terms import Terms
from groma.workload import Workload

BUDGET_MARGIN = 1.2


def whole(
    workload: Workload,
    places: Sequence[Place],
    components: Sequence[Component],
    links: Sequence[Link],
    *,
    standby: str = "",
) -> Architecture:
    """The architecture of a workload, watched; its home is the region that the workload names first."""
    return _monitored(
        Architecture(
            name=workload.name,
            owner=workload.owner,
            dated=workload.date.isoformat() if workload.date else "",
            blueprint=workload.blueprint,
            alerts=workload.alerts or "",
            region=workload.regions[0],
            standby=standby,
            terms=Terms(purchase=workload.purchase, book=workload.book),
            places=tuple(places),
            components=tuple(components),
            links=tuple(links),
            tags=workload.tags,
            own=workload.own,
            account=Account(workload.boundary or "", workload.kms_key or ""),
        )
    )


def _monitored(architecture: Architecture) -> Architecture:
    """Add monitoring to each region that has alarms; it tells `mail`."""
    added: list[Component] = []
    links: list[Link] = []
    for part in architecture.parts:
        here = part.architecture
        found = [alarm for each in here.components for alarm in each.alarms(here)]
        own = [alarm for alarm in found if alarm.is_seen_from(here.region)]
        edge = [alarm for alarm in found if not alarm.is_seen_from(here.region)]
        several = bool(part.scope)
        together = told_together(here, is_one_of_several=several)
        composites = sum(len(each.composites(here)) for each in here.components) + len(together)
        if own:
            added.append(
                Monitoring(
                    id=part.whole("monitoring"),
                    places=(_place(architecture, part.scope),),
                    alarm_count=len(own) + composites,
                    metric_count=metrics_watched(own),
                    composite_count=composites,
                    is_one_of_several=several,
                )
            )
            links.append(Link(part.whole("monitoring"), part.whole("mail"), "alarms", flow="control"))
        if edge:
            added.append(
                EdgeMonitoring(
                    id="edge-monitoring",
                    places=("cloud",),
                    alarm_count=len(edge),
                    metric_count=metrics_watched(edge),
                    email=architecture.alerts or None,
                )
            )
            links.append(Link("edge-monitoring", edge[-1].component, "alarms", flow="control"))
    return _with(architecture, added, links)


def budgeted(architecture: Architecture, usd_per_month: float, stated_usd: float | None) -> Architecture:
    """Add the account's budgets, which tell `mail`.

    Args:
        usd_per_month: what the architecture costs; the limit is a fifth more, for what nobody plans.
        stated_usd: what the workload allows; it is the limit where that is less. None where it says nothing.
    """
    home = Part("" if _has_home(architecture) else architecture.region, architecture)
    limit = math.ceil(usd_per_month * BUDGET_MARGIN / 10) * 10
    is_stated = stated_usd is not None and stated_usd < limit
    budget = Budget(
        id=home.whole("budget"),
        places=(_place(architecture, home.scope),),
        usd_per_month=max(1, math.floor(stated_usd)) if stated_usd is not None and is_stated else limit,
        is_stated=is_stated,
    )
    told = Link(budget.id, home.whole("mail"), "forecast", flow="control")
    return _with(architecture, [budget], [told])


def usd_before_sharing(architecture: Architecture) -> float:
    """What its components come to in USD a month, each by itself, where prices are known."""
    lines = (
        line
        for part in architecture.parts
        for component in part.architecture.components
        for line in component.bill(part.architecture)
    )
    return sum(line.monthly_usd.likely for line in lines if line.monthly_usd is not None)


def _has_home(architecture: Architecture) -> bool:
    """Whether its home region is one with what stands outside."""
    return any(place.id == HOME for place in architecture.places)


def _place(architecture: Architecture, scope: str) -> str:
    """The id of the place of a part: its region, by name where there are several, or the cloud."""
    return scope or (HOME if _has_home(architecture) else "cloud")


def _with(architecture: Architecture, components: Iterable[Component], links: Iterable[Link]) -> Architecture:
    return replace(
        architecture,
        components=(*architecture.components, *components),
        links=(*architecture.links, *links),
    )
