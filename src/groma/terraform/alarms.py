"""Alarms as the module `alarms` takes them: maps in the root, one of each region and kind.

CloudWatch sees only the metrics of its region: what AWS publishes in one region alone, and that is not the
home region, is watched by maps of its own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from groma.answers import Alarm, Composite, Expression, Metric, Suppressed, Value
from groma.architecture import Architecture, Part
from groma.monitoring import alarms, composites
from groma.monitoring.entries import since_of
from groma.terraform.calls import ALARMS, COMPOSITES, EDGE_ALARMS, own_calls, rooted, scoped

MOST_OF_A_DESCRIPTION = 1024
"""Characters that CloudWatch takes."""


def alarm_tables(architecture: Architecture) -> dict[str, Value]:
    """The maps by the names that calls of the module know, without `local.`."""
    tables: dict[str, Value] = {}
    for part in architecture.parts:
        found = _of(part)
        own, is_whole = own_calls(part), part.architecture is architecture
        for name, table in found.items():
            if table or (is_whole and name == ALARMS):
                tables[scoped(name, part.scope).removeprefix("local.")] = rooted(table, part.scope, own)
    return tables


def description(alarm: Alarm | Composite, among: Sequence[Alarm]) -> str:
    """What a mail says of an alarm: what it is, since when, how bad, what to do, and where more of it is.

    Args:
        among: the alarms of its region, of which a composite alarm is made.
    """
    runbook = alarm.runbook
    told = "" if isinstance(alarm, Composite) else alarm.missing.told
    lines = (
        f"{alarm.severity.upper()}: {alarm.title}.",
        f"It means: {runbook.means}",
        f"Since: {since_of(alarm, among)}.",
        *([f"INSUFFICIENT_DATA: its data have stopped, a {told}; is what it watches gone?"] if told else []),
        f"Look first at: {runbook.look}",
        f"Do: {runbook.do}",
        f"Threshold: {alarm.derived_from}.",
        f"Runbook: {alarm.id} in RUNBOOK.md, or `groma alarms --of {alarm.id}`.",
    )
    return "\n".join(lines)


def _of(part: Part) -> Mapping[str, Mapping[str, Value]]:
    here, region = part.architecture, part.architecture.region
    own = {alarm.id: alarm for alarm in alarms(here)}
    return {
        ALARMS: {i: _alarm(each) for i, each in own.items() if each.is_seen_from(region)},
        COMPOSITES: {each.id: _composite(each, tuple(own.values())) for each in composites(here)},
        EDGE_ALARMS: {i: _alarm(each) for i, each in own.items() if not each.is_seen_from(region)},
    }


def _composite(alarm: Composite, among: Sequence[Alarm]) -> dict[str, Value]:
    return {
        "description": description(alarm, among),
        **({"all_of": list(alarm.all_of)} if alarm.all_of else {"any_of": list(alarm.any_of)}),
        "severity": alarm.severity,
        **({"ok_mail": True} if alarm.tells_its_end else {}),
        **({"suppressor": _suppressor(alarm.suppressed)} if alarm.suppressed else {}),
    }


def _suppressor(quiet: Suppressed) -> dict[str, Value]:
    return {"alarm": quiet.by, "wait_seconds": quiet.wait_s, "extension_seconds": quiet.extension_s}


def _alarm(alarm: Alarm) -> dict[str, Value]:
    watched: dict[str, Value]
    if isinstance(alarm.watches, Expression):
        metrics: dict[str, Value] = {name: _metric(each) for name, each in alarm.watches.metrics.items()}
        label, formula = alarm.watches.label, alarm.watches.expression
        watched = {"expression": {"label": label, "expression": formula, "metrics": metrics}}
    else:
        watched = _metric(alarm.watches)
    return {
        "description": description(alarm, ()),
        **watched,
        "comparison": alarm.comparison,
        "threshold": alarm.threshold,
        "evaluation_periods": alarm.evaluation_periods,
        "datapoints_to_alarm": alarm.datapoints,
        "missing_data": alarm.missing.treatment,
        "severity": "none" if alarm.part_of else alarm.severity,
        **({"gap_severity": alarm.missing.told} if alarm.missing.told else {}),
    }


def _metric(metric: Metric) -> dict[str, Value]:
    return {
        "namespace": metric.namespace,
        "metric": metric.name,
        "statistic": metric.statistic,
        "period_seconds": metric.period_s,
        "dimensions": dict(metric.dimensions),
    }
