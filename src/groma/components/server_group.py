"""EC2 Auto Scaling: a group of equal servers over several zones that grows and shrinks with the load."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
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
    Ref,
    Running,
    Template,
    Uptime,
    Value,
)
from groma.application.layout import COMMON, SERVERS
from groma.architecture import Architecture, Finding, Lane
from groma.components.due_there import DueThere
from groma.components.machine_group import TRACKING_ALARMS, MachineGroup
from groma.components.pricing import ADVICE, TERM_NAMES, Meter, committed, tracking_alarms
from groma.components.server_alarms import server_alarms
from groma.components.spot import FEWEST_TYPES, Spot
from groma.quantity import Range
from groma.sizing.reservations import beyond, cheapest_reserved
from groma.sizing.values import Size
from groma.terms import Buying

DETAILED_METRICS_PER_SERVER = 7
AGENT_METRICS_PER_GROUP = 3


def server_file(name: str) -> Ref:
    """The text of one of the files that are delivered with the root for the servers to run."""
    return Ref(f'file("${{path.module}}/{SERVERS}/{name}")')


def spot_zone_left(size: Size, zones: int) -> int:
    """Servers left at peak when the Spot servers of one zone are taken: n - (n - minimum) / zones, of n.

    A group is even over its zones, in all of its servers and in those on demand, so that a zone has no more
    Spot servers than that, rounded up.
    """
    return size.desired - math.ceil((size.desired - size.min) / zones)


@dataclass(frozen=True, kw_only=True)
class ServerGroup(MachineGroup):
    """Servers from one launch template.

    Attributes:
        size: instance type and counts.
        servers: servers running on average over the day.
        by_hour: servers running in each hour of the likely day.
        public: whether the servers have public addresses.
        user_data: the template of the script that each server runs when it first starts.
        variables: what that template is given.
        port: on which the servers answer.
        health_check_path: answered with 200 by a server that can serve.
        rights: what its servers may do, as arguments of the module: `reads`, `writes`, `secret`.
        image_id: the machine image that they are launched from; Amazon Linux when empty.
        grace_s: seconds that a new server may take until its health counts; the module's own when None.
        workers: processes that work off queues on each of them, beside the application.
        due: what one of them runs at times, by name.
        spot: what is bought as Spot beyond the minimum; None where nothing is.
    """

    kind: ClassVar[str] = "server-group"
    service: ClassVar[str] = "Amazon EC2 Auto Scaling"
    icon: ClassVar[str] = "compute/ec2"
    one_per_place: ClassVar[bool] = True
    tier_module: ClassVar[str] = "server-tier"
    let_in: ClassVar[str] = "server_security_group_id"
    times_rolling: ClassVar[int] = 1
    noun: ClassVar[str] = "server"
    replaced_by: ClassVar[str] = "the group"
    activity: ClassVar[str] = "the activity of the auto-scaling group"
    start_log: ClassVar[str] = "/var/log/cloud-init-output.log and the application's log of one of them"
    log: ClassVar[str] = "its log on a server"

    servers: Range
    by_hour: tuple[int, ...]
    public: bool
    user_data: str
    variables: Mapping[str, Value]
    port: int
    health_check_path: str
    rights: Mapping[str, Value] = field(default_factory=dict)
    volume_gib: int = 20
    grace_s: int | None = None
    image_id: str = ""
    workers: int = 0
    due: Mapping[str, DueThere] = field(default_factory=dict)
    spot: Spot | None = None

    @property
    def service_roles(self) -> tuple[str, ...]:  # type: ignore[override]
        """Spot servers are launched by a role of their own, which the group's makes where there is none."""
        return ("autoscaling.amazonaws.com", *(["spot.amazonaws.com"] if self.spot else []))

    @property
    def lane(self) -> Lane:  # type: ignore[override]
        return "public" if self.public else "application"

    @property
    def label(self) -> str:
        return f"{self.id.rpartition('/')[2]} servers"

    @property
    def member(self) -> str:
        return f"{self.id.rpartition('/')[2]} server"

    @property
    def details(self) -> tuple[str, ...]:
        spot = self.spot and f"beyond {self.size.min} Spot"
        return (
            f"{self.size.min}–{self.size.max} × {self.size.choice.name}",
            *([spot] if spot else []),
            f"gp3 {self.volume_gib} GB · {self.size.cpu_target_percent} % CPU",
            *(["traces to X-Ray"] if self.traced else []),
        )

    def bill(self, architecture: Architecture) -> tuple[BillLine, ...]:
        meter = Meter(self.id, architecture)
        volumes = self.servers * self.volume_gib
        metrics = self.servers * DETAILED_METRICS_PER_SERVER + AGENT_METRICS_PER_GROUP + len(self.due)
        lines = [
            *self._machines(meter),
            meter.monthly("gp3 volumes", volumes, "ebs", "gp3_storage"),
            meter.monthly("metrics by the minute", metrics, "cloudwatch", "custom_metric"),
            tracking_alarms(meter, TRACKING_ALARMS),
        ]
        if self.public:
            lines.append(meter.hours("public IPv4 addresses", self.servers, "vpc", "public_ipv4_in_use"))
        return (*lines, *self.traces(meter))

    def _machines(self, meter: Meter) -> tuple[BillLine, ...]:
        """The servers: those that are reserved, paid in every hour, and the rest on demand, or as Spot."""
        region, name, purchase = meter.architecture.region, self.size.choice.name, meter.terms.purchase
        on_demand = catalog.ec2_price(region, name)
        bought: Buying = "mixed" if purchase == "on-demand" else purchase
        term, reserved = committed(bought, partial(catalog.ec2_price, region, name))
        count, stated = 0, self.by_hour if self.spot is None else [self.size.min] * len(self.by_hour)
        if purchase in ("reserved-1y", "reserved-3y"):
            count = max(stated)
        elif purchase != "on-demand":
            count = self.size.min
            if on_demand is not None and reserved is not None:
                count = cheapest_reserved(stated, on_demand.usd, reserved.usd)
        lines = []
        if count:
            note = f"paid in every hour; {count} of up to {max(self.by_hour)} that run"
            lines.append(meter.machines(f"{name} {TERM_NAMES[term]}", count, reserved, note))
        if self.spot is not None:
            return (*lines, *self._with_spot(meter, self.spot, self.size.min - count, on_demand))
        rest = self._beyond(count)
        if not count or rest.high:
            lines.append(meter.machines(f"{name} on demand", rest, on_demand, self._advice(region)))
        return tuple(lines)

    def _with_spot(
        self, meter: Meter, spot: Spot, unreserved: int, on_demand: catalog.Price | None
    ) -> Iterator[BillLine]:
        """What of the minimum is not reserved, in every hour, and as Spot what runs beyond the minimum."""
        if unreserved > 0:
            yield meter.machines(f"{self.size.choice.name} on demand", unreserved, on_demand)
        if self.spot_servers.high:
            yield spot.line(meter, self.spot_servers, on_demand)

    @property
    def spot_servers(self) -> Range:
        """Servers beyond the minimum, running on average over the day."""
        return self._beyond(self.size.min)

    def _beyond(self, reserved: int) -> Range:
        """Servers running on average beyond those that are reserved; every hour moves with the mean."""
        if not reserved:
            return self.servers
        return self.servers.map(
            lambda mean: beyond([running * mean / self.servers.likely for running in self.by_hour], reserved)
        )

    def _advice(self, region: str) -> str:
        advice = catalog.spot_advice(region, self.size.choice.name)
        if advice is None:
            return ""
        low, high = advice.interruption_low, advice.interruption_high
        return f"{ADVICE}spot about {advice.saving:.0%} less, {low:.0%} to {high:.0%} interrupted a month"

    def quotas(self, architecture: Architecture) -> tuple[QuotaNeed, ...]:
        vcpu, size = catalog.instance_type(self.size.choice.name).vcpu, self.size
        targets = QuotaNeed("targets", size.max, size.desired, each=True)
        if self.spot is None:
            return (QuotaNeed("ec2-vcpus", size.max * vcpu, size.desired * vcpu), targets)
        widest = max(catalog.instance_type(name).vcpu for name in self.spot.types)
        beyond, started = size.max - size.min, size.desired - size.min
        return (
            QuotaNeed("ec2-vcpus", size.min * vcpu),
            QuotaNeed("ec2-spot-vcpus", beyond * widest, started * vcpu),
            targets,
        )

    def uptime(self, architecture: Architecture) -> Uptime:
        usual = super().uptime(architecture)
        return usual if self.spot is None else self.spot.uptime(usual, architecture.region)

    def checks(self, architecture: Architecture) -> tuple[Finding, ...]:
        usual = super().checks(architecture)
        return usual if self.spot is None else (*usual, *self._spot_checks(architecture, self.spot))

    def _spot_checks(self, architecture: Architecture, spot: Spot) -> tuple[Finding, ...]:
        """That the p99 holds with the Spot servers of a zone gone at peak, and that pools are many."""
        size, zones = self.size, len(architecture.zones_of(self))
        left = spot_zone_left(size, zones)
        needed = size.desired - size.desired // zones
        return (
            Finding(
                id=f"{self.id}-spot-zone",
                what=f"{self.label} keep the p99 at peak with the Spot servers of a zone gone",
                expected=f"{needed} or more left, as with a zone lost",
                actual=f"{left} of {size.desired}",
                ok=left >= needed,
            ),
            Finding(
                id=f"{self.id}-spot-types",
                what=f"Spot {self.label} come from several types, so that no pool is all",
                expected=f"{FEWEST_TYPES} or more types",
                actual=", ".join(spot.types),
                ok=len(spot.types) >= FEWEST_TYPES,
                severity="warning",
                hint="allow more of `machines`: families, either architecture, burstable ones",
            ),
        )

    def alarms(self, architecture: Architecture) -> tuple[Alarm, ...]:
        own = server_alarms(self, max(len(architecture.zones_of(self)), 1))
        group = f"{architecture.name}-{self.id}"
        return (*own, *(each.alarm(self.id, group, name) for name, each in self.due.items()))

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
            **({"image_id": self.image_id} if self.image_id else {}),
            **({} if self.grace_s is None else {"grace_seconds": self.grace_s}),
            **({"spot": {"other_types": self.spot.types[1:]}} if self.spot else {}),
        }
        variables = {
            "name": f"{architecture.name}-{self.id}",
            "region": architecture.region,
            "port": self.port,
            "common": server_file(COMMON),
            **self.variables,
        }
        return ModuleCall(
            self.id,
            self.tier_module,
            {
                "servers": servers,
                "user_data": Template(f"{SERVERS}/{self.user_data}", variables),
                **self.rights,
            },
        )

    def running(self, architecture: Architecture, ask: Ask) -> tuple[Running, ...]:
        name = f"{architecture.name}-{self.id}"
        found = ask("autoscaling", "describe_auto_scaling_groups", AutoScalingGroupNames=[name]) or {}
        for group in found.get("AutoScalingGroups", ()):
            serving = [each for each in group["Instances"] if each["LifecycleState"] == "InService"]
            zones = Counter(each["AvailabilityZone"] for each in serving)
            spread = ", ".join(f"{count} in {zone}" for zone, count in sorted(zones.items()))
            state = f"{len(serving)} of {group['DesiredCapacity']} in service"
            return (Running(self.label, state, spread),)
        return (Running(self.label, MISSING),)

    def outputs(self) -> dict[str, str]:
        return {f"{self.id}_autoscaling_group_name": f"module.{self.id}.autoscaling_group_name"}
