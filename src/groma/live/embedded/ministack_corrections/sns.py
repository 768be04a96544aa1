"""SNS: addresses of e-mail, which have to confirm that they want mails."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from ministack.core.arn import ArnParseError, parse_arn
from ministack.core.responses import get_account_id, new_uuid, request_scope
from ministack.services import sns

BY_MAIL = ("email", "email-json")
PENDING = "PendingConfirmation"


def confirmation() -> None:
    """Upstream: takes a subscription of an address for confirmed as soon as it is made.

    Effect: it waits until somebody confirms it with its token, is listed so, and gets no message before.
    """
    subscribe = sns._subscribe

    def waiting(params: Any) -> Any:
        before = {each["arn"] for each in _subscriptions(params)}
        answer = subscribe(params)
        made = [each for each in _subscriptions(params) if each["arn"] not in before]
        for each in made:
            if each["protocol"] in BY_MAIL:
                _wait(each)
        asked = (sns._p(params, "Protocol"), sns._p(params, "Endpoint"))
        waits = [each for each in _waiting(params) if (each["protocol"], each["endpoint"]) == asked]
        if not waits or sns._p(params, "ReturnSubscriptionArn") == "true":
            return answer
        return _without_arns(answer, waits, "pending confirmation")

    sns._subscribe = waiting
    sns._confirm_subscription = _in_its_region(sns._confirm_subscription, "TopicArn")
    sns._unsubscribe = _in_its_region(sns._unsubscribe, "SubscriptionArn")
    for name in ("_list_subscriptions", "_list_subscriptions_by_topic"):
        setattr(sns, name, _with_those_that_wait(getattr(sns, name)))


def _wait(subscription: Any) -> None:
    subscription.update(confirmed=False, token=new_uuid())
    subscription["attributes"].update(PendingConfirmation="true", ConfirmationWasAuthenticated="false")
    sns._refresh_subscription_counts(sns._topic_by_arn_any_scope(subscription["topic_arn"]))


def _in_its_region(original: Callable[[Any], Any], named: str) -> Callable[[Any], Any]:
    """A link in a mail has no region but that of the ARN in it."""

    def scoped(params: Any) -> Any:
        try:
            spec = parse_arn(sns._p(params, named))
        except ArnParseError:
            return original(params)
        with request_scope(spec.account_id or get_account_id(), spec.region):
            return original(params)

    return scoped


def _subscriptions(params: Any) -> list[Any]:
    """Those of the topic that a request names; of none, all."""
    arn = sns._p(params, "TopicArn")
    topics = [sns._topic_by_arn_any_scope(sns._normalize_arn(arn))] if arn else sns._topics.values()
    return [each for topic in topics if topic for each in topic["subscriptions"]]


def _waiting(params: Any) -> Iterator[Any]:
    return (each for each in _subscriptions(params) if not each.get("confirmed"))


def _with_those_that_wait(original: Callable[[Any], Any]) -> Callable[[Any], Any]:
    def listed(params: Any) -> Any:
        return _without_arns(original(params), _waiting(params), PENDING)

    return listed


def _without_arns(answer: Any, subscriptions: Any, instead: str) -> Any:
    """An answer in which other words stand for the ARNs of these subscriptions."""
    status, headers, body = answer
    for each in subscriptions:
        body = body.replace(f">{each['arn']}<".encode(), f">{instead}<".encode())
    return status, headers, body
