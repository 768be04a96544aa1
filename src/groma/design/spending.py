"""A budget spent: each thing that money can buy is bought in the order of its worth, while it can be paid.

What is bought first is worth more than everything behind it together. As a design with one thing more never
costs less, taking each that can still be paid gives the best of all affordable designs in that order; and
more money never gives a worse one. What is compared are bills of whole designs, each the cheapest that has
all of it. Only a third zone may cost less than nothing, where many servers stand; it waits for its turn, too.
"""

from __future__ import annotations

import math
from dataclasses import replace
from functools import cached_property

from groma.bill import bill
from groma.design.making import Design, cheapest, rebuilt
from groma.design.spent import Spent, Step, Taken
from groma.design.steps import steps
from groma.errors import Infeasible
from groma.sizing.values import NO_WISH, Wish
from groma.workload import Workload


def spend(workload: Workload, *, reasons: bool = True) -> Design:
    """The best design that the budget of a workload pays for, in the order of its `spend`.

    Raises:
        Infeasible: the cheapest design that keeps the goals costs more, or there is none.
    """
    budget = workload.budget_usd_per_month
    assert budget is not None, "a workload that says `spend` has a budget"
    shop = _Shop(workload)
    if shop.least_usd > budget:
        raise Infeasible(
            f"${budget:,.0f} a month is too little: the cheapest design that keeps the goals and has every "
            f"element costs ${shop.least_usd:,.0f}",
            where=workload.where("budget_usd_per_month"),
            hint="raise the budget or lower the goals; elements are never left out",
        )
    wish, rows = shop.bought(budget)
    made, usd = shop.offer(wish)
    if reasons:
        made = rebuilt(cheapest(workload, wish.of_sizes if wish.of_sizes != shop.sized else NO_WISH), wish)
    return replace(made, spent=Spent(budget, shop.least_usd, usd, shop.most_usd(wish, rows), rows))


class _Shop:
    """The designs of a workload for wishes, each made once, with their likely bills: at least, where a price
    is unknown.
    """

    def __init__(self, workload: Workload) -> None:
        self._workload = workload
        least = cheapest(workload, reasons=False)
        self.least, self.least_usd = least, bill(least.architecture).monthly_usd.likely
        self.sized = least.wish.of_sizes
        self._made: dict[Wish, Design | Infeasible] = {self.sized: least}
        self._offers: dict[Wish, tuple[Design, float]] = {}

    @cached_property
    def steps(self) -> tuple[Step, ...]:
        """Everything that can be bought."""
        return steps(self.least)

    def offer(self, wish: Wish) -> tuple[Design, float]:
        """The cheapest design for a wish, and its bill. Raises Infeasible."""
        if wish not in self._offers:
            made = self._sized(wish.of_sizes)
            made = made if made.wish == wish else rebuilt(made, wish)
            self._offers[wish] = made, bill(made.architecture).monthly_usd.likely
        return self._offers[wish]

    def _sized(self, wish: Wish) -> Design:
        """The design with the sizes for a wish."""
        if wish not in self._made:
            try:
                self._made[wish] = cheapest(self._workload, wish, reasons=False)
            except Infeasible as error:
                self._made[wish] = error
        found = self._made[wish]
        if isinstance(found, Infeasible):
            raise found
        return found

    def bought(self, budget_usd: float) -> tuple[Wish, tuple[Taken, ...]]:
        """The wish for everything that can be paid, and what became of each thing."""
        wish, usd, rows = self.least.wish, self.least_usd, []
        for step in self.steps:
            try:
                _, with_it = self.offer(step.added(wish))
            except Infeasible as error:
                rows.append(Taken(step, "out of reach", None, None, error.what))
                continue
            paid = with_it <= budget_usd
            rows.append(Taken(step, "bought" if paid else "left out", with_it - usd, with_it))
            wish, usd = (step.added(wish), with_it) if paid else (wish, usd)
        return wish, tuple(rows)

    def most_usd(self, wish: Wish, rows: tuple[Taken, ...]) -> float:
        """The bill of the design with everything that can be bought."""
        for row in rows:
            wish = row.step.added(wish) if row.outcome == "left out" else wish
        try:
            return self.offer(wish)[1]
        except Infeasible:
            return self.offer(self.bought(math.inf)[0])[1]
