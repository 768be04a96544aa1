"""What `groma status` and `groma metrics` make of CloudWatch's answers: figures, curves, how they read."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace

import pytest
from fake_watch import NOW, Watch

from groma.answers import Alarm, Running
from groma.errors import InputError
from groma.live.alarm_states import alarms_now
from groma.live.curves import Curves, _limit, _unit, chart, curves, shown
from groma.live.drifted import Attribute, Drifted
from groma.live.figures import figures
from groma.live.monitor import RECORDS, Status, _notes
from groma.live.series import Span
from told import printed
from workloads import designed_example

BUSY = {
    "RequestCount": 3000.0,
    "HTTPCode_Target_5XX_Count": 6.0,
    "TargetResponseTime": 0.152,
    "CPUUtilization": 12.4,
}
HOUR = Span.of(NOW.timestamp(), 3600)


def of(name: str, watch: Watch) -> dict[str, tuple[str, str]]:
    """The figures of an example, by what they are of."""
    made = designed_example(name)
    found, unreadable = figures(made, alarms_now(made.architecture, watch), watch, NOW.timestamp())
    assert unreadable == ""
    return {each.about: (each.now, each.designed) for each in found}


def test_servers_are_told_beside_their_design() -> None:
    seen = of("social-50k", Watch(designed_example("social-50k").architecture, values=BUSY))
    assert seen["load"] == ("10.0 requests/s", "83 requests/s at peak")
    assert seen["p99"] == ("152 ms", "284.8 ms at peak with a zone lost")
    assert seen["errors"] == ("0.20% of requests", "0.05% at most")
    assert seen["app"] == ("12% busy", "28% busy at peak")
    assert seen["database-master"] == ("12% busy", "10% busy at peak")


def test_functions_are_told_by_how_many_run_at_once() -> None:
    values = {"Count": 600.0, "5xx": 0.0, "Latency": 41.0, "ConcurrentExecutions": 3.0}
    seen = of("social-serverless", Watch(designed_example("social-serverless").architecture, values=values))
    assert seen["load"][0] == "2.0 requests/s"
    assert seen["p99"] == ("41 ms", "390.4 ms at peak, each class")
    assert seen["errors"] == ("0.00% of requests", "0.20% at most")
    assert seen["api-function"] == ("3 at once", "11 at once at peak")


def test_the_load_of_several_regions_is_added_up() -> None:
    watch = Watch(designed_example("social-worldwide").architecture, values=BUSY)
    seen = of("social-worldwide", watch)
    assert seen["load"][0] == "30.0 requests/s"
    assert seen["us-west-2/database"] == ("12% busy", "") or seen["us-west-2/database"][1].endswith("at peak")


def test_where_nothing_is_measured_no_number_is_told() -> None:
    seen = of("social-50k", Watch(designed_example("social-50k").architecture))
    assert {now for now, _ in seen.values()} == {"no data"}


def test_who_may_not_read_metrics_is_told_so() -> None:
    made = designed_example("social-50k")
    watch = Watch(made.architecture, refused=["get_metric_data"])
    found, unreadable = figures(made, alarms_now(made.architecture, watch), watch, NOW.timestamp())
    assert found == ()
    assert "cannot be read" in unreadable


def test_curves_are_of_what_alarms_watch_math_included() -> None:
    home = designed_example("social-50k").architecture
    found = {each.alarm: each for each in curves(home, Watch(home, values=BUSY), HOUR)}
    assert found["web-cpu"].points == (12.4,) * 12
    assert (found["web-cpu"].last, found["web-cpu"].unit) == (12.4, "%")
    reckoned = [each for each in found.values() if each.points and each.last is not None]
    assert len(reckoned) > 5
    assert found["web-5xx-30m"].last == pytest.approx(0.2)
    sure = 6 - 2 * (6 * (1 - 6 / 3000)) ** 0.5
    assert found["web-5xx"].last == pytest.approx(100 * sure / 3000), "the rest may be chance"
    assert found["database-master-memory"].last is None


def test_an_alarm_of_an_older_stack_is_shown_by_its_own_limit_and_unit() -> None:
    """As `web-latency` was until it counted: metric math over the p99, in seconds."""
    home = designed_example("social-50k").architecture
    (now,) = (
        each for each in alarms_now(home, Watch(home, values=BUSY)) if each.designed.id == "web-latency"
    )
    older = {
        **now.row,
        "Threshold": 0.4,
        "Metrics": [{"Id": "result", "Expression": "latency", "Label": "p99 of response times, s"}],
    }
    assert isinstance(now.designed, Alarm)
    assert _limit(older, now.designed) == (">", 0.4)
    assert _unit(older, now.designed) == "s"
    assert _unit(now.row, now.designed) == "%"


def test_one_component_is_asked_for_by_its_id() -> None:
    home = designed_example("social-worldwide").architecture
    watch = Watch(home, values=BUSY)
    everywhere = curves(home, watch, HOUR, "web")
    assert {each.component for each in everywhere} == {f"{region}/web" for region in home.regions}
    (there,) = {each.component for each in curves(home, watch, HOUR, "us-west-2/web")}
    assert there == "us-west-2/web"
    with pytest.raises(InputError, match="nothing is measured of 'castle'") as wrong:
        curves(home, watch, HOUR, "castle")
    assert "web-lb" in wrong.value.hint


def test_a_chart_has_a_character_for_each_time_and_keeps_the_worst() -> None:
    assert chart([0, 1, 2, None, 7, 3.5]) == "▁▂▃·█▅"
    assert chart([1.0] * 90 + [5.0] + [1.0] * 89, columns=36).count("█") == 1
    assert chart([5.0] * 90 + [1.0] + [5.0] * 89, "<", 36).count("█") == 35
    assert chart([]) == ""
    assert chart([1, 7], scale=14) == "▂▅"
    assert chart([0, 0]) == "▁▁"
    assert [shown(*each) for each in ((0.5, "s"), (83.2, "%"), (3 * 2**30, "bytes"), (12345.6, ""))] == [
        *("0.5 s", "83.2%", "3 GiB", "12,346"),
    ]


def status(*, drift: bool = True) -> Status:
    made = designed_example("social-50k")
    watch = Watch(
        made.architecture,
        firing=["chirp-web-5xx-fast", "chirp-app-full"],
        silent=["chirp-database-master-memory"],
        gone=["chirp-web-cpu"],
        values=BUSY,
    )
    found = alarms_now(made.architecture, watch)
    measured, _ = figures(made, found, watch, NOW.timestamp())
    group = "module.database.aws_security_group.this: lets in tcp 5432 from 0.0.0.0/0"
    drifted = (
        Drifted("module.app.aws_autoscaling_group.this", "update", (Attribute("max_size", "4", "99"),)),
        Drifted(group, "delete"),
    )
    return Status(
        "chirp",
        "embedded",
        NOW,
        (Running("web servers", "2 of 2 in service", "1 in us-east-1a, 1 in us-east-1b"),),
        measured,
        found,
        drifted if drift else None,
        tuple(_notes(made, found, "embedded", "")),
    )


@pytest.mark.parametrize("columns", [60, 80, 120])
def test_status_is_read_in_terminals_of_all_widths(columns: int, golden: Callable[[str, str], None]) -> None:
    told = printed(status(), columns)
    assert max(map(len, told.splitlines())) <= columns
    golden(f"status-{columns}.txt", told)


def test_status_says_what_it_has_not_looked_for_and_where_nothing_runs() -> None:
    fast = status(drift=False)
    lines = fast.words().lines
    assert "drift   not looked for: groma status --drift" in lines
    assert RECORDS in lines
    assert any("1 alarm has no data" in line for line in lines)
    document = json.loads(json.dumps(fast.document()))
    assert document["drift"] is None
    assert document["firing"][0]["since"] == "2026-11-29T02:41:00+00:00"
    assert sum(document["alarms"].values()) == len(document["every_alarm"]) > 40


def test_an_alarm_that_is_on_or_missing_or_drift_is_wrong() -> None:
    made = designed_example("social-50k")
    calm = replace(status(), alarms=alarms_now(made.architecture, Watch(made.architecture)), drift=())
    assert not calm.is_wrong
    assert replace(calm, drift=None).is_wrong is False
    for wrong in (
        replace(calm, drift=(Drifted("a", "update"),)),
        replace(calm, alarms=alarms_now(made.architecture, Watch(made.architecture, gone=["chirp-web-cpu"]))),
        replace(
            calm, alarms=alarms_now(made.architecture, Watch(made.architecture, firing=["chirp-web-cpu"]))
        ),
    ):
        assert wrong.is_wrong


@pytest.mark.parametrize("columns", [60, 80])
def test_charts_are_read_in_a_terminal(columns: int, golden: Callable[[str, str], None]) -> None:
    home = designed_example("social-50k").architecture
    found = curves(home, Watch(home, values=BUSY), Span.of(NOW.timestamp(), 3 * 3600), "web-lb")
    told = printed(Curves("chirp", "aws", 3, found), columns)
    assert max(map(len, told.splitlines())) <= columns
    golden(f"metrics-{columns}.txt", told)
