"""Amazon CloudWatch in us-east-1: what AWS publishes there alone, for a design whose home is elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from groma.answers import BillLine, ModuleCall, Ref
from groma.architecture import Architecture, Component, Lane
from groma.components.dns import CERTIFICATE_REGION
from groma.components.pricing import Meter

MODULE = "edge_alarms"


@dataclass(frozen=True, kw_only=True)
class EdgeMonitoring(Component):
    """The alarms of CloudFront, its certificate and firewall, and of health checks, with topics of their own.

    An alarm sees the metrics of its own region alone and tells topics of its own region alone, which are
    encrypted by a key of that region.

    Attributes:
        alarm_count: how many alarms there are.
        metric_count: how many metrics they read.
        email: the mailbox; None for none.
    """

    kind: ClassVar[str] = "edge-monitoring"
    service: ClassVar[str] = "Amazon CloudWatch"
    icon: ClassVar[str] = "management/cloudwatch"
    lane: ClassVar[Lane] = "edge"

    alarm_count: int
    metric_count: int
    email: str | None

    @property
    def label(self) -> str:
        return "CloudWatch of the edge"

    @property
    def details(self) -> tuple[str, ...]:
        return (f"{self.alarm_count} alarms in {CERTIFICATE_REGION}",)

    def bill(self, architecture: Architecture) -> tuple[BillLine, ...]:
        meter, at = Meter(self.id, architecture), CERTIFICATE_REGION
        return (
            meter.monthly(
                "metrics watched by alarms", self.metric_count, "cloudwatch", "alarm_standard", at=at
            ),
            meter.monthly("key of the topics", 1, "kms", "key", at=at),
        )

    def module(self, architecture: Architecture) -> ModuleCall:
        return ModuleCall(
            MODULE,
            "alarms",
            {
                "name": architecture.name,
                "email": self.email,
                "own_key": True,
                "alarms": Ref("local.edge_alarms"),
                "dashboard": False,
            },
            {"aws": CERTIFICATE_REGION},
        )

    def outputs(self) -> dict[str, str]:
        names = {"edge_alarm_topic_arn": "topic_arn", "edge_ticket_topic_arn": "ticket_topic_arn"}
        return {output: f"module.{MODULE}.{name}" for output, name in names.items()}
