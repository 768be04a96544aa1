"""One region of the worldwide blueprint: its elements and how they are linked."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from groma.answers import Ref, Value
from groma.application import filled
from groma.application.layout import APP, WEB
from groma.application.sample import built_in
from groma.architecture import Component, Link, Place
from groma.blueprints import roles
from groma.blueprints.three_tier import NAT_GB_PER_SERVER, STORED_MONTHS, VOLUME_GIB
from groma.blueprints.world_load import ZONES, World, queries_per_request
from groma.blueprints.worldwide_outside import BUCKET
from groma.blueprints.worldwide_workers import worker_arn, worker_components, worker_links
from groma.components.artifact import ArtifactBucket, release_variables
from groma.components.cache import Cache, CacheSize
from groma.components.delivery import MODULE as CDN
from groma.components.global_database import ClusterTraffic, GlobalDatabase, GlobalSecret
from groma.components.load_balancer import LoadBalancer
from groma.components.nat_gateway import NatGateway
from groma.components.network import FlowLogs, InternetGateway
from groma.components.operations import EncryptionKey, MailTopic
from groma.components.replicated_bucket import ReplicatedBucket
from groma.components.server_group import ServerGroup
from groma.quantity import Range
from groma.sizing.units import Plan, Size
from groma.workload import Workload
from groma.workload.demand import MONTH_S, Demand, daily_curve

LEAST_POOL = 2
OTHER_ZONE = 1 - 1 / ZONES
WRITE_KIB = 2.0
"""What one write sends to each other region, with its log and index pages: a guess."""


@dataclass(frozen=True)
class RegionPlan:
    """What one region is made from.

    Attributes:
        demand: of all users.
        own: of this region's users.
        databases: number of global databases.
    """

    workload: Workload
    demand: Demand
    own: Demand
    plan: Plan
    world: World
    region: str
    databases: int
    cache: CacheSize

    def id(self, short: str) -> str:
        """An id of this region in the whole architecture."""
        return self.region if short == "region" else f"{self.region}/{short}"

    def size(self, tier: str) -> Size:
        """The size of an auto-scaled tier, whose CPU target keeps it as large as the loss of a region asks.

        It was sized for the effective share of the load, of which it gets only the part of its own users; at
        target · own / effective it holds the same number of machines.
        """
        size = self.plan.of(tier)
        part = self.world.shares[self.region] / self.world.effective_share
        return replace(size, cpu_target_percent=max(1, int(size.cpu_target_percent * part + 1e-9)))

    @property
    def others(self) -> tuple[str, ...]:
        """The other regions."""
        return tuple(name for name in self.workload.regions if name != self.region)

    @property
    def home(self) -> str:
        """The region that the workload names first."""
        return self.workload.regions[0]

    @cached_property
    def database_ids(self) -> tuple[str, ...]:
        """`database`, `database2` …: one cluster of each global database."""
        return ("database", *(f"database{number}" for number in range(2, self.databases + 1)))

    def primary(self, number: int) -> str:
        """The region that writes for a global database: each in turn, so that the writers are spread."""
        return self.workload.regions[number % len(self.workload.regions)]

    @cached_property
    def secret(self) -> GlobalSecret:
        """The secret of all global databases, which stands in the home region."""
        return GlobalSecret(
            id=f"{self.home}/secret",
            places=(self.home,),
            home=self.home,
            replicas=tuple(name for name in self.workload.regions if name != self.home),
        )


def region_components(each: RegionPlan, places: Sequence[Place]) -> tuple[Component, ...]:
    """Everything that stands in a region but what watches it, in the same order in every region."""
    public = tuple(place.id for place in places if place.kind == "public-subnet")
    private = tuple(place.id for place in places if place.kind == "private-subnet")
    return (
        _bucket(each),
        InternetGateway(id=each.id("internet-gateway"), places=(each.id("vpc"),)),
        *_nat_gateways(each, public),
        *_web_tier(each, public),
        *_app_tier(each, private),
        _cache(each, private),
        *_databases(each, private),
        *worker_components(each),
        FlowLogs(
            id=each.id("flow-logs"), places=(each.region,), gb_per_month=each.own.log_gb_per_month
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


def _nat_gateways(each: RegionPlan, public: Sequence[str]) -> tuple[NatGateway, ...]:
    """One in each zone, so that the loss of one leaves the others their way out."""
    gb = NAT_GB_PER_SERVER * (each.plan.of("app").mean / len(public))
    return tuple(
        NatGateway(id=each.id(f"nat-{place.rsplit('-', 1)[1]}"), places=(place,), gb_per_month=gb)
        for place in public
    )


def _web_tier(each: RegionPlan, public: tuple[str, ...]) -> tuple[Component, ...]:
    size = each.size("web")
    return (
        _load_balancer(each, "web", public),
        ServerGroup(
            id=each.id("web"),
            places=public,
            size=size,
            servers=_servers(size, each.own.web_busy),
            by_hour=_by_hour(each.workload, size),
            public=True,
            user_data=WEB,
            port=built_in().port,
            health_check_path=built_in().health_path,
            variables={"upstream": Ref("module.app.load_balancer_dns_name"), "upstream_port": 80},
            volume_gib=VOLUME_GIB,
        ),
    )


def _app_tier(each: RegionPlan, private: tuple[str, ...]) -> tuple[Component, ...]:
    size = each.size("app")
    return (
        _load_balancer(each, "app", private),
        ServerGroup(
            id=each.id("app"),
            places=private,
            size=size,
            servers=_servers(size, each.own.app_busy),
            by_hour=_by_hour(each.workload, size),
            public=False,
            user_data=APP,
            port=built_in().port,
            health_check_path=built_in().health_path,
            variables={
                "settings": filled(built_in().regional_servers.settings, _roles(each)),
                **release_variables(),
            },
            rights=_rights(each),
            volume_gib=VOLUME_GIB,
        ),
    )


def _roles(each: RegionPlan) -> dict[str, Value]:
    """What the region's servers are told, by the role that the application names.

    Of each database the writer's and the readers' address here. Elsewhere than in its primary region the
    writer answers only once this region was promoted; until then the readers send writes on.
    """
    primaries = (str(each.primary(n) == each.region).lower() for n in range(each.databases))
    return {
        **roles.values(built_in()),
        "cache.host": Ref("module.cache.endpoint"),
        "cache.port": Ref("module.cache.port"),
        "cache.user": Ref("module.cache.user_name"),
        "cache.name": Ref("module.cache.id"),
        "databases.writers": _addresses(each, "writer"),
        "databases.readers": _addresses(each, "reader"),
        "databases.primaries": ",".join(primaries),
        "database.port": Ref("module.database.port"),
        "database.name": Ref("module.database.database_name"),
        "database.secret_arn": each.secret.arn_in(each.region),
        "database.pool": max(each.plan.of("database").pool, LEAST_POOL),
    }


def _addresses(each: RegionPlan, role: str) -> Ref:
    """`host/name,host/name` of all databases: each bears a name of its own."""
    found = (
        f"${{module.{id_}.{role}_endpoint}}/${{module.{id_}.database_name}}" for id_ in each.database_ids
    )
    return Ref(f'"{",".join(found)}"')


def _rights(each: RegionPlan) -> dict[str, Value]:
    """What application servers may do: fetch their release, sign uploads, read the secret, and use the
    region's cache, and what else they need, with the key of the topics.
    """
    needs = built_in().regional_servers
    allowed = (
        *((right.actions, worker_arn(each, right.resource).expression) for right in needs.rights),
        (("kms:GenerateDataKey", "kms:Decrypt"), "module.key.arn"),
    )
    statements = ", ".join(
        f'{{ Effect = "Allow", Action = {json.dumps(actions)}, Resource = {resource} }}'
        for actions, resource in allowed
    )
    policy = Ref(f'jsonencode({{ Version = "2012-10-17", Statement = [{statements}] }})')
    return {
        "reads": {"artifact": Ref("module.artifact.arn")},
        "writes": {needs.puts_below.strip("/"): Ref(f'"${{module.media.bucket_arn}}/{needs.puts_below}*"')},
        "secret": {"arn": each.secret.arn_in(each.region), "kms_key_arn": Ref("module.key.arn")},
        "instance_policies": {"cache": Ref("module.cache.connect_policy"), "services": policy},
    }


def _load_balancer(each: RegionPlan, group: str, places: tuple[str, ...]) -> LoadBalancer:
    internal = group == "app"
    passed_on = each.own.dynamic_gb_per_month + each.own.upload_gb_per_month
    return LoadBalancer(
        id=each.id(f"{group}-lb"),
        places=places,
        group=group,
        internal=internal,
        mean_per_s=each.own.mean_per_s,
        gb_per_month=passed_on,
        cross_zone_gb_per_month=passed_on * OTHER_ZONE if internal else Range.exactly(0.0),
        error_budget=1 - each.workload.slo.availability,
        distribution="" if internal else CDN,
        health_checkers=not internal,
    )


def _servers(size: Size, busy: Range) -> Range:
    """Servers running on average: in proportion to the work, within the group's bounds."""
    return Range(
        max(float(size.min), size.mean * busy.low / busy.likely),
        size.mean,
        max(size.mean, min(float(size.max), size.mean * busy.high / busy.likely)),
    )


