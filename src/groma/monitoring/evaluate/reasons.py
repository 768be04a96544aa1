"""Why an alarm is in its state, in CloudWatch's own words: StateReason and StateReasonData.

The forms are those of messages that CloudWatch sent and people published between 2019 and 2026.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal

from groma.answers import Metric
from groma.monitoring.evaluate.datapoints import Seen
from groma.monitoring.evaluate.points import Datapoint
from groma.monitoring.evaluate.rule import Band, Rule
from groma.monitoring.evaluate.verdict import State, Treatment, Verdict

WORDS = {
    ">": "greater than",
    ">=": "greater than or equal to",
    "<": "less than",
    "<=": "less than or equal to",
}
FILLED_AS: dict[Treatment, str] = {"breaching": "Breaching", "notBreaching": "NonBreaching"}
MOST_NAMED = 5
"""Datapoints that a reason names."""
UNCHECKED = "Unchecked: Initial alarm creation"


@dataclass(frozen=True, slots=True)
class Reason:
    """StateReason for people, StateReasonData as JSON; the latter empty where CloudWatch gives none."""

    text: str
    data: str = ""


def reason(rule: Rule, seen: Seen, verdict: Verdict, state: State, now_s: float) -> Reason:
    """Why the state follows."""
    return Reason(_text(rule, seen, verdict, state), _data(rule, seen, verdict, now_s))


def iso(at_s: float) -> str:
    """A moment as CloudWatch writes it: `2026-11-28T19:03:00.000+0000`."""
    return datetime.fromtimestamp(at_s, UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "+0000"


def at_s(text: str) -> float:
    """The moment that `iso` wrote."""
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%S.%f%z").timestamp()


def number(value: float) -> str:
    """A number as Java writes a double: `1.0`, `38.958`, `1.25E7`."""
    if value == 0 or 1e-3 <= abs(value) < 1e7:
        return repr(float(value))
    mantissa, exponent = f"{Decimal(repr(float(value))).normalize():E}".split("E")
    return f"{mantissa}{'' if '.' in mantissa else '.0'}E{int(exponent)}"


def _text(rule: Rule, seen: Seen, verdict: Verdict, state: State) -> str:
    of = rule.evaluation_periods
    if state == "INSUFFICIENT_DATA":
        return f"Insufficient Data: {_count(of, 'datapoint')} {_was(of)} unknown."
    head = "Thresholds Crossed" if isinstance(rule.limit, Band) else "Threshold Crossed"
    filled = _filled(rule.treatment, verdict.filled)
    named = [place for place in reversed(verdict.taken) if seen.breaching[place] is (state == "ALARM")]
    if not named:
        got = len(verdict.taken)
        received = _count(got, "datapoint") if got else "no datapoints"
        return f"{head}: {received} {_was(got)} received for {_count(of, 'period')}{filled}."
    least = rule.datapoints if state == "ALARM" else of - rule.datapoints + 1
    way = "OK -> ALARM" if state == "ALARM" else "ALARM -> OK"
    crossed = _crossed(rule, seen, named, state)
    return (
        f"{head}: {len(named)} out of the last {of} datapoints {crossed}{filled} "
        f"(minimum {_count(least, 'datapoint')} for {way} transition)."
    )


def _crossed(rule: Rule, seen: Seen, named: Sequence[int], state: State) -> str:
    """`[99.5 (02/10/19 16:59:00)] was greater than the threshold (50.0)`; of more than five, the newest."""
    points = ", ".join(_named(seen.points[place]) for place in named[:MOST_NAMED])
    thresholds = _thresholds(rule, seen, named[:MOST_NAMED], "" if state == "ALARM" else "not ")
    if len(named) <= MOST_NAMED:
        return f"[{points}] {_was(len(named))} {thresholds}"
    return f"were {thresholds}. The most recent datapoints which crossed the threshold: [{points}]"


def _thresholds(rule: Rule, seen: Seen, named: Sequence[int], negated: str) -> str:
    if not isinstance(rule.limit, Band):
        return f"{negated}{WORDS[rule.limit.comparison]} the threshold ({number(rule.limit.threshold)})"
    bands = [band for place in named if (band := seen.bands[place])]
    lower = f"{negated}less than the lower thresholds [{', '.join(number(low) for low, _ in bands)}]"
    upper = f"{negated}greater than the upper thresholds [{', '.join(number(high) for _, high in bands)}]"
    return {"below": lower, "above": upper, "outside": f"{lower} or {upper}"}[rule.limit.beyond]


def _filled(treatment: Treatment, filled: int) -> str:
    if not filled or treatment not in FILLED_AS:
        return ""
    return f" and {_count(filled, 'missing datapoint')} {_was(filled)} treated as [{FILLED_AS[treatment]}]"


def _named(point: Datapoint) -> str:
    at = datetime.fromtimestamp(point.at_s, UTC).strftime("%d/%m/%y %H:%M:%S")
    return f"{number(point.value or 0.0)} ({at})"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _was(number: int) -> str:
    return "was" if number == 1 else "were"


def _data(rule: Rule, seen: Seen, verdict: Verdict, now_s: float) -> str:
    """StateReasonData: recent datapoints the oldest first, evaluated ones the newest first."""
    taken = [seen.points[place] for place in verdict.taken]
    document: dict[str, object] = {"version": "1.0", "queryDate": iso(now_s)}
    if taken:
        document["startDate"] = iso(taken[0].at_s)
    if isinstance(rule.watches, Metric):
        document["statistic"] = rule.watches.statistic
    document |= {"period": rule.period_s, "recentDatapoints": [point.value for point in taken]}
    if isinstance(rule.limit, Band):
        bands = [band for place in verdict.taken if (band := seen.bands[place])]
        document["recentLowerThresholds"] = [low for low, _ in bands]
        document["recentUpperThresholds"] = [high for _, high in bands]
    else:
        document["threshold"] = float(rule.limit.threshold)
    document["evaluatedDatapoints"] = [_evaluated(point) for point in _looked_at(rule, seen, verdict)]
    return json.dumps(document, separators=(",", ":"))


def _looked_at(rule: Rule, seen: Seen, verdict: Verdict) -> list[Datapoint]:
    """The newest first: the real points, and of the missing as many of the newest as were filled."""
    missing = [p for p, breaching in enumerate(seen.breaching) if breaching is None][::-1][: verdict.filled]
    return [seen.points[place] for place in sorted((*verdict.taken, *missing), reverse=True)]


def _evaluated(point: Datapoint) -> dict[str, object]:
    if point.value is None:
        return {"timestamp": iso(point.at_s)}
    samples = {"sampleCount": float(point.samples)} if point.samples else {}
    return {"timestamp": iso(point.at_s), **samples, "value": point.value}
