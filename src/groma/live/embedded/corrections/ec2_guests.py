"""EC2: VPCs, subnets and security groups that a workload file says exist, by their ids."""

from __future__ import annotations

from collections.abc import Mapping
from contextvars import ContextVar
from typing import Any

from moto.ec2.models import security_groups, subnets, vpcs

from groma.live.embedded.corrections.registry import correction
from groma.live.embedded.guests import GUEST_TAG

_WANTED: ContextVar[str] = ContextVar("wanted", default="")


@correction(seen_in="5.2.5")
def network_of_ids() -> None:
    """Upstream: draws the id of every VPC, subnet and security group, as AWS does, so that none can stand for
    one on AWS.

    Effect: what Groma makes as a guest has the id that its tag says.
    """
    _named(vpcs, "random_vpc_id", vpcs.VPCBackend, "create_vpc")
    _named(subnets, "random_subnet_id", subnets.SubnetBackend, "create_subnet")
    groups = security_groups.SecurityGroupBackend
    _named(security_groups, "random_security_group_id", groups, "create_security_group")


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
    """The id that tags name: of a subnet `{"subnet": {key: value}}`, of a security group `{key: value}`, of a
    VPC a list of keys with values.
    """
    if not isinstance(tags, Mapping):
        tags = {tag["Key"]: tag["Value"] for tag in tags or ()}
    for own in (tags, *tags.values()):
        if isinstance(own, Mapping) and GUEST_TAG in own:
            return str(own[GUEST_TAG])
    return ""