def _by_hour(workload: Workload, size: Size) -> tuple[int, ...]:
    """Servers running in each hour of the likely day, as many in every zone as its load needs."""
    curve = daily_curve(workload.load.peak_hour_to_mean.likely)
    needed = (size.desired / ZONES * hour / max(curve) for hour in curve)
    return tuple(ZONES * max(1, math.ceil(per_zone - 1e-9)) for per_zone in needed)


def _cache(each: RegionPlan, private: tuple[str, ...]) -> Cache:
    answered = 1 - each.world.key_value_share
    reads = each.own.reads_per_s / (each.own.reads_per_s.likely + each.own.writes_per_s.likely)
    return Cache(
        id=each.id("cache"),
        places=private,
        name=f"{each.workload.name}-cache",
        size=each.cache,
        clients=("app",),
        query_gb_per_month=each.own.query_gb_per_month * (reads.likely * answered),
    )


def _databases(each: RegionPlan, private: tuple[str, ...]) -> tuple[GlobalDatabase, ...]:
    size = each.plan.of("database")
    return tuple(
        GlobalDatabase(
            id=each.id(short),
            places=private,
            database=f"{each.workload.name}-{short}",
            role="primary" if each.region == each.primary(number) else "secondary",
            primary=each.primary(number),
            home=each.home,
            size=size,
            instances=size.desired + 1,
            secondaries=len(each.others),
            clients=("app",),
            stored_gib=each.demand.database_stored_gib / each.databases,
            changed_per_day=each.workload.load.database_changed_per_day,
            traffic=_traffic(each),
        )
        for number, short in enumerate(each.database_ids)
    )


