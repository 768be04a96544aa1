"""EC2 Auto Scaling: a group of equal servers over several zones that grows and shrinks with the load."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from groma import catalog
from groma.answers import Alarm, BillLine, Metric, ModuleCall, Ref, Template, Uptime, Value
from groma.architecture import Architecture, Component, Finding, Lane
from groma.components.pricing import MONTH_HOURS, hourly, metered
from groma.quantity import Range
from groma.tiers import Size

DETAILED_METRICS_PER_SERVER = 7
AGENT_METRICS_PER_GROUP = 3
CPU_LIMIT_PERCENT = 80
MEMORY_LIMIT_PERCENT = 80
DISK_LIMIT_PERCENT = 85


def server_file(name: str) -> Ref:
    """The text of one of the files that are delivered with the root for the servers to run."""
    return Ref(f'file("${{path.module}}/servers/{name}")')


@dataclass(frozen=True, kw_only=True)
class ServerGroup(Component):
    """Servers from one launch template.

    Attributes:
        size: instance type and counts.
        servers: servers running on average over the day.
        public: whether the servers have public addresses.
        user_data: the template of the script that each server runs when it first starts.
        variables: what that template is given.
    """

    kind: ClassVar[str] = "server-group"
    service: ClassVar[str] = "Amazon EC2 Auto Scaling"
    icon: ClassVar[str] = "compute/ec2"
    one_per_place: ClassVar[bool] = True

    size: Size
    servers: Range
    public: bool
    user_data: str
    variables: Mapping[str, Value]
    volume_gib: int = 20
    port: int = 8080
    health_check_path: str = "/healthz"

    @property
    def lane(self) -> Lane:  # type: ignore[override]
        return "public" if self.public else "application"

    @property
    def label(self) -> str:
        return f"{self.id} servers"

    @property
    def member(self) -> str:
        return f"{self.id} server"

    @property
    def details(self) -> tuple[str, ...]:
        return (
            f"{self.size.min}–{self.size.max} × {self.size.choice.name}",
            f"gp3 {self.volume_gib} GB · {self.size.cpu_target_percent} % CPU",
        )

    def bill(self, architecture: Architecture) -> tuple[BillLine, ...]:
        region, name = architecture.region, self.size.choice.name
        volumes = self.servers * self.volume_gib
        metrics = self.servers * DETAILED_METRICS_PER_SERVER + AGENT_METRICS_PER_GROUP
        lines = [
            hourly(self.id, f"{name} on demand", self.servers, catalog.ec2_price(region, name)),
            metered(self.id, "gp3 volumes", volumes, "ebs", "gp3_storage", region),
            metered(self.id, "metrics by the minute", metrics, "cloudwatch", "custom_metric", region),
        ]
        if self.public:
            hours = self.servers * MONTH_HOURS
            lines.append(
                metered(self.id, "public IPv4 addresses", hours, "vpc", "public_ipv4_in_use", region)
            )
        return tuple(lines)

    def uptime(self, architecture: Architecture) -> Uptime:
        """1 - (1 - a)²: the group was sized to lose one zone, so it takes two zones at once to stop it.

        `a` is AWS's agreement for a single instance, taken for all servers of a zone together.
        """
        single = catalog.sla("ec2-instance").availability
        zones = len(architecture.zones_of(self))
        share = 1 - (1 - single) ** min(zones, 2)
        return Uptime(self.id, share, f"servers in {zones} zones, each up {single:.1%} of the time")

    def checks(self, architecture: Architecture) -> tuple[Finding, ...]:
        zones = len(architecture.zones_of(self))
        return (
            Finding(
                id=f"{self.id}-zones",
                what=f"{self.label} stand in more than one zone",
                expected="2 or more",
                actual=str(zones),
                ok=zones >= 2 and self.size.min >= zones,
            ),
        )

    def alarms(self, architecture: Architecture) -> tuple[Alarm, ...]:
        cpu, size = CPU_LIMIT_PERCENT, self.size
        return (
            self._use_of(
                "cpu",
                Metric("AWS/EC2", "CPUUtilization", "Average", self._group(), 300),
                cpu,
                3,
                f"auto scaling holds {size.cpu_target_percent} %; at {cpu} % for 15 min it has not kept up",
            ),
            self._use_of(
                "memory",
                Metric("CWAgent", "mem_used_percent", "Maximum", self._group(), 300),
                MEMORY_LIMIT_PERCENT,
                2,
                f"the {size.choice.mem_gib:g} GiB of {size.choice.name} are meant to keep a fifth free",
            ),
            self._use_of(
                "disk",
                Metric("CWAgent", "disk_used_percent", "Maximum", self._group(), 300),
                DISK_LIMIT_PERCENT,
                2,
                f"{self.volume_gib} GB hold the system and rotated logs with room to spare",
            ),
        )

    def _group(self) -> dict[str, Ref]:
        return {"AutoScalingGroupName": Ref(f"module.{self.id}.autoscaling_group_name")}

    def _use_of(self, what: str, metric: Metric, limit: int, periods: int, because: str) -> Alarm:
        return Alarm(
            id=f"{self.id}-{what}",
            component=self.id,
            title=f"the {self.id} servers use over {limit} % of their {what}",
            because=because,
            watches=metric,
            comparison=">",
            threshold=limit,
            evaluation_periods=periods,
            datapoints=periods,
        )

    def module(self, architecture: Architecture) -> ModuleCall:
        subnets = "public" if self.public else "private"
        servers: dict[str, Value] = {
            "subnet_ids": Ref(f"values(module.network.{subnets}_subnet_ids)"),
            "public_ip": self.public,
            "instance_type": self.size.choice.name,
            "architecture": catalog.instance_type(self.size.choice.name).arch,
            "min": self.size.min,
            "desired": self.size.desired,
            "max": self.size.max,
            "port": self.port,
            "health_check_path": self.health_check_path,
            "root_volume_gib": self.volume_gib,
            "cpu_target_percent": self.size.cpu_target_percent,
        }
        variables = {
            "name": f"{architecture.name}-{self.id}",
            "region": architecture.region,
            "port": self.port,
            "common": server_file("common.sh"),
            **self.variables,
        }
        return ModuleCall(
            self.id,
            "server-tier",
            {"servers": servers, "user_data": Template(f"servers/{self.user_data}", variables)},
        )

    def outputs(self) -> dict[str, str]:
        return {f"{self.id}_autoscaling_group_name": f"module.{self.id}.autoscaling_group_name"}
