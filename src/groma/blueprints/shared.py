"""What stands in several designs in the same way: the people outside, and what flows through queues."""

from __future__ import annotations

from groma.architecture import Component, Link
from groma.components.outside import Clients, Users
from groma.workload import Workload
from groma.workload.demand import Demand


def people(workload: Workload, demand: Demand) -> tuple[Component, ...]:
    """The users, and the machines that they use."""
    active = demand.active_users.likely
    return (
        Users(id="users", places=("world",), total=workload.users.total, active_daily=active),
        Clients(id="clients", places=("world",)),
    )


def links_of_posts(per_s: float, of_all_per_s: float | None = None) -> tuple[Link, ...]:
    """What becomes of a post once it is published.

    Args:
        per_s: posts that are published here, at the peak.
        of_all_per_s: those that the queue gets from the topics of all regions, where there are several.
    """
    queued = per_s if of_all_per_s is None else of_all_per_s
    return (
        Link("posted-topic", "fan-out-queue", "posts", peak_per_s=per_s),
        Link("fan-out-queue", "fan-out-function", "posts", peak_per_s=queued),
        Link("fan-out-queue", "fan-out-dead-letters", "given up"),
    )


def links_of_uploads(per_s: float) -> tuple[Link, ...]:
    """What becomes of a picture once it is uploaded."""
    return (
        Link("media", "uploaded-topic", "uploads", peak_per_s=per_s),
        Link("uploaded-topic", "pictures-queue", "uploads", peak_per_s=per_s),
        Link("pictures-queue", "pictures-function", "uploads", peak_per_s=per_s),
        Link("pictures-queue", "pictures-dead-letters", "given up"),
        Link("pictures-function", "media", "thumbnails", peak_per_s=per_s),
    )
