"""What flows between the elements: as in three-tier, and out of the web tasks, which have no address."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from groma.architecture import Component, Link
from groma.blueprints.containers import schedule, workers
from groma.components.nat_gateway import NatGateway
from groma.quantity import Range
from groma.workload import Workload


def links(
    workload: Workload, components: Sequence[Component], connected: Sequence[Link], sent: Mapping[str, Range]
) -> tuple[Link, ...]:
    """Every connection, with its rate at the likely peak.

    Args:
        sent: GB of a month that the tasks of each tier send out, over all NAT gateways together.
    """
    ways = [each for each in components if isinstance(each, NatGateway)]
    return (
        *_with_ways_out(connected, ways, sent),
        *workers.links(workload, connected),
        *schedule.links(workload),
    )


def _with_ways_out(
    connected: Sequence[Link], ways: Sequence[NatGateway], sent: Mapping[str, Range]
) -> Iterator[Link]:
    """What goes out is images and logs, where servers fetch packages."""
    out = {nat.id: nat for nat in ways}
    for link in connected:
        if link.source in out:
            yield replace(link, gb_per_month=out[link.source].gb_per_month)
        elif link.target not in out:
            yield link
    for nat in ways:
        for tier, passed in sent.items():
            gb = passed / len(ways)
            yield Link(tier, nat.id, "HTTPS", flow="egress", note="images, logs", gb_per_month=gb)
