"""What an alarm writes to people: the text of AWS's mails, as people published them from 2019 to 2026."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

from groma.live.embedded.alarms.notice import Notice

MOST_CHILDREN = 10


def letter(notice: Notice) -> str:
    """The text of the mail."""
    return "\n".join([*_head(notice), "", *_details(notice), "", *_watched(notice), *_actions(notice)]) + "\n"


def people(at_s: float) -> str:
    """A moment as these mails write it: `Friday 19 June, 2020 18:27:44 UTC`."""
    return datetime.fromtimestamp(at_s, UTC).strftime("%A %d %B, %Y %H:%M:%S UTC")


def _head(notice: Notice) -> Iterator[str]:
    alarm, after, region = notice.alarm, notice.after, notice.region
    at, because = people(after.since_s), after.reason.text
    told = (
        f'entered the {after.state} state, because "{because}" at "{at}"'
        if alarm.rule is None
        else f'transitioned to {after.state} state on {at}, because "{because}"'
    )
    yield (
        f'You are receiving this email because your Amazon CloudWatch Alarm "{alarm.name}" '
        f"in the {notice.place} region has {told}."
    )
    yield ""
    yield "View this alarm in the AWS Management Console:"
    link = f"#alarmsV2:alarm/{quote(alarm.name, safe='')}"
    yield f"https://{region}.console.aws.amazon.com/cloudwatch/deeplink.js?region={region}{link}"


def _details(notice: Notice) -> Iterator[str]:
    alarm, before, after = notice.alarm, notice.before, notice.after
    yield "Alarm Details:"
    yield from _rows(
        28,
        ("Name", alarm.name),
        ("Description", alarm.description or ""),
        ("State Change", f"{before.state} -> {after.state}"),
        *([("Alarm Rule", alarm.rule)] if alarm.rule else []),
        ("Reason for State Change", after.reason.text),
        ("Timestamp", people(after.since_s)),
        ("AWS Account", notice.account),
        ("Alarm Arn", alarm.alarm_arn),
    )


def _watched(notice: Notice) -> Iterator[str]:
    """Threshold and metric; of a composite alarm the children that made it change."""
    alarm = notice.alarm
    if alarm.rule is not None:
        yield f"Triggering children (max. {MOST_CHILDREN}):"
        for arn, state, at_s in notice.children[:MOST_CHILDREN]:
            yield f"- {arn}   {state:<20}{people(at_s)}"
        yield ""
        return
    number = alarm.evaluation_periods
    yield "Threshold:"
    yield (
        f"- The alarm is in the ALARM state when the metric is {alarm.comparison_operator} "
        f"{float(alarm.threshold)} for at least {alarm.datapoints_to_alarm or number} of the last {number} "
        f"period(s) of {notice.period_s} seconds."
    )
    yield ""
    yield from _math(alarm) if alarm.metric_data_queries else _metric(alarm)
    yield ""


def _metric(alarm: Any) -> Iterator[str]:
    yield "Monitored Metric:"
    yield from _rows(
        37,
        ("MetricNamespace", alarm.namespace),
        ("MetricName", alarm.metric_name),
        ("Dimensions", ", ".join(f"[{each.name} = {each.value}]" for each in alarm.dimensions)),
        ("Period", f"{alarm.period} seconds"),
        ("Statistic", alarm.statistic or alarm.extended_statistic),
        ("Unit", alarm.unit or "not specified"),
        ("TreatMissingData", alarm.treat_missing_data or "missing"),
    )
    yield ""


def _math(alarm: Any) -> Iterator[str]:
    yield "Monitored Metrics:"
    for query in alarm.metric_data_queries:
        if query.return_data is False:
            continue
        if query.expression:
            yield from _rows(28, ("MetricExpression", query.expression))
        if query.label:
            yield from _rows(28, ("MetricLabel", query.label))
    yield ""


def _actions(notice: Notice) -> Iterator[str]:
    yield "State Change Actions:"
    for state, actions in notice.actions.items():
        yield f"- {state}: {_listed(actions)}".rstrip()


def _rows(width: int, *rows: tuple[str, str]) -> Iterator[str]:
    for name, value in rows:
        yield f"- {name + ':':<{width}}{value}".rstrip()


def _listed(actions: Sequence[str]) -> str:
    return f"[{', '.join(actions)}]" if actions else ""
