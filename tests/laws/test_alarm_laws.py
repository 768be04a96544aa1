"""Laws over all alarms of all blueprints: each is derived, can fire, is quiet when nothing is wrong, and says
what to do.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cache

import pytest
from designs import SAFEST, USUAL, designed, example_names

from groma import catalog
from groma.answers import Alarm, Composite, Expression
from groma.components import kinds
from groma.components.error_budget import SLOW
from groma.components.load_balancer import LoadBalancer
from groma.monitoring import alarms, composites
from groma.monitoring.evaluate import Rule, Sample, Standing, followed
from groma.monitoring.evaluate.points import counted_between
from groma.monitoring.idle import IDLE, Watched, every_s, is_always_published, published
from groma.terraform.alarms import MOST_OF_A_DESCRIPTION, description

NAMES = example_names()
HOUR_S = 3600
TOLD_ELSEWHERE = {"container-service": ("AWS/ApplicationELB",)}
"""Of whose metrics another component's alarm tells the silence: a load balancer, of its own."""
WITHOUT_A_HEARTBEAT: Mapping[str, str] = {
    "dead-letter-queue": "a queue in which nothing was for six hours publishes nothing",
    "distribution": "CloudFront counts what viewers ask for, and is AWS's own",
    "function": "a function that nobody calls publishes nothing; one that a clock calls has a heartbeat",
    "global-distribution": "CloudFront counts what viewers ask for, and is AWS's own",
    "global-table": "a table that nobody asks publishes nothing, and is AWS's own",
    "http-api": "an API that nobody asks publishes nothing, and is AWS's own",
    "queue": "a queue in which nothing was for six hours publishes nothing",
    "replicated-bucket": "S3 publishes what it copies, when it copies",
    "site-bucket": "S3 publishes what it copies to a standby, when it copies",
    "standby-bucket": "S3 publishes what it copies, when it copies",
    "site-distribution": "CloudFront counts what viewers ask for, and is AWS's own",
    "table": "a table that nobody asks publishes nothing, and is AWS's own",
    "topic": "a topic to which nothing is told publishes nothing",
    "user-pool": "Cognito counts what it turns away",
    "web-firewall": "a web ACL counts what it blocks",
    "worker": "a function that nobody calls publishes nothing; one that a clock calls has a heartbeat",
}


@cache
def watched(name: str) -> tuple[tuple[Watched, Alarm], ...]:
    """Every alarm of an example, with its component, as designed usually and for safety."""
    return tuple(
        (Watched(component, part.architecture), alarm)
        for wish in (USUAL, SAFEST)
        for part in designed(name, wish).architecture.parts
        for component in part.architecture.components
        for alarm in component.alarms(part.architecture)
    )


def everything(name: str) -> Iterator[Alarm | Composite]:
    for wish in (USUAL, SAFEST):
        architecture = designed(name, wish).architecture
        yield from alarms(architecture)
        yield from composites(architecture)


FOLLOWED: dict[object, list[Standing]] = {}


def states(alarm: Alarm, data: Mapping[str, list[Sample]], until_s: int) -> list[Standing]:
    """How an alarm stands in each minute. Examples share rules: one is followed once for the same data."""
    rule = Rule.of(alarm)
    key = (repr(rule), until_s, tuple((name, tuple(points)) for name, points in data.items()))
    if key not in FOLLOWED:
        FOLLOWED[key] = [standing for _, standing in followed(rule, data, 0, until_s)]
    return FOLLOWED[key]


def metrics_of(alarm: Alarm) -> set[str]:
    return {metric.name for metric in Rule.of(alarm).metrics.values()}


@pytest.mark.parametrize("name", NAMES)
def test_no_threshold_is_without_the_figures_from_which_it_comes(name: str) -> None:
    for alarm in everything(name):
        assert re.search(r"\d", alarm.derived_from), alarm.id
        assert len(alarm.derived_from.split()) > 5, alarm.id


