"""design → documents: the plan as JSON, and everything that `groma build` writes to disk."""

from __future__ import annotations

import json
import math
from dataclasses import asdict
from typing import Any

from groma.answers import BillLine
from groma.application.layout import archives
from groma.application.sample import built_in
from groma.architecture import Architecture, Component
from groma.bill import Bill, bill
from groma.design import Design
from groma.diagram import Layout, TitleBlock, lay_out, peak_load, render_as, render_png, to_svg
from groma.quantity import Range
from groma.questions.recovery import Recovery, recovery, review
from groma.report.page import report
from groma.sizing.values import FunctionSize
from groma.terraform import render
from groma.workload import KINDS

UNUSED = {"users", "slo", "load", "requests"}
"""What a workload says in vain where nothing is sized by load."""


def plan_document(design: Design) -> dict[str, Any]:
    """The whole design as plain values, for `--json` and `plan.json`."""
    priced = bill(design.architecture)
    has_load = KINDS[design.workload.blueprint].has_load
    return {
        "workload": design.workload.model_dump(mode="json", exclude=None if has_load else UNUSED),
        "demand": asdict(design.demand) if has_load else None,
        "architecture": _architecture(design.architecture),
        "sizes": {
            size.tier: {
                "instance_type": size.choice.name,
                "min": size.min,
                "desired": size.desired,
                "max": size.max,
                "mean": size.mean,
                "cpu_target_percent": size.cpu_target_percent,
                "utilisation_at_peak": size.utilisation_at_peak,
                "utilisation_zone_lost": size.utilisation_zone_lost,
            }
            for size in design.plan.sizes
        },
        "functions": {size.name: _function(size) for size in design.plan.functions},
        "table": None if design.plan.table is None else asdict(design.plan.table),
        "gateway": None if design.plan.gateway is None else asdict(design.plan.gateway),
        "latency_ms": design.plan.latency_ms,
        "latency_all_zones_ms": design.plan.latency_all_zones_ms,
        "latency_by_class_ms": design.plan.latency_by_class_ms,
        "availability": design.availability.value if design.availability.parts else None,
        "availability_with_edge": design.availability.with_edge if design.availability.parts else None,
        "bill": _bill(priced) | _terms(design.architecture),
        "recovery": _recovery(recovery(design)),
        "checks": [asdict(finding) for finding in review(design)],
        "decisions": [asdict(decision) for decision in design.decisions],
        "rejected": [asdict(option) for option in design.plan.rejected],
    }


def _recovery(found: Recovery | None) -> dict[str, Any] | None:
    """Faults, and how the other regions stand when one is lost; a time beyond measure is null."""
    if found is None:
        return None
    document = asdict(found)
    for loss in document["losses"]:
        for survivor in loss["survivors"]:
            for name in ("first_p99_ms", "p99_ms"):
                survivor[name] = survivor[name] if math.isfinite(survivor[name]) else None
    return document


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


def title_block(design: Design, priced: Bill) -> TitleBlock:
    """What the diagram's title block says."""
    architecture = design.architecture
    return TitleBlock(
        project=architecture.name,
        author=architecture.owner,
        dated=architecture.dated,
        blueprint=architecture.blueprint,
        region=", ".join(architecture.regions),
        monthly_usd=priced.monthly_usd.likely,
        p99_ms=design.plan.latency_ms.get("p99"),
    )


def picture(design: Design, *, costs: bool = False, load: bool = False) -> Layout:
    """The labelled diagram of a design, laid out; with the monthly cost or the load at peak on each card."""
    architecture, priced = design.architecture, bill(design.architecture)
    usd = {c.id: priced.of(c.id) for c in architecture.components if priced.of(c.id)} if costs else None
    busy = {id_: str(found) for id_, found in peak_load(architecture).items()} if load else None
    return lay_out(architecture, title_block(design, priced), costs=usd, load=busy)


def draw(design: Design, *, costs: bool = False, load: bool = False, dark: bool = False) -> str:
    """The labelled diagram of a design, as SVG."""
    return render_as(picture(design, costs=costs, load=load), ".svg", dark=dark).decode()


def build(design: Design, modules: str = "", *, native: bool = False) -> dict[str, bytes]:
    """Everything of a design: path → content, `terraform/` and the rest.

    `modules` as in `render`; `native` as in `archives`.
    """
    priced = bill(design.architecture)
    layout = picture(design)
    svg = to_svg(layout)
    terraform = render(design.architecture, design.workload.state, modules)
    files = archives(built_in(), terraform["main.tf"], native=native)
    return {
        "plan.json": to_json(plan_document(design)).encode(),
        "bill.csv": priced.to_csv().encode(),
        "diagram.svg": svg.encode(),
        "diagram.png": render_png(svg),
        "report.html": report(design, layout).encode(),
        **{f"terraform/{path}": text.encode() for path, text in terraform.items()},
        **{f"terraform/{path}": data for path, data in files.items()},
    }


def to_json(document: Any) -> str:
    """JSON as a person would like to read it."""
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


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


def _bill(priced: Bill) -> dict[str, Any]:
    total = priced.monthly_usd
    return {
        "monthly_usd": round(total.likely, 2),
        "monthly_usd_low": round(total.low, 2),
        "monthly_usd_high": round(total.high, 2),
        "lines": [_line(line) for line in priced.lines],
        "unknown": [f"{line.component}: {line.item}" for line in priced.unknown],
    }


def _terms(architecture: Architecture) -> dict[str, Any]:
    month = architecture.terms.month
    return {"month": month.name, "hours": month.hours, "purchase": architecture.terms.purchase}


def _line(line: BillLine) -> dict[str, Any]:
    def likely(value: Range | None) -> float | None:
        return None if value is None else value.likely

    return {**asdict(line), "quantity": line.quantity.likely, "monthly_usd": likely(line.monthly_usd)} | {
        "quantity_range": asdict(line.quantity),
        "monthly_usd_range": None if line.monthly_usd is None else asdict(line.monthly_usd),
    }
