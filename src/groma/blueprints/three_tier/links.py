"""What flows between the elements of the three-tier design."""

from __future__ import annotations

from collections.abc import Sequence

from groma.architecture import Link
from groma.blueprints.edge import edge_peak, firewall_links, name_links
from groma.components.nat_gateway import NatGateway
from groma.workload import Workload
from groma.workload.demand import Demand


def links(workload: Workload, demand: Demand, nats: Sequence[NatGateway]) -> tuple[Link, ...]:
    """Every connection, with its rate at the likely peak."""
    peak = demand.peak_per_s.likely
    static = peak * demand.origin_requests_per_month.likely / demand.requests_per_month.likely
    protocol = "HTTPS" if workload.domain else "HTTP"
    return (
        Link("users", "clients", "use"),
        Link("clients", "cdn", "HTTPS", peak_per_s=edge_peak(demand)),
        *_names(workload),
        *firewall_links(workload, "cdn"),
        Link("cdn", "site", "HTTPS", peak_per_s=static, note="static"),
        Link("cdn", "internet-gateway", protocol, peak_per_s=peak, note="dynamic"),
        Link("internet-gateway", "web-lb", protocol, peak_per_s=peak),
        Link("web-lb", "web", "HTTP", peak_per_s=peak),
        Link("web", "app-lb", "HTTP", peak_per_s=peak),
        Link("app-lb", "app", "HTTP", peak_per_s=peak),
        Link("app", "database-master", "SQL writes", peak_per_s=demand.writes_per_s.likely),
        Link("app", "database-replica", "SQL reads", peak_per_s=demand.reads_per_s.likely),
        Link("database-master", "database-replica", "replication", flow="replication", note="asynchronous"),
        *_ways_out(nats),
    )


def _names(workload: Workload) -> tuple[Link, ...]:
    if not workload.domain:
        return ()
    return (*name_links("cdn"), Link("origin-certificate", "web-lb", "TLS", flow="control"))


def _ways_out(nats: Sequence[NatGateway]) -> tuple[Link, ...]:
    servers = [Link("app", nat.id, "HTTPS", flow="egress", note="updates") for nat in nats]
    return (*servers, *(Link(nat.id, "internet-gateway", "HTTPS", flow="egress") for nat in nats))
