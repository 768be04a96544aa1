"""Interface endpoints: where there is no other way out, and where they are cheaper than NAT gateways."""

from __future__ import annotations

from groma import catalog
from groma.blueprints.servers import NAT_GB_PER_SERVER
from groma.components.interface_endpoints import InterfaceEndpoints
from groma.errors import WorkloadError
from groma.quantity import ZERO, Range
from groma.sizing.values import Decision, Plan
from groma.terms import CALCULATOR_HOURS
from groma.workload import Workload

ALWAYS = ("ec2", "monitoring", "secretsmanager", "ssm", "ssmmessages")
"""What servers ask of AWS: tags and metrics of their agent, the database's login, sessions of who looks after
them. S3, with the packages of Amazon Linux, has a gateway endpoint, which is free."""
OF_IMAGES = ("ecr.api", "ecr.dkr")
"""What a pull from Amazon ECR asks besides S3, which holds the layers
(https://docs.aws.amazon.com/AmazonECR/latest/userguide/vpc-endpoints.html, undated, read 2026-11-29)."""
OF_TRACES = ("xray",)
OF_QUEUES = ("sqs",)
"""What workers and whoever sends them work ask."""
METRICS_GB_PER_SERVER = Range(0.1, 0.2, 0.4)
"""Metrics by the minute in a month, 3 to 9 KB a call: a guess."""


def has_no_way_out(workload: Workload) -> bool:
    """Whether private subnets reach nothing outside."""
    return workload.network.nat == "none"


def pulls_from_ecr(workload: Workload) -> bool:
    """Whether the application servers' image lies in Amazon ECR of the same region."""
    own = workload.own
    image = None if own is None else own.app.image
    return image is not None and f".ecr.{workload.regions[0]}." in image.host


def endpoints(
    workload: Workload, plan: Plan, private: tuple[str, ...], beside: Range = ZERO, *, traced: bool = False
) -> tuple[InterfaceEndpoints, ...]:
    """The interface endpoints; none in a VPC that exists, whose ways out are its owner's.

    Args:
        beside: what goes to queues, comes from them and tells of requests in a month, in GB.
        traced: whether requests are told of.

    Raises:
        WorkloadError: there is no way out, and the application's image lies where no endpoint leads.
    """
    if workload.network.exists:
        return ()
    carried = METRICS_GB_PER_SERVER * plan.of("app").mean
    if has_no_way_out(workload):
        services, carried = _needed(workload, traced), carried + beside
    else:
        services = _cheaper(workload, carried, len(private))
    if not services:
        return ()
    return (InterfaceEndpoints(id="endpoints", places=private, services=services, gb_per_month=carried),)


def _needed(workload: Workload, traced: bool) -> tuple[str, ...]:
    """All that servers ask of AWS."""
    own, always = workload.own, (*ALWAYS, *(OF_TRACES if traced else ()))
    if own is None:
        return always
    image, needed = own.app.image, {*always, *(OF_QUEUES if own.app.workers else ())}
    if image is not None and not pulls_from_ecr(workload):
        raise WorkloadError(
            f"leaves no way to {image.host or 'Docker Hub'}, where {image.name} lies",
            where=workload.where("network", "nat"),
            hint=f"push the image to Amazon ECR in {workload.regions[0]}, or write `nat: one`",
        )
    return tuple(sorted(needed if image is None else {*needed, *OF_IMAGES}))


def _cheaper(workload: Workload, metrics: Range, zones: int) -> tuple[str, ...]:
    """Those that cost less than what NAT gateways take for the same bytes."""
    least = pays_from_gb(workload, zones)
    return ("monitoring",) if least is not None and metrics.likely > least else ()


def pays_from_gb(workload: Workload, zones: int) -> float | None:
    """GB a month from which one endpoint in so many zones costs less than NAT gateways that stand anyway:
    h · 730 · zones / (n - e), with its price h by the hour, and n and e of a GB. None where one is unknown.
    """
    region = workload.regions[0]
    hour = catalog.unit_price("vpc", "interface_endpoint_hour", region)
    own = catalog.unit_price("vpc", "interface_endpoint_gb", region)
    nat = catalog.unit_price("natgateway", "gb_processed", region)
    if hour is None or own is None or nat is None or nat.marginal(0) <= own.marginal(0):
        return None
    return hour.marginal(0) * CALCULATOR_HOURS * zones / (nat.marginal(0) - own.marginal(0))


def through_nat(workload: Workload, plan: Plan, zones: int) -> Range:
    """GB a month of servers that pass NAT gateways, but for images: without metrics, where these pass by."""
    usual, metrics, mean = NAT_GB_PER_SERVER, METRICS_GB_PER_SERVER, plan.of("app").mean
    if not _cheaper(workload, metrics * mean, zones):
        return usual * mean
    low, likely, high = usual.low - metrics.low, usual.likely - metrics.likely, usual.high - metrics.high
    return Range(low, likely, high) * mean


def of_endpoints(workload: Workload, plan: Plan, zones: int, *, traced: bool = False) -> tuple[Decision, ...]:
    """Which there are, and what they cost beside NAT gateways."""
    if workload.network.exists:
        return ()
    metrics, least = METRICS_GB_PER_SERVER * plan.of("app").mean, pays_from_gb(workload, zones)
    if has_no_way_out(workload):
        services, usd = _needed(workload, traced), _monthly(workload, "vpc", "interface_endpoint_hour")
        nat = _monthly(workload, "natgateway", "hour")
        cost = f"${usd * len(services) * zones:,.0f} a month" if usd is not None else "at an unknown price"
        beside = f"; one NAT gateway is ${nat:,.0f}, one in each zone ${nat * zones:,.0f}" if nat else ""
        because = f"as stated, no NAT gateway; {cost} in {zones} zones{beside}"
        return (Decision("endpoints", ", ".join(services), because),)
    if least is None:
        return ()
    amount = f"{metrics.likely:,.{0 if metrics.likely >= 10 else 1}f} GB"
    asked = f"{amount} of metrics a month are all that AWS's own services are sent"
    if metrics.likely > least:
        return (Decision("endpoints", "monitoring", f"{asked}: from {least:,.0f} GB on it is cheaper"),)
    because = f"{asked} through NAT; an endpoint in {zones} zones is cheaper from {least:,.0f} GB on"
    return (Decision("endpoints", "none", because),)


def _monthly(workload: Workload, service: str, key: str) -> float | None:
    price = catalog.unit_price(service, key, workload.regions[0])
    return None if price is None else price.marginal(0) * CALCULATOR_HOURS
