"""What a plan of Terraform interrupts: what loses data, is replaced, is taken away, restarts or rolls.

A resource is replaced or deleted when the plan says so; what a change in place does to one that serves users
is a table, `interruptions.csv`, by its type and attribute. It says of Terraform's resources what
`groma.terraform.effects` says of the designs' variables.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from groma.components import keeps_user_data
from groma.terraform.effects import KINDS, Effect, kind_of

QUIET = frozenset({
    *("aws_cloudwatch_metric_alarm", "aws_cloudwatch_composite_alarm", "aws_cloudwatch_dashboard"),
    *("aws_budgets_budget", "aws_sns_topic_policy", "aws_sns_topic_subscription", "aws_flow_log"),
    *("aws_iam_role_policy", "aws_iam_role_policy_attachment", "aws_lambda_permission"),
    *("aws_sqs_queue_policy", "aws_sqs_queue_redrive_allow_policy", "aws_scheduler_schedule"),
    *("aws_s3_object", "aws_s3_bucket_notification", "aws_s3_bucket_lifecycle_configuration"),
    *("aws_appautoscaling_policy", "aws_appautoscaling_target", "aws_autoscaling_policy"),
    *("aws_secretsmanager_secret_version", "aws_route53_health_check", "terraform_data"),
})  # fmt: skip
"""Types whose resources may be replaced or deleted while nobody waits for them."""
HALF_MADE = "replace_because_tainted"
"""Terraform replaces what it could not finish making: nobody has it yet."""


@cache
def table() -> Mapping[tuple[str, str], Effect]:
    """Type and attribute → the effect of a change in place; its element is empty."""
    text = files("groma.live").joinpath("interruptions.csv").read_text(encoding="utf-8")
    rows = csv.DictReader(text.splitlines())
    return {(row["type"], row["attribute"]): Effect(kind_of(row["effect"]), "", row["what"]) for row in rows}


def interruptions(plan: Mapping[str, Any]) -> tuple[Effect, ...]:
    """What a plan interrupts, the worst first, each with the address of its resource.

    Args:
        plan: in version 1 of Terraform's own format.
    """
    found = (effect for each in plan.get("resource_changes") or () for effect in _of(each))
    return tuple(sorted(dict.fromkeys(found), key=lambda effect: KINDS.index(effect.kind)))


def _of(resource: Mapping[str, Any]) -> Iterator[Effect]:
    address, kind, change = resource["address"], resource["type"], resource["change"]
    actions = set(change["actions"])
    if resource.get("mode") != "managed" or resource.get("action_reason") == HALF_MADE:
        return
    if "delete" in actions:
        gone = "made anew" if "create" in actions else "no longer designed"
        if keeps_user_data(address):
            yield Effect("loses data", address, f"{gone}: what it holds is lost")
        elif kind not in QUIET:
            yield Effect("replaced" if "create" in actions else "taken away", address, gone)
    elif actions == {"update"}:
        before, after = change.get("before") or {}, change.get("after") or {}
        unknown = change.get("after_unknown") or {}
        for (type_, attribute), effect in table().items():
            if type_ == kind and (before.get(attribute) != after.get(attribute) or unknown.get(attribute)):
                yield Effect(effect.kind, address, effect.what)
