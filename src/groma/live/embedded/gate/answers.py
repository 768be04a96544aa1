"""What no emulator knows: an account's quotas, its plan, its age, its zones, and what a region offers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from groma import catalog
from groma.live.embedded.endpoints import ACCOUNT_ID
from groma.live.embedded.gate.account import Account, Stage
from groma.live.embedded.gate.asked import Asked
from groma.live.embedded.gate.refusal import Refusal
from groma.live.embedded.gate.rules import regional

GROWN_DAYS = 800
YOUNG_ZONES = {"us-west-1": ("us-west-1a", "us-west-1c")}
"""Zones of a young account, where they are others than most accounts have (public issues, e.g.
Coalfire-Research/npk 10)."""

Answer = Callable[[Asked, Stage], Mapping[str, Any] | Refusal | None]


def _quota(asked: Asked, stage: Stage) -> Mapping[str, Any] | Refusal:
    """A quota by its code: of a grown account AWS's default."""
    code = str(asked.parameters["QuotaCode"])
    for name in catalog.quota_names():
        quota = catalog.quota(name, asked.region)
        if quota.code == code:
            value = quota.new if stage.account.is_young else quota.grown
            row = {
                "ServiceCode": quota.service,
                "QuotaCode": code,
                "QuotaName": quota.name,
                "Value": float(value),
            }
            return {"Quota": row}
    why = "Groma's catalog has no such quota"
    return Refusal("NoSuchResourceException", f"The request failed because {code} does not exist.", why)


def _functions(asked: Asked, stage: Stage) -> Mapping[str, Any]:
    quota = catalog.quota("lambda-concurrency", asked.region)
    most = int(quota.new if stage.account.is_young else quota.grown)
    left = most - int(stage.sum_of("reserved", asked.region))
    return {"AccountLimit": {"ConcurrentExecutions": most, "UnreservedConcurrentExecutions": left}}


def _plan(asked: Asked, stage: Stage) -> Mapping[str, Any]:
    kind = "FREE" if stage.account is Account.FREE else "PAID"
    return {"accountId": ACCOUNT_ID, "accountPlanType": kind, "accountPlanStatus": "ACTIVE"}


def _report_asked(asked: Asked, stage: Stage) -> Mapping[str, Any]:
    return {"State": "COMPLETE"}


def _report(asked: Asked, stage: Stage) -> Mapping[str, Any]:
    """The report of credentials, whose first row says since when there is an account."""
    now = datetime.now(UTC)
    opened = now - timedelta(days=0 if stage.account.is_young else GROWN_DAYS)
    rows = (
        "user,arn,user_creation_time",
        f"<root_account>,arn:aws:iam::{ACCOUNT_ID}:root,{opened.isoformat()}",
    )
    return {"Content": "\n".join(rows).encode(), "ReportFormat": "text/csv", "GeneratedTime": now}


def _zones(asked: Asked, stage: Stage) -> Mapping[str, Any] | None:
    """The zones of a young account where it lacks one; elsewhere the emulator knows them."""
    given = YOUNG_ZONES.get(asked.region) if stage.account.is_young else None
    if given is None:
        return None
    return {
        "AvailabilityZones": [
            {
                "ZoneName": zone,
                "State": "available",
                "RegionName": asked.region,
                "OptInStatus": "opt-in-not-required",
                "ZoneType": "availability-zone",
            }
            for zone in given
        ]
    }


def _databases(asked: Asked, stage: Stage) -> Mapping[str, Any]:
    """What RDS offers: the class that is asked for, where the region has it."""
    engine, class_ = str(asked.parameters["Engine"]), str(asked.parameters.get("DBInstanceClass") or "")
    offered = bool(class_) and regional.has_database_class(asked.region, engine, class_)
    rows = [{"Engine": engine, "DBInstanceClass": class_}] if offered else []
    return {"OrderableDBInstanceOptions": rows}


ANSWERS: Mapping[tuple[str, str], Answer] = {
    ("service-quotas", "GetServiceQuota"): _quota,
    ("lambda", "GetAccountSettings"): _functions,
    ("freetier", "GetAccountPlanState"): _plan,
    ("iam", "GenerateCredentialReport"): _report_asked,
    ("iam", "GetCredentialReport"): _report,
    ("ec2", "DescribeAvailabilityZones"): _zones,
    ("rds", "DescribeOrderableDBInstanceOptions"): _databases,
}
