"""What watches and guards the rest: CloudWatch alarms, SNS mail, budget, encryption key, secret."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

from groma.answers import Alarm, BillLine, Composite, Expression, Metric, ModuleCall, Ref, Value, in_region
from groma.architecture import Architecture, Component, Lane
from groma.components.dns import CERTIFICATE_REGION
from groma.components.pricing import Meter
from groma.components.told_together import told_together
from groma.quantity import Range

MODULE = "alarms"
SECRET_MODULE = "secret"  # noqa: S105 - a module's name
MAILS_PER_MONTH = 100
GONE_IN_DAYS = 10
"""So soon a month's money is spent at the speed of a day that is told of, three times what was planned."""
KEY_REQUESTS_PER_MONTH = 20_000
SECRET_CALLS_PER_MONTH = Range(100, 1_000, 10_000)
"""Servers read the password when they start and when the database refuses it."""


def metrics_watched(alarms: Iterable[Alarm]) -> int:
    """Metrics that alarms read, each of which is paid for as an alarm."""
    return sum(len(each.watches.metrics) if isinstance(each.watches, Expression) else 1 for each in alarms)


SECTIONS = ("Users", "Edge", "Tiers", "Data", "Money")
"""Of the dashboard, from top to bottom: what users feel, then where it may come from, and what it costs."""
CREDITS = ("CPUCreditBalance", "CPUSurplusCreditsCharged")


def sections(architecture: Architecture) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Title → the ids of the alarms that stand there, in the order of the components; none is empty."""
    found: dict[str, list[str]] = {title: [] for title in SECTIONS}
    for component in architecture.components:
        of_users = {part for each in component.composites(architecture) for part in each.parts}
        for alarm in component.alarms(architecture):
            title = "Users" if alarm.id in of_users else _section(component, alarm)
            found[title].append(alarm.id)
    return tuple((title, tuple(ids)) for title, ids in found.items() if ids)


def _section(component: Component, alarm: Alarm) -> str:
    if alarm.severity == "page":
        return "Users"
    if isinstance(alarm.watches, Metric) and alarm.watches.name in CREDITS:
        return "Money"
    if component.lane == "data" or component.service == "Amazon S3":
        return "Data"
    return "Edge" if component.lane == "edge" else "Tiers"


@dataclass(frozen=True, kw_only=True)
class Monitoring(Component):
    """The alarms of all components, and a dashboard that shows what they watch.

    Attributes:
        alarm_count: all of them, those of the edge in another region excepted.
        metric_count: how many metrics they read.
        composite_count: how many of them are composite.
        is_one_of_several: whether its region is, so that what is in all of them is told by each.
    """

    kind: ClassVar[str] = "monitoring"
    service: ClassVar[str] = "Amazon CloudWatch"
    icon: ClassVar[str] = "management/cloudwatch"
    lane: ClassVar[Lane] = "operations"

    alarm_count: int
    metric_count: int
    composite_count: int = 0
    is_one_of_several: bool = False

    @property
    def label(self) -> str:
        return "CloudWatch"

    @property
    def details(self) -> tuple[str, ...]:
        return (f"{self.alarm_count} alarms · dashboard",)

    def bill(self, architecture: Architecture) -> tuple[BillLine, ...]:
        meter = Meter(self.id, architecture)
        lines = [
            meter.monthly("metrics watched by alarms", self.metric_count, "cloudwatch", "alarm_standard"),
            meter.monthly("dashboard", 1, "cloudwatch", "dashboard"),
        ]
        if self.composite_count:
            lines.append(
                meter.monthly("composite alarms", self.composite_count, "cloudwatch", "alarm_composite")
            )
        return tuple(lines)

    def composites(self, architecture: Architecture) -> tuple[Composite, ...]:
        return told_together(architecture, is_one_of_several=self.is_one_of_several)

    def module(self, architecture: Architecture) -> ModuleCall:
        found = (alarm for each in architecture.components for alarm in each.alarms(architecture))
        elsewhere = any(not alarm.is_seen_from(architecture.region) for alarm in found)
        return ModuleCall(
            MODULE,
            "alarms",
            {
                "name": architecture.name,
                "kms_key_arn": Ref("module.key.arn"),
                "alarms": Ref("local.alarms"),
                "sections": [{"title": title, "alarms": list(ids)} for title, ids in sections(architecture)],
                **({"composites": Ref("local.composite_alarms")} if self.composite_count else {}),
                **({"elsewhere": {CERTIFICATE_REGION: Ref("local.edge_alarms")}} if elsewhere else {}),
            },
        )

    def outputs(self) -> dict[str, str]:
        return {"dashboard_name": f"module.{MODULE}.dashboard_name"}


@dataclass(frozen=True, kw_only=True)
class MailTopic(Component):
    """Two SNS topics that carry alarms to a mailbox: of pages, and of tickets."""

    kind: ClassVar[str] = "mail-topic"
    service: ClassVar[str] = "Amazon SNS"
    icon: ClassVar[str] = "integration/simple-notification-service-sns"
    lane: ClassVar[Lane] = "operations"

    email: str | None

    @property
    def label(self) -> str:
        return "SNS topics"

    @property
    def details(self) -> tuple[str, ...]:
        return (f"mail to {self.email}" if self.email else "no mail address given",)

    def bill(self, architecture: Architecture) -> tuple[BillLine, ...]:
        meter = Meter(self.id, architecture)
        return (
            meter.volume("messages published", MAILS_PER_MONTH, "sns", "api_requests"),
            meter.volume("e-mails", MAILS_PER_MONTH, "sns", "email_notifications"),
        )

    def module(self, architecture: Architecture) -> ModuleCall:
        return ModuleCall(MODULE, "alarms", {"email": self.email})

    def outputs(self) -> dict[str, str]:
        names = {"alarm_topic_arn": "topic_arn", "ticket_topic_arn": "ticket_topic_arn"}
        return {output: f"module.{MODULE}.{name}" for output, name in names.items()}


@dataclass(frozen=True, kw_only=True)
class Budget(Component):
    """Budgets for the account: a monthly one, which mails when its costs, or their forecast, pass it, and a
    daily one, which mails of a day that costs far more than its part.

    Attributes:
        usd_per_month: the monthly one's limit.
        is_stated: whether it is `budget_usd_per_month`; else it is the design's bill and a fifth, and tells
            of what was not planned.
    """

    kind: ClassVar[str] = "budget"
    service: ClassVar[str] = "AWS Budgets"
    icon: ClassVar[str] = "cost/budgets"
    lane: ClassVar[Lane] = "operations"

    usd_per_month: int
    is_stated: bool = False

    @property
    def label(self) -> str:
        return "Budget"

    @property
    def details(self) -> tuple[str, ...]:
        return (f"mails above ${self.usd_per_month:,} a month", self._origin)

    @property
    def _origin(self) -> str:
        return "as stated" if self.is_stated else "the plan's bill and a fifth"

    @property
    def usd_per_day(self) -> float:
        """What one day may cost: at that speed the month's budget is gone in ten days."""
        return math.ceil(100 * self.usd_per_month / GONE_IN_DAYS) / 100

    @property
    def tells(self) -> tuple[tuple[str, str], ...]:
        """What it mails of, and from which figures its limits come."""
        return (
            (
                f"${self.usd_per_month:,} a month, spent or forecast",
                "budget_usd_per_month, which is less than the plan's bill and a fifth"
                if self.is_stated
                else self._origin,
            ),
            (
                f"${self.usd_per_day:,.2f} a day",
                f"at that speed the month's budget is gone in {GONE_IN_DAYS} days; told as soon as AWS has "
                "the day's bill",
            ),
        )

    def bill(self, architecture: Architecture) -> tuple[BillLine, ...]:
        return (Meter(self.id, architecture).monthly("cost budgets", 2, "budgets", "cost_budget"),)

    def module(self, architecture: Architecture) -> ModuleCall:
        limits: dict[str, Value] = {
            "budget_usd": self.usd_per_month,
            "budget_usd_per_day": self.usd_per_day,
        }
        return ModuleCall(MODULE, "alarms", limits)


