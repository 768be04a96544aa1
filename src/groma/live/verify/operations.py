"""What watches and guards the rest: key, secret, topic with its mail, alarms, dashboard, budget."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence

from groma.answers import Alarm, Composite
from groma.architecture import Architecture, Component, Finding
from groma.components.dns import CERTIFICATE_REGION
from groma.components.edge_monitoring import EdgeMonitoring
from groma.components.operations import Budget, DatabaseSecret, EncryptionKey, MailTopic, Monitoring
from groma.live.verify.alarms import EDGE, composite_differences, differences
from groma.live.verify.findings import compare, judge, listed, not_tried
from groma.live.verify.key import OWN_KEY, encrypted, key
from groma.live.verify.reading import Answer, Reading
from groma.monitoring import alarms

PENDING = frozenset({"PendingConfirmation", "pending confirmation"})
KINDS = ("Metric", "Composite")
TOPICS = {"topic": "alarm_topic_arn", "tickets": "ticket_topic_arn"}
CONFIRM = "has not confirmed yet, by the link in the mail that asks, and gets nothing before"


def encryption_key(
    component: EncryptionKey, architecture: Architecture, reading: Reading
) -> Iterator[Finding]:
    """That it is enabled and rotates; of one that existed before, that it is enabled."""
    found = key(architecture, reading)
    if component.arn:
        actual = str(found["KeyState"]) if found else None
        yield compare(f"{component.id}.key", f"{component.label} that existed before", "Enabled", actual)
        return
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
    """That the secret exists and is not about to be deleted, and the regions that have a copy of it."""
    arn = reading.output("database_secret_arn")
    secret = reading.ask("secretsmanager", "describe_secret", SecretId=arn) if arn else None
    actual = None
    if secret:
        deleted = f"to be deleted on {secret['DeletedDate']:%Y-%m-%d}" if secret.get("DeletedDate") else ""
        actual = listed([encrypted(secret.get("KmsKeyId"), architecture, reading), deleted])
    yield compare(f"{component.id}.secret", "secret with the database's master password", OWN_KEY, actual)
    if not component.replicas:
        return
    rows = (secret or {}).get("ReplicationStatus") or ()
    there = (row["Region"] for row in rows if row.get("Status") in ("InSync", "InProgress"))
    yield compare(
        f"{component.id}.copies",
        "regions that have a copy of the master password",
        listed(sorted(component.replicas)),
        listed(sorted(there)) if secret else None,
    )


def mail_topic(component: MailTopic, architecture: Architecture, reading: Reading) -> Iterator[Finding]:
    """Both topics, and that they write to the mailbox. Whether they do is not known before its owner has
    confirmed that, which nobody else can.
    """
    for what, output in TOPICS.items():
        yield from _topic(component, what, reading.output(output), architecture, reading)


def edge_monitoring(
    component: EdgeMonitoring, architecture: Architecture, reading: Reading
) -> Iterator[Finding]:
    """Topics and alarms in the region in which AWS publishes what it knows of the edge."""
    there = reading.in_region(CERTIFICATE_REGION)
    for what, output in TOPICS.items():
        yield from _topic(component, what, reading.output(EDGE + output), architecture, there)
    yield from _each_watched(component.id, architecture, there)


def _topic(
    component: MailTopic | EdgeMonitoring,
    what: str,
    arn: str | None,
    architecture: Architecture,
    reading: Reading,
) -> Iterator[Finding]:
    kind = "pages" if what == "topic" else "tickets"
    answer = reading.ask("sns", "get_topic_attributes", TopicArn=arn) if arn else None
    attributes = answer["Attributes"] if answer else {}
    key_id = attributes.get("KmsMasterKeyId")
    actual = encrypted(key_id, architecture, reading) if answer else None
    yield compare(f"{component.id}.{what}", f"SNS topic for {kind}", OWN_KEY, actual)
    if component.email is None:
        return
    rows = reading.all("sns", "list_subscriptions_by_topic", "Subscriptions", TopicArn=arn) if answer else ()
    mails = {row["Endpoint"]: row["SubscriptionArn"] in PENDING for row in rows if row["Protocol"] == "email"}
    id_ = f"{component.id}.{'subscription' if what == 'topic' else 'tickets-subscription'}"
    if mails.get(component.email, False):
        yield not_tried(id_, f"{kind} are mailed", component.email, f"{component.email} {CONFIRM}")
        return
    yield judge(
        id_,
        f"{kind} are mailed",
        component.email,
        listed(mails, "nobody") if answer else None,
        component.email in mails,
    )


def monitoring(component: Monitoring, architecture: Architecture, reading: Reading) -> Iterator[Finding]:
    """The alarms of each component, and the dashboard that draws them."""
    yield from _each_watched(component.id, architecture, reading)
    yield _dashboard(component, architecture, reading)


def _each_watched(monitoring: str, architecture: Architecture, reading: Reading) -> Iterator[Finding]:
    """A line for each component that has alarms in the region that is read."""
    found = _found(architecture, reading)
    here = [each for each in alarms(architecture) if _is_in(each, architecture, reading.region)]
    for watched in architecture.components:
        designed = [each for each in here if each.component == watched.id]
        yield from _watched(monitoring, watched, designed, architecture, reading, found)


def _found(architecture: Architecture, reading: Reading) -> Mapping[str, Answer]:
    """All alarms of the stack in a region, by their names."""
    asked = {"AlarmNamePrefix": f"{architecture.name}-", "AlarmTypes": ["MetricAlarm", "CompositeAlarm"]}
    kinds = (reading.all("cloudwatch", "describe_alarms", f"{kind}Alarms", **asked) for kind in KINDS)
    return {row["AlarmName"]: row for rows in kinds for row in rows}


def _watched(
    monitoring: str,
    watched: Component,
    designed: Sequence[Alarm],
    architecture: Architecture,
    reading: Reading,
    found: Mapping[str, Answer],
) -> Iterator[Finding]:
    """The alarms of one component that are to be in the region that is read."""
    composites = watched.composites(architecture) if reading.region == architecture.region else ()
    if not designed and not composites:
        return

    def standing(alarm: Alarm | Composite) -> Answer | None:
        return found.get(f"{architecture.name}-{alarm.id}")

    wrong = [
        f"{alarm.id}: {difference}"
        for alarm in designed
        for difference in differences(alarm, standing(alarm), architecture, reading)
    ] + [
        f"{alarm.id}: {difference}"
        for alarm in composites
        for difference in composite_differences(alarm, standing(alarm), architecture, reading)
    ]
    ids = [*(each.id for each in designed), *(each.id for each in composites)]
    yield judge(
        f"{monitoring}.alarms.{watched.id}",
        f"{watched.label}: alarms {listed(ids)}",
        f"{len(ids)} as designed",
        "; ".join(wrong) or f"{len(ids)} as designed",
        not wrong,
    )


def _is_in(alarm: Alarm, architecture: Architecture, region: str) -> bool:
    return (alarm.region or architecture.region) == region


def _dashboard(component: Monitoring, architecture: Architecture, reading: Reading) -> Finding:
    name = reading.output("dashboard_name")
    answer = reading.ask("cloudwatch", "get_dashboard", DashboardName=name) if name else None
    widgets = json.loads(answer["DashboardBody"])["widgets"] if answer else []
    drawn = {widget.get("properties", {}).get("title") for widget in widgets}
    wanted = {each.id for each in alarms(architecture)}
    missing = sorted(wanted - drawn)
    return compare(
        f"{component.id}.dashboard",
        "dashboard with a graph for each alarm",
        f"{len(wanted)} graphs",
        (f"no graph for {listed(missing)}" if missing else f"{len(wanted)} graphs") if answer else None,
    )


def budget(component: Budget, architecture: Architecture, reading: Reading) -> Iterator[Finding]:
    """The amounts, and that the topic hears when the costs or their forecast pass them."""
    account = (reading.ask("sts", "get_caller_identity") or {}).get("Account")
    both = "ACTUAL over 100 %, FORECASTED over 100 %"
    for begins, time, usd, heard in (
        ("", "monthly", component.usd_per_month, both),
        ("daily-", "daily", component.usd_per_day, "ACTUAL over 100 %"),
    ):
        which = {"AccountId": account, "BudgetName": f"{architecture.name}-{time}"}
        yield from _budget(f"{component.id}.{begins}", time, usd, heard, which, reading)


def _budget(
    id_: str, time: str, usd: float, told: str, which: dict[str, object], reading: Reading
) -> Iterator[Finding]:
    answer = reading.ask("budgets", "describe_budget", **which)
    found = answer["Budget"] if answer else None
    expected = f"{usd:.2f} USD {time.upper()}"
    yield compare(f"{id_}limit", f"{time} budget", expected, _limit(found) if found else None)
    rows = (
        reading.all("budgets", "describe_notifications_for_budget", "Notifications", **which) if found else ()
    )
    topic = reading.output("ticket_topic_arn")
    heard = [_notification(row) for row in rows if topic in _subscribers(row, which, reading)]
    yield compare(
        f"{id_}notifications",
        f"the {time} budget tells the topic when it is overrun",
        told,
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
