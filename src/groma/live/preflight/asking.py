"""All of the preflight, in order, and how it is told."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from itertools import chain
from typing import Any

from groma.design import Design
from groma.live.delegation import Internet
from groma.live.preflight.account import account
from groma.live.preflight.databases import databases
from groma.live.preflight.domain import domain
from groma.live.preflight.given import given
from groma.live.preflight.look import MARKS, Look
from groma.live.preflight.money import money
from groma.live.preflight.names import names
from groma.live.preflight.networks import networks
from groma.live.preflight.offers import offers
from groma.live.preflight.quotas import quotas
from groma.live.preflight.rights import Right, rights
from groma.live.preflight.roles import service_roles
from groma.live.preflight.tools import tools
from groma.live.target import Target
from groma.words import Table, Words, to_do


@dataclass(frozen=True)
class Preflight:
    """What was looked at."""

    looks: tuple[Look, ...]

    @property
    def obstacles(self) -> tuple[Look, ...]:
        """What will fail."""
        return tuple(each for each in self.looks if each.outcome == "will fail")

    def words(self) -> Words:
        """A row each; then what to do, for what will fail and for what could not be told."""
        rows = tuple((MARKS[each.outcome], each.about, each.found) for each in self.looks)
        counted = ", ".join(f"{self._count(outcome)} {outcome}" for outcome in MARKS if self._count(outcome))
        todo = [each for each in self.looks if each.outcome != "ok" and each.hint]
        lines = ["", "what to do:", *chain.from_iterable(map(_todo, todo))] if todo else []
        return Words(tables=(Table("", ("", "", ""), rows),), lines=(counted, *lines))

    def document(self) -> list[dict[str, Any]]:
        """`[{about, outcome, found, hint}]`."""
        return [asdict(each) for each in self.looks]

    def _count(self, outcome: str) -> int:
        return sum(each.outcome == outcome for each in self.looks)


def _todo(look: Look) -> tuple[str, ...]:
    """What to do in words behind what it is about; a command in a line of its own."""
    what = to_do(look.hint)
    return (f"  {look.about}: {what}",) if what == look.hint else (f"  {look.about}:", f"    {what}")


def preflight(
    design: Design,
    target: Target,
    *,
    stands: bool = False,
    internet: Internet | None = None,
    wanted: Sequence[Right] = (),
) -> Preflight:
    """Look at everything that a design needs of an account. Reads only.

    Args:
        stands: whether the stack stands already, so that its own names are rightly taken.
        internet: how DNS is asked whether the domain is delegated; the internet's own when left out.
        wanted: what a rehearsal has needed to be allowed, as far as there was one.
    """
    first = tuple(chain(tools(), account(target, design.architecture)))
    if any(each.about == "credentials" and each.outcome == "will fail" for each in first):
        return Preflight(first)
    rest: Iterable[Look] = chain(
        quotas(target, design.architecture),
        offers(target, design.architecture),
        networks(target, design.workload),
        databases(target, design.workload),
        given(target, design.architecture),
        service_roles(target, design.architecture),
        () if stands else names(target, design.architecture),
        domain(target, design.workload, internet or Internet(), stands=stands),
        money(target, design),
        rights(target, wanted),
    )
    return Preflight((*first, *rest))


def doctor() -> Preflight:
    """Look at what is on this machine, for who has no workload yet."""
    return Preflight(tuple(tools()))
