"""From elements to the whole architecture, with what is counted from them: its alarms, and a budget."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import replace

from groma.architecture import Architecture, Component, Link, Place
from groma.components.edge_monitoring import EdgeMonitoring
from groma.components.operations import Budget, Monitoring
from groma.terms import Terms
from groma.workload import Workload

BUDGET_MARGIN = 1.2


def whole(
    workload: Workload, places: Sequence[Place], components: Sequence[Component], links: Sequence[Link]
) -> Architecture:
    """The architecture of a workload, watched; its home is the region that the workload names first."""
    return _watched(
        Architecture(
            name=workload.name,
            owner=workload.owner,
            dated=workload.date.isoformat() if workload.date else "",
            blueprint=workload.blueprint,
            alerts=workload.alerts or "",
            region=workload.regions[0],
            terms=Terms(purchase=workload.purchase, book=workload.book),
            places=tuple(places),
            components=tuple(components),
            links=tuple(links),
            tags=workload.tags,
            own=workload.own,
        ),
        workload.budget_usd_per_month,
    )


def _watched(architecture: Architecture, stated_usd: float | None) -> Architecture:
    """Add monitoring to each region that has alarms, and the account's budget; both tell `mail`."""
    return _budgeted(_monitored(architecture), stated_usd)


def _monitored(architecture: Architecture) -> Architecture:
    added: list[Component] = []
    links: list[Link] = []
    for part in architecture.parts:
        here = part.architecture
        found = [alarm for each in here.components for alarm in each.alarms(here)]
        alarms = sum(alarm.is_seen_from(here.region) for alarm in found)
        composites = sum(len(each.composites(here)) for each in here.components)
        if alarms:
            own, place = part.whole("monitoring"), _place(architecture, part.scope)
            added.append(
                Monitoring(
                    id=own, places=(place,), alarm_count=alarms + composites, composite_count=composites
                )
            )
            links.append(Link(own, part.whole("mail"), "alarms", flow="control"))
        edge = [alarm for alarm in found if not alarm.is_seen_from(here.region)]
        if edge:
            email = architecture.alerts or None
            added.append(
                EdgeMonitoring(id="edge-monitoring", places=("cloud",), alarm_count=len(edge), email=email)
            )
            links.append(Link("edge-monitoring", edge[-1].component, "alarms", flow="control"))
    return _with(architecture, added, links)


def _budgeted(architecture: Architecture, stated_usd: float | None) -> Architecture:
    """With a budget of the bill and a fifth, for what nobody plans; of what was stated where that is less."""
    lines = (
        line
        for part in architecture.parts
        for component in part.architecture.components
        for line in component.bill(part.architecture)
    )
    usd = sum(line.monthly_usd.likely for line in lines if line.monthly_usd is not None)
    home = next(
        p for p in architecture.parts if len(architecture.parts) == 1 or p.scope == architecture.region
    )
    limit = math.ceil(usd * BUDGET_MARGIN / 10) * 10
    if stated_usd is not None:
        limit = max(1, min(limit, math.floor(stated_usd)))
    budget = Budget(id=home.whole("budget"), places=(_place(architecture, home.scope),), usd_per_month=limit)
    told = Link(budget.id, home.whole("mail"), "forecast", flow="control")
    return _with(architecture, [budget], [told])


def _place(architecture: Architecture, scope: str) -> str:
    """The id of the place of a part: its region, by name where there are several, or the cloud."""
    return scope or ("region" if len(architecture.parts) == 1 else "cloud")


def _with(architecture: Architecture, components: Iterable[Component], links: Iterable[Link]) -> Architecture:
    return replace(
        architecture,
        components=(*architecture.components, *components),
        links=(*architecture.links, *links),
    )
