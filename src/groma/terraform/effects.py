"""What changing a module's variable does to a stack that stands: a table, `effects.csv`, with sources.

What is not in it is changed in place, and nobody notices. All of it is about the designs' own modules, which
ask AWS to change things at once (`apply_immediately`).
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal

from groma.answers import Value
from groma.architecture import Architecture
from groma.terraform.calls import Call, alias, module_calls

Kind = Literal["loses data", "replaced", "taken away", "restarts", "rolls"]
OPTIONAL = frozenset({"servers.spot"})
"""Attributes whose absence is a value, too: from none to some is a change."""
_PLACE = re.compile(r"\[\d+\]")
KINDS: tuple[Kind, ...] = ("loses data", "replaced", "taken away", "restarts", "rolls")
"""From the worst to the mildest: a roll replaces servers one after the other, and nobody waits."""


@dataclass(frozen=True, slots=True)
class Effect:
    """What happens to one element, which `what` says more closely."""

    kind: Kind
    element: str
    what: str

    @property
    def interrupts(self) -> bool:
        """Whether users or data notice."""
        return self.kind != "rolls"


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the table: a module's variable, or an attribute of it, and the effect of its change."""

    module: str
    variable: str
    effect: Effect


@cache
def table() -> tuple[Row, ...]:
    """The whole table, in its order."""
    text = files("groma.terraform").joinpath("effects.csv").read_text(encoding="utf-8")
    rows = csv.DictReader(text.splitlines())
    return tuple(
        Row(row["module"], row["variable"], Effect(kind_of(row["effect"]), row["element"], row["what"]))
        for row in rows
    )


def effects(before: Architecture, after: Architecture) -> tuple[Effect, ...]:
    """What happens on the way from one architecture to another of the same stack, the worst first."""
    found = [*_gone(before, after), *_changed(before, after)]
    return tuple(sorted(dict.fromkeys(found), key=lambda effect: KINDS.index(effect.kind)))


def _gone(before: Architecture, after: Architecture) -> Iterator[Effect]:
    """Elements that are no longer designed; some of them hold what users have put into them."""
    left = {component.id for component in after.components}
    for part in before.parts:
        for component in part.architecture.components:
            made = component.module(part.architecture) is not None
            if made and part.whole(component.id) not in left:
                element = f"{part.scope}: {component.label}" if part.scope else component.label
                if component.keeps:
                    yield Effect("loses data", element, "taken away with what it holds")
                else:
                    yield Effect("taken away", element, "no longer designed")


def _changed(before: Architecture, after: Architecture) -> Iterator[Effect]:
    """What the variables do that calls of both have, with other values."""
    then, now = module_calls(before), module_calls(after)
    known = {(row.module, row.variable): row.effect for row in table()}
    for name, call in now.items():
        old = then.get(name)
        if old is None or old.module != call.module:
            continue
        was, becomes = _flat(old.arguments), _flat(call.arguments)
        both = {name for name in was if name in becomes} | OPTIONAL
        for variable in dict.fromkeys((*was, *becomes)):
            effect = known.get((call.module, _PLACE.sub("", variable)))
            is_other = variable in both and was.get(variable) != becomes.get(variable)
            if effect is not None and is_other:
                yield Effect(effect.kind, _named(effect.element, call, after), effect.what)


def _flat(arguments: Mapping[str, Value]) -> dict[str, Value]:
    """Variables, and the attributes of those that are objects, or lists of them: `master.instance_class`,
    `more_replicas[0].zone`.
    """
    found: dict[str, Value] = dict(arguments)
    for name, value in arguments.items():
        items: list[tuple[str, Value]] = [(name, value)]
        if isinstance(value, list | tuple):
            items = [(f"{name}[{at}]", each) for at, each in enumerate(value)]
        for place, each in items:
            if isinstance(each, Mapping):
                found |= {f"{place}.{key}": inner for key, inner in each.items()}
    return found


def _named(element: str, call: Call, architecture: Architecture) -> str:
    """Which servers, and in which region: `us-west-2: app servers`."""
    scope = next((r for r in architecture.regions if call.name.endswith(f"_{alias(r)}")), "")
    own = call.name.removesuffix(f"_{alias(scope)}") if scope else call.name
    what = f"{own} {element}" if call.module in ("server-tier", "container-tier") else element
    return f"{scope}: {what}" if scope else what


def kind_of(text: str) -> Kind:
    """A kind of effect by its name in a table. Raises ValueError: there is none of that name."""
    for kind in KINDS:
        if kind == text:
            return kind
    raise ValueError(f"{text!r} is no effect")
