"""One CloudWatch alarm, or a composite one, against its design."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping

from groma.answers import Alarm, Composite, Expression, Metric, Ref, Severity, Suppressed
from groma.architecture import Architecture
from groma.live.verify.findings import MISSING
from groma.live.verify.reading import Answer, Reading
from groma.monitoring.evaluate import COMPARISONS

TOPICS: Mapping[str, str] = {"page": "alarm_topic_arn", "ticket": "ticket_topic_arn"}
EDGE = "edge_"
"""How the outputs begin of the topics in the region of the edge."""
SAYS: Mapping[str, str] = {
    "AlarmActions": "is told",
    "InsufficientDataActions": "tells of gaps",
    "OKActions": "tells its end",
}
SUPPRESSORS = ("ActionsSuppressor", "ActionsSuppressorWaitPeriod", "ActionsSuppressorExtensionPeriod")
UNKNOWN = "…"
"""Stands for a designed value that no Terraform output tells."""

ELEMENT = re.compile(r'(?P<output>.+)\["(?P<key>[^"]+)"\]')


def differences(
    alarm: Alarm, found: Answer | None, architecture: Architecture, reading: Reading
) -> Iterator[str]:
    """What is not as designed in an alarm, in words: `threshold 90 instead of 80`."""
    if found is None:
        yield MISSING
        return
    if not math.isclose(found.get("Threshold", math.nan), alarm.threshold):
        yield f"threshold {found.get('Threshold')} instead of {alarm.threshold}"
    for what, designed, actual in (
        ("comparison", alarm.comparison, COMPARISONS.get(found["ComparisonOperator"])),
        ("window", alarm.evaluation_periods, found["EvaluationPeriods"]),
        ("datapoints", alarm.datapoints, found.get("DatapointsToAlarm")),
        ("missing data", alarm.missing.treatment, found.get("TreatMissingData", "missing")),
        ("watches", *_watched(alarm, found, architecture, reading)),
    ):
        if designed != actual:
            yield f"{what} {actual} instead of {designed}"
    severity = None if alarm.part_of else alarm.severity
    at = "" if alarm.is_seen_from(architecture.region) else EDGE
    yield from _told(found, reading, severity, alarm.missing.told, at, tells_its_end=False)


def composite_differences(
    alarm: Composite, found: Answer | None, architecture: Architecture, reading: Reading
) -> Iterator[str]:
    """The same of a composite alarm."""
    if found is None:
        yield MISSING
        return
    rule = alarm.rule(f"{architecture.name}-{{}}".format)
    if found.get("AlarmRule") != rule:
        yield f"rule {found.get('AlarmRule')} instead of {rule}"
    designed = _quiet(architecture, alarm.suppressed)
    actual = _quiet_by(*(found.get(name) for name in SUPPRESSORS))
    if actual != designed:
        yield f"kept quiet by {actual} instead of {designed}"
    yield from _told(found, reading, alarm.severity, None, "", tells_its_end=alarm.tells_its_end)


def _quiet(architecture: Architecture, quiet: Suppressed | None) -> str:
    if quiet is None:
        return _quiet_by()
    return _quiet_by(f"{architecture.name}-{quiet.by}", quiet.wait_s, quiet.extension_s)


def _quiet_by(name: str | None = None, wait_s: int | None = None, extension_s: int | None = None) -> str:
    """A suppressor in words; `nothing` for none."""
    return f"{name}, waits {wait_s} s, then {extension_s} s" if name else "nothing"


def _told(
    found: Answer,
    reading: Reading,
    severity: Severity | None,
    gaps: Severity | None,
    at: str,
    *,
    tells_its_end: bool,
) -> Iterator[str]:
    """Whether each state tells the topic that it is to tell, and no other of the stack's."""
    topics = {name: reading.output(at + output) for name, output in TOPICS.items()}
    wanted = {
        "AlarmActions": severity,
        "InsufficientDataActions": gaps,
        "OKActions": severity if tells_its_end else None,
    }
    if severity is not None and not found.get("ActionsEnabled"):
        yield "tells nobody: its actions are off"
    for actions, whom in wanted.items():
        told = {name for name, arn in topics.items() if arn in found.get(actions, ())}
        if told != ({whom} if whom else set()):
            as_found = " and ".join(sorted(told)) or "nothing"
            yield f"{SAYS[actions]} as {as_found} instead of {whom or 'nothing'}"


def _watched(alarm: Alarm, found: Answer, architecture: Architecture, reading: Reading) -> tuple[str, str]:
    """What an alarm watches, as designed and as found, in one notation."""
    if isinstance(alarm.watches, Expression):
        known = {i: _dimensions(m, architecture, reading) for i, m in alarm.watches.metrics.items()}
        parts = [alarm.watches.expression]
        parts += [_metric(m, known[i], i) for i, m in sorted(alarm.watches.metrics.items())]
        return "; ".join(parts), "; ".join(_found_math(found.get("Metrics", ()), known))
    dimensions = _dimensions(alarm.watches, architecture, reading)
    return _metric(alarm.watches, dimensions), _text(
        found.get("Namespace"),
        found.get("MetricName"),
        found.get("ExtendedStatistic") or found.get("Statistic"),
        found.get("Period"),
        _found_dimensions(found.get("Dimensions", ()), dimensions),
    )


def _metric(metric: Metric, dimensions: Mapping[str, str], metric_id: str = "") -> str:
    return _text(metric.namespace, metric.name, metric.statistic, metric.period_s, dimensions, metric_id)


def _found_math(rows: list[Answer], known: Mapping[str, Mapping[str, str]]) -> Iterator[str]:
    for row in rows:
        if "Expression" in row and row.get("ReturnData", True):
            yield row["Expression"]
    for row in sorted((row for row in rows if "MetricStat" in row), key=lambda row: str(row["Id"])):
        stat, metric = row["MetricStat"], row["MetricStat"]["Metric"]
        dimensions = _found_dimensions(metric.get("Dimensions", ()), known.get(row["Id"], {}))
        yield _text(
            metric["Namespace"], metric["MetricName"], stat["Stat"], stat["Period"], dimensions, row["Id"]
        )


def _text(
    namespace: object,
    name: object,
    statistic: object,
    period_s: object,
    dimensions: Mapping[str, str],
    metric_id: str = "",
) -> str:
    of = ", ".join(f"{key} {value}" for key, value in sorted(dimensions.items()))
    label = f"{metric_id} = " if metric_id else ""
    return f"{label}{statistic} of {namespace} {name} every {period_s} s for {of}"


def _dimensions(metric: Metric, architecture: Architecture, reading: Reading) -> dict[str, str]:
    """The designed dimensions, with the value behind each reference where a Terraform output has it."""
    return {
        name: _resolve(value, architecture, reading) if isinstance(value, Ref) else value
        for name, value in metric.dimensions.items()
    }


def _found_dimensions(rows: list[Answer], designed: Mapping[str, str]) -> dict[str, str]:
    """The dimensions found; one whose designed value is not known is not compared, only named."""
    found = {row["Name"]: str(row["Value"]) for row in rows}
    return {name: UNKNOWN if designed.get(name) == UNKNOWN else value for name, value in found.items()}


def _resolve(ref: Ref, architecture: Architecture, reading: Reading) -> str:
    names = {e: n for component in architecture.components for n, e in component.outputs().items()}
    if ref.expression in names:
        return reading.output(names[ref.expression]) or UNKNOWN
    element = ELEMENT.fullmatch(ref.expression)
    if element and element["output"] in names:
        return reading.outputs(names[element["output"]]).get(element["key"], UNKNOWN)
    return UNKNOWN
