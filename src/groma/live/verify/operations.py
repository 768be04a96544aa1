"""What watches and guards the rest: key, secret, topic with its mail, alarms, dashboard, budget."""

from __future__ import annotations

import json
from collections.abc import Iterator

from groma.architecture import Architecture, Finding
from groma.components.operations import Budget, DatabaseSecret, EncryptionKey, MailTopic, Monitoring
from groma.live.verify.alarms import differences
from groma.live.verify.findings import compare, judge, listed
from groma.live.verify.key import OWN_KEY, encrypted, key
from groma.live.verify.reading import Answer, Reading
from groma.monitoring import alarms

PENDING = frozenset({"PendingConfirmation", "pending confirmation"})
CONFIRM = "the mailbox has to confirm: AWS has sent it a mail with a link"


def encryption_key(
    component: EncryptionKey, architecture: Architecture, reading: Reading
) -> Iterator[Finding]:
    """That it is enabled and rotates."""
    found = key(architecture, reading)
    rotation = reading.ask("kms", "get_key_rotation_status", KeyId=found["KeyId"]) if found else None
    rotates = "rotated every year" if rotation and rotation["KeyRotationEnabled"] else "not rotated"
    yield compare(
        f"{component.id}.key",
        f"{component.label} of the stack",
        "Enabled, rotated every year",
        f"{found['KeyState']}, {rotates}" if found else None,
    )


def database_secret(
    component: DatabaseSecret, architecture: Architecture, reading: Reading
) -> Iterator[Finding]:
    """That the secret exists and is not about to be deleted."""
    arn = reading.output("database_secret_arn")
    secret = reading.ask("secretsmanager", "describe_secret", SecretId=arn) if arn else None
    actual = None
    if secret:
        deleted = f"to be deleted on {secret['DeletedDate']:%Y-%m-%d}" if secret.get("DeletedDate") else ""
        actual = listed([encrypted(secret.get("KmsKeyId"), architecture, reading), deleted])
    yield compare(f"{component.id}.secret", "secret with the database's master password", OWN_KEY, actual)


def mail_topic(component: MailTopic, architecture: Architecture, reading: Reading) -> Iterator[Finding]:
    """The topic, and that it writes to the mailbox. A subscription that waits to be confirmed counts."""
    arn = reading.output("alarm_topic_arn")
    answer = reading.ask("sns", "get_topic_attributes", TopicArn=arn) if arn else None
    attributes = answer["Attributes"] if answer else {}
    key_id = attributes.get("KmsMasterKeyId")
    actual = encrypted(key_id, architecture, reading) if answer else None
    yield compare(f"{component.id}.topic", f"{component.label} for alarms", OWN_KEY, actual)
    if component.email is None:
        return
    rows = reading.all("sns", "list_subscriptions_by_topic", "Subscriptions", TopicArn=arn) if answer else ()
    mails = {row["Endpoint"]: row["SubscriptionArn"] in PENDING for row in rows if row["Protocol"] == "email"}
    waits = mails.get(component.email, False)
    yield judge(
        f"{component.id}.subscription",
        "alarms are mailed",
        component.email,
        listed((_subscriber(*mail) for mail in mails.items()), "nobody") if answer else None,
        component.email in mails,
        CONFIRM if waits else "",
    )


def _subscriber(address: str, waits: bool) -> str:
    return f"{address} (not confirmed yet)" if waits else address


def monitoring(component: Monitoring, architecture: Architecture, reading: Reading) -> Iterator[Finding]:
    """The alarms of each component, and the dashboard that draws them."""
    rows = reading.all(
        "cloudwatch", "describe_alarms", "MetricAlarms", AlarmNamePrefix=f"{architecture.name}-"
    )
    found = {row["AlarmName"]: row for row in rows}
    for watched in architecture.components:
        designed = watched.alarms(architecture)
        if not designed:
            continue
        wrong = [
            f"{alarm.id}: {difference}"
            for alarm in designed
            for difference in differences(
                alarm, found.get(f"{architecture.name}-{alarm.id}"), architecture, reading
            )
        ]
        yield judge(
            f"{component.id}.alarms.{watched.id}",
            f"{watched.label}: alarms {listed(alarm.id for alarm in designed)}",
            f"{len(designed)} as designed",
            "; ".join(wrong) or f"{len(designed)} as designed",
            not wrong,
        )
    yield _dashboard(component, architecture, reading)


def _dashboard(component: Monitoring, architecture: Architecture, reading: Reading) -> Finding:
    name = reading.output("dashboard_name")
    answer = reading.ask("cloudwatch", "get_dashboard", DashboardName=name) if name else None
    widgets = json.loads(answer["DashboardBody"])["widgets"] if answer else []
    drawn = {widget.get("properties", {}).get("title") for widget in widgets}
    wanted = {alarm.id for alarm in alarms(architecture)}
    missing = sorted(wanted - drawn)
    return compare(
        f"{component.id}.dashboard",
        "dashboard with a graph for each alarm",
        f"{len(wanted)} graphs",
        (f"no graph for {listed(missing)}" if missing else f"{len(wanted)} graphs") if answer else None,
    )


def budget(component: Budget, architecture: Architecture, reading: Reading) -> Iterator[Finding]:
    """Its amount, and that the topic hears when the costs or their forecast pass it."""
    caller = reading.ask("sts", "get_caller_identity") or {}
    which = {"AccountId": caller.get("Account"), "BudgetName": f"{architecture.name}-monthly"}
    answer = reading.ask("budgets", "describe_budget", **which)
    found = answer["Budget"] if answer else None
    yield compare(
        f"{component.id}.limit",
        "monthly budget",
        f"{component.usd_per_month:.2f} USD MONTHLY",
        _limit(found) if found else None,
    )
    rows = (
        reading.all("budgets", "describe_notifications_for_budget", "Notifications", **which) if found else ()
    )
    topic = reading.output("alarm_topic_arn")
    heard = [_notification(row) for row in rows if topic in _subscribers(row, which, reading)]
    yield compare(
        f"{component.id}.notifications",
        "the budget tells the topic before and when it is overrun",
        "ACTUAL over 100 %, FORECASTED over 100 %",
        listed(sorted(heard), "nothing") if found else None,
    )


def _limit(found: Answer) -> str:
    limit = found["BudgetLimit"]
    return f"{float(limit['Amount']):.2f} {limit['Unit']} {found['TimeUnit']}"


def _notification(row: Answer) -> str:
    return f"{row['NotificationType']} over {row['Threshold']:g} %"


def _subscribers(row: Answer, which: dict[str, object], reading: Reading) -> list[str]:
    subscribers = reading.all(
        "budgets", "describe_subscribers_for_notification", "Subscribers", Notification=row, **which
    )
    return [subscriber["Address"] for subscriber in subscribers]
