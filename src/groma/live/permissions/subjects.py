"""What each service is to a stack, in a word for statement ids and in words for comments."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Subject:
    """What a service's statements are about: a word in CamelCase, and the same in words."""

    word: str
    words: str


SUBJECTS: Mapping[str, Subject] = {
    "acm": Subject("Certificates", "certificates of the domain"),
    "apigateway": Subject("Api", "the HTTP API with its routes and stage"),
    "application-autoscaling": Subject("Scaling", "what scales tables and services of containers"),
    "autoscaling": Subject("ServerGroups", "groups of servers and their scaling"),
    "backup": Subject("Backups", "backup vaults and plans"),
    "budgets": Subject("Budget", "the monthly budget"),
    "cloudfront": Subject("Distribution", "the distribution with its access controls and policies"),
    "cloudtrail": Subject("Trail", "the trail of API calls"),
    "cloudwatch": Subject("Alarms", "alarms and the dashboard"),
    "cognito-idp": Subject("Users", "the pool of users"),
    "dynamodb": Subject("Table", "the table"),
    "ec2": Subject("Network", "network, security groups, servers and launch templates"),
    "ecs": Subject("Containers", "the cluster of containers, services and task definitions"),
    "elasticache": Subject("Cache", "the cache"),
    "elasticloadbalancing": Subject("LoadBalancers", "load balancers, listeners and target groups"),
    "events": Subject("Rules", "rules of events"),
    "freetier": Subject("Plan", "the account's plan"),
    "iam": Subject("Roles", "the roles that servers, functions and services take on"),
    "kms": Subject("Keys", "the keys that data are encrypted with"),
    "lambda": Subject("Functions", "functions and what calls them"),
    "logs": Subject("Logs", "log groups"),
    "rds": Subject("Databases", "databases with their subnets and parameters"),
    "resource-groups": Subject("ResourceGroups", "the group of the stack's resources"),
    "route53": Subject("Dns", "the hosted zone, its records and health checks"),
    "s3": Subject("Buckets", "buckets and what lies in them"),
    "scheduler": Subject("Schedules", "schedules"),
    "secretsmanager": Subject("Secrets", "secrets"),
    "servicequotas": Subject("Quotas", "the account's quotas"),
    "sns": Subject("Topics", "topics and their subscriptions"),
    "sqs": Subject("Queues", "queues"),
    "ssm": Subject("Parameters", "AWS's public parameters, such as the newest image"),
    "tag": Subject("Tags", "what has the stack's tag"),
    "wafv2": Subject("Firewall", "the web firewall"),
}


def subject_of(service: str) -> Subject:
    """What a service is to a stack; its own name where nothing is said of it."""
    word = "".join(part.capitalize() for part in service.split("-"))
    return SUBJECTS.get(service, Subject(word, service))
