"""Alarms evaluated as CloudWatch does it: a library without clouds, without clocks and without side effects.

    points.py       samples → one datapoint a period: averages, sums, percentiles; which are significant
    windows.py      the periods that are looked at: sliding, or by the clock of a time zone
    verdict.py      M of N with missing data → the state that follows
    metric_math/    expressions over several metrics
    rule.py         everything of an alarm that decides about its state
    datapoints.py   what an alarm sees of its evaluation range
    reasons.py      StateReason and StateReasonData in CloudWatch's form
    following.py    a metric alarm through time, and its history
    composite.py    rules over the states of other alarms
    suppression.py  suppressors, with their periods of waiting and extension

Where AWS says nothing or two things, docs/decisions/0034-an-evaluator-of-alarms.md says what is assumed.
"""

from groma.monitoring.evaluate.composite import RuleError, composed
from groma.monitoring.evaluate.following import Change, Standing, changes, evaluated, followed, newborn
from groma.monitoring.evaluate.metric_math import MathError
from groma.monitoring.evaluate.points import Datapoint, Sample
from groma.monitoring.evaluate.reasons import Reason
from groma.monitoring.evaluate.rule import COMPARISONS, ONLY, Band, Data, Limit, Rule
from groma.monitoring.evaluate.suppression import Acted, Held, Suppressor, Turn, acted
from groma.monitoring.evaluate.verdict import TREATMENTS, State, Treatment, Verdict, evaluation_range, verdict
from groma.monitoring.evaluate.windows import Sliding, WallClock

__all__ = [
    "COMPARISONS",
    "ONLY",
    "TREATMENTS",
    "Acted",
    "Band",
    "Change",
    "Data",
    "Datapoint",
    "Held",
    "Limit",
    "MathError",
    "Reason",
    "Rule",
    "RuleError",
    "Sample",
    "Sliding",
    "Standing",
    "State",
    "Suppressor",
    "Treatment",
    "Turn",
    "Verdict",
    "WallClock",
    "acted",
    "changes",
    "composed",
    "evaluated",
    "evaluation_range",
    "followed",
    "newborn",
    "verdict",
]
