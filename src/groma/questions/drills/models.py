"""Each metric under its AWS name: what it reads in a simulated minute.

What the simulation has no model of reads as on a stack that nobody uses (`groma.monitoring.idle`): nothing
throttles, certificates are valid. What is assumed beyond the simulation stands below.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from groma.components.balancer_alarms import NAMESPACE as ALB
from groma.components.balancer_alarms import Balancer
from groma.components.standby_database import StandbyDatabase
from groma.monitoring.idle import IDLE_BUSY
from groma.questions.drills.sight import Points, Sight

REPLICA_LAG_S = 1.0
"""While something is written all the time a replica follows within a second. Assumed."""
READER_LAG_MS = 20.0
"""Readers of a cluster share the writer's volume. Assumed; usually far below 100 ms, says AWS."""
PACKETS_PER_REQUEST = 4.0
"""That servers send through a NAT gateway for each request: calls of AWS, logs. Assumed."""
MILLISECONDS = 1000.0

Model = Callable[[Sight, int], Points]
"""(what, which minute) → what is published in it."""


def _once(value: float | None) -> Points:
    return () if value is None else ((float(value), 1.0),)


def _counted(value: float) -> Points:
    """A count of events, which is published only when there are any."""
    return ((float(value), 1.0),) if value else ()


def _serving(of: Sight, number: int) -> Points:
    return _once(max(of.minute(number).serving[of.row or 0] - _failing(of, number), 0))


def _failing(of: Sight, number: int) -> int:
    """Servers that are sent requests and do not answer."""
    servers = of.minute(number).each_cpu[of.row or 0]
    return max(of.minute(number).serving[of.row or 0] - sum(1 for each in servers if each is not None), 0)


def _unready(of: Sight, number: int) -> Points:
    return _once(of.minute(number).unready[of.row or 0])


def _of_tasks(of: Sight, number: int) -> Points:
    """Each task that runs tells its CPU, by which they are counted; of workers all run, and are not busy."""
    if not hasattr(of.component, "size"):
        return ((100 * IDLE_BUSY, float(of.component.tasks)),)
    minute, row = of.minute(number), of.row or 0
    return ((100 * minute.cpu[row], float(minute.serving[row])),) if minute.serving[row] else ()


def _rds_cpu(of: Sight, number: int) -> Points:
    own = of.own
    if own is not None:
        share = of.cpu_of(of.minute(number), own)
        return _once(None if share is None else 100 * share)
    servers = of.minute(number).each_cpu[of.row or 0]
    return [(100 * each, 1.0) for each in servers if each is not None]


def _there(of: Sight, number: int) -> bool:
    """Whether an instance, or any of a cluster, answers."""
    return bool(_rds_cpu(of, number))


def _connections(of: Sight, number: int) -> Points:
    minute = of.minute(number)
    return _once(
        sum(pool * minute.standing[row] for row, pool in of.pools.items()) if _there(of, number) else None
    )


def _replica_lag(of: Sight, number: int) -> Points:
    """Of a copy whose master is lost with its region it grows by a minute each minute."""
    if not _there(of, number):
        return ()
    alone = of.minutes_without_home(number) if isinstance(of.component, StandbyDatabase) else 0
    return _once(REPLICA_LAG_S + 60 * alone)


def _reader_lag(of: Sight, number: int) -> Points:
    """Published by readers: by all instances that answer but the one that writes."""
    return _once(READER_LAG_MS if len(_rds_cpu(of, number)) > 1 else None)


def _memory(of: Sight, _number: int) -> Points:
    """The working set that was planned."""
    planned = getattr(of.component, "size", of.component)
    held = planned.step.memory_gb if planned is of.component else planned.choice.mem_gib
    return _once(100 * min(planned.working_gib / held, 0.95))


def _packets(of: Sight, number: int) -> Points:
    asked = sum(float(minute.asked.sum()) for minute in [of.minute(number)])
    return _once(500 + PACKETS_PER_REQUEST * asked)


def _edge_requests(of: Sight, number: int) -> Points:
    return _counted(of.edge * of.all_errors(number)[0])


def _edge_failed(of: Sight, number: int) -> Points:
    """Percent of all that was asked for at the edge; what it answers from its cache does not fail."""
    asked, failed = of.all_errors(number)
    return _once(100 * failed / (asked * of.edge)) if asked else ()


def _api_count(of: Sight, number: int) -> Points:
    asked = of.requests(number)
    return ((1.0, asked),) if asked else ()


def _function_calls(of: Sight, number: int) -> Points:
    return _counted(of.requests(number)) if of.row is not None else _once_by_the_clock(of, number)


def _once_by_the_clock(of: Sight, number: int) -> Points:
    clock = of.watched.clock_s
    return _once(1.0) if clock and number * 60 % clock == 0 else ()


def _function_errors(of: Sight, number: int) -> Points:
    if of.row is None:
        return _once(0.0) if _once_by_the_clock(of, number) else ()
    share = of.failing.get(of.row)
    return _once(0.0 if share is None else of.drawn(number, of.requests(number), float(share[number])))


