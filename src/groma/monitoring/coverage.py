"""What AWS recommends to watch, metric by metric: what a design does, or why it does not.

Reasons are rows of `reasons.csv`: of some metrics of a namespace, for kinds of components, why an alarm on
them is left out, and which metric is watched instead, where one is.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import cache
from importlib.resources import files
from typing import Literal

from groma.architecture import Architecture, Component
from groma.catalog.recommended import Recommended, recommended_alarms
from groma.monitoring.alarms import alarms
from groma.monitoring.evaluate import Rule
from groma.monitoring.wording import duration
from groma.words import Cell, Mark, Table, Words

Verdict = Literal["watched", "instead", "left out", "unknown"]
PUBLISHED_BY: Mapping[str, tuple[str, ...]] = {
    "AWS/ApiGateway": ("http-api",),
    "AWS/AutoScaling": ("server-group",),
    "AWS/CloudFront": ("distribution", "global-distribution", "site-distribution"),
    "AWS/Cognito": ("user-pool",),
    "AWS/DynamoDB": ("table", "global-table"),
    "AWS/EBS": ("server-group", "instance"),
    "AWS/EC2": ("server-group", "instance"),
    "AWS/ElastiCache": ("cache",),
    "AWS/Lambda": ("function", "worker"),
    "AWS/NATGateway": ("nat-gateway",),
    "AWS/RDS": ("database-server", "mysql-server", "database-cluster", "global-database"),
    "AWS/Route53": ("hosted-zone", "latency-records", "failover-records"),
    "AWS/S3": (
        "site-bucket",
        "site-files",
        "media-bucket",
        "artifact-bucket",
        "bucket",
        "replicated-bucket",
        "standby-bucket",
    ),
    "AWS/SNS": ("topic", "mail-topic"),
    "AWS/SQS": ("queue", "dead-letter-queue"),
}
"""Namespace → the kinds of components that publish there."""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why metrics are not watched, for components of some kinds; `instead` is the metric that is."""

    namespace: str
    metrics: tuple[str, ...]
    kinds: tuple[str, ...]
    instead: str
    because: str


@dataclass(frozen=True, slots=True)
class _Watching:
    """A metric that an alarm of a component reads, in a region or outside of all."""

    scope: str
    component: str
    alarm: str
    metric: str
    comparison: str

    def stands_at(self, scope: str, component: str) -> bool:
        return (self.scope, self.component) == (scope, component)


@dataclass(frozen=True, slots=True)
class Line:
    """One recommended metric for some components of a kind.

    Attributes:
        alarms: the ids of those that watch it, or what is watched instead.
        components: ids, within their region.
        because: why it is left out; empty where it is watched.
    """

    recommended: Recommended
    kind: str
    verdict: Verdict
    alarms: tuple[str, ...]
    components: tuple[str, ...]
    because: str


@dataclass(frozen=True, slots=True)
class Coverage:
    """What is recommended for a design, and what it watches besides."""

    name: str
    lines: tuple[Line, ...]
    besides: Mapping[str, tuple[str, ...]]

    def words(self) -> Words:
        """For each service what is watched and what is not, and last what AWS recommends nothing for."""
        tables = [table for namespace in self._namespaces() for table in self._tables(namespace)]
        rows = tuple((metric, ", ".join(ids)) for metric, ids in self.besides.items())
        tables.append(Table("Watched besides", ("metric", "by"), rows))
        number = {verdict: sum(line.verdict == verdict for line in self.lines) for verdict in VERDICTS}
        counted = ", ".join(f"{count} {verdict}" for verdict, count in number.items() if count)
        source = next(f"{each.source} ({each.as_of})" for each in recommended_alarms())
        heading = f"{self.name}: of {len(self.lines)} recommendations {counted}"
        notes = ("… is a limit that AWS leaves to the workload; --json has all of each", f"AWS: {source}")
        return Words(heading, tuple(tables), notes)

    def _namespaces(self) -> Iterable[str]:
        return dict.fromkeys(line.recommended.namespace for line in self.lines)

    def _tables(self, namespace: str) -> Iterator[Table]:
        """Of one service: what is watched, and then, metrics of one reason together, what is not."""
        lines = [line for line in self.lines if line.recommended.namespace == namespace]
        own = [line for line in lines if line.verdict == "watched"]
        rows = tuple(
            (each.recommended.metric, advice(each.recommended), ", ".join(each.alarms)) for each in own
        )
        if rows:
            yield Table(namespace, ("watched", "AWS", "by"), rows)
        others = tuple(_left(line for line in lines if line.verdict != "watched"))
        if others:
            yield Table("" if rows else namespace, ("not watched", "of", "because"), others)

    def document(self) -> object:
        """For machines."""
        return {
            "name": self.name,
            "recommended": [asdict(line) for line in self.lines],
            "besides": {metric: list(ids) for metric, ids in self.besides.items()},
        }


VERDICTS: tuple[Verdict, ...] = ("watched", "instead", "left out", "unknown")


