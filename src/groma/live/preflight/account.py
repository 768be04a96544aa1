"""Whose account it is, since when there is one, and what it is not given yet."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import UTC, datetime

from groma.architecture import Architecture
from groma.components.quotas import taken
from groma.errors import GromaError
from groma.live.preflight.look import Look, Outcome, looks
from groma.live.target import Clients, Target

FIRST_DAYS = 2
"""Within them AWS has seldom verified an account."""
YOUNG_DAYS = 30


def account(target: Target, architecture: Architecture) -> Iterator[Look]:
    """Credentials, plan and age; only the first when the credentials are not accepted."""
    try:
        number = target.account()
    except GromaError as error:
        yield Look("credentials", "will fail", error.what, error.hint)
        return
    yield Look("credentials", "ok", f"account {number}")
    yield _plan(target)
    yield _age(target, architecture)


@looks("the account's plan")
def _plan(clients: Clients) -> Look:
    kind = clients.client("freetier", "us-east-1").get_account_plan_state()["accountPlanType"]
    if kind != "FREE":
        return Look("the account's plan", "ok", "the paid plan")
    hint = "upgrade it in the billing console: on the free plan few types and one day of backups are given"
    return Look("the account's plan", "will fail", "the free plan", hint)


@looks("the account's age")
def _age(clients: Clients, architecture: Architecture) -> Look:
    """By the report of credentials, which says when the root user was made."""
    iam = clients.client("iam", "us-east-1")
    if iam.generate_credential_report()["State"] != "COMPLETE":
        return Look(
            "the account's age", "cannot tell", "AWS is still writing its report", "ask again in a minute"
        )
    rows = csv.DictReader(io.StringIO(iam.get_credential_report()["Content"].decode()))
    opened = datetime.fromisoformat(next(rows)["user_creation_time"])
    days = (datetime.now(UTC) - opened).days
    waiting = ", ".join(dict.fromkeys(each.quota.unit for each in taken(architecture) if not each.quota.new))
    if days > YOUNG_DAYS or not waiting:
        return Look("the account's age", "ok", f"{days:,} days")
    hint = f"open a case with AWS Support, which verifies a new account before it gives {waiting}"
    outcome: Outcome = "will fail" if days < FIRST_DAYS else "cannot tell"
    return Look("the account's age", outcome, f"{days} days: AWS may not have verified it", hint)
