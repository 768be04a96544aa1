"""The dashboard of a design, as Terraform makes its body: the module with a provider that is not one."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from workspace import Workspace

from attached import attached
from groma.answers import Ref
from groma.architecture import Architecture
from groma.components.operations import Monitoring
from groma.terraform.alarms import alarm_tables

KEY = "arn:aws:kms:us-east-1:111122223333:key/6b1f0a52-8c7e-4d1b-9e55-0f5b1b3a7c21"
TELLING = """
mock_provider "aws" {
  mock_data "aws_caller_identity" {
    defaults = { account_id = "111122223333" }
  }

  mock_data "aws_partition" {
    defaults = { partition = "aws" }
  }

  mock_data "aws_region" {
    defaults = { id = "{region}" }
  }

  mock_resource "aws_sns_topic" {
    defaults = { arn = "arn:aws:sns:us-east-1:111122223333:chirp-alarms" }
  }
}

run "tells_the_body" {
  command = apply

  assert {
    condition     = aws_cloudwatch_dashboard.this[0].dashboard_body == ""
    error_message = aws_cloudwatch_dashboard.this[0].dashboard_body
  }
}
"""
"""A check that fails, since what it then says is all that gets out of a test of Terraform."""


def body_of(architecture: Architecture, budget_usd: int, workspace: Workspace) -> Mapping[str, Any]:
    """The body of the dashboard of an architecture of one region, references told as they are written."""
    tables, module = _plain(alarm_tables(architecture)), workspace.root / "alarms"
    (monitoring,) = architecture.of_type(Monitoring)
    given = {
        "name": architecture.name,
        "kms_key_arn": KEY,
        "budget_usd": budget_usd,
        "alarms": tables["alarms"],
        "composites": tables.get("composite_alarms", {}),
        "elsewhere": {"us-east-1": tables["edge_alarms"]} if "edge_alarms" in tables else {},
        "sections": _plain(monitoring.module(architecture).arguments)["sections"],
    }
    (module / "told").mkdir()
    (module / "told" / "body.tftest.hcl").write_text(TELLING.replace("{region}", architecture.region))
    (module / "told.tfvars.json").write_text(json.dumps(given))
    workspace.run("alarms", "init", "-backend=false")
    with attached(module, workspace.environment) as environment:
        done = workspace.within(environment).attempt(
            "alarms", "test", "-json", "-test-directory=told", "-var-file=told.tfvars.json"
        )
    said = [json.loads(line) for line in done.stdout.splitlines()]
    failed = [each["diagnostic"] for each in said if each.get("type") == "diagnostic"]
    (told,) = [each["detail"] for each in failed if each["summary"] == "Test assertion failed"]
    return dict(json.loads(told))


def _plain(value: Any) -> Any:
    """A value of Terraform's language as JSON has it; a reference is its own text."""
    if isinstance(value, Ref):
        return value.expression
    if isinstance(value, Mapping):
        return {name: _plain(each) for name, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(each) for each in value]
    return value
