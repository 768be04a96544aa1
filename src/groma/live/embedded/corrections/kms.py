"""KMS: a key that a workload file says exists, by its id."""

from __future__ import annotations

from typing import Any

from moto.kms import models

from groma.live.embedded.corrections.registry import correction
from groma.live.embedded.guests import GUEST


@correction(seen_in="5.2.5")
def key_of_an_id() -> None:
    """Upstream: draws the id of every key, as AWS does, so that none can stand for one that exists on AWS.

    Effect: a key that Groma makes as a guest has the ARN that its description ends with.
    """
    original = models.KmsBackend.create_key

    def create(self: Any, *args: Any, **kwargs: Any) -> Any:
        key = original(self, *args, **kwargs)
        if key.description.startswith(GUEST):
            del self.keys[key.id]
            key.arn = key.description.removeprefix(GUEST)
            key.id = key.arn.rpartition("/")[2]
            self.keys[key.id] = key
        return key

    models.KmsBackend.create_key = create
