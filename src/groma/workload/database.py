"""The database that a file states: its engine and version, a standby, and copies to read from."""

from __future__ import annotations

import re
from typing import Literal, Self

from pydantic import Field, model_validator

from groma.workload.parts import Part

VERSIONS = {"postgresql": r"1[4-7](\.\d{1,2})?", "mysql": r"8\.4(\.\d{1,2})?"}
"""What RDS keeps without a surcharge: it bills Extended Support by the vCPU-hour for older ones, of MySQL 8.0
since 2026-08 (https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/extended-support.html)."""
ALLOWED = {"postgresql": "14 to 17, such as '16' or '16.8'", "mysql": "'8.4', or one of it such as '8.4.5'"}


class Database(Part):
    """The database behind the application."""

    engine: Literal["postgresql", "mysql"] = Field(
        default="postgresql",
        description="postgresql or mysql; the sample speaks PostgreSQL, so that mysql takes an `application`",
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

    replicas: int = Field(
        default=1,
        ge=0,
        le=1,
        description="read replicas, in another zone: 1 carries the reads and is promoted when the master is "
        "lost; 0 leaves all to the master, and `multi_az` to take over",
    )

    @model_validator(mode="after")
    def _there_is_such_a_version(self) -> Self:
        if self.version is not None and not re.fullmatch(VERSIONS[self.engine], self.version):
            raise ValueError(
                f"names no version of {self.engine} that RDS keeps at no surcharge: {ALLOWED[self.engine]}"
            )
        return self