def _throttled(of: Sight, number: int) -> Points:
    if of.row is None:
        return _function_errors(of, number)
    return _once(of.errors(number)[1] if of.row == 0 else 0.0)


def _started(of: Sight, number: int) -> Points:
    """A task for each time that is due."""
    every_min = of.component.times.longest_gap_s // 60
    return _once(1.0) if number % every_min == 0 else ()


def _duration(of: Sight, number: int) -> Points:
    if of.row is None:
        return _once(500.0) if _once_by_the_clock(of, number) else ()
    return _in_ms(of.times(number))


def _in_ms(points: Points) -> Points:
    return [(MILLISECONDS * value, count) for value, count in points]


def _health_check(of: Sight, number: int) -> Points:
    """Whether a region answers: three checks of 10 s have failed within the minute after it is lost."""
    return _once(1.0 if of.minute(max(number - 1, 0)).serving[0] else 0.0)


def _at_once(of: Sight, number: int) -> Points:
    """Environments in use, on average: what is used of those that stand."""
    if of.row is None:
        return ()
    minute = of.minute(number)
    return _once(minute.cpu[of.row] * minute.standing[of.row])


MODELS: Mapping[tuple[str, str], Model] = {
    (ALB, "RequestCount"): lambda of, n: _counted(of.requests(n)),
    (ALB, "HTTPCode_Target_5XX_Count"): lambda of, n: _counted(of.errors(n)[0]),
    (ALB, "HTTPCode_Target_2XX_Count"): lambda of, n: _counted(max(of.requests(n) - sum(of.errors(n)), 0.0)),
    (ALB, "HTTPCode_ELB_5XX_Count"): lambda of, n: _counted(of.errors(n)[1]),
    (ALB, "TargetResponseTime"): lambda of, n: of.times(n),
    (ALB, "HealthyHostCount"): _serving,
    (ALB, "UnHealthyHostCount"): _unready,
    ("AWS/ApiGateway", "Count"): _api_count,
    ("AWS/ApiGateway", "5xx"): lambda of, n: _counted(sum(of.errors(n))),
    ("AWS/ApiGateway", "Latency"): lambda of, n: _in_ms(of.felt(n)),
    ("AWS/AutoScaling", "GroupDesiredCapacity"): lambda of, n: _once(of.minute(n).wanted[of.row or 0]),
    ("AWS/AutoScaling", "GroupInServiceInstances"): lambda of, n: _once(of.minute(n).serving[of.row or 0]),
    ("AWS/CloudFront", "5xxErrorRate"): _edge_failed,
    ("AWS/CloudFront", "Requests"): _edge_requests,
    ("AWS/EC2", "CPUCreditBalance"): lambda of, n: _once(float(of.credits[0][of.place(n)])),
    ("AWS/EC2", "CPUSurplusCreditsCharged"): lambda of, n: _once(float(of.credits[1][of.place(n)])),
    ("AWS/EC2", "CPUUtilization"): lambda of, n: _once(100 * of.minute(n).cpu[of.row or 0]),
    ("AWS/ECS", "CPUUtilization"): _of_tasks,
    ("AWS/ECS", "MemoryUtilization"): _memory,
    ("AWS/Lambda", "ConcurrentExecutions"): _at_once,
    ("AWS/Lambda", "Duration"): _duration,
    ("AWS/Lambda", "Errors"): _function_errors,
    ("AWS/Lambda", "Invocations"): _function_calls,
    ("AWS/Lambda", "Throttles"): _throttled,
    ("AWS/NATGateway", "PacketsInFromDestination"): _packets,
    ("AWS/NATGateway", "PacketsInFromSource"): _packets,
    ("AWS/RDS", "AuroraReplicaLag"): _reader_lag,
    ("AWS/RDS", "CPUCreditBalance"): lambda of, n: _once(float(of.credits[0][of.place(n)])),
    ("AWS/RDS", "CPUSurplusCreditsCharged"): lambda of, n: _once(float(of.credits[1][of.place(n)])),
    ("AWS/RDS", "CPUUtilization"): _rds_cpu,
    ("AWS/RDS", "DatabaseConnections"): _connections,
    ("AWS/RDS", "ReplicaLag"): _replica_lag,
    ("AWS/Route53", "HealthCheckStatus"): _health_check,
    ("AWS/Scheduler", "InvocationAttemptCount"): _started,
    ("CWAgent", "mem_used_percent"): _memory,
}
"""Namespace and name → what it reads."""


UNASKED = frozenset({("AWS/RDS", "ReplicaLag"), ("CWAgent", "mem_used_percent")})
"""What reads in a standby as where somebody asks: it follows what home writes, and holds its memory."""


def group_of(component: object) -> str:
    """The tier or function that a component is or stands before, by its name; empty for neither."""
    if hasattr(component, "group") and hasattr(component, "p99_ms"):
        balancer: Balancer = component  # type: ignore[assignment]
        return balancer.group
    return str(getattr(component, "id", "")).removesuffix("-function")
