"""Everything that stands in one region of the worldwide blueprint, but for what watches it."""

from __future__ import annotations

from collections.abc import Sequence

from groma.application.sample import built_in
from groma.architecture import Component, Place
from groma.blueprints.flows import published
from groma.blueprints.servers import NAT_GB_PER_SERVER
from groma.blueprints.worldwide.kept import cache, databases
from groma.blueprints.worldwide.outside import BUCKET, origin_name
from groma.blueprints.worldwide.region_plan import RegionPlan
from groma.blueprints.worldwide.servers import app_tier, web_tier
from groma.blueprints.worldwide.tables import timelines
from groma.blueprints.worldwide.workers import worker_components
from groma.components.artifact import ArtifactBucket
from groma.components.delivery import MODULE as CDN
from groma.components.dns import OriginCertificate
from groma.components.nat_gateway import NatGateway
from groma.components.network import FlowLogs, InternetGateway
from groma.components.operations import EncryptionKey, MailTopic
from groma.components.replicated_bucket import ReplicatedBucket
from groma.quantity import Range
from groma.workload.demand import STORED_MONTHS


def region_components(each: RegionPlan, places: Sequence[Place]) -> tuple[Component, ...]:
    """Everything that stands in a region but what watches it, in the same order in every region."""
    public = tuple(place.id for place in places if place.kind == "public-subnet")
    private = tuple(place.id for place in places if place.kind == "private-subnet")
    return (
        _bucket(each),
        OriginCertificate(
            id=each.id("origin-certificate"), places=(each.region,), name=origin_name(each.workload),
            makes_records=each.region == each.home,
        ),
        InternetGateway(id=each.id("internet-gateway"), places=(each.id("vpc"),), dynamodb_endpoint=True),
        *_nat_gateways(each, public),
        *web_tier(each, public),
        *app_tier(each, private),
        cache(each, private),
        *databases(each, private),
        timelines(each),
        *worker_components(each),
        FlowLogs(
            id=each.id("flow-logs"),
            places=(each.region,),
            gb_per_month=each.own.log_gb_per_month,
            **({"retention_days": each.workload.log_days} if each.workload.log_days else {}),
        ),
        ArtifactBucket(id=each.id("artifact"), places=(each.region,)),
        EncryptionKey(id=each.id("key"), places=(each.region,)),
        *((each.secret,) if each.region == each.home else ()),
        MailTopic(id=each.id("mail"), places=(each.region,), email=each.workload.alerts),
    )  # fmt: skip


def _bucket(each: RegionPlan) -> ReplicatedBucket:
    """Every region's bucket holds what all users upload."""
    world = each.demand
    return ReplicatedBucket(
        id=each.id(BUCKET),
        places=(each.region,),
        bucket=f"{each.workload.name}-{BUCKET}",
        others=each.others,
        distribution=CDN,
        origin=f"https://{each.workload.domain}",
        published_prefix=built_in().published,
        topic="uploaded",
        upload_prefix=built_in().uploads,
        stored_gb=world.upload_gb_per_month * STORED_MONTHS,
        replaced_share=each.workload.load.replaced_share,
        writes_per_month=each.own.uploads_per_month,
        reads_per_month=each.own.origin_requests_per_month,
        upload_gb_per_month=each.own.upload_gb_per_month,
        received_per_month=world.uploads_per_month * (1 - each.world.shares[each.region]),
    )


def updates(each: RegionPlan) -> Range:
    """What application servers fetch and send for themselves, in GB a month."""
    return NAT_GB_PER_SERVER * each.plan.of("app").mean


def _nat_gateways(each: RegionPlan, public: Sequence[str]) -> tuple[NatGateway, ...]:
    """One in each zone, so that the loss of one leaves the others their way out. Posts are told through them;
    tables and buckets are reached through gateway endpoints.
    """
    gb = (updates(each) + published(each.workload, each.own)) / len(public)
    return tuple(
        NatGateway(id=each.id(f"nat-{place.rsplit('-', 1)[1]}"), places=(place,), gb_per_month=gb)
        for place in public
    )