def coverage(architecture: Architecture) -> Coverage:
    """Each recommendation for each service of a design, once for components and regions that are alike."""
    watching = _watching(architecture)
    found: dict[tuple[Recommended, str, Verdict, str], list[Line]] = {}
    for part in architecture.parts:
        for component in part.architecture.components:
            for line in _of(part.scope, component, watching):
                key = line.recommended, line.kind, line.verdict, line.because
                found.setdefault(key, []).append(line)
    order = recommended_alarms()
    lines = sorted(map(_together, found.values()), key=lambda line: order.index(line.recommended))
    return Coverage(architecture.name, tuple(lines), _besides(watching))


@cache
def reasons() -> tuple[Reason, ...]:
    """All reasons."""
    text = (files("groma.monitoring") / "reasons.csv").read_text(encoding="utf-8")
    return tuple(
        Reason(
            row["namespace"],
            tuple(row["metrics"].split()),
            tuple(row["kinds"].split()),
            row["instead"],
            row["because"],
        )
        for row in csv.DictReader(text.splitlines())
    )


def advice(of: Recommended) -> str:
    """What AWS recommends, in short: `> 90, 5 × 1 min`."""
    limit = f"{of.comparison} {of.threshold:,.10g}" if of.threshold is not None else f"{of.comparison} …"
    some = "" if of.datapoints == of.periods else f"{of.datapoints} of "
    return f"{limit}, {some}{of.periods} × {duration(of.period_s)}"


def _watching(architecture: Architecture) -> tuple[_Watching, ...]:
    return tuple(
        _Watching(
            part.scope, alarm.component, alarm.id, f"{metric.namespace} {metric.name}", alarm.comparison
        )
        for part in architecture.parts
        for alarm in alarms(part.architecture)
        for metric in Rule.of(alarm).metrics.values()
    )


def _of(scope: str, component: Component, watching: Sequence[_Watching]) -> Iterator[Line]:
    for of in recommended_alarms():
        if component.kind not in PUBLISHED_BY[of.namespace]:
            continue
        own = _ids(each for each in watching if _reads(each, of) and each.stands_at(scope, component.id))
        if own:
            yield Line(of, component.kind, "watched", own, (component.id,), "")
        else:
            yield _left_out(of, component, watching)


def _left_out(of: Recommended, component: Component, watching: Sequence[_Watching]) -> Line:
    """A line with its reason, if there is one; a metric that is watched instead has to be, in this design."""
    at = (component.id,)
    for reason in reasons():
        is_of_it = reason.namespace == of.namespace and of.metric in reason.metrics
        if not is_of_it or component.kind not in reason.kinds:
            continue
        if not reason.instead:
            return Line(of, component.kind, "left out", (), at, reason.because)
        instead = [each for each in watching if each.metric == reason.instead]
        if instead:
            own = [each for each in instead if each.component == component.id]
            return Line(of, component.kind, "instead", _ids(own or instead), at, reason.because)
    return Line(of, component.kind, "unknown", (), at, "")


def _reads(each: _Watching, of: Recommended) -> bool:
    """Whether it watches for what is recommended: too much, or too little, and not what it is a share of."""
    return each.metric == f"{of.namespace} {of.metric}" and each.comparison[0] == of.comparison[0]


def _ids(watching: Iterable[_Watching]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(each.alarm for each in watching))


def _together(alike: Sequence[Line]) -> Line:
    return replace(
        alike[0],
        alarms=tuple(dict.fromkeys(id_ for each in alike for id_ in each.alarms)),
        components=tuple(dict.fromkeys(id_ for each in alike for id_ in each.components)),
    )


def _besides(watching: Sequence[_Watching]) -> Mapping[str, tuple[str, ...]]:
    """What is watched though AWS recommends nothing for it: metric → ids of alarms."""
    known = {f"{each.namespace} {each.metric}" for each in recommended_alarms()}
    metrics = sorted({each.metric for each in watching} - known)
    return {metric: _ids(each for each in watching if each.metric == metric) for metric in metrics}


def _left(lines: Iterable[Line]) -> Iterator[tuple[Cell, ...]]:
    """Metrics, of which kinds of components, and why not: a row for all that has one reason."""
    metrics: dict[tuple[str, Cell], list[str]] = {}
    for line in lines:
        metrics.setdefault((line.kind, _why(line)), []).append(line.recommended.metric)
    kinds: dict[tuple[str, Cell], list[str]] = {}
    for (kind, why), those in metrics.items():
        kinds.setdefault((", ".join(those), why), []).append(kind)
    for (named, why), own in kinds.items():
        yield named, ", ".join(own), why


def _why(line: Line) -> Cell:
    """Why it is not watched; after the reason what watches instead."""
    if line.verdict == "unknown":
        return Mark("nobody has said why", "bad")
    instead = f"; watched instead: {', '.join(line.alarms)}" if line.alarms else ""
    return f"{line.because}{instead}"
