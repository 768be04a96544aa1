"""What each watched metric reads on an idle stack: one that stands, has been made just now, and has no users.

`None` is a metric that is published only when something happens: its silence is normal. Every other one is
published as long as its resource runs, so that its silence is a fault. Figures are of AWS's documentation of
each service's metrics, read 2026-11-28, or plain: nobody asks, so nothing is busy.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from groma import catalog
from groma.answers import Alarm, Metric
from groma.architecture import Architecture
from groma.components.balancer_alarms import NAMESPACE as ALB
from groma.components.database_alarms import pooled
from groma.components.schedule import Schedule
from groma.monitoring.evaluate import ONLY, Data, Rule, Sample

MINUTE_S, CERTIFICATE_S = 60, 43_200
SAW_TOOTH_S = 300
IDLE_BUSY = 0.02


@dataclass(frozen=True)
class Watched:
    """A component with the part of the architecture that it stands in."""

    component: Any
    architecture: Architecture

    @property
    def group(self) -> Any:
        """The server group itself, or the one behind a load balancer."""
        return self.architecture.component(getattr(self.component, "group", "") or self.component.id)

    @property
    def clock_s(self) -> int | None:
        """How often a function is called by a clock; None when it is called by others."""
        clocks = self.architecture.of_type(Schedule)
        own = [each for each in clocks if each.function == getattr(self.component, "module_name", "")]
        return own[0].every_s if own else None

    def connections(self) -> float:
        """The pools of all servers at the size that groups never fall below."""
        database = self.component
        most = pooled(self.architecture, database.clients, database.size.pool)
        return most / 2

    def credits(self, at_s: float) -> float:
        """From none on what is earned and not used, at most a day's earnings."""
        name = getattr(self.component, "instance_class", "") or getattr(self.component, "instance_type", "")
        machine = catalog.instance_type((name or self.component.size.choice.name).removeprefix("db."))
        assert machine.burstable_baseline is not None
        earned = machine.burstable_baseline * machine.vcpu * 60
        return min((earned - IDLE_BUSY * machine.vcpu * 60) * at_s / 3600, 24 * earned)


Reading = Callable[[Watched, float], float | None]
"""(what, seconds since it was made) → the value; None where nothing is published."""


def _never(_of: Watched, _at_s: float) -> None:
    return None


def _always(value: float) -> Reading:
    return lambda _of, _at_s: value


def _of_clock(value: float) -> Reading:
    return lambda of, _at_s: value if of.clock_s else None


def _memory(of: Watched, _at_s: float) -> float:
    """PostgreSQL's own cache and the system take what is not free: of Aurora's three quarters."""
    free = 0.2 if of.component.kind in ("global-database", "database-cluster") else 0.6
    return float(free * of.component.size.choice.mem_gib * 2**30)


