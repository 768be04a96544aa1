"""Everything that stands in the serverless design, but for what watches it."""

from __future__ import annotations

import math

from groma.application.sample import built_in
from groma.architecture import Component
from groma.blueprints.edge import firewall, firewall_call, names, price_class
from groma.blueprints.flows import bodies
from groma.blueprints.serverless.behind import RESERVE, functions, messages
from groma.blueprints.serverless.links import PICTURE_SHARE
from groma.blueprints.serverless.units import index_per_s
from groma.blueprints.shared import people
from groma.components.http_api import HttpApi
from groma.components.media import MediaBucket
from groma.components.operations import EncryptionKey, MailTopic
from groma.components.site import MODULE as SITE
from groma.components.site import SiteDistribution, SiteFiles
from groma.components.table import DynamoTable
from groma.components.user_pool import UserPool
from groma.quantity import Range
from groma.sizing.values import Plan
from groma.workload import Workload
from groma.workload.demand import STORED_MONTHS, Demand

LEAST_ACCOUNTS_PER_S = 10
"""Sign-ups, log-ins or codes a second that are let through at least; otherwise twice the peak of log-ins."""


def elements(workload: Workload, demand: Demand, plan: Plan) -> tuple[Component, ...]:
    """All components, with the sizes of a plan."""
    return (
        *people(workload, demand),
        *_edge(workload, demand),
        *_front(workload, demand, plan),
        *functions(workload, demand, plan),
        *_kept(workload, demand, plan),
        *messages(workload, demand, plan),
        EncryptionKey(id="key", places=("region",)),
        MailTopic(id="mail", places=("region",), email=workload.alerts),
    )


def domain(workload: Workload) -> str:
    """The domain that users type."""
    return workload.domain or f"{workload.name}.example.com"


def _edge(workload: Workload, demand: Demand) -> tuple[Component, ...]:
    queries = Range(0, demand.monthly_users.likely, demand.monthly_users.high * 10)
    return (
        *names(workload, domain(workload), SITE, queries),
        *firewall(workload, demand),
        SiteDistribution(
            id="cdn",
            places=("cloud",),
            domain=domain(workload),
            gb_per_month=demand.edge_gb_per_month,
            requests_per_month=demand.edge_requests_per_month,
            sent_gb_per_month=bodies(demand),
            price_class=price_class(workload),
            error_budget=1 - workload.slo.availability,
            firewall=firewall_call(workload),
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


def _kept(workload: Workload, demand: Demand, plan: Plan) -> tuple[Component, ...]:
    assert plan.table is not None
    load, table = workload.load, built_in().table
    hot = load.hot_share.high * demand.peak_per_s.high
    reads = demand.table_reads_per_month.likely / demand.requests_per_month.likely
    index_reads, index_writes = index_per_s(demand)
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
            index_reads_per_s=index_reads,
            index_writes_per_s=index_writes,
            operations=table.operations,
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