@dataclass(frozen=True, kw_only=True)
class EncryptionKey(Component):
    """The key that encrypts database, logs and alarm messages.

    Attributes:
        arn: of one that exists already, and encrypts volumes, buckets and queues besides; empty for one of
            the stack's own.
    """

    kind: ClassVar[str] = "encryption-key"
    service: ClassVar[str] = "AWS KMS"
    icon: ClassVar[str] = "security/key-management-service"
    lane: ClassVar[Lane] = "operations"

    arn: str = ""

    @property
    def label(self) -> str:
        return "KMS key"

    @property
    def details(self) -> tuple[str, ...]:
        return ("exists already",) if self.arn else ("rotated every year",)

    def bill(self, architecture: Architecture) -> tuple[BillLine, ...]:
        meter = Meter(self.id, architecture)
        requests = meter.volume("requests", KEY_REQUESTS_PER_MONTH, "kms", "requests")
        return (requests,) if self.arn else (meter.monthly("customer-managed key", 1, "kms", "key"), requests)

    def module(self, architecture: Architecture) -> ModuleCall | None:
        return None if self.arn else ModuleCall("key", "key", {"name": architecture.name})


@dataclass(frozen=True, kw_only=True)
class DatabaseSecret(Component):
    """The master password, which nobody ever types, and which is in no Terraform state.

    RDS refuses a read replica of an instance whose password it manages itself, so the secret is ours.

    Attributes:
        replicas: other regions in which it can be read, each with an encryption key `key` of its own.
    """

    kind: ClassVar[str] = "secret"
    service: ClassVar[str] = "AWS Secrets Manager"
    icon: ClassVar[str] = "security/secrets-manager"
    lane: ClassVar[Lane] = "operations"
    protected: ClassVar[tuple[str, ...]] = ("aws_secretsmanager_secret",)

    replicas: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        return "Secrets Manager"

    @property
    def details(self) -> tuple[str, ...]:
        to = self.replicas[0] if len(self.replicas) == 1 else f"{len(self.replicas)} regions"
        return ("master password", *([f"copied to {to}"] if self.replicas else []))

    def bill(self, architecture: Architecture) -> tuple[BillLine, ...]:
        meter = Meter(self.id, architecture)
        return (
            meter.monthly("secret", 1, "secretsmanager", "secret"),
            meter.volume("API calls", SECRET_CALLS_PER_MONTH, "secretsmanager", "api_request"),
            *(
                meter.monthly(f"copy in {region}", 1, "secretsmanager", "secret", at=region)
                for region in self.replicas
            ),
        )

    def module(self, architecture: Architecture) -> ModuleCall:
        return ModuleCall(
            SECRET_MODULE,
            "database-secret",
            {
                "name": f"{architecture.name}-database",
                "kms_key_arn": Ref("module.key.arn"),
                "deletion_protection": Ref("var.deletion_protection"),
                **self._copies(),
            },
        )

    def _copies(self) -> dict[str, Value]:
        keys = {region: Ref(f"{in_region('key', region)}.arn") for region in self.replicas}
        return {"replicas": keys} if keys else {}

    def outputs(self) -> dict[str, str]:
        return {"database_secret_arn": f"module.{SECRET_MODULE}.secret_arn"}
