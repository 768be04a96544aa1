from __future__ import annotations

from typing import Any

from groma.live.embedded import ACCOUNT_ID, Endpoints
from probes.network import unique

MAIL = [{"SubscriptionType": "EMAIL", "Address": "ops@example.com"}]


def _notification(kind: str, threshold: float) -> dict[str, Any]:
    return {
        "NotificationType": kind,
        "ComparisonOperator": "GREATER_THAN",
        "Threshold": threshold,
        "ThresholdType": "PERCENTAGE",
    }


def _budget(name: str, amount: str = "100") -> dict[str, Any]:
    limit = {"Amount": amount, "Unit": "USD"}
    return {"BudgetName": name, "BudgetType": "COST", "TimeUnit": "MONTHLY", "BudgetLimit": limit}


def _create(aws: Endpoints, **settings: Any) -> dict[str, str]:
    """Make a budget; return what names it."""
    name = unique("budget")
    aws.client("budgets").create_budget(AccountId=ACCOUNT_ID, Budget=_budget(name), **settings)
    return {"AccountId": ACCOUNT_ID, "BudgetName": name}


def subscribers(aws: Endpoints) -> None:
    budgets, actual = aws.client("budgets"), _notification("ACTUAL", 80)
    budget = _create(aws, NotificationsWithSubscribers=[{"Notification": actual, "Subscribers": MAIL}])
    seen = budgets.describe_subscribers_for_notification(**budget, Notification=actual)["Subscribers"]
    assert seen == MAIL
    forecast = _notification("FORECASTED", 80)
    assert budgets.describe_subscribers_for_notification(**budget, Notification=forecast)["Subscribers"] == []


def delete_notification(aws: Endpoints) -> None:
    budgets, actual = aws.client("budgets"), _notification("ACTUAL", 80)
    budget = _create(aws)
    budgets.create_notification(
        **budget, Notification={**actual, "NotificationState": "OK"}, Subscribers=MAIL
    )
    budgets.delete_notification(**budget, Notification=actual)
    assert budgets.describe_notifications_for_budget(**budget)["Notifications"] == []


def tags(aws: Endpoints) -> None:
    budgets = aws.client("budgets")
    budget = _create(aws, ResourceTags=[{"Key": "stack", "Value": "proof"}])
    arn = f"arn:aws:budgets::{ACCOUNT_ID}:budget/{budget['BudgetName']}"

    def seen() -> dict[str, str]:
        rows = budgets.list_tags_for_resource(ResourceARN=arn)["ResourceTags"]
        return {row["Key"]: row["Value"] for row in rows}

    assert seen() == {"stack": "proof"}
    budgets.tag_resource(ResourceARN=arn, ResourceTags=[{"Key": "owner", "Value": "ada"}])
    assert seen() == {"stack": "proof", "owner": "ada"}
    budgets.untag_resource(ResourceARN=arn, ResourceTagKeys=["stack"])
    assert seen() == {"owner": "ada"}
    budgets.delete_budget(**budget)
    budgets.create_budget(AccountId=ACCOUNT_ID, Budget=_budget(budget["BudgetName"]))
    assert seen() == {}


def update_budget(aws: Endpoints) -> None:
    budgets, budget = aws.client("budgets"), _create(aws)
    budgets.update_budget(AccountId=ACCOUNT_ID, NewBudget=_budget(budget["BudgetName"], "250"))
    assert budgets.describe_budget(**budget)["Budget"]["BudgetLimit"]["Amount"] == "250"