@pytest.mark.parametrize("name", NAMES)
def test_no_alarm_is_without_a_runbook_that_fits_into_its_mail(name: str) -> None:
    own = alarms(designed(name).architecture)
    for alarm in everything(name):
        for words in (alarm.runbook.means, alarm.runbook.look, alarm.runbook.do):
            assert len(words.split()) > 3, alarm.id
            assert words[0].isupper() or words[0] == "`", alarm.id
            assert words[-1] in ".?", (alarm.id, words)
        assert len(description(alarm, own)) <= MOST_OF_A_DESCRIPTION, alarm.id


@pytest.mark.parametrize("name", NAMES)
def test_no_alarm_is_without_a_reason_for_what_it_takes_silence_for(name: str) -> None:
    for _, alarm in watched(name):
        assert len(alarm.missing.because.split()) > 5, alarm.id
        assert alarm.missing.told is None or alarm.missing.treatment == "missing", alarm.id


def reach(of: Watched, alarm: Alarm) -> tuple[float, float]:
    """The least and the most that what an alarm watches can be."""
    component, metric = of.component, Rule.of(alarm).watches
    if isinstance(metric, Expression):
        return 0, 100 if metric.label.endswith("%") else float("inf")
    size = getattr(component, "size", None)
    match metric.name:
        case "DatabaseConnections":
            return 0, catalog.database_class(size.choice.name).max_connections
        case "FreeableMemory":
            return 0, size.choice.mem_gib * 2**30
        case "FreeStorageSpace":
            return 0, component.storage_gib * 2**30
        case "ConcurrentExecutions":
            return 0, component.most_at_once + 0.5
        case "GroupDesiredCapacity":
            return size.min, size.max + 0.5
        case "HealthyHostCount":
            return 0, of.group.size.max
        case "CPUCreditBalance":
            return 0, of.credits(float("inf"))
        case "MaximumUsedTransactionIDs":
            return 0, 2**31
        case "HealthCheckStatus":
            return 0, 1.5
        case "Duration":
            return 0, 1000 * component.timeout_s
        case "Errors" | "Invocations":
            return 0, Rule.of(alarm).period_s / (of.clock_s or 1) + 0.5
    return 0, 100 if "ercent" in metric.name or metric.name.endswith("Utilization") else float("inf")


@pytest.mark.parametrize("name", NAMES)
def test_no_threshold_is_beyond_what_the_metric_can_reach(name: str) -> None:
    for of, alarm in watched(name):
        least, most = reach(of, alarm)
        assert least < most
        assert least <= alarm.threshold < most, f"{alarm.id} at {alarm.threshold} of {least} to {most}"
        if alarm.comparison == "<":
            assert least < alarm.threshold, alarm.id


@pytest.mark.parametrize("name", NAMES)
def test_no_alarm_is_on_before_there_are_any_data(name: str) -> None:
    """Arithmetic takes a metric without data for nought: what is less than wanted would be on at birth."""
    for _, alarm in watched(name):
        rule = Rule.of(alarm)
        until_s = (rule.evaluation_periods + 2) * rule.period_s
        nothing: dict[str, list[Sample]] = {each: [] for each in rule.metrics}
        assert "ALARM" not in {each.state for each in states(alarm, nothing, until_s)}, alarm.id


@pytest.mark.parametrize("name", NAMES)
def test_no_alarm_fires_on_an_idle_stack_or_tells_of_silence_there(name: str) -> None:
    seen = set[str]()
    for of, alarm in watched(name):
        rule = Rule.of(alarm)
        until_s = max(3 * HOUR_S, (rule.evaluation_periods + 3) * rule.period_s)
        data = published(alarm, of, until_s)
        key = repr((rule, {name: points[:30] for name, points in data.items()}))
        if key in seen:
            continue
        seen.add(key)
        found = states(alarm, data, until_s)
        assert {each.state for each in found} <= {"OK", "INSUFFICIENT_DATA"}, alarm.id
        turned = [each.state for each in found]
        had_data = turned.index("OK") if "OK" in turned else len(turned)
        if alarm.missing.told:
            assert "INSUFFICIENT_DATA" not in turned[had_data:], f"{alarm.id} mails of silence"


