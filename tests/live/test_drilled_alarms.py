"""Alarms as CloudWatch describes them are drilled as those of the plan, and what is changed there is seen."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from fake_watch import Watch

from groma.answers import Alarm, Composite
from groma.live.alarm_states import AlarmNow, alarms_now
from groma.live.drilled import deployed_guards, guard_of
from groma.live.last_drills import keep, last_told
from groma.monitoring.evaluate import COMPARISONS
from groma.questions.drills.many import Drills
from groma.questions.drills.watching import Guard, guards_of
from workloads import designed_example

SIGNS = {sign: name for name, sign in COMPARISONS.items()}


def topic(severity: str | None) -> list[str]:
    kinds = {"page": "alarms", "ticket": "tickets"}
    return [f"arn:aws:sns:us-east-1:123456789012:chirp-{kinds[severity]}"] if severity else []


def as_described(each: AlarmNow) -> dict[str, Any]:
    """What DescribeAlarms says of an alarm as Terraform makes it."""
    designed = each.designed
    if isinstance(designed, Composite):
        begin = each.name.removesuffix(designed.id)
        joined = " AND " if designed.all_of else " OR "
        rule = joined.join(f'ALARM("{begin}{name}")' for name in designed.parts)
        ends = topic(designed.severity) if designed.tells_its_end else []
        by, held = designed.suppressed, {}
        if by is not None:
            held = {
                "ActionsSuppressor": f"arn:aws:cloudwatch:us-east-1:123456789012:alarm:{begin}{by.by}",
                "ActionsSuppressorWaitPeriod": by.wait_s,
                "ActionsSuppressorExtensionPeriod": by.extension_s,
            }
        told = {"AlarmActions": topic(designed.severity), "OKActions": ends}
        return {**each.row, "AlarmRule": rule, **told, **held}
    return {
        **each.row,
        "Threshold": designed.threshold,
        "ComparisonOperator": SIGNS[designed.comparison],
        "EvaluationPeriods": designed.evaluation_periods,
        "DatapointsToAlarm": designed.datapoints,
        "TreatMissingData": designed.missing.treatment,
        "AlarmActions": topic(None if designed.part_of else designed.severity),
        "InsufficientDataActions": topic(designed.missing.told),
        "ActionsEnabled": True,
    }


def both(name: str) -> Iterator[tuple[Guard, AlarmNow]]:
    architecture = designed_example(name).architecture
    planned = {each.id: each for each in guards_of(architecture)}
    for each in alarms_now(architecture, Watch(architecture)):
        id_ = f"{each.scope}/{each.designed.id}" if each.scope else each.designed.id
        yield planned[id_], replace(each, row=as_described(each))


@pytest.mark.parametrize("name", ["social-50k", "social-worldwide"])
def test_what_terraform_deploys_is_drilled_as_the_plan_is(name: str) -> None:
    pairs = list(both(name))
    assert len(pairs) > 40
    for planned, deployed in pairs:
        found = guard_of(deployed)
        assert (found.id, found.tells, found.keys) == (planned.id, planned.tells, planned.keys)
        assert (found.combines, found.held_by) == (planned.combines, planned.held_by)
        if planned.rule is None:
            assert found.rule is None
        else:
            assert found.rule is not None
            assert (found.rule.limit, found.rule.missing) == (planned.rule.limit, planned.rule.missing)
            assert (found.rule.evaluation_periods, found.rule.datapoints, found.rule.period_s) == (
                planned.rule.evaluation_periods,
                planned.rule.datapoints,
                planned.rule.period_s,
            )
            assert {m.name: m.statistic for m in found.rule.metrics.values()} == {
                m.name: m.statistic for m in planned.rule.metrics.values()
            }


def test_an_alarm_that_is_gone_is_not_drilled() -> None:
    here = designed_example("social-50k").architecture
    rows = {each.name: as_described(each) for each in alarms_now(here, Watch(here))}
    watch = Watch(here, gone=["chirp-waf-blocked"])
    watch.rows = rows
    found = {each.id for each in deployed_guards(here, watch)}
    assert {each.id for each in guards_of(here)} - found == {"waf-blocked"}


def test_what_was_changed_of_an_alarm_is_drilled() -> None:
    (planned, deployed) = next(pair for pair in both("social-50k") if pair[0].id == "waf-blocked")
    assert isinstance(deployed.designed, Alarm)
    loose = replace(deployed, row={**deployed.row, "Threshold": 1e9, "ActionsEnabled": False})
    found = guard_of(loose)
    assert found.rule is not None
    assert found.rule.limit != planned.rule.limit if planned.rule else False
    assert found.tells == {}


def test_the_last_drills_are_told_and_what_cannot_be_read_is_not(tmp_path: Path) -> None:
    assert last_told("chirp", tmp_path) == ""
    path = keep(Drills("chirp", "alarms of the plan", (), (), ()), tmp_path)
    assert path == tmp_path / "chirp" / "drills" / "last.json"
    assert last_told("chirp", tmp_path).startswith("0 of 0 as promised on 20")
    path.write_text('{"drills": 5}', encoding="utf-8")
    assert last_told("chirp", tmp_path) == ""
