"""Secrets that are replicated to other regions."""

from __future__ import annotations

from typing import Any

from moto.secretsmanager import models

from groma.live.embedded.corrections.registry import correction


@correction(seen_in="5.2.5")
def replica_keys() -> None:
    """Upstream: reports AWS's own key for each replica of a secret.

    Effect: the key that was given for its region is reported.
    """
    original = models.FakeSecret.create_replicas

    def create(self: Any, replica_regions: list[dict[str, str]], force_overwrite: bool) -> Any:
        replicas = original(self, replica_regions, force_overwrite=force_overwrite)
        keys = {row.get("Region"): row.get("KmsKeyId") for row in replica_regions or ()}
        for replica in replicas:
            replica.config["KmsKeyId"] = keys.get(replica.region) or replica.config["KmsKeyId"]
        return replicas

    models.FakeSecret.create_replicas = create
