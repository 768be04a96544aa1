"""What CloudWatch, its logs and IAM refuse, and tags that nobody may set."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from groma.live.embedded.gate.account import Stage
from groma.live.embedded.gate.asked import Asked
from groma.live.embedded.gate.refusal import Refusal
from groma.live.embedded.gate.registry import rule

DAY_S, WEEK_S, HOUR_S = 86_400, 604_800, 3_600
RETENTION_DAYS = (
    1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
)  # fmt: skip
POLICY_BYTES = {"PutRolePolicy": 10_240, "CreatePolicy": 6_144}


@rule(
    "cloudwatch",
    "PutMetricAlarm",
    source="https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html",
)
def alarm(asked: Asked, stage: Stage) -> Refusal | None:
    """An alarm looks at periods of 10, 30 or whole minutes, at most a day of them (a week from an hour on),
    and asks for no more of them than it looks at.
    """
    periods = [int(each) for each in _periods(asked.parameters)]
    number = int(asked.parameters.get("EvaluationPeriods") or 1)
    needed = int(asked.parameters.get("DatapointsToAlarm") or number)
    if any(period % 60 and period not in (10, 30) for period in periods):
        return Refusal("ValidationError", "Period must be 10, 30 or a multiple of 60", f"not {periods}")
    longest = max(periods, default=60)
    if longest * number > (WEEK_S if longest >= HOUR_S else DAY_S):
        message = (
            "Metrics cannot be checked across more than a day (EvaluationPeriods * Period must be <= 86400)."
        )
        return Refusal("ValidationError", message, f"{number} periods of {longest} s")
    if needed > number:
        message = "DatapointsToAlarm must be less than or equal to EvaluationPeriods"
        return Refusal("ValidationError", message, f"{needed} of {number}")
    return None


def _periods(parameters: Mapping[str, Any]) -> list[Any]:
    own = [parameters["Period"]] if parameters.get("Period") else []
    stats = [each.get("MetricStat") for each in parameters.get("Metrics") or ()]
    return [*own, *(each["Period"] for each in stats if each)]


@rule(
    "logs",
    "PutRetentionPolicy",
    source="https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html",
)
def retention(asked: Asked, stage: Stage) -> Refusal | None:
    """Logs are kept for one of a list of numbers of days."""
    days = int(asked.parameters["retentionInDays"])
    if days in RETENTION_DAYS:
        return None
    return Refusal(
        "InvalidParameterException", f"Invalid retention value: {days}", f"one of {RETENTION_DAYS}"
    )


@rule(
    "iam",
    "PutRolePolicy",
    "CreatePolicy",
    source="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html",
)
def policy(asked: Asked, stage: Stage) -> Refusal | None:
    """A policy is JSON of at most 10,240 characters in a role, or 6,144 by itself, without spaces."""
    text = str(asked.parameters["PolicyDocument"])
    try:
        json.loads(text)
    except ValueError:
        return Refusal("MalformedPolicyDocument", "Syntax errors in policy.", "it is no JSON")
    size, most = len("".join(text.split())), POLICY_BYTES[asked.operation]
    if size <= most:
        return None
    return Refusal("LimitExceeded", f"Maximum policy size of {most} bytes exceeded", f"{size:,} characters")


@rule(
    "secretsmanager",
    "CreateSecret",
    source="https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_CreateSecret.html",
)
def secret(asked: Asked, stage: Stage) -> Refusal | None:
    """A secret's name has letters, digits and the signs /_+=.@- alone."""
    name = str(asked.parameters["Name"])
    if all(sign.isascii() and (sign.isalnum() or sign in "/_+=.@-") for sign in name):
        return None
    message = (
        "Invalid name. Must be a valid name containing alphanumeric characters, or any of the following: "
    )
    message += "-/_+=.@!"
    return Refusal("ValidationException", message, f"not {name!r}")