IDLE: Mapping[tuple[str, str], Reading] = {
    ("AWS/ApiGateway", "4xx"): _never,
    ("AWS/ApiGateway", "5xx"): _never,
    ("AWS/ApiGateway", "Count"): _never,
    ("AWS/ApiGateway", "Latency"): _never,
    (ALB, "HTTPCode_ELB_5XX_Count"): _never,
    (ALB, "HTTPCode_Target_2XX_Count"): _never,
    (ALB, "HTTPCode_Target_5XX_Count"): _never,
    (ALB, "HealthyHostCount"): lambda of, _at_s: of.group.size.min,
    (ALB, "RequestCount"): _never,
    (ALB, "TargetResponseTime"): _never,
    (ALB, "UnHealthyHostCount"): _always(0),
    ("AWS/AutoScaling", "GroupDesiredCapacity"): lambda of, _at_s: of.group.size.min,
    ("AWS/AutoScaling", "GroupInServiceInstances"): lambda of, _at_s: of.group.size.min,
    ("AWS/CertificateManager", "DaysToExpiry"): _always(197),
    ("AWS/CloudFront", "5xxErrorRate"): _never,
    ("AWS/CloudFront", "Requests"): _never,
    ("AWS/Cognito", "SignInThrottles"): _never,
    ("AWS/Cognito", "SignUpThrottles"): _never,
    ("AWS/Cognito", "TokenRefreshThrottles"): _never,
    ("AWS/DynamoDB", "ReadThrottleEvents"): _never,
    ("AWS/DynamoDB", "ReplicationLatency"): _never,
    ("AWS/DynamoDB", "SystemErrors"): _never,
    ("AWS/DynamoDB", "WriteThrottleEvents"): _never,
    ("AWS/EC2", "CPUCreditBalance"): lambda of, at_s: of.credits(at_s),
    ("AWS/EC2", "CPUSurplusCreditsCharged"): _always(0),
    ("AWS/EC2", "CPUUtilization"): _always(100 * IDLE_BUSY),
    ("AWS/EC2", "StatusCheckFailed"): _always(0),
    ("AWS/ECS", "CPUUtilization"): _always(100 * IDLE_BUSY),
    ("AWS/ECS", "MemoryUtilization"): _always(25),
    ("AWS/ElastiCache", "DatabaseMemoryUsageCountedForEvictPercentage"): _always(1),
    ("AWS/ElastiCache", "EngineCPUUtilization"): _always(0.5),
    ("AWS/Lambda", "ConcurrentExecutions"): _never,
    ("AWS/Lambda", "Duration"): _of_clock(500),
    ("AWS/Lambda", "Errors"): _of_clock(0),
    ("AWS/Lambda", "Invocations"): _of_clock(1),
    ("AWS/Lambda", "Throttles"): _of_clock(0),
    ("AWS/NATGateway", "ErrorPortAllocation"): _always(0),
    ("AWS/NATGateway", "PacketsDropCount"): _always(0),
    ("AWS/NATGateway", "PacketsInFromDestination"): _always(500),
    ("AWS/NATGateway", "PacketsInFromSource"): _always(500),
    ("AWS/RDS", "AuroraForwardingReplicaErrorSessionsLimit"): _never,
    ("AWS/RDS", "AuroraGlobalDBReplicationLag"): _always(100),
    ("AWS/RDS", "AuroraReplicaLag"): _always(20),
    ("AWS/RDS", "CPUCreditBalance"): lambda of, at_s: of.credits(at_s),
    ("AWS/RDS", "CPUSurplusCreditsCharged"): _always(0),
    ("AWS/RDS", "CPUUtilization"): _always(3),
    ("AWS/RDS", "DatabaseConnections"): lambda of, _at_s: of.connections(),
    ("AWS/RDS", "FreeStorageSpace"): lambda of, _at_s: 0.9 * of.component.storage_gib * 2**30,
    ("AWS/RDS", "FreeableMemory"): _memory,
    ("AWS/RDS", "MaximumUsedTransactionIDs"): _always(200_000_000),
    ("AWS/RDS", "ReplicaLag"): lambda _of, at_s: at_s % SAW_TOOTH_S,
    ("AWS/Route53", "HealthCheckStatus"): _always(1),
    ("AWS/S3", "OperationsFailedReplication"): _never,
    ("AWS/S3", "ReplicationLatency"): _never,
    ("AWS/SNS", "NumberOfNotificationsFailed"): _never,
    ("AWS/SQS", "ApproximateAgeOfOldestMessage"): _never,
    ("AWS/SQS", "ApproximateNumberOfMessagesVisible"): _never,
    ("AWS/Scheduler", "InvocationAttemptCount"): _always(1),
    ("AWS/WAFV2", "BlockedRequests"): _never,
    ("CWAgent", "disk_used_percent"): _always(15),
    ("CWAgent", "mem_used_percent"): _always(25),
    ("CWAgent", "schedule_done"): _always(1),
}


def every_s(metric: Metric, of: Watched) -> int:
    """How far the points of a metric are apart while its resource runs and is used."""
    if metric.namespace == "AWS/CertificateManager":
        return CERTIFICATE_S
    if metric.namespace == "AWS/Lambda" and of.clock_s:
        return of.clock_s
    if metric.namespace == "AWS/Scheduler":
        return int(of.component.times.longest_gap_s)
    if metric.name == "schedule_done":
        return int(of.component.due[str(metric.dimensions["Schedule"])].times.longest_gap_s)
    if metric.name.startswith("CPUCredit") or metric.name.startswith("CPUSurplus"):
        return 300
    return MINUTE_S


def reading(metric: Metric, of: Watched, at_s: float) -> float | None:
    """What a metric reads when idle."""
    return IDLE[metric.namespace, metric.name](of, at_s)


def samples(metric: Metric, of: Watched) -> int:
    """How many report it at a time: each task of a service does, which is how they are counted."""
    if metric.namespace != "AWS/ECS":
        return 1
    size = getattr(of.component, "size", None)
    return int(of.component.tasks if size is None else size.min)


def is_always_published(alarm: Alarm, of: Watched) -> bool:
    """Whether silence of what an alarm watches is a fault."""
    return any(reading(metric, of, 0.0) is not None for metric in Rule.of(alarm).metrics.values())


def published(alarm: Alarm, of: Watched, until_s: int) -> Data:
    """What an idle stack publishes of what an alarm watches."""
    found: dict[str, list[Sample]] = {}
    for name, metric in Rule.of(alarm).metrics.items():
        step_s = max(every_s(metric, of), min(Rule.of(alarm).period_s, 300))
        values = ((at_s, reading(metric, of, at_s)) for at_s in range(0, until_s, step_s))
        many = samples(metric, of)
        found[name] = [Sample(at_s, float(value), many) for at_s, value in values if value is not None]
    return found or {ONLY: []}
