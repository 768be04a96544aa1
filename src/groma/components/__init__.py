"""One file per AWS service. Each component answers the questions of `groma.architecture.Component`:
what it costs, what it can carry, what can fail and which alarm says so, what its Terraform module takes,
what of it runs, and which icon and label it has.

What is watched of the larger ones stands beside them, in `*_alarms.py`; `watching.py` and `error_budget.py`
have what several watch alike, and `told_together.py` what one region of several tells in one mail. `spot.py`
is what a group of servers buys as Spot.
"""

from __future__ import annotations

import inspect
import pkgutil
from functools import cache
from importlib import import_module

from groma.architecture import Component


@cache
def kinds() -> tuple[type[Component], ...]:
    """Every kind of component that Groma has, by name: also those that a design does not have any more."""
    found: set[type[Component]] = set()
    for module in pkgutil.iter_modules(__path__, f"{__name__}."):
        for _, kind in inspect.getmembers(import_module(module.name), inspect.isclass):
            if issubclass(kind, Component) and not inspect.isabstract(kind):
                found.add(kind)
    return tuple(sorted(found, key=lambda kind: kind.__name__))


def keeps_user_data(address: str) -> bool:
    """Whether what users have put into a Terraform resource of this address is lost with it."""
    return _is_of(address, {type_ for kind in kinds() for type_ in kind.keeps})


def may_be_protected(address: str) -> bool:
    """Whether a Terraform resource of this address may refuse to be destroyed until that is allowed."""
    return _is_of(address, {type_ for kind in kinds() for type_ in kind.protected})


def _is_of(address: str, types: set[str]) -> bool:
    return any(f".{type_}." in f".{address}" for type_ in types)
