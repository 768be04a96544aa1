"""Which quotas of AWS does the design meet in an account, new or in use, and what has to be asked for?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from groma.components.quotas import Taken, taken
from groma.design import Design
from groma.words import Table, Words, to_do

AccountName = Literal["new", "grown"]
ACCOUNTS: Mapping[AccountName, str] = {"new": "a new account", "grown": "an account in use"}
COLUMNS = ("at once", "at most", "new account", "account in use")


@dataclass(frozen=True)
class Quotas:
    """What a design takes of AWS's quotas, for an account of one kind.

    Attributes:
        account: `new` on its first day, or `grown`, with the defaults of an account in use.
        taken: of each quota in each region.
    """

    account: AccountName
    taken: tuple[Taken, ...]

    @property
    def short(self) -> tuple[Taken, ...]:
        """Those of which the account has too little."""
        return tuple(each for each in self.taken if not self._fits(each))

    @property
    def in_the_way(self) -> tuple[Taken, ...]:
        """Those of which it has too little to begin with, so that nothing can be provisioned."""
        return tuple(each for each in self.short if each.start > self._given(each))

    def words(self) -> Words:
        """A row for each quota that does not suffice, with how it is asked for."""
        if not self.short:
            return Words(lines=(f"{ACCOUNTS[self.account]} has enough of every quota",))
        rows = tuple(
            (each.region, each.quota.name, *(f"{n:,.0f}" for n in self._numbers(each))) for each in self.short
        )
        title = f"Quotas that {ACCOUNTS[self.account]} must ask AWS for"
        table = Table(title, ("region", "quota", *COLUMNS), rows, right=COLUMNS)
        requests = dict.fromkeys(f"  {to_do(each.request)}" for each in self.short)
        return Words(tables=(table,), lines=("ask for them:", *requests))

    def document(self) -> dict[str, Any]:
        """The same as plain values, with those that suffice."""
        return {"account": self.account, "quotas": [self._row(each) for each in self.taken]}

    def _row(self, each: Taken) -> dict[str, Any]:
        start, most, new, grown = self._numbers(each)
        return {
            "quota": each.quota.id,
            "name": each.quota.name,
            "code": each.quota.code,
            "region": each.region,
            "at_start": start,
            "at_most": most,
            "unit": each.quota.unit,
            "new": new,
            "grown": grown,
            "enough": self._fits(each),
            "ask_for": None if self._fits(each) else each.to_ask,
            "source": each.quota.source,
        }

    def _fits(self, each: Taken) -> bool:
        return each.most <= self._given(each)

    def _given(self, each: Taken) -> float:
        return each.quota.new if self.account == "new" else each.quota.grown

    @staticmethod
    def _numbers(each: Taken) -> tuple[float, float, float, float]:
        return each.start, each.most, each.quota.new, each.quota.grown


def quotas(design: Design, account: AccountName) -> Quotas:
    """What a design takes of AWS's quotas, for an account of this kind."""
    return Quotas(account, taken(design.architecture))
