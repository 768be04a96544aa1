"""Drift as it is told: each resource with what was designed and what it is now."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from groma.live.drifted import drifted
from groma.live.target import AwsTarget
from groma.live.terraform_cli import PlannedChange, PlanSummary


class Planned:
    """Terraform with a plan for one resource."""

    def __init__(self, folder: Path, action: str, **change: Any) -> None:
        self.directory, self.action, self.change = folder, action, change

    def plan(self, *, save_as: Path) -> PlanSummary:
        (self.directory / save_as).touch()
        return PlanSummary(True, 0, 1, 0, (PlannedChange(0.0, "a.b", self.action),), (), ())

    def shown(self, plan_file: Path) -> Mapping[str, Any]:
        assert (self.directory / plan_file).exists()
        row = {"address": "a.b", "mode": "managed", "type": "a", "change": self.change}
        return {"resource_changes": [row, {**row, "mode": "data", "address": "data.c"}]}

    def state(self) -> Mapping[str, Any]:
        return {}


def of(folder: Path, action: str, **change: Any) -> dict[str, tuple[str, str]]:
    planned = Planned(folder, action, **change)
    (found,) = drifted(planned, AwsTarget("us-east-1"))  # type: ignore[arg-type]
    assert (found.address, found.action) == ("a.b", action)
    assert list(folder.iterdir()) == [], "the plan is taken away"
    return {each.name: (each.designed, each.now) for each in found.attributes}


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ({"max": 99, "min": 2}, {"max": 4, "min": 2}, {"max": ("4", "99")}),
        ({"text": None}, {"text": "x"}, {"text": ("x", "none")}),
        (
            {"options": [{"tokens": "optional", "hops": 1}]},
            {"options": [{"tokens": "required", "hops": 1}]},
            {"options.tokens": ("required", "optional")},
        ),
        (
            {"tags": {"Name": "mine", "More": "x"}},
            {"tags": {"Name": "chirp"}},
            {"tags.Name": ("chirp", "mine"), "tags.More": ("none", "x")},
        ),
        ({"ports": [80, 443]}, {"ports": [443]}, {"ports": ("[443]", "[80, 443]")}),
    ],
)
def test_what_was_changed_is_told_by_what_differs(tmp_path, before, after, told):
    seen = of(tmp_path, "update", actions=["update"], before=before, after=after)
    assert seen == told


def test_secrets_are_never_told_wherever_they_lie(tmp_path):
    change = {
        "actions": ["update"],
        "before": {"password": "old", "block": [{"key": "old"}], "plain": [{"a": 1}], "id": "1"},
        "after": {"password": "new", "block": [{"key": "new"}], "plain": [{"a": 2}], "id": None},
        "before_sensitive": {"password": True, "block": [{"key": True}], "plain": [{}]},
        "after_sensitive": {"block": [{}], "plain": [{}]},
        "after_unknown": {"id": True},
    }
    hidden = ("(sensitive)", "(sensitive)")
    assert of(tmp_path, "update", **change) == {"password": hidden, "block": hidden, "plain.a": ("2", "1")}


def test_what_is_made_anew_or_gone_has_no_attributes(tmp_path):
    assert of(tmp_path, "create", actions=["create"], before=None, after={"a": 1}) == {}
    assert of(tmp_path, "replace", actions=["delete", "create"], before={"a": 2}, after={"a": 1}) == {}


def test_a_resource_that_terraform_did_not_show_is_told_without_attributes(tmp_path):
    assert of(tmp_path, "update") == {}
