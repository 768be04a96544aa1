"""What was simulated is put into CloudWatch under the names and dimensions that deployed alarms read."""

from __future__ import annotations

import time
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
import numpy as np
import pytest
from fake_watch import Watch
from moto import mock_aws
from test_drilled_alarms import as_described

from groma.errors import InputError
from groma.live.alarm_states import alarms_now
from groma.live.embedded.alarms.watch import Watch as Evaluation
from groma.live.simulated import publish
from groma.monitoring.evaluate import Sample
from groma.monitoring.evaluate.points import aggregated
from groma.questions.drills.exported import scenes_of as published_scenes
from groma.questions.drills.published import usual
from groma.simulation.answer import Simulated
from groma.simulation.day import Setting, simulate
from groma.simulation.disturbed import Broken
from groma.simulation.scene import Assumed, scenes_of
from groma.simulation.traffic import steady
from workloads import designed_example

MADE = designed_example("social-50k")
NOW_S = 1_700_000_030


class Taking:
    """CloudWatch that describes the alarms of a design, and takes data."""

    def __init__(self) -> None:
        here = MADE.architecture
        self.watch = Watch(here)
        self.watch.rows = {each.name: as_described(each) for each in alarms_now(here, Watch(here))}
        self.taken: dict[str, list[dict[str, Any]]] = defaultdict(list)

    def client(self, service: str, region: str | None = None) -> Any:
        inner, taken = self.watch.client(service, region), self.taken

        class Client:
            def put_metric_data(self, Namespace: str, MetricData: list[dict[str, Any]]) -> None:
                taken[Namespace] += MetricData

            def __getattr__(self, name: str) -> Any:
                return getattr(inner, name)

        return Client()


def simulation() -> Simulated:
    scene = scenes_of(MADE, Assumed())[0]
    seen = simulate(scene, 0, steady(MADE.demand.peak_per_s.likely / 4, 240, 1), Setting(), lambda *_: True)
    return Simulated("chirp", "four minutes", (seen,), 1, Assumed())


def samples(datum: dict[str, Any]) -> list[Sample]:
    if "Values" in datum:
        return [Sample(0, value) for value in datum["Values"]]
    of = datum["StatisticValues"]
    assert of["Minimum"] == of["Maximum"] == of["Sum"] / of["SampleCount"]
    return [Sample(0, of["Minimum"], of["SampleCount"])]


def test_minutes_before_a_time_are_those_before_now_and_read_as_they_were_simulated() -> None:
    cloud, found = Taking(), simulation()
    sent = publish(MADE, found, 180, cloud, NOW_S)
    assert (sent.begin_s, sent.end_s) == (0, 180)
    points = usual(MADE, published_scenes(MADE, found)).points
    for name, statistic in (("RequestCount", "Sum"), ("TargetResponseTime", "p99")):
        data = [each for each in cloud.taken["AWS/ApplicationELB"] if each["MetricName"] == name]
        balancers = {str(each["Dimensions"]) for each in data}
        assert len(balancers) == 2, "of each load balancer, by the dimensions of its alarm"
        whole = [
            aggregated([Sample(0, *each) for each in minute], statistic)
            for key, minutes in points.items()
            if key.name == name
            for minute in minutes[:3]
        ]
        told = [aggregated(samples(each), statistic) for each in data]
        assert sorted(filter(None, told)) == pytest.approx(sorted(filter(None, whole)))
        at_s = sorted({each["Timestamp"].timestamp() for each in data})
        assert at_s == list(NOW_S // 60 * 60 - np.array([180, 120, 60]))
    assert all(len(each.get("Values", ())) <= 100 for every in cloud.taken.values() for each in every)


def test_a_time_before_which_nothing_was_simulated_is_refused() -> None:
    with pytest.raises(InputError, match="nothing was simulated"):
        publish(MADE, simulation(), 30_000, Taking(), NOW_S)


@mock_aws
def test_cloudwatch_has_it_and_its_alarms_fall_into_the_states_that_follow() -> None:
    scene = scenes_of(MADE, Assumed())[0]
    broken = Setting(disturbances=(Broken("app", (0, 1, 2, 3), 60.0, 240.0),))
    seen = simulate(scene, 0, steady(MADE.demand.peak_per_s.likely / 4, 240, 1), broken, lambda *_: True)
    found = Simulated("chirp", "four minutes", (seen,), 1, Assumed())
    now_s, here = time.time() // 60 * 60 + 30, MADE.architecture
    watch = boto3.client("cloudwatch", "us-east-1", aws_access_key_id="x", aws_secret_access_key="x")
    wanted = ("chirp-web-5xx", "chirp-web-latency", "chirp-app-unhealthy-hosts")
    for each in alarms_now(here, Watch(here)):
        if each.name in wanted:
            row = as_described(each)
            left_out = ("StateValue", "StateReason", "StateTransitionedTimestamp")
            watch.put_metric_alarm(**{key: value for key, value in row.items() if key not in left_out})

    class Clients:
        def client(self, service: str, region: str | None = None) -> Any:
            return boto3.client(service, region, aws_access_key_id="x", aws_secret_access_key="x")

    publish(MADE, found, 240, Clients(), now_s)
    requests = [
        each for each in watch.list_metrics(Namespace="AWS/ApplicationELB")["Metrics"]
        if each["MetricName"] == "RequestCount"
    ]  # fmt: skip
    end = datetime.fromtimestamp(now_s, UTC)
    asked = watch.get_metric_statistics(
        **requests[0], StartTime=end - timedelta(minutes=5), EndTime=end, Period=60, Statistics=["Sum"]
    )
    sums = [each["Sum"] for each in sorted(asked["Datapoints"], key=lambda each: each["Timestamp"])]
    assert sums == [float(minute.asked.sum()) for minute in seen.minutes]
    Evaluation(lambda _: None, clock=lambda: now_s).look()
    states = {each["AlarmName"]: each["StateValue"] for each in watch.describe_alarms()["MetricAlarms"]}
    assert states["chirp-web-5xx"] == "ALARM"
    assert states["chirp-web-latency"] == "OK"