def test_the_table_of_idle_readings_has_what_is_watched_and_nothing_else() -> None:
    found = {
        (metric.namespace, metric.name)
        for name in NAMES
        for _, alarm in watched(name)
        for metric in Rule.of(alarm).metrics.values()
    }
    of_other_designs = {("AWS/RDS", "CPUCreditBalance"), ("AWS/RDS", "AuroraReplicaLag")}
    assert found <= set(IDLE)
    assert set(IDLE) - found == of_other_designs, (
        "what spends credits at its peak, and a cluster of one region"
    )


@pytest.mark.parametrize("name", NAMES)
def test_no_window_is_shorter_than_the_time_between_two_points(name: str) -> None:
    for of, alarm in watched(name):
        rule = Rule.of(alarm)
        waits = alarm.datapoints == 1 and alarm.missing.told is not None  # one point in the window is enough
        window_s = rule.period_s * (rule.evaluation_periods if waits else 1)
        for metric in rule.metrics.values():
            assert window_s >= every_s(metric, of), alarm.id
        assert rule.period_s * rule.evaluation_periods <= (7 if rule.period_s >= HOUR_S else 1) * 24 * HOUR_S


@pytest.mark.parametrize("name", NAMES)
def test_a_share_of_few_requests_says_nothing_and_one_of_many_does(name: str) -> None:
    shares = [alarm for _, alarm in watched(name) if re.match("share", getattr(alarm.watches, "label", ""))]
    assert shares or name == "starter"
    for alarm in shares:
        until_s = 3 * Rule.of(alarm).period_s * alarm.evaluation_periods
        goes_on = alarm.id.endswith(SLOW.windows[0].name)  # which a longer window has to say, too
        for asked, failed in () if goes_on else ((30, 1), (3, 3)):
            few = states(alarm, _failing(alarm, asked, failed), until_s)
            assert "ALARM" not in {each.state for each in few}, alarm.id
        assert states(alarm, _failing(alarm, 40, 40), until_s)[-1].state == "ALARM", alarm.id


def _failing(alarm: Alarm, asked: float, failed: float) -> dict[str, list[Sample]]:
    """In each period so many requests, of which so many fail, or take too long."""
    period_s = Rule.of(alarm).period_s
    values = {"requests": asked, "calls": asked, "rate": 100 * failed / asked}
    at = [index * period_s for index in range(4 * alarm.evaluation_periods)]
    found: dict[str, list[Sample]] = {}
    for name, metric in Rule.of(alarm).metrics.items():
        value = values.get(name, 0.0 if name == "balancer_5xx" else failed)
        bounds = counted_between(metric.statistic)
        is_counted = bounds is not None or metric.statistic == "SampleCount"
        counted = (2 * bounds[0] if bounds else 1.0, value) if is_counted else (value, 1.0)
        found[name] = [Sample(moment, *counted) for moment in at]
    return found


def test_a_balancer_that_finds_no_server_is_an_outage_though_it_counts_no_request() -> None:
    (alarm,) = {each.id: each for _, each in watched("social-50k") if each.id == "web-5xx"}.values()
    data = {"balancer_5xx": [Sample(at_s, 50, 1) for at_s in range(0, 1200, 60)]}
    assert states(alarm, {"requests": [], "target_5xx": [], **data}, 1200)[-1].state == "ALARM"


@pytest.mark.parametrize("name", NAMES)
def test_each_resource_that_always_publishes_has_an_alarm_that_tells_of_its_silence(name: str) -> None:
    by_component: dict[tuple[str, str], list[tuple[Watched, Alarm]]] = {}
    for of, alarm in watched(name):
        by_component.setdefault((of.architecture.name, of.component.id), []).append((of, alarm))
    for (_, component), pairs in by_component.items():
        beating = [alarm for of, alarm in pairs if is_always_published(alarm, of)]
        told = [alarm for _, alarm in pairs if alarm.missing.told]
        kind = pairs[0][0].component.kind
        if not beating:
            assert kind in WITHOUT_A_HEARTBEAT, f"{component} has no alarm that could tell of its silence"
            assert not told, f"{component} tells of a silence that is normal"
            continue
        assert told, f"{component} falls silent without a word"
        assert {id(each) for each in told} <= {id(each) for each in beating}, component
        namespaces = {metric.namespace for alarm in told for metric in Rule.of(alarm).metrics.values()}
        for alarm in beating:
            for metric in Rule.of(alarm).metrics.values():
                known = metric.namespace in {*namespaces, *TOLD_ELSEWHERE.get(kind, ("AWS/AutoScaling",))}
                assert known, f"{alarm.id}: nobody tells when {metric.namespace} falls silent"


