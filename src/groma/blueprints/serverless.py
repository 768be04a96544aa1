"""serverless: requests call functions, and what need not be waited for goes through queues.

users → client machines → Route 53
                        → CloudFront, guarded by WAF → S3 site bucket, S3 media bucket
                                                     → API Gateway (Cognito's tokens) → Lambda → DynamoDB
                        → S3 media bucket (uploads)
Lambda → SNS → SQS → Lambda → DynamoDB (timelines);  S3 media bucket → SNS → SQS → Lambda (thumbnails)
"""

from __future__ import annotations

import math
from collections.abc import Mapping

from groma import application
from groma.answers import Ref
from groma.application import filled
from groma.application.layout import function_archive
from groma.application.sample import built_in
from groma.architecture import Architecture, Component, Place
from groma.blueprints import roles
from groma.blueprints.functions import BATCH, every_s
from groma.blueprints.network_plan import OUTSIDE, home_region
from groma.blueprints.serverless_decisions import decisions as decisions
from groma.blueprints.serverless_links import PICTURE_SHARE, edge_peak, links
from groma.blueprints.watching import watched
from groma.components.dns import Certificate, HostedZone
from groma.components.function import LambdaFunction, Trigger
from groma.components.http_api import HttpApi
from groma.components.media import MediaBucket
from groma.components.messaging import DeadLetterQueue, Queue, Topic
from groma.components.operations import EncryptionKey, MailTopic
from groma.components.outside import Clients, Users
from groma.components.schedule import Schedule
from groma.components.site import SiteDistribution, SiteFiles
from groma.components.table import DynamoTable
from groma.components.user_pool import UserPool
from groma.components.web_firewall import WebFirewall
from groma.quantity import ZERO, Range
from groma.sizing.units import Plan, Tier, Wish
from groma.workload import Workload
from groma.workload.demand import Demand

STORED_MONTHS = 12
BODY_KIB = 1.0
"""What a request to the API carries, with its headers."""
RESERVE = 2
LEAST_RESERVE = 50
"""Calls at once that are kept for the API: twice what the high peak needs, so that a slow table is stood."""
LEAST_ACCOUNTS_PER_S = 10
"""Sign-ups, log-ins or codes a second that are let through at least; otherwise twice the peak of log-ins."""
NO_WISH = Wish()


def tiers(workload: Workload, demand: Demand, wish: Wish = NO_WISH) -> tuple[Tier, ...]:
    """None: there are no machines. What is sized instead, `groma.blueprints.functions` says."""
    return ()


def assemble(workload: Workload, demand: Demand, plan: Plan, wish: Wish = NO_WISH) -> Architecture:
    """The serverless architecture with the sizes of a plan."""
    region = home_region(workload)
    components = (
        Users(
            id="users",
            places=("world",),
            total=workload.users.total,
            active_daily=demand.active_users.likely,
        ),
        Clients(id="clients", places=("world",)),
        *_edge(workload, demand),
        *_front(workload, demand, plan),
        *_functions(workload, demand, plan),
        *_kept(workload, demand, plan),
        *_messages(workload, demand, plan),
        EncryptionKey(id="key", places=("region",)),
        MailTopic(id="mail", places=("region",), email=workload.alerts),
    )
    architecture = Architecture(
        name=workload.name,
        owner=workload.owner,
        dated=workload.date.isoformat() if workload.date else "",
        blueprint=workload.blueprint,
        alerts=workload.alerts or "",
        region=region.name,
        places=(*OUTSIDE, Place("region", "region", region.name, "cloud")),
        components=components,
        links=links(demand),
    )
    return watched(architecture)


def domain(workload: Workload) -> str:
    """The domain that users type."""
    return workload.domain or f"{workload.name}.example.com"


def _edge(workload: Workload, demand: Demand) -> tuple[Component, ...]:
    body_gb = demand.requests_per_month * (BODY_KIB * 1024 / 1e9)
    return (
        HostedZone(
            id="dns",
            places=("cloud",),
            domain=domain(workload),
            target="module.site.distribution_domain_name",
            queries_per_month=Range(0, demand.monthly_users.likely, demand.monthly_users.high * 10),
        ),
        Certificate(id="certificate", places=("cloud",), domain=domain(workload)),
        WebFirewall(
            id="waf",
            places=("cloud",),
            requests_per_month=demand.edge_requests_per_month,
            peak_per_s=edge_peak(demand),
        ),
        SiteDistribution(
            id="cdn",
            places=("cloud",),
            domain=domain(workload),
            gb_per_month=demand.edge_gb_per_month,
            requests_per_month=demand.edge_requests_per_month,
            upload_gb_per_month=body_gb,
            error_budget=1 - workload.slo.availability,
        ),
        SiteFiles(
            id="site",
            places=("region",),
            reads_per_month=demand.origin_requests_per_month * (1 - PICTURE_SHARE),
        ),
    )


def _front(workload: Workload, demand: Demand, plan: Plan) -> tuple[Component, ...]:
    assert plan.gateway is not None
    logins = demand.logins_per_month.likely / demand.requests_per_month.likely
    logins_per_s = logins * demand.peak_per_s.high
    limit = max(LEAST_ACCOUNTS_PER_S, math.ceil(RESERVE * logins_per_s))
    return (
        UserPool(
            id="auth",
            places=("region",),
            monthly_users=demand.monthly_users,
            login_share=logins,
            logins_per_s=logins_per_s,
            min_password_chars=built_in().min_password_chars,
        ),
        HttpApi(
            id="api",
            places=("region",),
            size=plan.gateway,
            function="api_function",
            routes=built_in().routes,
            limits=dict.fromkeys(built_in().limited_routes, min(limit, plan.gateway.rate_per_s)),
            function_timeout_s=built_in().functions["api"].timeout_s,
            requests_per_month=demand.requests_per_month,
            peak_per_s=demand.peak_per_s,
            p99_ms=workload.slo.p99_ms,
            error_budget=1 - workload.slo.availability,
        ),
    )


