"""How a standing stack of each blueprint is changed once: all that a later `up` can change, at the same time.

A second design has another workload, other fields of its components, and other values of what Groma itself
fixes, so that `verify` knows of all of them. What `verify` does not look at is set in an override file beside
the root.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from importlib import import_module
from typing import Any
from unittest.mock import patch

import yaml

from groma.architecture import Component
from groma.components.database import DatabaseServer
from groma.components.delivery import Distribution
from groma.components.function import LambdaFunction
from groma.components.global_database import GlobalDatabase
from groma.components.http_api import HttpApi
from groma.components.instance import Instance
from groma.components.latency_records import LatencyRecords
from groma.components.load_balancer import LoadBalancer
from groma.components.messaging import DeadLetterQueue, Queue
from groma.components.network import FlowLogs
from groma.components.schedule import Schedule
from groma.components.server_group import ServerGroup
from groma.components.site import SiteDistribution
from groma.components.table import DynamoTable
from groma.components.user_pool import UserPool
from groma.components.web_firewall import WebFirewall
from groma.components.worker import HousekeepingSchedule, Worker
from groma.design import Design, design
from groma.live.target import EmbeddedTarget
from groma.sizing.values import NO_WISH, Wish
from groma.workload import parse
from workloads import ROOT

OVERRIDE_FILE = "standing_override.tf"

Change = Callable[[Any], Component]
"""A component → the same with other fields."""


@dataclass(frozen=True)
class Standing:
    """A blueprint's stack as it stands first, and what is changed of it.

    Attributes:
        first: the text of its workload file.
        keys: keys of the file → other values.
        wish: what is asked beyond the goals.
        components: types of components → how they change.
        fixed: names that Groma fixes, with each module that knows them → other values.
        overrides: calls in the root → variables → values in Terraform's language.
    """

    first: str
    keys: Mapping[str, Any] = field(default_factory=dict)
    wish: Wish = NO_WISH
    components: Mapping[type[Component], Change] = field(default_factory=dict)
    fixed: Mapping[str, Any] = field(default_factory=dict)
    overrides: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def before(self) -> Design:
        """The design that stands first."""
        return design(parse(self.first, source="groma.yaml"), reasons=False)

    def after(self) -> Design:
        """The design that it is changed to; read it within `as_fixed`."""
        keys = {**yaml.safe_load(self.first), **self.keys}
        made = design(parse(yaml.safe_dump(keys), source="groma.yaml"), self.wish, reasons=False)
        changed = tuple(self._changed(component) for component in made.architecture.components)
        return replace(made, architecture=replace(made.architecture, components=changed))

    def _changed(self, component: Component) -> Component:
        change = self.components.get(type(component))
        return change(component) if change else component

    @contextmanager
    def as_fixed(self) -> Iterator[None]:
        """Let Groma fix other values until the end."""
        places = [(import_module(path.rpartition(".")[0]), path.rpartition(".")[2]) for path in self.fixed]
        before = [vars(module)[name] for module, name in places]
        try:
            for (module, name), value in zip(places, self.fixed.values(), strict=True):
                setattr(module, name, value)
            yield
        finally:
            for (module, name), value in zip(places, before, strict=True):
                setattr(module, name, value)

    @contextmanager
    def overridden(self) -> Iterator[None]:
        """Let the embedded cloud lay the overrides beside the root: Groma refuses what it has not written."""
        given = EmbeddedTarget.overrides

        def overrides(target: EmbeddedTarget, *arguments: Any) -> Mapping[str, str]:
            return {**given(target, *arguments), OVERRIDE_FILE: self.override()}

        with patch.object(EmbeddedTarget, "overrides", overrides):
            yield

    def override(self) -> str:
        """The file that gives calls in the root other values."""
        blocks = []
        for call, values in self.overrides.items():
            lines = "".join(f"  {name} = {value}\n" for name, value in values.items())
            blocks.append(f'module "{call}" {{\n{lines}}}\n')
        return "\n".join(blocks)


def _example(name: str) -> str:
    return (ROOT / "examples" / f"{name}.yaml").read_text(encoding="utf-8")


def _of_function(function: LambdaFunction) -> LambdaFunction:
    """More memory and time, other words and settings, and other batches where a queue calls it."""
    choice = replace(function.size.choice, memory_mib=function.size.choice.memory_mib + 128)
    trigger = function.trigger and replace(function.trigger, batch_size=5)
    return replace(
        function,
        purpose=f"{function.purpose} As before.",
        size=replace(function.size, choice=choice, concurrency_high=function.size.concurrency_high + 3),
        runtime="python3.12",
        timeout_s=function.timeout_s + 5,
        environment={**function.environment, "POWERTOOLS_LOG_LEVEL": "WARNING"},
        statements=(
            *function.statements,
            {"actions": ["s3:ListAllMyBuckets"], "resources": ["arn:aws:s3:::*"]},
        ),
        trigger=trigger,
        reserved=None if function.reserved is None else function.reserved + 5,
    )


def _of_servers(group: ServerGroup) -> ServerGroup:
    """Other machines with larger disks, another port and health check, kept less busy."""
    choice = replace(group.size.choice, name="t4g.large")
    size = replace(group.size, choice=choice, cpu_target_percent=group.size.cpu_target_percent - 5)
    return replace(group, size=size, volume_gib=group.volume_gib + 10, port=8090, health_check_path="/readyz")


BOUNDED = {"boundary": "arn:aws:iam::123456789012:policy/boundary"}
ALARMS_TO = {"alerts": "others@example.com", "budget_usd_per_month": 90_000}
FIREWALL: Mapping[type[Component], Change] = {
    WebFirewall: lambda firewall: replace(
        firewall, limit=3_000, guarded_limit=200, window_s=600, more_rules=True, bot_control=True
    )
}
NETWORK: Mapping[type[Component], Change] = {FlowLogs: lambda logs: replace(logs, retention_days=60)}
WORLD = """\
name: chirp
blueprint: worldwide
regions: [us-east-1, eu-west-1]
domain: chirp.example.com
alerts: ops@example.com
users: {total: 200_000, concurrent: 10_000}
state: {bucket: chirp-state, region: us-east-1}
"""
"""Its state lies in a bucket: in a file Terraform writes it whole after each of hundreds of resources."""

OWN = {
    "image": "acme/forum:2.0",
    "port": 8080,
    "health": "/healthz",
    "env": {"LOG_LEVEL": "info"},
    "secrets": {"STRIPE_KEY": "forum/stripe"},
    "migrate": ["python", "manage.py", "migrate"],
    "schedule": {"nightly": {"when": "0 3 * * *", "command": ["python", "manage.py", "clearsessions"]}},
}
"""An application of one's own, in the place of the social network that stood there first; without workers,
whose queues the least policy for the other's life knows nothing of."""

