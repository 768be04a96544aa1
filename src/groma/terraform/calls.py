"""Components → calls of modules: merged by name and, in an architecture of several regions, named by region.

A component speaks of the calls of its own region: `module.network.vpc_id`. In a root of several regions
that call is `module.network_us_west_2`, and the reference becomes `module.network_us_west_2.vpc_id`. A
reference to a call that its region does not have is one to the whole root and stays as it is, and so does one
that says so itself.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from groma.answers import ModuleCall, Ref, Template, Value
from groma.architecture import Architecture, Part
from groma.terraform.account import of_account

_CALL = re.compile(r"\bmodule\.(\w+)")
_LOCAL = re.compile(r"\blocal\.(?:alarms|composite_alarms)\b")
ALARMS, COMPOSITES, EDGE_ALARMS = "local.alarms", "local.composite_alarms", "local.edge_alarms"


@dataclass(frozen=True)
class Call:
    """One call of a module in the root, and the elements that it makes, by their labels."""

    name: str
    module: str
    arguments: Mapping[str, Value]
    providers: Mapping[str, str]
    makes: tuple[str, ...]


def module_calls(architecture: Architecture) -> dict[str, Call]:
    """The calls of all components, merged by name, in the order in which components first add to them.

    Raises:
        ValueError: two components give different values for one argument of one call.
    """
    return {call.name: call for part in architecture.parts for call in _calls_of(part, architecture.region)}


def scoped(name: str, scope: str) -> str:
    """A name of a part in the root: `network` of us-west-2 is `network_us_west_2`."""
    return f"{name}_{alias(scope)}" if scope else name


def alias(region: str) -> str:
    """A region as a name in Terraform: `us_west_2`."""
    return region.replace("-", "_")


def outputs(architecture: Architecture) -> dict[str, tuple[Ref, str]]:
    """The root's outputs: name → expression and the AWS service that it is about."""
    found: dict[str, tuple[Ref, str]] = {}
    for part in architecture.parts:
        own = own_calls(part)
        for component in part.architecture.components:
            for name, expression in component.outputs().items():
                reference = Ref(in_root(expression, part.scope, own))
                found[scoped(name, part.scope)] = (reference, component.service)
    return found


def in_root(expression: str, scope: str, own: Collection[str]) -> str:
    """An expression of a part as the root must write it; `own` are the names of the part's calls."""
    if not scope:
        return expression
    named = _CALL.sub(
        lambda found: f"module.{scoped(found[1], scope)}" if found[1] in own else found[0], expression
    )
    return _LOCAL.sub(lambda found: scoped(found[0], scope), named)


def rooted(value: Value, scope: str, own: Collection[str]) -> Value:
    """A value with all its references as the root must write them."""
    if isinstance(value, Ref):
        return value if value.of_root else Ref(in_root(value.expression, scope, own))
    if isinstance(value, Template):
        return replace(value, variables={k: rooted(v, scope, own) for k, v in value.variables.items()})
    if isinstance(value, Mapping):
        return {key: rooted(inner, scope, own) for key, inner in value.items()}
    if isinstance(value, str) or not isinstance(value, list | tuple):
        return value
    return [rooted(inner, scope, own) for inner in value]


def own_calls(part: Part) -> frozenset[str]:
    """The names of the calls to which the components of a part add."""
    calls = (component.module(part.architecture) for component in part.architecture.components)
    return frozenset(call.name for call in calls if call is not None)


def _calls_of(part: Part, home: str) -> list[Call]:
    merged: dict[str, ModuleCall] = {}
    makes: dict[str, list[str]] = {}
    for component in part.architecture.components:
        call = component.module(part.architecture)
        if call is not None:
            merged[call.name] = _joined(merged.get(call.name), call)
            makes.setdefault(call.name, []).append(component.label)
    return [_call(call, part, home, frozenset(merged), makes[call.name]) for call in merged.values()]


def _call(call: ModuleCall, part: Part, home: str, own: frozenset[str], makes: list[str]) -> Call:
    call = of_account(call, part.architecture.account)
    own_region = {"aws": part.scope} if part.scope and part.scope != home else {}
    return Call(
        name=scoped(call.name, part.scope),
        module=call.module,
        arguments={name: rooted(value, part.scope, own) for name, value in call.arguments.items()},
        providers=dict(call.providers) or own_region,
        makes=tuple(makes),
    )


def _joined(before: ModuleCall | None, call: ModuleCall) -> ModuleCall:
    if before is None:
        return call
    if before.module != call.module:
        raise ValueError(f"module {call.name!r} is called from {before.module!r} and {call.module!r}")
    where = f"module.{call.name}"
    return ModuleCall(
        call.name,
        call.module,
        _merge(before.arguments, call.arguments, where),
        {**before.providers, **call.providers},
    )


def _merge(first: Mapping[str, Value], second: Mapping[str, Value], where: str) -> dict[str, Value]:
    merged = dict(first)
    for name, value in second.items():
        old = merged.get(name)
        if name not in merged:
            merged[name] = value
        elif isinstance(old, Mapping) and isinstance(value, Mapping):
            merged[name] = _merge(old, value, f"{where}.{name}")
        elif isinstance(old, list) and isinstance(value, list):
            merged[name] = [*old, *value]
        elif old != value:
            raise ValueError(f"{where}.{name} is both {old!r} and {value!r}")
    return merged


def outputs_of(part: Part, values: Mapping[str, object]) -> dict[str, object]:
    """The values of the root's outputs that belong to a part, by the names that its components know."""
    names = {name for component in part.architecture.components for name in component.outputs()}
    return {name: values[scoped(name, part.scope)] for name in names if scoped(name, part.scope) in values}
