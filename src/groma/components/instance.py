"""Amazon EC2: one server by itself, with its volume, reached through Session Manager alone."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import ClassVar

from groma import catalog
from groma.answers import (
    MISSING,
    Alarm,
    Ask,
    BillLine,
    ModuleCall,
    QuotaNeed,
    Running,
)
from groma.architecture import Architecture, Component, Finding, Lane
from groma.components.instance_alarms import instance_alarms
from groma.components.pricing import TERM_NAMES, Meter, committed
from groma.components.public_network import SITE, site_call
from groma.quantity import Range

AGENT_METRICS = 2


@dataclass(frozen=True, kw_only=True)
class Instance(Component):
    """A server that nobody can reach from the internet, and that nothing replaces when it is lost.

    Attributes:
        instance_type: an arm64 type of the catalog.
        volume_gib: its encrypted gp3 volume.
        internet_gb_per_month: what it sends to the internet.
    """

    kind: ClassVar[str] = "instance"
    service: ClassVar[str] = "Amazon EC2"
    icon: ClassVar[str] = "compute/ec2"
    lane: ClassVar[Lane] = "public"

    instance_type: str
    volume_gib: int
    internet_gb_per_month: Range

    @property
    def label(self) -> str:
        return "EC2 instance"

    @property
    def details(self) -> tuple[str, ...]:
        return (f"{self.instance_type} · Amazon Linux", f"EBS gp3 {self.volume_gib} GB, encrypted")

    def bill(self, architecture: Architecture) -> tuple[BillLine, ...]:
        meter = Meter(self.id, architecture)
        return (
            self._machine(meter),
            meter.monthly("gp3 volume", self.volume_gib, "ebs", "gp3_storage"),
            meter.hours("public IPv4 address", 1, "vpc", "public_ipv4_in_use"),
            meter.monthly("memory and disk metrics", AGENT_METRICS, "cloudwatch", "custom_metric"),
            meter.volume("data to the internet", self.internet_gb_per_month, "datatransfer", "internet_out"),
        )

    def _machine(self, meter: Meter) -> BillLine:
        """It always runs, so that a mixed purchase commits to it for a year."""
        region, name = meter.architecture.region, self.instance_type
        term, price = committed(meter.terms.purchase, partial(catalog.ec2_price, region, name))
        return meter.machines(f"{self.instance_type} {TERM_NAMES[term]}", 1, price)

    def checks(self, architecture: Architecture) -> tuple[Finding, ...]:
        machine = catalog.instance_type(self.instance_type)
        return (
            Finding(
                id=f"{self.id}-processor",
                what=f"{self.instance_type} runs the image of its processor",
                expected="arm64",
                actual=machine.arch,
                ok=machine.arch == "arm64",
            ),
        )

    def quotas(self, architecture: Architecture) -> tuple[QuotaNeed, ...]:
        return (QuotaNeed("ec2-vcpus", catalog.instance_type(self.instance_type).vcpu),)

    def alarms(self, architecture: Architecture) -> tuple[Alarm, ...]:
        return instance_alarms(self)

    def module(self, architecture: Architecture) -> ModuleCall:
        return site_call(instance_type=self.instance_type, volume_gib=self.volume_gib)

    def running(self, architecture: Architecture, ask: Ask) -> tuple[Running, ...]:
        instance_id = ask.output("instance_id")
        found = (ask("ec2", "describe_instances", InstanceIds=[instance_id]) if instance_id else None) or {}
        rows = [row for each in found.get("Reservations", ()) for row in each["Instances"]]
        living = [row for row in rows if row["State"]["Name"] != "terminated"]
        return tuple(
            Running(
                self.label,
                row["State"]["Name"],
                f"{row['InstanceType']} in {row['Placement']['AvailabilityZone']}",
            )
            for row in living
        ) or (Running(self.label, MISSING),)

    def outputs(self) -> dict[str, str]:
        return {"instance_id": f"module.{SITE}.instance_id"}
