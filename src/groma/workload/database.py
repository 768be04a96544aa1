"""The database that a file states: engine, version, a standby, copies to read from, or one that exists."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Literal, Self

from pydantic import Field, field_validator, model_validator

from groma.application.own import OF_POSTGRESQL
from groma.workload.application import ApplicationPart
from groma.workload.existing import OF_ITS_OWNER, ExistingPart
from groma.workload.parts import Part

AURORA = "aurora-postgresql"
VERSIONS = {
    "postgresql": r"1[4-7](\.\d{1,2})?",
    "mysql": r"8\.4(\.\d{1,2})?",
    AURORA: r"1[4-7](\.\d{1,2})?",
}
"""What RDS keeps without a surcharge: it bills Extended Support by the vCPU-hour for older ones, of MySQL 8.0
since 2026-08 (https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/extended-support.html)."""
ALLOWED = {
    "postgresql": "14 to 17, such as '16' or '16.8'",
    "mysql": "'8.4', or one of it such as '8.4.5'",
    AURORA: "14 to 17, such as '16' or '16.8'",
}
OF_VOLUMES = ("storage", "iops")
"""What RDS's instances have each for itself, and a cluster's volume has not."""
BEFORE = "io1"
"""What RDS calls the previous generation of io2, at the same price."""


class Database(Part):
    """The database behind the application."""

    engine: Literal["postgresql", "mysql", "aurora-postgresql"] = Field(
        default="postgresql",
        description="postgresql or mysql of RDS, or aurora-postgresql: an Aurora cluster, whose readers are "
        "`replicas`; the sample takes RDS's postgresql, so that the others take an `application`",
    )
    version: str | None = Field(
        default=None,
        max_length=8,
        description="its version, in quotation marks: '17', or with its minor '16.8', '8.4.5'; 16 or 8.4 "
        "when left out",
    )
    multi_az: bool = Field(
        default=False,
        description="whether the master has a standby in another zone, which takes over by itself",
    )

    storage: Literal["gp3", "io2"] = Field(
        default="gp3",
        description="the class of its volumes: gp3, or io2, whose operations by the second are bought apart, "
        "where a price of it is known",
    )
    iops: int | None = Field(
        default=None,
        ge=1_000,
        le=256_000,
        description="operations by the second of each io2 volume; as many as the peak takes when left out",
    )
    replicas: int = Field(
        default=1,
        ge=0,
        le=15,
        description="read replicas, in turn over the zones, which share the reads; one is promoted when the "
        "master is lost; 0 leaves all to the master, and `multi_az` to take over; more than 1 take an "
        "`application` that reads from several",
    )
    backups_copied_to: str | None = Field(
        default=None,
        pattern=r"^[a-z]{2}(-[a-z]+)+-\d$",
        description="another region, us-west-2, to which RDS copies the master's backups as they come, for "
        "the loss of its own; none when left out",
    )
    cache: bool = Field(
        default=False,
        description="whether a Valkey cache of ElastiCache stands before it, which the application asks "
        "first; the database keeps the size that it has without",
    )
    existing: ExistingPart | None = Field(
        default=None,
        description="a database that exists, which an `application` is to use: {secret: prod/shop/db}; made "
        "when left out",
    )

    @property
    def is_cluster(self) -> bool:
        """Whether it is an Aurora cluster, and not instances of RDS."""
        return self.engine == AURORA

    @property
    def readers(self) -> int:
        """The readers of an Aurora cluster; 0 of RDS."""
        return self.replicas if self.is_cluster else 0

    @property
    def hosts_to_read(self) -> int:
        """Names that answer reads beside the one that writes: one of each replica; one of all readers."""
        return min(self.replicas, 1) if self.is_cluster else self.replicas

    @model_validator(mode="before")
    @classmethod
    def _is_what_it_is(cls, stated: object) -> object:
        """Of one that exists no replica is known: what reads from one is told by its secret. A cluster of
        Aurora has not what instances of RDS have.
        """
        if not isinstance(stated, Mapping):
            return stated
        _of_aurora(stated)
        if stated.get("existing") is None:
            return stated
        own = [key for key in OF_ITS_OWNER if key in stated]
        if own:
            raise ValueError(
                f"states {' and '.join(own)} of a database that exists, which is what it is: leave "
                f"{'them' if len(own) > 1 else 'it'} out, or `existing`"
            )
        return {**stated, "replicas": 0}

    @field_validator("storage", mode="before")
    @classmethod
    def _is_no_previous_one(cls, storage: object) -> object:
        if storage == BEFORE:
            raise ValueError(
                "is io1, the previous generation, at the price of io2 and slower: write `storage: io2`, or "
                "leave it out for gp3, whose operations come with the volume"
            )
        return storage

    @model_validator(mode="after")
    def _buys_operations_of_io2_alone(self) -> Self:
        if self.iops is not None and self.storage != "io2":
            raise ValueError(
                "states iops of gp3, whose operations come with the volume: add `storage: io2`, or leave "
                "`iops` out"
            )
        return self

    @model_validator(mode="after")
    def _there_is_such_a_version(self) -> Self:
        if self.version is not None and not re.fullmatch(VERSIONS[self.engine], self.version):
            raise ValueError(
                f"names no version of {self.engine} that RDS keeps at no surcharge: {ALLOWED[self.engine]}"
            )
        return self


def _of_aurora(stated: Mapping[str, object]) -> None:
    """What may be said of an Aurora cluster, as it is stated.

    Raises:
        ValueError: it is stated otherwise, or has nothing of the kind; the message goes on after the key.
    """
    engine = str(stated.get("engine"))
    if "aurora" in stated:
        raise ValueError(f"has no key aurora: write `engine: {AURORA}`")
    if "aurora" in engine and "mysql" in engine:
        raise ValueError(
            "names Aurora MySQL, which is not made, since no price of it is known: RDS's MySQL is "
            f"`engine: mysql`, Aurora PostgreSQL `engine: {AURORA}`, and a cluster that exists is used by "
            "`engine: mysql` with `existing: {secret: prod/shop/db}`"
        )
    if "aurora" in engine and engine != AURORA:
        raise ValueError(f"names Aurora by another name: write `engine: {AURORA}`")
    if engine != AURORA:
        return
    if stated.get("existing") is not None:
        raise ValueError(
            f"states engine {AURORA} of a database that exists, which is made by nobody here and asked as "
            "PostgreSQL: leave `engine` out; its reader is `replica_host` in its secret"
        )
    if stated.get("multi_az"):
        raise ValueError(
            "states multi_az of Aurora, whose volume stands in three zones and whose readers take over by "
            "themselves: leave `multi_az` out; `replicas: 1` or more is what takes over"
        )
    if stated.get("backups_copied_to"):
        raise ValueError(
            "states backups_copied_to of Aurora, whose backups RDS copies to no other region: leave it out, "
            "or write `engine: postgresql`"
        )
    own = [key for key in OF_VOLUMES if key in stated]
    if own:
        raise ValueError(
            f"states {' and '.join(own)} of Aurora, whose one volume grows by itself and is paid by what is "
            f"stored and asked of it: leave {'them' if len(own) > 1 else 'it'} out"
        )


def of_application(database: Database, application: ApplicationPart | None) -> None:
    """Whether an application, or the sample where it is None, can work with a database.

    Raises:
        ValueError: it cannot; the message goes on after the name of the key.
    """
    if application is None:
        if database.existing is not None:
            raise ValueError(
                "exists, and the sample takes one of its own: it signs in with tokens of IAM, as a role that "
                "it makes; name an `application` of your own, or leave `existing` out"
            )
        if database.engine == "mysql":
            raise ValueError(
                "is of an engine that the sample does not speak: name an `application` of your own, or leave "
                "`engine` out"
            )
        if database.is_cluster:
            raise ValueError(
                "is Aurora, and the sample follows how far a replica of RDS has replayed, of which Aurora's "
                "readers know nothing: name an `application` of your own, or leave `engine` out"
            )
        if database.replicas > 1:
            raise ValueError(
                "has more replicas than the sample reads from, which is one: name an `application` of your "
                "own, or write `replicas: 1`"
            )
        return
    if database.engine != "mysql":
        return
    if application.runs_once:
        raise ValueError(
            "is of an engine whose locks are not used yet: `migrate` and `schedule` run once by a lock "
            "of PostgreSQL's; leave them out, or `engine`"
        )
    if database.replicas > 1 and OF_POSTGRESQL in application.told:
        raise ValueError(
            "has several replicas, over which MySQL has no single URL: in `settings` write "
            f"`database.replica_urls` for `{OF_POSTGRESQL}`, one URL of each, or `replicas: 1` here"
        )
