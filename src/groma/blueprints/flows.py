"""Bytes of a month between elements, where several designs have them alike; both ways, in GB (10⁹ bytes).

Browsers send pictures to S3 itself, with a form that a server signed: no picture passes the distribution, a
load balancer or a server on its way in.
"""

from __future__ import annotations

from groma.quantity import Range
from groma.workload import Workload
from groma.workload.demand import MONTH_S, Demand

BODY_KIB = 1.0
"""What a request carries, with its headers: a guess."""
PUBLISH_KIB = 3.0
"""A signed call of SNS and its answer, beside the message itself: a guess."""
PAGE_ENTRIES = 20
"""Entries of one page of a timeline."""
WRITE_KIB = 2.0
"""What one write sends to each other region, with its log and index pages: a guess."""


def gb(count: Range, kib: Range | float) -> Range:
    """So many things of so many KiB, in GB."""
    return count * kib * (1024 / 1e9)


def bodies(demand: Demand) -> Range:
    """What users send to the application: requests, without pictures."""
    return gb(demand.requests_per_month, BODY_KIB)


def passed_on(demand: Demand) -> Range:
    """What passes each load balancer and server: requests and their answers."""
    return demand.dynamic_gb_per_month + bodies(demand)


def at_edge(demand: Demand) -> Range:
    """What the distribution sends to users and gets from them."""
    return demand.edge_gb_per_month + bodies(demand)


def replicated(demand: Demand) -> Range:
    """What the writes of a database send to a replica in another region."""
    to_mean = demand.mean_per_s.likely / demand.peak_per_s.likely
    return gb(demand.writes_per_s * (to_mean * MONTH_S), WRITE_KIB)


def published(workload: Workload, demand: Demand) -> Range:
    """What servers send to the topic of new posts."""
    return gb(demand.posts_per_month, workload.load.item_kib + PUBLISH_KIB)


def sent_on(workload: Workload, demand: Demand) -> Range:
    """What the topic of new posts sends to one queue elsewhere: raw messages, each with a head."""
    return gb(demand.posts_per_month, workload.load.item_kib + BODY_KIB)


def pages(workload: Workload, demand: Demand, key_value_share: float) -> Range:
    """What servers read from a key-value table: pages of timelines."""
    reads = demand.reads_per_s.likely / demand.peak_per_s.likely * key_value_share
    return gb(demand.requests_per_month * reads, workload.load.item_kib * PAGE_ENTRIES)


def read_part(demand: Demand) -> float:
    """Share of the queries that only read."""
    reads, writes = demand.reads_per_s.likely, demand.writes_per_s.likely
    return reads / (reads + writes) if reads else 0.0