def _functions(workload: Workload, demand: Demand, plan: Plan) -> tuple[Component, ...]:
    calls = {
        "api": demand.requests_per_month,
        "fan-out": demand.posts_per_month,
        "pictures": demand.uploads_per_month,
    }
    return tuple(_function(workload, plan, each, calls) for each in built_in().functions.values())


def _function(
    workload: Workload, plan: Plan, function: application.Function, calls: Mapping[str, Range]
) -> LambdaFunction:
    size, trigger, reserved, source = plan.function(function.name), function.trigger, None, None
    if isinstance(trigger, application.Http):
        reserved = max(LEAST_RESERVE, RESERVE * size.concurrency_high)
    elif isinstance(trigger, application.Queue):
        queue = f'module.{trigger.topic}.queue_arns["{trigger.name}"]'
        source = Trigger(queue, trigger.batch_size)
    else:
        reserved = 1
    return LambdaFunction(
        id=f"{function.name}-function",
        places=("region",),
        name=function.name,
        purpose=function.purpose,
        size=size,
        handler=function.handler,
        runtime=built_in().runtime,
        timeout_s=function.timeout_s,
        environment=filled(function.settings, roles.values(built_in())),
        statements=tuple(
            {"actions": list(right.actions), "resources": [Ref(roles.arn(built_in(), right.resource))]}
            for right in function.rights
        ),
        trigger=source,
        reserved=reserved,
        calls_per_month=calls.get(function.name) or _by_the_clock(trigger),
        log_kib=workload.load.call_log_kib,
        error_budget=1 - workload.slo.availability,
        package=function_archive(function.name, bool(function.native)),
        answers=isinstance(trigger, application.Http),
    )


def _by_the_clock(trigger: object) -> Range:
    """Calls in a month of 730 hours."""
    assert isinstance(trigger, application.Schedule)
    return Range.exactly(730 * 3600 / every_s(trigger.expression))


def _kept(workload: Workload, demand: Demand, plan: Plan) -> tuple[Component, ...]:
    assert plan.table is not None
    load, table = workload.load, built_in().table
    hot = load.hot_share.high * demand.peak_per_s.high
    reads = demand.table_reads_per_month.likely / demand.requests_per_month.likely
    return (
        DynamoTable(
            id="table",
            places=("region",),
            size=plan.table,
            hash_key=table.hash_key,
            range_key=table.range_key,
            types=table.types,
            index=(table.index, table.index_hash_key, table.index_range_key),
            ttl=table.ttl,
            reads_per_month=demand.table_reads_per_month,
            writes_per_month=demand.table_writes_per_month,
            stored_gib=demand.table_stored_gib,
            peak_reads_per_s=demand.table_reads_per_s.high,
            peak_writes_per_s=demand.table_writes_per_s.high,
            hot_reads_per_s=hot * reads,
            hot_writes_per_s=hot * sum(c.share for c in workload.requests.values() if c.units_written),
        ),
        MediaBucket(
            id="media",
            places=("region",),
            domain=domain(workload),
            topic="module.uploaded.topic_arn",
            upload_prefix=built_in().uploads,
            published_prefix=built_in().published,
            stored_gb=demand.upload_gb_per_month * STORED_MONTHS,
            uploads_per_month=demand.uploads_per_month,
            reads_per_month=demand.origin_requests_per_month * PICTURE_SHARE,
        ),
    )


def _largest_post(workload: Workload, plan: Plan) -> tuple[str, float]:
    """The post that most followers wait for: F · (an entry and its share of a batch), one after the other."""
    load, power = workload.load, plan.function("fan-out").choice.power
    followers = math.ceil(workload.users.total * load.most_followed_share.likely)
    entry_ms = load.entry_cpu_ms.likely / power + load.table_write_ms.likely / BATCH
    return f"a post for {followers:,} followers, the most, reaches all", followers * entry_ms / 1000


def _messages(workload: Workload, demand: Demand, plan: Plan) -> tuple[Component, ...]:
    told = {
        "posted": (demand.posts_per_month, "a post was made", ""),
        "uploaded": (demand.uploads_per_month, "a picture was uploaded", "module.media.bucket_arn"),
    }
    found: list[Component] = []
    for queue in built_in().queues.values():
        messages, what, bucket = told.get(queue.topic, (ZERO, "", ""))
        found += [
            Topic(
                id=f"{queue.topic}-topic",
                places=("region",),
                topic=queue.topic,
                messages_per_month=messages,
                what=what,
                bucket=bucket,
            ),
            Queue(
                id=f"{queue.name}-queue",
                places=("region",),
                queue=queue.name,
                topic=queue.topic,
                messages_per_month=messages,
                function_timeout_s=built_in().functions[queue.name].timeout_s,
                max_receives=queue.max_receives,
                goal_s=workload.slo.freshness_s,
                largest=_largest_post(workload, plan) if queue.name == "fan-out" else None,
            ),
            DeadLetterQueue(
                id=f"{queue.name}-dead-letters",
                places=("region",),
                queue=queue.name,
                topic=queue.topic,
                max_receives=queue.max_receives,
            ),
        ]
    housekeeping = built_in().functions["housekeeping"]
    clock = housekeeping.trigger
    assert isinstance(clock, application.Schedule)
    schedule = Schedule(
        id="housekeeping",
        places=("region",),
        expression=clock.expression,
        function="housekeeping_function",
        what=housekeeping.purpose,
    )
    return (*found[:3], schedule, *found[3:])
