"""What flows between the elements of the three-tier design."""

from __future__ import annotations

from collections.abc import Sequence

from groma.architecture import Link
from groma.blueprints.edge import edge_peak, firewall_links, name_links
from groma.blueprints.engines import replica_ids, writer_id
from groma.blueprints.flows import at_edge, passed_on, read_part
from groma.blueprints.three_tier.beside import queue_gb, queue_links
from groma.blueprints.three_tier.cached import left_to_database
from groma.components.interface_endpoints import InterfaceEndpoints
from groma.components.nat_gateway import NatGateway
from groma.quantity import Range
from groma.sizing.values import Wish
from groma.workload import Workload
from groma.workload.demand import Demand


def links(
    workload: Workload, demand: Demand, ways_out: Sequence[NatGateway | InterfaceEndpoints], wish: Wish
) -> tuple[Link, ...]:
    """Every connection, with its rate at the likely peak."""
    peak = demand.peak_per_s.likely
    passed = passed_on(demand)
    static = peak * demand.origin_requests_per_month.likely / demand.requests_per_month.likely
    protocol = "HTTPS" if workload.domain else "HTTP"
    return (
        Link("users", "clients", "use"),
        Link("clients", "cdn", "HTTPS", peak_per_s=edge_peak(demand), gb_per_month=at_edge(demand)),
        Link("clients", "site", "HTTPS", peak_per_s=demand.uploads_per_s.likely, note="uploads"),
        *_names(workload),
        *firewall_links(workload, "cdn"),
        Link("cdn", "site", "HTTPS", peak_per_s=static, note="static"),
        Link("cdn", "internet-gateway", protocol, peak_per_s=peak, note="dynamic", gb_per_month=passed),
        Link("internet-gateway", "web-lb", protocol, peak_per_s=peak, gb_per_month=passed),
        Link("web-lb", "web", "HTTP", peak_per_s=peak, gb_per_month=passed),
        Link("web", "app-lb", "HTTP", peak_per_s=peak, gb_per_month=passed),
        Link("app-lb", "app", "HTTP", peak_per_s=peak, gb_per_month=passed),
        *_queries(workload, demand, wish),
        *queue_links(workload, demand),
        *_replication(workload),
        *_ways_out([each for each in ways_out if isinstance(each, NatGateway)], queue_gb(workload, demand)),
        *_endpoints([each for each in ways_out if isinstance(each, InterfaceEndpoints)]),
    )


def _queries(workload: Workload, demand: Demand, wish: Wish) -> tuple[Link, ...]:
    """What the application asks of the master and of its replicas, or of what takes reads and writes."""
    demand = left_to_database(workload, demand, wish)
    writes, reads, gb = demand.writes_per_s.likely, demand.reads_per_s.likely, demand.query_gb_per_month
    if not replica_ids(workload):
        return (Link("app", writer_id(workload), "SQL", peak_per_s=writes + reads, gb_per_month=gb),)
    read, replicas = read_part(demand), replica_ids(workload)
    each, each_gb = reads / len(replicas), gb * (read / len(replicas))
    return (
        Link("app", "database-master", "SQL writes", peak_per_s=writes, gb_per_month=gb * (1 - read)),
        *(Link("app", id_, "SQL reads", peak_per_s=each, gb_per_month=each_gb) for id_ in replicas),
    )


def _replication(workload: Workload) -> tuple[Link, ...]:
    return tuple(
        Link("database-master", id_, "replication", flow="replication", note="asynchronous")
        for id_ in replica_ids(workload)
    )


def _names(workload: Workload) -> tuple[Link, ...]:
    if not workload.domain:
        return ()
    return (*name_links("cdn"), Link("origin-certificate", "web-lb", "TLS", flow="control"))


def _endpoints(found: Sequence[InterfaceEndpoints]) -> tuple[Link, ...]:
    return tuple(
        Link("app", each.id, "HTTPS", flow="egress", note="AWS's services", gb_per_month=each.gb_per_month)
        for each in found
    )


def _ways_out(nats: Sequence[NatGateway], shown: Range) -> tuple[Link, ...]:
    """What servers send out; of what the gateways carry `shown` stands at links of its own."""
    each = shown / len(nats) if nats else shown
    return tuple(
        link
        for nat in nats
        for link in (
            Link(
                "app",
                nat.id,
                "HTTPS",
                flow="egress",
                note="updates",
                gb_per_month=_rest(nat, each),
            ),
            Link(nat.id, "internet-gateway", "HTTPS", flow="egress", gb_per_month=nat.gb_per_month),
        )
    )


def _rest(nat: NatGateway, shown: Range) -> Range:
    """What a gateway carries besides."""
    every = nat.gb_per_month
    return Range(every.low - shown.low, every.likely - shown.likely, every.high - shown.high)
