"""A database that exists already, as a file names it: by the secret with its place and its log-in."""

from __future__ import annotations

from pydantic import Field

from groma.workload.network import Network
from groma.workload.parts import Part

OF_ITS_OWNER = ("version", "multi_az", "storage", "iops", "replicas", "backups_copied_to")
"""What nobody else can say of a database that stands; its engine is what the application has to speak."""


class ExistingPart(Part):
    """A database that somebody else has made, runs and pays for."""

    secret: str = Field(
        min_length=1,
        max_length=512,
        pattern=r"^[A-Za-z0-9/_+=.@-]+$",
        description="the name of its secret in Secrets Manager, JSON with host, port, username, password and "
        "dbname, and with replica_host where reads go elsewhere: prod/shop/db",
    )
    port: int | None = Field(
        default=None,
        ge=1,
        le=65_535,
        description="its port, as the secret has it: the engine's own, 5432 or 3306, when left out",
    )
    security_group: str | None = Field(
        default=None,
        pattern=r"^sg-[0-9a-f]{8,17}$",
        description="its security group, which is to let the application in: sg-0a1b2c3d4e5f60718; when left "
        "out its owner lets it in",
    )


def in_network(existing: ExistingPart | None, network: Network) -> None:
    """Whether a database's security group can be named in a network.

    Raises:
        ValueError: it cannot; the message goes on after the name of the key.
    """
    if existing is not None and existing.security_group and not network.exists:
        raise ValueError(
            "names a security group beside a VPC of the stack's own, which knows none of another VPC: name "
            "the database's VPC as `network.vpc`, or leave `security_group` out"
        )
