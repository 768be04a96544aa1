"""What stands outside of the regions of the worldwide blueprint: people, names, edge, the global table."""

from __future__ import annotations

from groma.application.sample import built_in
from groma.architecture import Component
from groma.blueprints.edge import edge_peak, firewall, firewall_call, names
from groma.blueprints.flows import bodies
from groma.blueprints.shared import people
from groma.blueprints.worldwide.load import World
from groma.blueprints.worldwide.tables import global_table
from groma.components.delivery import MODULE as CDN
from groma.components.dns import MODULE as ZONE
from groma.components.global_distribution import GlobalDistribution
from groma.components.latency_records import LatencyRecords
from groma.components.operations import EncryptionKey, MailTopic
from groma.quantity import Range
from groma.workload import Workload
from groma.workload.demand import Demand

BUCKET = "media"
RECORDS = "regions"


def outside(workload: Workload, demand: Demand, world: World) -> tuple[Component, ...]:
    """Everything outside, but for what watches it."""
    regions, domain = tuple(world.shares), workload.domain or ""
    ratio = demand.peak_per_s.likely / demand.mean_per_s.likely
    return (
        *people(workload, demand),
        *names(workload, domain, CDN, Range.exactly(0.0)),
        LatencyRecords(
            id=RECORDS,
            places=("cloud",),
            name=origin_name(workload),
            regions=regions,
            group="web",
            zone=ZONE,
            check_path=built_in().through_path,
            queries_per_month=Range.exactly(0.0),
        ),
        *firewall(workload, demand),
        GlobalDistribution(
            id=CDN,
            places=("cloud",),
            domain=domain,
            origin=RECORDS,
            bucket=BUCKET,
            bucket_regions=regions[:2],
            gb_per_month=_by_region(demand.edge_gb_per_month, world),
            requests_per_month=_by_region(demand.edge_requests_per_month, world),
            sent_gb_per_month=_by_region(bodies(demand), world),
            peak_per_s=edge_peak(demand),
            peak_gbps=demand.edge_gb_per_month.likely * 8 / (730 * 3600) * ratio,
            error_budget=1 - workload.slo.availability,
            firewall=firewall_call(workload),
        ),
        global_table(workload, demand, world),
        EncryptionKey(id="key", places=("cloud",)),
        MailTopic(id="mail", places=("cloud",), email=workload.alerts),
    )


def origin_name(workload: Workload) -> str:
    """The name by which CloudFront finds the nearest region."""
    return f"{RECORDS}.{workload.domain}"


def _by_region(volume: Range, world: World) -> dict[str, Range]:
    return {region: volume * share for region, share in world.shares.items()}
