"""A standby's database that was promoted: whoever decided that decides when home is the master again."""

from __future__ import annotations

from groma.architecture import Architecture
from groma.components.standby_database import StandbyDatabase
from groma.errors import InputError
from groma.live.target import Clients
from groma.live.understood import understood
from groma.live.verify.reading import Deployed, Reading


def refuse_promoted(architecture: Architecture, clients: Clients) -> None:
    """Whether the standby still copies home: with a promoted one `up` would do all but what matters.

    Raises:
        InputError: it stands by itself.
        CloudError: the cloud did not answer, or did not let us look.
    """
    for part in architecture.parts:
        for database in part.architecture.of_type(StandbyDatabase):
            name, region = f"{part.architecture.name}-database-{database.name}", part.scope
            with understood(f"{database.label} in {region}"):
                reading = Reading(Deployed({}, clients), region)
                asked = {"DBInstanceIdentifier": name}
                found = reading.first("rds", "describe_db_instances", "DBInstances", **asked)
            if found is not None and not found.get("ReadReplicaSourceDBInstanceIdentifier"):
                raise InputError(
                    f"{name} in {region} was promoted: it has what was written since, and {database.home} "
                    "has not",
                    where="standby",
                    hint="bring that home, and remove the promoted instance: see docs/guides/standby.md",
                )
