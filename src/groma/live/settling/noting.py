"""What Terraform has read of things in the cloud, as part of a state in version 4 of its format."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from typing import Any

from groma.live.settling.foreseen import Foreseen, Making

_VERSION = 4


def with_found(state: Mapping[str, Any], foreseen: Foreseen, addresses: Iterable[str]) -> dict[str, Any]:
    """The state with what a plan has imported, as the state that follows it.

    What the provider cannot read of a thing, such as whether a bucket may be emptied before it is deleted, is
    noted as it is planned: no call sets it, and a destroy reads it from here.
    """
    resources = [dict(resource) for resource in state.get("resources", ())]
    for address in sorted(addresses):
        making, found = foreseen.making[address], foreseen.found[address]
        resource = _of(resources, making)
        resource["instances"] = [*resource["instances"], _instance(making, found)]
    return {
        "version": _VERSION,
        "terraform_version": state.get("terraform_version") or foreseen.plan["terraform_version"],
        "serial": int(state.get("serial", 0)) + 1,
        "lineage": state.get("lineage") or str(uuid.uuid4()),
        "outputs": state.get("outputs", {}),
        "resources": resources,
        "check_results": None,
    }


def _of(resources: list[dict[str, Any]], making: Making) -> dict[str, Any]:
    """The resource of a state whose instance this is; a new one at the end when there is none."""
    head = {"mode": "managed", "type": making.type, "name": making.name, "provider": making.provider}
    if making.module:
        head = {"module": making.module, **head}
    for resource in resources:
        if all(resource.get(key) == head.get(key) for key in ("module", "mode", "type", "name")):
            return resource
    resources.append({**head, "instances": []})
    return resources[-1]


def _instance(making: Making, found: Mapping[str, Any]) -> dict[str, Any]:
    key = {} if making.index is None else {"index_key": making.index}
    read = found["values"]
    attributes = {name: making.planned.get(name) if value is None else value for name, value in read.items()}
    return {
        **key,
        "schema_version": found["schema_version"],
        "attributes": attributes,
        "sensitive_attributes": [],
    }
