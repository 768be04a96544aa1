"""Amazon S3 for what servers run: one archive, which they fetch when they first start."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from groma.answers import BillLine, ModuleCall, Ref, Value
from groma.application.layout import SERVER_ARCHIVE
from groma.architecture import Architecture, Component, Lane
from groma.components.pricing import Meter

MODULE = "artifact"
RELEASES_KEPT = 12
STORED_GB = 0.03
"""A dozen releases of 2 MB each."""
RELEASES_PER_MONTH = 4
"""How often all machines are exchanged for a new release: a guess."""
STARTS_PER_MONTH = 1_000


@dataclass(frozen=True, kw_only=True)
class ArtifactBucket(Component):
    """The bucket of releases: user data has room for 16 KiB, so it only says which one to fetch.

    Attributes:
        stored_gb: what a dozen of them take.
    """

    kind: ClassVar[str] = "artifact-bucket"
    service: ClassVar[str] = "Amazon S3"
    icon: ClassVar[str] = "storage/simple-storage-service-s3"
    lane: ClassVar[Lane] = "operations"
    protected: ClassVar[tuple[str, ...]] = ("aws_s3_bucket",)

    stored_gb: float = STORED_GB

    @property
    def label(self) -> str:
        return "S3 releases"

    @property
    def details(self) -> tuple[str, ...]:
        return ("what the servers run",)

    def bill(self, architecture: Architecture) -> tuple[BillLine, ...]:
        meter = Meter(self.id, architecture)
        return (
            meter.monthly("storage", self.stored_gb, "s3", "standard_storage", "a dozen releases"),
            meter.volume("releases put", RELEASES_PER_MONTH, "s3", "put_copy_post_list"),
            meter.volume("reads by new servers", STARTS_PER_MONTH, "s3", "get_and_other"),
        )

    def buckets(self, architecture: Architecture) -> tuple[str, ...]:
        return (f"{architecture.name}-artifact-{{account}}-{architecture.region}",)

    def module(self, architecture: Architecture) -> ModuleCall:
        return ModuleCall(
            MODULE,
            "artifact",
            {
                "name": architecture.name,
                "file": Ref(f'"${{path.module}}/{SERVER_ARCHIVE}"'),
                "force_destroy": Ref("!var.deletion_protection"),
            },
        )

    def outputs(self) -> dict[str, str]:
        return {"artifact_bucket_name": f"module.{MODULE}.bucket"}


def release_variables() -> Mapping[str, Value]:
    """What the template of user data is told of the release: where it lies, and its hash."""
    return {
        f"artifact_{name}": Ref(f"module.{MODULE}.{name}") for name in ("bucket", "key", "version", "sha256")
    }
