"""Whether the credentials may do what a rehearsal has needed, by IAM's own simulation."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Protocol

from groma.iam import role_of
from groma.live.preflight.look import Look, looks
from groma.live.target import Clients

ABOUT = "permissions"
SHOWN = 5


class Right(Protocol):
    """A statement of the least policy: actions on resources, under the values of condition keys."""

    @property
    def actions(self) -> tuple[str, ...]:
        """Such as `sqs:CreateQueue`."""

    @property
    def resources(self) -> tuple[str, ...]:
        """ARNs, with `*` for what is not known."""

    @property
    def condition(self) -> tuple[tuple[str, str], ...]:
        """Condition key → value."""


def rights(clients: Clients, wanted: Sequence[Right]) -> Iterator[Look]:
    """A look at all that is wanted; none when nothing is known of it."""
    if wanted:
        yield _simulated(clients, wanted)


@looks(ABOUT)
def _simulated(clients: Clients, wanted: Sequence[Right]) -> Look:
    """By https://docs.aws.amazon.com/IAM/latest/APIReference/API_SimulatePrincipalPolicy.html."""
    caller = str(clients.client("sts", "us-east-1").get_caller_identity()["Arn"])
    if caller.endswith(":root"):
        return Look(ABOUT, "ok", "the root user, who may do everything")
    iam = clients.client("iam", "us-east-1")
    lacking = [action for each in wanted for action in _lacking(iam, caller, each)]
    if not lacking:
        return Look(
            ABOUT, "ok", f"all {sum(len(each.actions) for each in wanted)} that a rehearsal has needed"
        )
    more = f" and {len(lacking) - SHOWN} more" if len(lacking) > SHOWN else ""
    found = f"not allowed: {', '.join(lacking[:SHOWN])}{more}"
    return Look(ABOUT, "will fail", found, "attach the policies that `groma permissions` writes")


def _lacking(iam: Any, caller: str, right: Right) -> list[str]:
    """The actions that are allowed on none of the resources."""
    account = caller.split(":")[4]
    pages = iam.get_paginator("simulate_principal_policy").paginate(
        PolicySourceArn=role_of(caller) or caller,
        ActionNames=list(right.actions),
        ResourceArns=[_in_account(arn, account) for arn in right.resources],
        ContextEntries=[
            {"ContextKeyName": key, "ContextKeyValues": [value], "ContextKeyType": "string"}
            for key, value in right.condition
        ],
    )
    allowed = {
        row["EvalActionName"]
        for page in pages
        for row in page["EvaluationResults"]
        if any(each == "allowed" for each in _decisions(row))
    }
    return [action for action in right.actions if action not in allowed]


def _decisions(row: Mapping[str, Any]) -> Iterator[str]:
    yield row["EvalDecision"]
    for each in row.get("ResourceSpecificResults", ()):
        yield each["EvalResourceDecision"]


def _in_account(arn: str, account: str) -> str:
    parts = arn.split(":", 5)
    if len(parts) == 6 and parts[4] == "*":
        parts[4] = account
    return ":".join(parts)
