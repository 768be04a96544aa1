"""EC2: VPCs and subnets that a workload file says exist, by their ids."""

from __future__ import annotations

from collections.abc import Mapping
from contextvars import ContextVar
from typing import Any

from moto.ec2.models import subnets, vpcs

from groma.live.embedded.corrections.registry import correction
from groma.live.embedded.guests import GUEST_TAG

_WANTED: ContextVar[str] = ContextVar("wanted", default="")


@correction(seen_in="5.2.5")
def network_of_ids() -> None:
    """Upstream: draws the id of every VPC and subnet, as AWS does, so that none can stand for one on AWS.

    Effect: what Groma makes as a guest has the id that its tag says.
    """
    _named(vpcs, "random_vpc_id", vpcs.VPCBackend, "create_vpc")
    _named(subnets, "random_subnet_id", subnets.SubnetBackend, "create_subnet")


def _named(module: Any, draws: str, backend: Any, makes: str) -> None:
    """Let what a backend makes have the id that its tag says, where it has such a tag."""
    drawn, original = getattr(module, draws), getattr(backend, makes)

    def create(self: Any, *args: Any, **kwargs: Any) -> Any:
        token = _WANTED.set(_said(kwargs.get("tags")))
        try:
            return original(self, *args, **kwargs)
        finally:
            _WANTED.reset(token)

    setattr(module, draws, lambda: _WANTED.get() or drawn())
    setattr(backend, makes, create)


def _said(tags: Any) -> str:
    """The id that tags name: of a subnet `{"subnet": {key: value}}`, of a VPC a list of keys with values."""
    if not isinstance(tags, Mapping):
        tags = {"vpc": {tag["Key"]: tag["Value"] for tag in tags or ()}}
    return next((str(own[GUEST_TAG]) for own in tags.values() if GUEST_TAG in own), "")
