"""Budgets: their subscribers, tags and changes."""

from __future__ import annotations

import json
from typing import Any

from moto.budgets import models
from moto.budgets.exceptions import NotFoundException
from moto.budgets.responses import BudgetsResponse

from groma.live.embedded.corrections.registry import correction


@correction(seen_in="5.2.5")
def subscribers() -> None:
    """Upstream: cannot say who is told by a budget's notification.

    Effect: the subscribers are listed.
    """

    def describe(self: Any) -> str:
        wanted = _identity(self._get_param("Notification"))
        found = [n for n in _budget(self).notifications if _identity(n.details) == wanted]
        return json.dumps({"Subscribers": [row for n in found for row in n.subscribers]})

    BudgetsResponse.describe_subscribers_for_notification = describe


def _identity(notification: dict[str, Any]) -> tuple[str, str, float]:
    """What makes a notification the same: AWS has no id for it."""
    kind, operator = notification["NotificationType"], notification["ComparisonOperator"]
    return kind, operator, float(notification["Threshold"])


def _budget(response: Any) -> Any:
    name = response._get_param("BudgetName") or response._get_param("NewBudget")["BudgetName"]
    budgets = response.backend.budgets[response._get_param("AccountId")]
    if name not in budgets:
        raise NotFoundException(f"Unable to get budget: {name} - the budget doesn't exist.")
    return budgets[name]


@correction(seen_in="5.2.5")
def delete_notification() -> None:
    """Upstream: deletes no notification that has a field more than the request.

    Effect: the one of the same type, operator and threshold is deleted.
    """

    def delete(self: Any, details: dict[str, Any]) -> None:
        wanted = _identity(details)
        self.notifications = [n for n in self.notifications if _identity(n.details) != wanted]

    models.Budget.delete_notification = delete


@correction(seen_in="5.2.5")
def tags() -> None:
    """Upstream: knows no tags of budgets.

    Effect: they are kept, changed and listed.
    """
    create = BudgetsResponse.create_budget

    def created(self: Any) -> Any:
        result = create(self)
        account, name = self._get_param("AccountId"), self._get_param("Budget")["BudgetName"]
        arn = f"arn:{self.partition}:budgets::{account}:budget/{name}"
        _tags(self).pop(arn, None)
        _add_tags(self, arn, self._get_param("ResourceTags") or [])
        return result

    def list_tags(self: Any) -> str:
        found = _tags(self).get(self._get_param("ResourceARN"), {})
        return json.dumps({"ResourceTags": [{"Key": key, "Value": value} for key, value in found.items()]})

    def tag(self: Any) -> str:
        _add_tags(self, self._get_param("ResourceARN"), self._get_param("ResourceTags"))
        return "{}"

    def untag(self: Any) -> str:
        found = _tags(self).get(self._get_param("ResourceARN"), {})
        for key in self._get_param("ResourceTagKeys"):
            found.pop(key, None)
        return "{}"

    BudgetsResponse.create_budget = created
    BudgetsResponse.list_tags_for_resource = list_tags
    BudgetsResponse.tag_resource = tag
    BudgetsResponse.untag_resource = untag


def _tags(response: Any) -> dict[str, dict[str, str]]:
    """Tags by ARN, kept in the backend so that a snapshot holds them."""
    kept: dict[str, dict[str, str]] = response.backend.__dict__.setdefault("tags_by_arn", {})
    return kept


def _add_tags(response: Any, arn: str, rows: list[dict[str, str]]) -> None:
    _tags(response).setdefault(arn, {}).update({row["Key"]: row["Value"] for row in rows})


@correction(seen_in="5.2.5")
def update_budget() -> None:
    """Upstream: cannot change a budget.

    Effect: its new definition replaces the old one.
    """

    def update(self: Any) -> str:
        _budget(self).budget.update(self._get_param("NewBudget"))
        return "{}"

    BudgetsResponse.update_budget = update