@pytest.mark.parametrize("name", NAMES)
def test_what_falls_silent_together_is_told_once(name: str) -> None:
    """What publishes in one namespace about one thing falls silent as a whole."""
    for wish in (USUAL, SAFEST):
        told = Counter(
            (alarm.component, metric.namespace, repr(sorted(metric.dimensions.items())))
            for alarm in alarms(designed(name, wish).architecture)
            if alarm.missing.told
            for metric in Rule.of(alarm).metrics.values()
        )
        assert set(told.values()) <= {1}, told


def test_what_has_no_heartbeat_is_named_of_kinds_that_there_are() -> None:
    assert set(WITHOUT_A_HEARTBEAT) <= {kind.kind for kind in kinds()}


@pytest.mark.parametrize("name", NAMES)
def test_silence_is_told_once_there_were_data(name: str) -> None:
    for of, alarm in watched(name):
        if not alarm.missing.told:
            continue
        rule = Rule.of(alarm)
        half_s = (rule.evaluation_periods + 3) * rule.period_s
        data = published(alarm, of, half_s)
        found = [each.state for each in states(alarm, data, 3 * half_s)]
        assert found[0] != "ALARM", "at birth there are no data, and nothing is told"
        assert found[-1] == "INSUFFICIENT_DATA", alarm.id
        assert "OK" in found, alarm.id


@pytest.mark.parametrize("name", NAMES)
def test_a_fleet_that_has_gone_silent_pages(name: str) -> None:
    architecture = designed(name).architecture
    for part in architecture.parts:
        for balancer in part.architecture.of_type(LoadBalancer):
            pages = [a for a in balancer.alarms(part.architecture) if a.missing.told == "page"]
            assert [metrics_of(alarm) for alarm in pages] == [{"HealthyHostCount"}], balancer.id


@pytest.mark.parametrize("name", NAMES)
def test_users_goals_are_watched_and_page(name: str) -> None:
    found = {each.id.rpartition("/")[2]: each for each in everything(name)}
    pages = {id_ for id_, each in found.items() if each.severity == "page"}
    wanted = {
        "three-tier": {"web-latency", "web-5xx-fast", "web-healthy-hosts", "cdn-errors"},
        "serverless": {"api-latency", "api-5xx-fast", "cdn-errors", "fan-out-queue-age"},
        "worldwide": {"web-latency", "web-5xx-fast", "cdn-5xx", "regions-us-west-2"},
        "starter": {"server-status"},
        "containers": {"web-latency", "web-5xx-fast", "web-healthy-hosts", "cdn-5xx"},
    }
    assert wanted[designed(name).architecture.blueprint] <= pages


@pytest.mark.parametrize("name", NAMES)
def test_a_composite_alarm_speaks_for_alarms_that_say_nothing_themselves(name: str) -> None:
    architecture = designed(name).architecture
    by_id = {alarm.id: alarm for alarm in alarms(architecture)}
    spoken_for = set[str]()
    together = {each.id for each in composites(architecture)}

    def is_there(suppressor: str, scope: str) -> bool:
        if suppressor in together:
            return suppressor.rpartition("/")[0] == scope
        return by_id[suppressor].is_seen_from(scope or architecture.region)

    for each in composites(architecture):
        for part in each.parts:
            assert by_id[part].part_of == each.id
            assert each.any_of or by_id[part].missing.told is None, "silence is no part of a rule of all"
            scope = part.rpartition("/")[0]
            seen = by_id[part].is_seen_from(scope or architecture.region)
            assert seen, "a rule sees the alarms of its own region alone"
            assert each.suppressed is None or is_there(each.suppressed.by, scope)
            spoken_for.add(part)
    assert spoken_for == {alarm.id for alarm in by_id.values() if alarm.part_of}
