"""The list of rules by which AWS refuses, and the decorator that puts a function on it."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass

from groma.live.embedded.gate.account import Stage
from groma.live.embedded.gate.asked import Asked
from groma.live.embedded.gate.refusal import Refusal

Judge = Callable[[Asked, Stage], Refusal | None]
Take = Callable[[Asked, Stage], None]


@dataclass(frozen=True)
class Rule:
    """One thing that AWS refuses and its public models do not say.

    Attributes:
        name: `<file>.<function>`.
        service, operations: what is judged.
        says: the rule in a sentence.
        source: where it was read.
        judge: the refusal of a request, or None.
    """

    name: str
    service: str
    operations: tuple[str, ...]
    says: str
    source: str
    judge: Judge


_rules: dict[tuple[str, str], list[Rule]] = {}
_takes: dict[tuple[str, str], list[Take]] = {}


def rule(service: str, *operations: str, source: str) -> Callable[[Judge], Judge]:
    """Register the decorated function, whose docstring is the rule in a sentence."""

    def register(judge: Judge) -> Judge:
        name = f"{judge.__module__.rpartition('.')[2]}.{judge.__name__}"
        says = " ".join((inspect.getdoc(judge) or "").split())
        made = Rule(name, service, operations, says, source, judge)
        for operation in operations:
            _rules.setdefault((service, operation), []).append(made)
        return judge

    return register


def takes(service: str, *operations: str) -> Callable[[Take], Take]:
    """Register a function that keeps what a request, once it was answered well, leaves behind."""

    def register(take: Take) -> Take:
        for operation in operations:
            _takes.setdefault((service, operation), []).append(take)
        return take

    return register


def rules() -> tuple[Rule, ...]:
    """Every rule, each once, in the order in which they were registered."""
    return tuple(dict.fromkeys(rule for found in _rules.values() for rule in found))


def refusal_by_rule(asked: Asked, stage: Stage) -> Refusal | None:
    """The first rule's refusal of a request; None when all let it pass."""
    found = _rules.get((asked.service, asked.operation), ())
    return next((refused for each in found if (refused := each.judge(asked, stage)) is not None), None)


def keep(asked: Asked, stage: Stage) -> None:
    """Keep what a request has left behind."""
    for take in _takes.get((asked.service, asked.operation), ()):
        take(asked, stage)
