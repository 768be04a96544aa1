"""What flows within a region, between regions, and from the users to the nearest one."""

from __future__ import annotations

from collections.abc import Sequence

from groma.architecture import Component, Link
from groma.blueprints.edge import edge_peak, firewall_links, name_links
from groma.blueprints.shared import links_of_posts, links_of_uploads
from groma.blueprints.worldwide.load import World, queries_per_request
from groma.blueprints.worldwide.outside import BUCKET, RECORDS
from groma.blueprints.worldwide.region_plan import RegionPlan
from groma.components.delivery import MODULE as CDN
from groma.components.nat_gateway import NatGateway
from groma.workload import Workload
from groma.workload.demand import Demand


def outside_links(workload: Workload, demand: Demand, world: World) -> tuple[Link, ...]:
    """How users come in, and how CloudFront finds the nearest region."""
    return (
        Link("users", "clients", "use"),
        Link("clients", CDN, "HTTPS", peak_per_s=edge_peak(demand)),
        *name_links(CDN),
        *firewall_links(workload, CDN),
        Link(CDN, RECORDS, "DNS", note="nearest region"),
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
        Link(each.id("origin-certificate"), each.id("web-lb"), "TLS", flow="control"),
        Link(CDN, each.id("internet-gateway"), "HTTPS", peak_per_s=peak, note="dynamic"),
        Link(each.id("internet-gateway"), each.id("web-lb"), "HTTPS", peak_per_s=peak),
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
    return (*links, *_worker_links(each))


def _worker_links(each: RegionPlan) -> tuple[Link, ...]:
    """From a server or an upload to what is made of it."""
    posts, uploads = each.own.posts_per_s.likely, each.own.uploads_per_s.likely
    entries = each.own.deliveries_per_s.likely
    links = [
        Link("app", "posted-topic", "posts", peak_per_s=posts),
        *links_of_posts(posts),
        *links_of_uploads(uploads),
        Link("housekeeping", "housekeeping-function", "call"),
    ]
    inside = [Link(each.id(x.source), each.id(x.target), x.protocol, peak_per_s=x.peak_per_s) for x in links]
    return (
        *inside,
        Link(each.id("fan-out-function"), "table", "entries", peak_per_s=entries),
    )
