"""What flows within a region, between regions, and from the users to the nearest one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from groma.architecture import Component, Link
from groma.blueprints.edge import edge_peak, firewall_links, name_links
from groma.blueprints.flows import at_edge, pages, passed_on, published, sent_on
from groma.blueprints.shared import links_of_posts, links_of_uploads
from groma.blueprints.worldwide.kept import read_by_servers, traffic
from groma.blueprints.worldwide.load import ZONES, World, queries_per_request
from groma.blueprints.worldwide.outside import BUCKET, RECORDS
from groma.blueprints.worldwide.region import updates
from groma.blueprints.worldwide.region_plan import RegionPlan
from groma.blueprints.worldwide.tables import TIMELINES, asked_of_shared, shared_gb
from groma.components.delivery import MODULE as CDN
from groma.components.nat_gateway import NatGateway
from groma.workload import Workload
from groma.workload.demand import Demand


def outside_links(workload: Workload, demand: Demand, world: World) -> tuple[Link, ...]:
    """How users come in, and how CloudFront finds the nearest region."""
    return (
        Link("users", "clients", "use"),
        Link("clients", CDN, "HTTPS", peak_per_s=edge_peak(demand), gb_per_month=at_edge(demand)),
        *name_links(CDN),
        *firewall_links(workload, CDN),
        Link(CDN, RECORDS, "DNS", note="nearest region"),
    )


def region_links(each: RegionPlan, components: Sequence[Component]) -> tuple[Link, ...]:
    """What goes to and fro within a region, and between its database and the primary."""
    peak, passed = each.own.peak_per_s.likely, passed_on(each.own)
    static = peak * each.own.origin_requests_per_month.likely / each.own.requests_per_month.likely
    ends = (("internet-gateway", "web-lb", "HTTPS"), ("web-lb", "web", "HTTP"), ("web", "app-lb", "HTTP"),
            ("app-lb", "app", "HTTP"))  # fmt: skip
    return (
        Link(CDN, each.id(BUCKET), "HTTPS", peak_per_s=static, note="static"),
        Link(each.id("origin-certificate"), each.id("web-lb"), "TLS", flow="control"),
        Link(CDN, each.id("internet-gateway"), "HTTPS", peak_per_s=peak, note="dynamic", gb_per_month=passed),
        *(Link(each.id(a), each.id(b), how, peak_per_s=peak, gb_per_month=passed) for a, b, how in ends),
        *_kept_links(each),
        *_ways_out(each, components),
        *_worker_links(each),
    )


def _kept_links(each: RegionPlan) -> Iterator[Link]:
    """What application servers ask of cache, table and databases, and what these send to other regions."""
    world = each.world
    reads = each.own.reads_per_s.likely * (1 - world.key_value_share)
    seen = each.own.reads_per_s.likely * world.key_value_share
    queries = each.own.peak_per_s.likely * queries_per_request(each.workload, world, world.hit_share)
    app, flows = each.id("app"), traffic(each)
    yield Link(app, each.id("cache"), "reads", peak_per_s=reads, gb_per_month=read_by_servers(each))
    yield Link(
        app, each.id(TIMELINES), "pages", peak_per_s=seen, way="dynamodb-endpoint",
        gb_per_month=pages(each.workload, each.own, world.key_value_share),
    )  # fmt: skip
    yield Link(
        app, "table", "sessions", peak_per_s=asked_of_shared(each), way="dynamodb-endpoint",
        gb_per_month=shared_gb(each),
    )  # fmt: skip
    for number, short in enumerate(each.database_ids):
        own, primary = each.id(short), each.primary(number)
        yield Link(
            app, own, "SQL", peak_per_s=queries / each.databases, gb_per_month=flows.query_gb
        )  # fmt: skip
        if primary != each.region:
            sent = flows.replicated_gb / len(each.others)
            yield Link(f"{primary}/{short}", own, "replication", flow="replication", gb_per_month=sent)


def _ways_out(each: RegionPlan, components: Sequence[Component]) -> Iterator[Link]:
    """What application servers fetch for themselves, and all that passes each NAT gateway."""
    for nat in components:
        if isinstance(nat, NatGateway):
            yield Link(
                each.id("app"), nat.id, "HTTPS", flow="egress", note="updates",
                gb_per_month=updates(each) / ZONES,
            )  # fmt: skip
            yield Link(
                nat.id, each.id("internet-gateway"), "HTTPS", flow="egress", gb_per_month=nat.gb_per_month
            )


def _worker_links(each: RegionPlan) -> tuple[Link, ...]:
    """From a server or an upload to what is made of it."""
    posts, uploads = each.own.posts_per_s.likely, each.own.uploads_per_s.likely
    of_all, entries = each.demand.posts_per_s.likely, each.demand.deliveries_per_s.likely
    links = [
        *links_of_posts(posts, of_all),
        *links_of_uploads(uploads),
        Link("housekeeping", "housekeeping-function", "call"),
    ]
    inside = [Link(each.id(x.source), each.id(x.target), x.protocol, peak_per_s=x.peak_per_s) for x in links]
    told, sent = published(each.workload, each.own), sent_on(each.workload, each.own)
    return (
        Link(
            each.id("app"), each.id("posted-topic"), "posts", peak_per_s=posts, gb_per_month=told, way="nat"
        ),
        *inside,
        *(
            Link(
                each.id("posted-topic"),
                f"{other}/fan-out-queue",
                "posts",
                flow="replication",
                peak_per_s=posts,
                gb_per_month=sent,
            )
            for other in each.others
        ),
        Link(each.id("fan-out-function"), "table", "followers", peak_per_s=of_all),
        Link(each.id("fan-out-function"), each.id(TIMELINES), "entries", peak_per_s=entries),
    )
