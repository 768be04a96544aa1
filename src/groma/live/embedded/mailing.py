"""What the topics of ministack mail: messages, and the question whether one wants them, into a mailbox.

The links in the mails lead to this cloud and not to AWS: who opens one confirms or ends the subscription.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from groma.live.embedded.mailbox import Post, put

BY_MAIL = ("email", "email-json")
WITHOUT_SUBJECT = "AWS Notification Message"
CONFIRM = "AWS Notification - Subscription Confirmation"
NO_REPLY = "Please do not reply directly to this email."


def start(folder: Path) -> None:
    """Have this process's topics mail into a folder from now on. Loads ministack's SNS."""
    from ministack.services import sns

    def mail(subscription: Any, subject: str, text: str, id_: str) -> None:
        arns = subscription["topic_arn"], subscription["arn"]
        put(folder, Post(subscription["endpoint"], subject, text, *arns, id_, datetime.now(UTC)))

    sns._fanout = _mailing(sns, mail)
    sns._subscribe = _asking(sns, mail)


def _mailing(sns: Any, mail: Callable[[Any, str, str, str], None]) -> Callable[..., None]:
    """What a topic does with a message: all that it did, and mails."""
    original = sns._fanout

    def fanout(
        topic_arn: str,
        msg_id: str,
        message: str,
        subject: str,
        structure: str = "",
        attributes: Any = None,
        **more: Any,
    ) -> None:
        original(topic_arn, msg_id, message, subject, structure, attributes, **more)
        topic = sns._topic_by_arn_any_scope(topic_arn) or {"subscriptions": ()}
        for each in topic["subscriptions"]:
            if not each.get("confirmed") or each.get("protocol") not in BY_MAIL:
                continue
            text = sns._resolve_message_for_protocol(message, structure, each["protocol"])
            if not sns._matches_filter_policy(each, attributes or {}, text):
                continue
            if each["protocol"] == "email-json":
                text = sns._build_envelope(topic_arn, msg_id, text, subject, attributes or {}, raw=False)
            mail(each, subject or WITHOUT_SUBJECT, f"{text.rstrip()}\n{_below(sns, each)}", msg_id)

    return fanout


def _asking(sns: Any, mail: Callable[[Any, str, str, str], None]) -> Callable[[Any], Any]:
    """What becomes of a new address: it is asked whether it wants mails."""
    original = sns._subscribe

    def subscribe(params: Any) -> Any:
        answer = original(params)
        asked = sns._p(params, "Protocol"), sns._p(params, "Endpoint")
        topic = sns._topic_by_arn_any_scope(sns._normalize_arn(sns._p(params, "TopicArn")))
        for each in topic["subscriptions"] if topic else ():
            is_asked = asked == (each["protocol"], each["endpoint"]) and each["protocol"] in BY_MAIL
            if is_asked and not each.get("confirmed"):
                mail(each, CONFIRM, _question(sns, each), str(uuid4()))
        return answer

    return subscribe


def _question(sns: Any, subscription: Any) -> str:
    topic = subscription["topic_arn"]
    link = _link(sns, Action="ConfirmSubscription", TopicArn=topic, Token=subscription["token"])
    return "\n".join(
        (
            "You have chosen to subscribe to the topic:",
            topic,
            "",
            "To confirm this subscription, click or visit the link below (If this was in error no action is "
            "necessary):",
            link,
            "",
            f"{NO_REPLY} If you wish to remove yourself from receiving all future SNS subscription "
            "confirmation requests please send an email to sns-opt-out",
            "",
        )
    )


def _below(sns: Any, subscription: Any) -> str:
    """What stands below every message: how to get no more of them."""
    return "\n".join(
        (
            "",
            "--",
            "If you wish to stop receiving notifications from this topic, please click or visit the link "
            "below to unsubscribe:",
            _link(sns, Action="Unsubscribe", SubscriptionArn=subscription["arn"]),
            "",
            f"{NO_REPLY} If you have any questions or comments regarding this email, please contact us at "
            "https://aws.amazon.com/support",
            "",
        )
    )


def _link(sns: Any, **asked: str) -> str:
    return f"http://{sns._HOST}:{sns._PORT}/?{urlencode(asked, safe=':')}"
