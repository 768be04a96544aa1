"""What runs beside what was designed: load, latency, errors and use, by the metrics that alarms watch."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from groma.design import Design
from groma.errors import CloudError
from groma.live.alarm_states import AlarmNow
from groma.live.series import IN_SECONDS, Point, Span, Watched, beside, metrics_of, points
from groma.live.target import Clients

PERIOD_S, SPAN_S = 300, 1800
"""Figures are of five minutes, the latest of the last half hour that there are."""
NO_DATA = "no data"
FRONTS = ("AWS/ApplicationELB", "AWS/ApiGateway")
REQUESTS = (("AWS/ApplicationELB", "RequestCount", "Sum"), ("AWS/ApiGateway", "Count", "SampleCount"))
FAILURES = (("AWS/ApplicationELB", "HTTPCode_Target_5XX_Count", "Sum"), ("AWS/ApiGateway", "5xx", "Sum"))
LATENCIES = (("AWS/ApplicationELB", "TargetResponseTime", "p99"), ("AWS/ApiGateway", "Latency", "p99"))
USES = (
    *(("AWS/EC2", "CPUUtilization", "Average"), ("AWS/RDS", "CPUUtilization", "Average")),
    ("AWS/ECS", "CPUUtilization", "Average"),
    *(("AWS/RDS", "CPUUtilization", "Maximum"), ("AWS/Lambda", "ConcurrentExecutions", "Maximum")),
)
Kind = tuple[str, str, str]
Latest = Mapping[tuple[str, Watched], Point]


@dataclass(frozen=True)
class Figure:
    """One figure: what it is of, as it is now, and as it was designed; empty where nothing was said of it."""

    about: str
    now: str
    designed: str

    def document(self) -> dict[str, Any]:
        """For machines."""
        return asdict(self)


def figures(
    made: Design, alarms: Sequence[AlarmNow], clients: Clients, now_s: float
) -> tuple[tuple[Figure, ...], str]:
    """All figures, or why there are none: CloudWatch may not let everybody read metrics."""
    try:
        latest = _latest(alarms, clients, Span.of(now_s, SPAN_S))
    except CloudError as error:
        return (), f"load, latency, errors and use cannot be read: {error.what}"
    return (*_of_users(made, alarms, latest), *_of_use(made, alarms, latest)), ""


def _latest(alarms: Sequence[AlarmNow], clients: Clients, span: Span) -> Latest:
    """The newest point of each metric that is a figure, by its region."""
    wanted = {*REQUESTS, *FAILURES, *LATENCIES, *USES}
    found: dict[tuple[str, Watched], Point] = {}
    for region in dict.fromkeys(each.region for each in alarms):
        here = [w for each in alarms if each.region == region for w in _watched(each)]
        some = [w for w in here if _kind(w) in wanted and w.period_s <= PERIOD_S]
        for watched, values in points(some, region, clients, span).items() if some else ():
            found[region, watched] = next((v for v in reversed(values) if v is not None), None)
    return found


def _watched(alarm: AlarmNow) -> Iterator[Watched]:
    """The metrics of an alarm, and what stands beside them."""
    for each in metrics_of(alarm)[0].values():
        yield each
        also = beside(each)
        if also is not None:
            yield also


def _kind(watched: Watched) -> Kind:
    return watched.namespace, watched.name, watched.statistic


def _of_users(made: Design, alarms: Sequence[AlarmNow], latest: Latest) -> Iterator[Figure]:
    """What users ask for and get, at the first load balancer or API of each region."""
    fronts = _fronts(alarms)
    if not fronts:
        return
    asked = [_sum(each, latest, REQUESTS) for each in fronts]
    load, peak = _added(asked), made.demand.peak_per_s.likely
    per_s = NO_DATA if load is None else f"{load / PERIOD_S:,.1f} requests/s"
    yield Figure("load", per_s, f"{peak:,.0f} requests/s at peak")
    late = [ms for each in fronts for ms in [_latency_ms(each, latest)] if ms is not None]
    p99 = made.plan.latency_ms.get("p99")
    designed = "" if p99 is None else f"{p99:g} ms {made.plan.kept_at}"
    yield Figure("p99", f"{max(late):,.0f} ms" if late else NO_DATA, designed)
    failed = _added([_sum(each, latest, FAILURES) for each in fronts])
    share = NO_DATA if not load else f"{(failed or 0.0) / load:.2%} of requests"
    yield Figure("errors", share, f"{1 - made.workload.slo.availability:.2%} at most")


def _fronts(alarms: Sequence[AlarmNow]) -> list[list[tuple[str, Watched]]]:
    """The metrics of what users meet first: the first such component of each scope."""
    first: dict[str, str] = {}
    found: dict[str, list[tuple[str, Watched]]] = {}
    for each in alarms:
        watched = [w for w in _watched(each) if w.namespace in FRONTS]
        if watched and first.setdefault(each.scope, each.component) == each.component:
            found.setdefault(each.scope, []).extend((each.region, w) for w in watched)
    return list(found.values())


def _sum(front: Sequence[tuple[str, Watched]], latest: Latest, kinds: Sequence[Kind]) -> Point:
    return next((latest.get(key) for key in front if _kind(key[1]) in kinds and key in latest), None)


def _latency_ms(front: Sequence[tuple[str, Watched]], latest: Latest) -> Point:
    for key in front:
        if _kind(key[1]) in LATENCIES and latest.get(key) is not None:
            return (latest[key] or 0.0) * (1000 if key[1].namespace == IN_SECONDS else 1)
    return None


def _added(values: Sequence[Point]) -> Point:
    known = [each for each in values if each is not None]
    return sum(known) if known else None


def _of_use(made: Design, alarms: Sequence[AlarmNow], latest: Latest) -> Iterator[Figure]:
    """How busy servers, databases and functions are, beside how busy they were designed to be at peak."""
    told = set()
    for each in alarms:
        for watched in _watched(each):
            key = (each.region, watched)
            if _kind(watched) in USES and key in latest and each.component not in told:
                told.add(each.component)
                is_function = watched.namespace == "AWS/Lambda"
                yield _use(made, each, latest[key], _at_once if is_function else _percent, is_function)


def _use(
    made: Design, alarm: AlarmNow, value: Point, show: Callable[[float], str], is_function: bool
) -> Figure:
    now = NO_DATA if value is None else show(value)
    return Figure(alarm.component, now, _designed(made, alarm.designed.component, is_function))


def _percent(value: float) -> str:
    return f"{value:.0f}% busy"


def _at_once(value: float) -> str:
    return f"{value:.0f} at once"


def _designed(made: Design, component: str, is_function: bool) -> str:
    """What was designed of a tier or function, by the id of its component: `database-master`."""
    plan = made.plan
    if is_function:
        functions = {size.name: size for size in plan.functions}
        size = functions.get(component.removesuffix("-function"))
        return "" if size is None else f"{size.concurrency:,} at once at peak"
    tiers = {size.tier: size for size in plan.sizes}
    tier = tiers.get(component) or tiers.get(component.partition("-")[0])
    return "" if tier is None else f"{tier.utilisation_at_peak:.0%} busy at peak"
