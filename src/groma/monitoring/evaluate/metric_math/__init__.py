"""Metric math: CloudWatch's expressions over several metrics, as far as an alarm can use them.

    parsing.py      text → tree
    values.py       numbers, time series and arrays of them, and what operators make of them
    functions.py    FILL, RATE, AVG and the others
    arrays.py       SORT, SLICE and what else is made of arrays
    conditions.py   IF, and what TRUE means
    evaluating.py   tree and metrics → one time series

AWS, "Using metric math", read on 2026-11-28. Not here, because no alarm can watch them or they ask for what
only AWS knows: SEARCH, INSIGHT_RULE, DB_PERF_INSIGHTS, SERVICE_QUOTA, LAMBDA, SELECT (Metrics Insights).
ANOMALY_DETECTION_BAND is not learnt: a rule gets its band.
"""

from groma.monitoring.evaluate.metric_math.evaluating import result
from groma.monitoring.evaluate.metric_math.parsing import MathError

__all__ = ["MathError", "result"]