STANDING: Mapping[str, Standing] = {
    "three-tier": Standing(
        first=_example("social-50k"),
        keys={
            **ALARMS_TO,
            **BOUNDED,
            "users": {"total": 1_500_000, "active_daily": [0.3, 0.4, 0.6]},
            "domain": "chirp.example.com",
            "application": OWN,
        },
        wish=Wish(nat_per_zone=True, multi_az=True),
        components={
            **FIREWALL,
            **NETWORK,
            ServerGroup: _of_servers,
            DatabaseServer: lambda database: replace(database, backup_retention_days=14),
            Distribution: lambda distribution: replace(distribution, price_class="PriceClass_200"),
        },
        overrides={
            "database": {
                "parameters": '{ log_min_duration_statement = "500" }',
                "application_user": '"forum"',
            },
            "network": {"dynamodb_endpoint": "true", "interface_endpoints": '["monitoring"]'},
            "secret": {"password_version": "2"},
            "waf": {"counted_rules": "{}"},
        },
    ),
    "serverless": Standing(
        first=_example("social-serverless"),
        keys={**ALARMS_TO, "users": {"total": 400_000, "active_daily": [0.3, 0.4, 0.6]}},
        components={
            **FIREWALL,
            LambdaFunction: _of_function,
            UserPool: lambda pool: replace(pool, min_password_chars=12, token_minutes=30),
            HttpApi: lambda api: replace(
                api,
                limits={key: limit + 5 for key, limit in api.limits.items()},
                function_timeout_s=api.function_timeout_s + 5,
            ),
            Queue: lambda queue: replace(
                queue, function_timeout_s=queue.function_timeout_s + 5, max_receives=queue.max_receives + 1
            ),
            DeadLetterQueue: lambda queue: replace(queue, max_receives=queue.max_receives + 1),
            Schedule: lambda schedule: replace(schedule, expression="rate(10 minutes)"),
            DynamoTable: lambda table: replace(table, size=replace(table.size, mode="provisioned")),
            SiteDistribution: lambda site: replace(site, price_class="PriceClass_200"),
        },
        fixed={
            "groma.components.function.LOG_DAYS": 60,
            "groma.live.verify.function.LOG_DAYS": 60,
            "groma.components.http_api.LOG_DAYS": 90,
            "groma.components.media.OLD_VERSION_DAYS": 40,
            "groma.components.media.UPLOAD_KEEP_DAYS": 20,
            "groma.live.verify.media.UPLOAD_KEEP_DAYS": 20,
        },
        overrides={
            "auth": {"refresh_days": "60", "mfa": '"OPTIONAL"'},
            "schedule": {
                "description": '"Tidies up."',
                "window_minutes": "5",
                "input": '{ why = "schedule" }',
                "dead_letter_arn": 'module.posted.dead_letter_arns["fan-out"]',
            },
            "dns": {
                "records": '[{ name = "text.chirp.example.com", type = "TXT", values = ["hello"] }]',
            },
        },
    ),
    "worldwide": Standing(
        first=WORLD,
        keys={**ALARMS_TO, "users": {"total": 3_000_000, "concurrent": 150_000}, "waf": False},
        components={
            **NETWORK,
            ServerGroup: _of_servers,
            Worker: _of_function,
            GlobalDatabase: lambda database: replace(
                database,
                backup_retention_days=14,
                instances=database.instances + 1,
                write_connections=database.max_connections // 2,
            ),
            LoadBalancer: lambda balancer: replace(
                balancer, checked_at="/readyz" if balancer.checked_at else ""
            ),
            LatencyRecords: lambda records: replace(records, check_path="/readyz"),
            HousekeepingSchedule: lambda schedule: replace(schedule, expression="rate(10 minutes)"),
        },
        fixed={
            "groma.components.latency_records.FAILURES": 2,
            "groma.live.verify.latency_records.FAILURES": 2,
            "groma.components.replicated_bucket.OLD_VERSION_DAYS": 40,
            "groma.components.replicated_bucket.UPLOAD_KEEP_DAYS": 20,
            "groma.live.verify.replicated_bucket.UPLOAD_KEEP_DAYS": 20,
            "groma.components.global_distribution.PRICE_CLASS": "PriceClass_200",
            "groma.live.verify.global_distribution.PRICE_CLASS": "PriceClass_200",
        },
        overrides={
            "database_us_east_1": {"parameters": '{ log_min_duration_statement = "500" }'},
            "database_eu_west_1": {"parameters": '{ log_min_duration_statement = "500" }'},
        },
    ),
    "starter": Standing(
        first=_example("starter"),
        keys=ALARMS_TO,
        components={
            Instance: lambda server: replace(server, instance_type="t4g.small", volume_gib=30),
        },
    ),
}
