"""Copies of the database's backups in another region: where they go, and what they are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from groma.architecture import Component, Link
from groma.blueprints.places import known_region
from groma.components.backup_copies import BackupCopies
from groma.components.database import DatabaseServer
from groma.errors import WorkloadError
from groma.sizing.values import Decision, Wish
from groma.workload import Workload

ID = "backup-copies"
SECOND: Mapping[str, str] = {
    "us-east-1": "us-west-2",
    "us-east-2": "us-west-2",
    "us-west-1": "us-east-1",
    "us-west-2": "us-east-1",
    "eu-west-1": "eu-central-1",
    "eu-west-3": "eu-central-1",
    "eu-north-1": "eu-central-1",
    "eu-central-1": "eu-west-3",
}
"""Where money sends copies that nobody has stated a region for: far away, and within the same country or
union, whose law holds for both. Elsewhere the catalog knows no second region of that kind."""


def copies(workload: Workload, wish: Wish, components: Iterable[Component]) -> tuple[BackupCopies, ...]:
    """The copies of the master's backups; none where none are wished.

    Raises:
        WorkloadError: the region is the database's own, or there is none of that name.
    """
    if not wish.copied_to:
        return ()
    _is_another(workload, wish.copied_to)
    masters = [each for each in components if isinstance(each, DatabaseServer) and each.role == "master"]
    return tuple(
        BackupCopies(
            id=ID,
            places=("cloud",),
            region=wish.copied_to,
            source=each.id,
            days=each.backup_retention_days,
            stored_gib=each.stored_gib,
            changed_per_day=each.changed_per_day,
        )
        for each in masters
    )


def _is_another(workload: Workload, region: str) -> None:
    stated = ("database", "backups_copied_to")
    known_region(workload, region, *stated)
    if region in workload.regions:
        raise WorkloadError(
            f"{region} is the database's own region, which has its backups anyway",
            where=workload.where(*stated),
            hint=f"name another one, for example {SECOND.get(region, 'eu-west-1')}",
        )


def links_of_copies(components: Iterable[Component]) -> tuple[Link, ...]:
    """From the master to its copies."""
    return tuple(
        Link(
            each.source,
            each.id,
            "backups",
            flow="replication",
            note="as they come",
            gb_per_month=each.sent_gb_per_month,
        )
        for each in components
        if isinstance(each, BackupCopies)
    )


def of_copies(workload: Workload, wish: Wish) -> tuple[Decision, ...]:
    """Where they go, and what they are for."""
    if not wish.copied_to:
        return ()
    whose = "as stated" if workload.database.backups_copied_to else "bought"
    because = (
        f"{whose}: with the region they alone are left; a database is restored from them by hand, of the "
        "last minutes without"
    )
    return (Decision("copies of backups", f"in {wish.copied_to}", because),)
