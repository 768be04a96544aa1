"""What stands before a public design, and by which names it is found: firewall, zone, certificates."""

from __future__ import annotations

from groma.application.choice import application_of
from groma.architecture import Component, Link
from groma.components.delivery import EDGES, EVERYWHERE, smallest_class
from groma.components.dns import Certificate, HostedZone
from groma.components.web_firewall import MODULE as WAF
from groma.components.web_firewall import WebFirewall
from groma.quantity import Range
from groma.sizing.values import NO_WISH, Decision, Wish
from groma.workload import KINDS, Workload
from groma.workload.demand import Demand


def edge_peak(demand: Demand) -> float:
    """Requests per second at the likely peak that reach the distribution."""
    return demand.peak_per_s.likely * demand.edge_requests_per_month.likely / demand.requests_per_month.likely


def firewall(workload: Workload, demand: Demand, wish: Wish = NO_WISH) -> tuple[Component, ...]:
    """The web ACL before the distribution, unless the file says `waf: off`."""
    if workload.waf == "off":
        return ()
    return (
        WebFirewall(
            id=WAF,
            places=("cloud",),
            requests_per_month=demand.edge_requests_per_month,
            peak_per_s=edge_peak(demand),
            guarded=application_of(workload.own).guarded_paths,
            more_rules=wish.more_rules,
            bot_control=wish.bot_control,
        ),
    )


def firewall_call(workload: Workload) -> str:
    """The call of the web ACL; empty where there is none."""
    return "" if workload.waf == "off" else WAF


def names(
    workload: Workload, domain: str, distribution: str, queries: Range
) -> tuple[HostedZone, Certificate]:
    """The zone whose name leads to a distribution's call, and the distribution's certificate."""
    zone = HostedZone(
        id="dns",
        places=("cloud",),
        domain=domain,
        target=f"module.{distribution}.distribution_domain_name",
        queries_per_month=queries,
        zone=workload.zone or "",
    )
    return zone, Certificate(id="certificate", places=("cloud",), domain=domain)


def firewall_links(workload: Workload, distribution: str) -> tuple[Link, ...]:
    """What the firewall says to a distribution."""
    return () if workload.waf == "off" else (Link(WAF, distribution, "rules", flow="control"),)


def name_links(distribution: str) -> tuple[Link, ...]:
    """Who asks for the name, and who proves it."""
    return (Link("clients", "dns", "DNS"), Link("certificate", distribution, "TLS", flow="control"))


def of_edge(workload: Workload, wish: Wish = NO_WISH) -> tuple[Decision, ...]:
    """Whether a firewall guards the design, whose zone holds its name, and which edge locations serve it."""
    zone = (_of_zone(workload),) if workload.domain else ()
    return (_of_firewall(workload, wish), *zone, _of_locations(workload))


def price_class(workload: Workload) -> str:
    """Which edge locations serve: all of them for a worldwide design, else those where its users are."""
    several = len(KINDS[workload.blueprint].regions) > 1
    return EVERYWHERE if several else smallest_class(workload.regions)


def _of_locations(workload: Workload) -> Decision:
    name = price_class(workload)
    because = (
        f"the smallest price class with edge locations where the users are, around {workload.regions[0]}"
    )
    if len(KINDS[workload.blueprint].regions) > 1:
        because = "users are everywhere; around each region they are served from near it, at the price there"
    return Decision("edge locations", f"{EDGES[name]} ({name})", because)


def _of_firewall(workload: Workload, wish: Wish) -> Decision:
    if workload.waf == "off":
        return Decision("firewall", "none", "stated: `waf: off`; nothing turns away floods and known attacks")
    more = ", rules for SQL and Linux" if wish.more_rules else ""
    more += ", Bot Control" if wish.bot_control else ""
    because = f"AWS's common rules{more} and a limit for each address; `waf: off` leaves it out"
    return Decision("firewall", "AWS WAF before CloudFront", because)


def _of_zone(workload: Workload) -> Decision:
    if workload.zone:
        return Decision(
            "zone", workload.zone, "it exists already and holds the domain; only records are added"
        )
    because = "its name servers must be named where the domain is kept; `zone: …` takes one that exists"
    return Decision("zone", f"{workload.domain}, made here", because)
