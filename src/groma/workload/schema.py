"""The JSON Schema of a workload file, for editors."""

from __future__ import annotations

from typing import Any

from groma.workload.kinds import KINDS
from groma.workload.model import Workload
from groma.workload.profiles import profiles


def json_schema() -> dict[str, Any]:
    """What a workload file may say. What a profile fills in is not required."""
    schema = Workload.model_json_schema()
    schema.update({"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "Groma workload"})
    schema["required"] = ["name", "blueprint"]
    without_load = [name for name, kind in KINDS.items() if not kind.has_load]
    schema["if"] = {"properties": {"blueprint": {"enum": without_load}}}
    schema["else"] = {"required": ["users"]}
    users = schema["$defs"]["Users"]
    users.pop("required")
    users["properties"]["total"].pop("default")
    users["anyOf"] = [{"required": [name]} for name in ("total", "registered", "daily", "concurrent")]
    schema["$defs"]["Load"].pop("required", None)
    schema["properties"]["profile"]["enum"] = list(profiles())
    return schema
