"""Managed prefix lists."""

from __future__ import annotations

from typing import Any

from moto.ec2.models.managed_prefixes import ManagedPrefixListBackend

from groma.live.embedded.corrections.registry import correction


@correction(seen_in="5.2.5")
def route53_health_checkers() -> None:
    """Upstream: lacks the list of the addresses from which Route 53 checks health.

    Effect: each region has it, with one range of documentation addresses in it.
    """
    original = ManagedPrefixListBackend.create_default_pls

    def create(self: Any) -> None:
        original(self)
        self._create_aws_managed_prefix_list(
            name=f"com.amazonaws.{self.region_name}.route53-healthchecks",
            address_family="IPv4",
            entries=[{"Cidr": "192.0.2.0/24", "Description": "default"}],
        )

    ManagedPrefixListBackend.create_default_pls = create
