"""In which unit each metric that we watch is published.

Of a count, for which AWS says Count or nothing, it is what is counted.
"""

from __future__ import annotations

from collections.abc import Mapping

from groma.answers import Metric

UNITS: Mapping[tuple[str, str], str] = {
    ("AWS/ApplicationELB", "HTTPCode_Target_2XX_Count"): "answers",
    ("AWS/ApplicationELB", "HealthyHostCount"): "hosts",
    ("AWS/ApplicationELB", "UnHealthyHostCount"): "hosts",
    ("AWS/AutoScaling", "GroupDesiredCapacity"): "servers",
    ("AWS/CertificateManager", "DaysToExpiry"): "days",
    ("AWS/Cognito", "SignInThrottles"): "requests",
    ("AWS/Cognito", "SignUpThrottles"): "requests",
    ("AWS/Cognito", "TokenRefreshThrottles"): "requests",
    ("AWS/DynamoDB", "ReadThrottleEvents"): "events",
    ("AWS/DynamoDB", "ReplicationLatency"): "ms",
    ("AWS/DynamoDB", "SystemErrors"): "requests",
    ("AWS/DynamoDB", "WriteThrottleEvents"): "events",
    ("AWS/EC2", "CPUCreditBalance"): "credits",
    ("AWS/EC2", "CPUSurplusCreditsCharged"): "credits",
    ("AWS/EC2", "CPUUtilization"): "%",
    ("AWS/EC2", "StatusCheckFailed"): "checks",
    ("AWS/ECS", "CPUUtilization"): "%",
    ("AWS/ECS", "MemoryUtilization"): "%",
    ("AWS/ElastiCache", "DatabaseMemoryUsageCountedForEvictPercentage"): "%",
    ("AWS/ElastiCache", "EngineCPUUtilization"): "%",
    ("AWS/Lambda", "ConcurrentExecutions"): "calls",
    ("AWS/Lambda", "Duration"): "ms",
    ("AWS/Lambda", "Errors"): "calls",
    ("AWS/Lambda", "Invocations"): "calls",
    ("AWS/Lambda", "Throttles"): "calls",
    ("AWS/NATGateway", "ErrorPortAllocation"): "connections",
    ("AWS/RDS", "AuroraForwardingReplicaErrorSessionsLimit"): "sessions",
    ("AWS/RDS", "AuroraGlobalDBReplicationLag"): "ms",
    ("AWS/RDS", "CPUCreditBalance"): "credits",
    ("AWS/RDS", "CPUSurplusCreditsCharged"): "credits",
    ("AWS/RDS", "CPUUtilization"): "%",
    ("AWS/RDS", "DatabaseConnections"): "connections",
    ("AWS/RDS", "FreeStorageSpace"): "bytes",
    ("AWS/RDS", "FreeableMemory"): "bytes",
    ("AWS/RDS", "MaximumUsedTransactionIDs"): "transactions",
    ("AWS/RDS", "ReplicaLag"): "s",
    ("AWS/Route53", "HealthCheckStatus"): "(1 is healthy)",
    ("AWS/S3", "OperationsFailedReplication"): "objects",
    ("AWS/S3", "ReplicationLatency"): "s",
    ("AWS/SNS", "NumberOfNotificationsFailed"): "messages",
    ("AWS/SQS", "ApproximateAgeOfOldestMessage"): "s",
    ("AWS/SQS", "ApproximateNumberOfMessagesVisible"): "messages",
    ("AWS/Scheduler", "InvocationAttemptCount"): "starts",
    ("AWS/WAFV2", "BlockedRequests"): "requests",
    ("CWAgent", "disk_used_percent"): "%",
    ("CWAgent", "mem_used_percent"): "%",
    ("CWAgent", "schedule_done"): "(1 is done)",
}
"""Namespace and name → unit. Metrics of an expression have none here: its label says its unit."""


def unit(metric: Metric) -> str:
    """The unit of a metric; empty when it is not known here."""
    return UNITS.get((metric.namespace, metric.name), "")
