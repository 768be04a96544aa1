"""Workloads over the schema: whatever a file may state, with the quantities that may be 0 at 0."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Annotated, Any

from pydantic import BaseModel, TypeAdapter, ValidationError

from groma.workload import Workload, parse
from groma.workload.load_values import Load
from groma.workload.parts import RequestClass
from groma.workload.users import Users

CLASS = {"share": 1.0, "web_ms": 3, "app_ms": 12, "reads": 3, "writes": 0.3, "query_ms": 0.7, "posts": 0.02}
LOADED = ("three-tier", "serverless", "worldwide")


def _may_be_zero(model: type[BaseModel], name: str) -> bool:
    field = model.model_fields[name]
    kind = Annotated[field.annotation, *field.metadata] if field.metadata else field.annotation
    try:
        TypeAdapter(kind).validate_python(0.0)
    except ValidationError:
        return False
    return True


@cache
def zero_keys() -> tuple[str, ...]:
    """Every quantity that the schema lets be 0: `load.page_mb`, `requests.posts`."""
    sections: Mapping[str, type[BaseModel]] = {"users": Users, "load": Load, "requests": RequestClass}
    return tuple(
        f"{section}.{name}"
        for section, model in sections.items()
        for name in model.model_fields
        if _may_be_zero(model, name)
    )


def workload(blueprint: str, values: Mapping[str, Any]) -> Workload:
    """A workload of one request class with these values, by their keys: `{"load.page_mb": 0}`."""
    parts: dict[str, dict[str, Any]] = {"users": {"total": 50_000}, "load": {}, "requests": dict(CLASS)}
    for key, value in values.items():
        section, _, name = key.partition(".")
        parts[section][name] = value
    rows = [
        f"name: chirp\nblueprint: {blueprint}\nslo: {{p99_ms: 2000, availability: 0.9}}",
        "domain: app.acme.dev" if blueprint != "three-tier" else "",
        f"users: {_flow(parts['users'])}",
        f"load: {_flow(parts['load'])}" if parts["load"] else "",
        f"requests: {{browse: {_flow(parts['requests'])}}}",
    ]
    return parse("\n".join(row for row in rows if row) + "\n")


def _flow(values: Mapping[str, Any]) -> str:
    return "{" + ", ".join(f"{name}: {value}" for name, value in values.items()) + "}"
