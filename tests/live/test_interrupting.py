"""What a plan of Terraform interrupts, by its own list of changes."""

from __future__ import annotations

from typing import Any

import pytest

from groma.live.interrupting import QUIET, interruptions, table
from groma.terraform.effects import KINDS
from groma.terraform.effects import table as by_variable

REPLACED = ["delete", "create"]


def resource(address: str, actions: list[str], **change: Any) -> dict[str, Any]:
    """One row of Terraform's list."""
    type_ = address.split(".")[-2]
    return {"address": address, "mode": "managed", "type": type_, "change": {"actions": actions, **change}}


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (resource("module.database.aws_db_instance.master", REPLACED), "loses data"),
        (resource("module.database.aws_db_instance.master", ["create", "delete"]), "loses data"),
        (resource("module.database.aws_db_instance.replica", ["delete"]), "loses data"),
        (resource("module.web.aws_lb.this", REPLACED), "replaced"),
        (resource("module.web.aws_lb.this", ["delete"]), "taken away"),
        (resource("module.web.aws_lb.this", ["create"]), ""),
        (resource("module.web.aws_lb.this", ["update"], before={"idle": 1}, after={"idle": 2}), ""),
        (resource("module.alarms.aws_cloudwatch_metric_alarm.this", REPLACED), ""),
        (resource("module.web.terraform_data.image", REPLACED), ""),
        ({**resource("module.web.aws_lb.this", REPLACED), "action_reason": "replace_because_tainted"}, ""),
        ({**resource("module.web.aws_lb.this", REPLACED), "mode": "data"}, ""),
    ],
)
def test_a_deletion_is_judged_by_what_goes(change, told):
    found = interruptions({"resource_changes": [change]})
    assert [effect.kind for effect in found] == ([told] if told else [])
    assert [effect.element for effect in found] == ([change["address"]] if told else [])


def test_a_change_in_place_is_judged_by_its_attributes():
    address, before = "module.database.aws_db_instance.master", {"instance_class": "db.t4g.large", "iops": 1}
    for after, unknown, told in (
        ({**before, "instance_class": "db.r7g.large"}, {}, ["restarts"]),
        ({**before, "iops": 2}, {}, []),
        ({"iops": 1}, {"instance_class": True}, ["restarts"]),
    ):
        change = resource(address, ["update"], before=before, after=after, after_unknown=unknown)
        assert [each.kind for each in interruptions({"resource_changes": [change]})] == told


def test_the_worst_comes_first_and_nothing_is_said_of_an_empty_plan():
    plan = {
        "resource_changes": [
            resource("module.web.aws_launch_template.this", ["update"], after={"user_data": "new"}),
            resource("module.web.aws_lb.this", REPLACED),
            resource("module.table.aws_dynamodb_table.this", REPLACED),
        ]
    }
    found = interruptions(plan)
    assert [effect.kind for effect in found] == ["loses data", "replaced", "rolls"]
    assert [effect.interrupts for effect in found] == [True, True, False]
    assert interruptions({}) == interruptions({"resource_changes": None}) == ()


def test_what_restarts_by_design_restarts_by_terraform():
    """Each effect of a variable that no replacement makes has a resource whose change has it, too."""
    mild = {row.effect.kind for row in by_variable()} - {"loses data", "replaced"}
    assert {effect.kind for effect in table().values()} == mild
    assert mild <= set(KINDS)
    assert not {type_ for type_, _ in table()} & QUIET
