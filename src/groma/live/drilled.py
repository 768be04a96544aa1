"""Alarms as they are deployed, for drills."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, cast

from groma.answers import Alarm, Expression, Metric, Severity
from groma.architecture import Architecture
from groma.live.alarm_states import AlarmNow, alarms_now
from groma.live.target import Clients
from groma.live.understood import understood
from groma.monitoring.evaluate import COMPARISONS, Limit, Rule, State, Suppressor, Treatment
from groma.questions.drills.published import Key, key_of
from groma.questions.drills.watching import Guard

TICKETS, PAGES = "-tickets", "-alarms"
"""How the topics of tickets and of pages are called, behind the stack's name."""
ACTIONS: Mapping[State, str] = {
    "ALARM": "AlarmActions",
    "INSUFFICIENT_DATA": "InsufficientDataActions",
    "OK": "OKActions",
}


def deployed_guards(architecture: Architecture, clients: Clients) -> tuple[Guard, ...]:
    """The alarms of a design that exist in a cloud, as they are there. Raises CloudError."""
    return tuple(guard_of(each) for each in alarms_now(architecture, clients) if each.row)


def guard_of(alarm: AlarmNow) -> Guard:
    """What is deployed of a designed alarm: its rule and its actions.

    Raises:
        CloudError: CloudWatch's answer is not understood.
    """
    with understood(f"alarm {alarm.name}"):
        row, designed = alarm.row, alarm.designed
        id_ = f"{alarm.scope}/{designed.id}" if alarm.scope else designed.id
        told = dict(_told(row))
        about = (id_, designed.title, alarm.component, alarm.region, designed.runbook.do, told)
        if "AlarmRule" in row:
            return Guard(*about, combines=_by_ids(str(row["AlarmRule"]), alarm), held_by=_held_by(row, alarm))
        assert isinstance(designed, Alarm)
        rule = _rule(row)
        known = Rule.of(designed).metrics
        keys = {name: _key(alarm.component, metric, known) for name, metric in rule.metrics.items()}
        return Guard(*about, rule, keys)


def _told(row: Mapping[str, Any]) -> Iterator[tuple[State, Severity]]:
    """As what each state is told: a page where any of its topics is that of the pages."""
    if not row.get("ActionsEnabled", True):
        return
    for state, actions in ACTIONS.items():
        topics = [str(each).rpartition(":")[2] for each in row.get(actions) or ()]
        if any(topic.endswith(PAGES) for topic in topics):
            yield state, "page"
        elif any(topic.endswith(TICKETS) for topic in topics):
            yield state, "ticket"


def _by_ids(rule: str, alarm: AlarmNow) -> str:
    """The rule of a composite alarm over the ids that alarms have in the whole design."""
    begin = alarm.name.removesuffix(alarm.designed.id)
    return rule.replace(f'"{begin}', f'"{alarm.scope}/' if alarm.scope else '"')


def _held_by(row: Mapping[str, Any], alarm: AlarmNow) -> tuple[str, Suppressor] | None:
    """The suppressor of a composite alarm, by the id that it has in the whole design, and its periods."""
    if not row.get("ActionsSuppressor"):
        return None
    name = str(row["ActionsSuppressor"]).rpartition(":alarm:")[2]
    id_ = _by_ids(f'"{name}"', alarm).strip('"')
    wait_s, extension_s = (
        int(row.get(f"ActionsSuppressor{what}Period") or 0) for what in ("Wait", "Extension")
    )
    return id_, Suppressor(wait_s, extension_s)


def _rule(row: Mapping[str, Any]) -> Rule:
    periods = int(row["EvaluationPeriods"])
    return Rule(
        watches=_watches(row),
        limit=Limit(COMPARISONS[row["ComparisonOperator"]], float(row["Threshold"])),
        evaluation_periods=periods,
        datapoints=int(row.get("DatapointsToAlarm") or periods),
        missing=cast("Treatment | None", row.get("TreatMissingData")),
        low_samples="ignore" if row.get("EvaluateLowSampleCountPercentile") == "ignore" else "evaluate",
    )


def _watches(row: Mapping[str, Any]) -> Metric | Expression:
    if "MetricName" in row:
        statistic = str(row.get("Statistic") or row.get("ExtendedStatistic"))
        return _metric(row, statistic, int(row["Period"]))
    metrics, shown = {}, {}
    for query in row["Metrics"]:
        if "MetricStat" in query:
            stat = query["MetricStat"]
            metrics[query["Id"]] = _metric(stat["Metric"], stat["Stat"], int(stat["Period"]))
        elif query.get("ReturnData", True):
            shown = query
    return Expression(str(shown.get("Label") or shown["Id"]), str(shown["Expression"]), metrics)


def _metric(row: Mapping[str, Any], statistic: str, period_s: int) -> Metric:
    pairs = {each["Name"]: each["Value"] for each in row.get("Dimensions") or ()}
    return Metric(row["Namespace"], row["MetricName"], statistic, pairs, period_s)


def _key(component: str, metric: Metric, designed: Mapping[str, Metric]) -> Key:
    """Under which key a deployed metric is published: that of the design, where it reads the same."""
    same = [
        each for each in designed.values() if (each.namespace, each.name) == (metric.namespace, metric.name)
    ]
    return key_of(component, same[0] if same else metric)
