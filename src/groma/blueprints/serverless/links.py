"""What flows between the elements of the serverless design."""

from __future__ import annotations

from groma.architecture import Link
from groma.blueprints.edge import edge_peak, firewall_links, name_links
from groma.blueprints.flows import at_edge
from groma.blueprints.shared import links_of_posts, links_of_uploads
from groma.workload import Workload
from groma.workload.demand import Demand

PICTURE_SHARE = 0.8
"""Of what the distribution asks its origins for that is static: pictures rather than pages."""


def links(workload: Workload, demand: Demand) -> tuple[Link, ...]:
    """Every connection, with its rate at the likely peak."""
    peak, posts, uploads = (r.likely for r in (demand.peak_per_s, demand.posts_per_s, demand.uploads_per_s))
    per_request = peak / demand.requests_per_month.likely
    origin = per_request * demand.origin_requests_per_month.likely
    writes, entries = demand.table_writes_per_s.likely, demand.deliveries_per_s.likely
    units = demand.table_reads_per_s.likely + writes - entries
    return (
        Link("users", "clients", "use"),
        Link("clients", "cdn", "HTTPS", peak_per_s=edge_peak(demand), gb_per_month=at_edge(demand)),
        *name_links("cdn"),
        *firewall_links(workload, "cdn"),
        Link("cdn", "site", "HTTPS", peak_per_s=origin * (1 - PICTURE_SHARE), note="pages"),
        Link("cdn", "media", "HTTPS", peak_per_s=origin * PICTURE_SHARE, note="pictures"),
        Link("cdn", "api", "HTTPS", peak_per_s=peak, note="API"),
        Link("clients", "media", "HTTPS", peak_per_s=uploads, note="uploads"),
        Link("api", "auth", "token keys", flow="control"),
        Link("api", "api-function", "call", peak_per_s=peak),
        Link("api-function", "auth", "log-ins", peak_per_s=per_request * demand.logins_per_month.likely),
        Link("api-function", "table", "units", peak_per_s=units),
        Link("api-function", "posted-topic", "posts", peak_per_s=posts),
        *links_of_posts(posts),
        Link("fan-out-function", "table", "entries", peak_per_s=entries),
        *links_of_uploads(uploads),
        Link("housekeeping", "housekeeping-function", "call"),
        Link("housekeeping-function", "table", "queries"),
    )
