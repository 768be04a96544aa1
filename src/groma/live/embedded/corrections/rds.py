"""Database instances and parameter groups."""

from __future__ import annotations

import copy
from typing import Any

from moto.moto_api._internal import mock_random
from moto.rds import models
from moto.rds.exceptions import DBInstanceNotFoundError
from moto.rds.responses import RDSResponse

from groma.live.embedded.corrections.registry import correction

Instance = models.DBInstance
PROVIDER = "terraform-provider-aws"
"""How Terraform's provider names itself in its calls."""


@correction(seen_in="5.2.5")
def own_resource_id() -> None:
    """Upstream: gives every database instance one and the same resource id.

    Effect: each has its own: Terraform knows a database by it, and took a replica for its master.
    """
    original = Instance.__init__
    replicate = models.RDSBackend.create_db_instance_read_replica

    def init(self: Any, *args: Any, **kwargs: Any) -> None:
        original(self, *args, **kwargs)
        self.dbi_resource_id = _resource_id()

    def replica(self: Any, db_kwargs: dict[str, Any]) -> Any:
        made = replicate(self, db_kwargs)
        made.dbi_resource_id = _resource_id()
        return made

    Instance.__init__ = init
    models.RDSBackend.create_db_instance_read_replica = replica


def _resource_id() -> str:
    return f"db-{mock_random.get_random_string(length=26).upper()}"


@correction(seen_in="5.2.5")
def replica_of_its_own() -> None:
    """Upstream: makes a replica share its master's lists, tags, log exports, standby and managed password.

    Effect: a replica has what was asked for it, and deleting it leaves the master's password alone.
    """
    original = models.RDSBackend.create_db_instance_read_replica

    def replica(self: Any, db_kwargs: dict[str, Any]) -> Any:
        made = original(self, db_kwargs)
        made.tags = list(db_kwargs.get("tags") or [])
        made.vpc_security_group_ids = list(made.vpc_security_group_ids)
        made.enabled_cloudwatch_logs_exports = list(db_kwargs.get("enable_cloudwatch_logs_exports") or [])
        made.backup_retention_period = db_kwargs.get("backup_retention_period") or 0
        made.multi_az = bool(db_kwargs.get("multi_az"))
        made.copy_tags_to_snapshot = bool(db_kwargs.get("copy_tags_to_snapshot"))
        made.deletion_protection = bool(db_kwargs.get("deletion_protection"))
        made.monitoring_interval = db_kwargs.get("monitoring_interval") or 0
        made.monitoring_role_arn = db_kwargs.get("monitoring_role_arn")
        made._associated_roles = copy.copy(made._associated_roles)
        made.manage_master_user_password = False
        made.__dict__.pop("master_user_secret", None)
        return made

    models.RDSBackend.create_db_instance_read_replica = replica


@correction(seen_in="5.2.5")
def performance_insights() -> None:
    """Upstream: forgets performance insights: whether it is on, its key and its retention.

    Effect: they are kept and reported.
    """
    original = Instance.__init__
    replicate = models.RDSBackend.create_db_instance_read_replica
    names = ("enable_performance_insights", *_INSIGHTS)

    def init(self: Any, *args: Any, **kwargs: Any) -> None:
        original(self, *args, **kwargs)
        self.__dict__.update({name: kwargs.get(name) for name in names})

    def replica(self: Any, db_kwargs: dict[str, Any]) -> Any:
        made = replicate(self, db_kwargs)
        made.__dict__.update({name: db_kwargs.get(name) for name in names})
        return made

    def enabled(self: Any) -> bool:
        return bool(getattr(self, "enable_performance_insights", False))

    Instance.__init__ = init
    Instance.performance_insights_enabled = property(enabled)
    models.RDSBackend.create_db_instance_read_replica = replica


_INSIGHTS = ("performance_insights_kms_key_id", "performance_insights_retention_period")


@correction(seen_in="5.2.5")
def parameter_source() -> None:
    """Upstream: does not say that a parameter was set by the user.

    Effect: it does, so Terraform finds the parameters that it has set.
    """
    original = RDSResponse.describe_db_parameters

    def describe(self: Any) -> Any:
        result = original(self)
        for parameter in result.result["Parameters"]:
            parameter.setdefault("Source", "user")
        return result

    RDSResponse.describe_db_parameters = describe


@correction(seen_in="5.2.5")
def gone_at_once() -> None:
    """Upstream: deletes a database at once, which Terraform's provider then waits for, a minute and no less.

    Effect: the provider is told that there is none any more, and goes on; all others, what they have deleted.
    """
    original = RDSResponse.delete_db_instance

    def delete(self: Any) -> Any:
        deleted = original(self)
        if PROVIDER in self.headers.get("User-Agent", ""):
            raise DBInstanceNotFoundError(self.params["DBInstanceIdentifier"])
        return deleted

    RDSResponse.delete_db_instance = delete
