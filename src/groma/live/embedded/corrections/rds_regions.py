"""Read replicas in another region than their master's, and the day on which one is promoted."""

from __future__ import annotations

from typing import Any

from moto.rds import models

from groma.live.embedded.corrections.registry import correction

Instance = models.DBInstance
Backend = models.RDSBackend


@correction(seen_in="5.2.5")
def replica_in_its_own_region() -> None:
    """Upstream: looks for the subnet group of a replica in its master's region, and cannot delete one that
    stands elsewhere.

    Effect: it has what stands in its own region, and goes when it is asked to.
    """
    create = Backend.create_db_instance_read_replica

    def replica(self: Any, db_kwargs: dict[str, Any]) -> Any:
        if not self.arn_regex.match(db_kwargs["source_db_instance_identifier"]):
            return create(self, db_kwargs)
        zone = db_kwargs.get("availability_zone") or f"{self.region_name}a"
        return create(self, {"backend": self, **db_kwargs, "availability_zone": zone})

    def remove(self: Any, gone: Any) -> None:
        is_here = gone.region == self.region
        self.replicas.remove(gone.db_instance_identifier if is_here else gone.db_instance_arn)

    Backend.create_db_instance_read_replica = replica
    Instance.remove_replica = remove


@correction(seen_in="5.2.5")
def promoted_for_good() -> None:
    """Upstream: a promoted replica still tells of its master, which still counts it among its own.

    Effect: neither knows of the other.
    """
    promote = Backend.promote_read_replica

    def promoted(self: Any, db_kwargs: dict[str, Any]) -> Any:
        database = self.find_db_from_id(db_kwargs["db_instance_identifier"])
        was_replica = database.is_replica
        made = promote(self, db_kwargs)
        if was_replica:
            self.find_db_from_id(made.source_db_instance_identifier).remove_replica(made)
            made.source_db_instance_identifier = None
        return made

    Backend.promote_read_replica = promoted