def _traffic(each: RegionPlan) -> ClusterTraffic:
    """One region's cluster of one global database; all writes of all users arrive in every region."""
    load, part = each.workload.load, 1 / each.databases
    to_mean = each.demand.mean_per_s.likely / each.demand.peak_per_s.likely * MONTH_S * part
    writes = each.demand.writes_per_s * to_mean
    queries = queries_per_request(each.workload, each.world, each.world.hit_share)
    asked = queries * each.own.peak_per_s.likely / (each.own.reads_per_s + each.own.writes_per_s).likely
    ios = writes * load.storage_writes_per_write
    return ClusterTraffic(
        read_ios=each.own.reads_per_s * load.storage_reads_per_read * (to_mean * (1 - each.world.hit_share)),
        write_ios=ios,
        replicated_write_ios=ios,
        replicated_gb=writes * (WRITE_KIB * 1024 / 1e9 * len(each.others)),
        query_gb=each.own.query_gb_per_month * (asked * part),
    )


def region_links(each: RegionPlan, components: Sequence[Component]) -> tuple[Link, ...]:
    """What goes to and fro within a region, and between its database and the primary."""
    peak, world = each.own.peak_per_s.likely, each.world
    static = peak * each.own.origin_requests_per_month.likely / each.own.requests_per_month.likely
    reads = each.own.reads_per_s.likely * (1 - world.key_value_share)
    timelines = each.own.reads_per_s.likely * world.key_value_share
    queries = peak * queries_per_request(each.workload, world, world.hit_share) / each.databases
    links = [
        Link(CDN, each.id(BUCKET), "HTTPS", peak_per_s=static, note="static"),
        Link(CDN, each.id("internet-gateway"), "HTTP", peak_per_s=peak, note="dynamic"),
        Link(each.id("internet-gateway"), each.id("web-lb"), "HTTP", peak_per_s=peak),
        Link(each.id("web-lb"), each.id("web"), "HTTP", peak_per_s=peak),
        Link(each.id("web"), each.id("app-lb"), "HTTP", peak_per_s=peak),
        Link(each.id("app-lb"), each.id("app"), "HTTP", peak_per_s=peak),
        Link(each.id("app"), each.id("cache"), "reads", peak_per_s=reads),
        Link(
            each.id("app"), "table", "timelines", peak_per_s=timelines
        ),
    ]  # fmt: skip
    for number, short in enumerate(each.database_ids):
        links.append(Link(each.id("app"), each.id(short), "SQL", peak_per_s=queries))
        if each.primary(number) != each.region:
            primary = f"{each.primary(number)}/{short}"
            links.append(Link(primary, each.id(short), "replication", flow="replication"))
    for nat in components:
        if isinstance(nat, NatGateway):
            links.append(Link(each.id("app"), nat.id, "HTTPS", flow="egress", note="updates"))
            links.append(Link(nat.id, each.id("internet-gateway"), "HTTPS", flow="egress"))
    return (*links, *worker_links(each))
