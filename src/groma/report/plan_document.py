"""The plan of a design as plain values: what `groma plan --json` prints and `plan.json` holds."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from groma.architecture import Architecture, Component
from groma.bill import bill
from groma.design import Design
from groma.design.spot import availability_without
from groma.questions.budget import budget
from groma.questions.recovery import recovery
from groma.questions.review import review
from groma.report.doubts import doubts
from groma.sizing.values import FunctionSize, Size
from groma.workload import KINDS

UNUSED = {"users", "slo", "load", "requests"}
"""What a workload says in vain where nothing is sized by load."""


def plan_document(design: Design) -> dict[str, Any]:
    """The whole design as plain values, for `--json` and `plan.json`."""
    priced, lost = bill(design.architecture), recovery(design)
    bought, doubted = budget(design), doubts(design)
    counted, hangs, chance = doubted.readings, doubted.guesses, doubted.odds
    has_load = KINDS[design.workload.blueprint].has_load
    return {
        "workload": design.workload.model_dump(mode="json", exclude=None if has_load else UNUSED),
        "demand": asdict(design.demand) if has_load else None,
        "architecture": _architecture(design.architecture),
        "sizes": {size.tier: _size(size) for size in design.plan.sizes},
        "functions": {size.name: _function(size) for size in design.plan.functions},
        "table": None if design.plan.table is None else asdict(design.plan.table),
        "gateway": None if design.plan.gateway is None else asdict(design.plan.gateway),
        "latency_ms": design.plan.latency_ms,
        "latency_all_zones_ms": design.plan.latency_all_zones_ms,
        "latency_by_class_ms": design.plan.latency_by_class_ms,
        "availability": design.availability.value if design.availability.parts else None,
        "availability_with_edge": design.availability.with_edge if design.availability.parts else None,
        **_spot(design),
        "bill": priced.document() | _terms(design.architecture),
        "budget": None if bought is None else bought.document(),
        "users": None if counted is None else counted.document(),
        "odds": None if chance is None else chance.document(),
        "guesses": None if hangs is None else hangs.document(),
        "recovery": None if lost is None else lost.document(),
        "checks": [asdict(finding) for finding in review(design)],
        "decisions": [asdict(decision) for decision in design.decisions],
        "rejected": [asdict(option) for option in design.plan.rejected],
    }


def _spot(design: Design) -> dict[str, Any]:
    """What Spot does to the availability; nothing where none is bought."""
    without = availability_without(design.architecture)
    return {} if without is None else {"availability_without_spot": without}


def _size(size: Size) -> dict[str, Any]:
    """A tier's size in plain values, without its prices."""
    return {
        "instance_type": size.choice.name,
        "min": size.min,
        "desired": size.desired,
        "max": size.max,
        "mean": size.mean,
        "cpu_target_percent": size.cpu_target_percent,
        "utilisation_at_peak": size.utilisation_at_peak,
        "utilisation_zone_lost": size.utilisation_zone_lost,
        "bound_by": size.bound_by or None,
    }


def _function(size: FunctionSize) -> dict[str, Any]:
    """A function's size in plain values, without its prices."""
    return {
        "memory_mib": size.choice.memory_mib,
        "processor": size.choice.processor,
        "goal_ms": size.goal_ms,
        "billed_ms": size.billed_ms,
        "cold_share": size.cold_share,
        "concurrency": size.concurrency,
        "concurrency_high": size.concurrency_high,
        "latency_ms": size.latency_ms,
        "latency_by_class_ms": size.latency_by_class_ms,
        "usd_per_month": size.usd_per_month,
    }


def _architecture(architecture: Architecture) -> dict[str, Any]:
    return {
        "name": architecture.name,
        "blueprint": architecture.blueprint,
        "region": architecture.region,
        "regions": list(architecture.regions),
        "places": [asdict(place) for place in architecture.places],
        "components": [
            {
                "id": component.id,
                "kind": component.kind,
                "service": component.service,
                "label": component.label,
                "details": list(component.details),
                "place": _common_place(architecture, component),
                "places": list(component.places),
            }
            for component in architecture.components
        ],
        "links": [{**asdict(link), "id": link.id, "label": link.label} for link in architecture.links],
    }


def _common_place(architecture: Architecture, component: Component) -> str:
    """The innermost place around all places in which a component stands."""
    rest = [{place.id for place in architecture.around(place_id)} for place_id in component.places[1:]]
    around = architecture.around(component.places[0])
    return next(place.id for place in around if all(place.id in ids for ids in rest))


def _terms(architecture: Architecture) -> dict[str, Any]:
    terms, month = architecture.terms, architecture.terms.month
    return {
        "month": month.name,
        "hours": month.hours,
        "purchase": terms.purchase,
        "free_tier": terms.free_tier,
    }
