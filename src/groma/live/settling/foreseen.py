"""What a plan of Terraform says of what it would make, and of what it has imported for that.

The format is version 1 of `terraform show -json`:
https://developer.hashicorp.com/terraform/internals/json-format, read 2026-11-28.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

_STEP = "module_calls"


@dataclass(frozen=True)
class Making:
    """One resource that a plan makes, or takes over by an import.

    Attributes:
        address, type, name: Terraform's.
        module: the address of its module; empty in the root.
        index: its key among its kind; None when it has none.
        provider: of Terraform, as states write it.
        region: where its provider makes it; None when the configuration does not say in one word.
        planned: the values that are known.
    """

    address: str
    type: str
    name: str
    module: str
    index: str | int | None
    provider: str
    region: str | None
    planned: Mapping[str, Any]


@dataclass(frozen=True)
class Foreseen:
    """A plan, as `Terraform.foresee` gives it."""

    plan: Mapping[str, Any]

    @cached_property
    def making(self) -> Mapping[str, Making]:
        """By address, what the state does not hold yet, imported or not."""
        return {
            change["address"]: self._making(change)
            for change in self.plan.get("resource_changes", ())
            if change["mode"] == "managed"
            and (change["change"]["actions"] == ["create"] or "importing" in change["change"])
        }

    @cached_property
    def found(self) -> Mapping[str, Mapping[str, Any]]:
        """By address, each resource in the state as it is now, what is imported among them."""
        root = self.plan.get("prior_state", {}).get("values", {}).get("root_module", {})
        return {each["address"]: each for each in _resources(root) if each["mode"] == "managed"}

    def _making(self, change: Mapping[str, Any]) -> Making:
        key = self._provider_key(change)
        alias = key.partition(".")[2]
        provider = f'provider["{change["provider_name"]}"]' + (f".{alias}" if alias else "")
        return Making(
            address=change["address"],
            type=change["type"],
            name=change["name"],
            module=change.get("module_address", ""),
            index=change.get("index"),
            provider=provider,
            region=self._region(key),
            planned=change["change"]["after"] or {},
        )

    def _provider_key(self, change: Mapping[str, Any]) -> str:
        """The root's provider that a resource is made by, such as `aws.us_west_2`."""
        module = self.plan["configuration"]["root_module"]
        for step in _names(change.get("module_address", "")):
            module = module[_STEP][step]["module"]
        for resource in module.get("resources", ()):
            if (resource["type"], resource["name"]) == (change["type"], change["name"]):
                return str(resource["provider_config_key"]).rpartition(":")[2]
        return "aws"

    def _region(self, key: str) -> str | None:
        configured = self.plan["configuration"].get("provider_config", {}).get(key, {})
        region = configured.get("expressions", {}).get("region", {})
        if "constant_value" in region:
            return str(region["constant_value"])
        if region.get("references", [""])[0] == "var.region":
            return str(self.plan["variables"]["region"]["value"])
        return None


def _names(module: str) -> list[str]:
    """`["a", "b"]` of `module.a["x"].module.b`."""
    parts = module.split("module.")[1:]
    return [part.partition("[")[0].rstrip(".") for part in parts]


def _resources(module: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    yield from module.get("resources", ())
    for child in module.get("child_modules", ()):
        yield from _resources(child)
