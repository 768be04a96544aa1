"""Whether the database that a file says exists can be connected to by its secret."""

from __future__ import annotations

from collections.abc import Iterator

from groma.errors import WorkloadError
from groma.live.databases import existing_database
from groma.live.preflight.look import Look, looks
from groma.live.target import Clients
from groma.workload import Workload

TITLE = "the database that exists"


def databases(clients: Clients, workload: Workload) -> Iterator[Look]:
    """A look at it; nothing where one is to be made."""
    if workload.database.existing is not None:
        yield _database(clients, workload)


@looks(TITLE)
def _database(clients: Clients, workload: Workload) -> Look:
    try:
        found = existing_database(workload, clients)
    except WorkloadError as error:
        return Look(TITLE, "will fail", error.what, error.hint)
    return Look(TITLE, "ok", f"{found} says where it is and who signs in; whether it answers, servers see")
