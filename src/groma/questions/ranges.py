"""How the answer changes over the ranges of the workload, and the design of least regret.

The rule is in `sizing.regret`; `sizing: least-regret` in the workload makes that design the one that is
built.
"""

from __future__ import annotations

from dataclasses import dataclass

from groma.design import Design, design, regrets
from groma.errors import InputError
from groma.sizing.regret import DRAWS, MISSED, Row
from groma.workload import Workload


@dataclass(frozen=True)
class Outlook:
    """The designs for the low, likely and high end and for what is drawn between; one regrets least.

    `least_regret` is found among those that keep the goals at the likely values.
    """

    rows: tuple[Row, ...]
    least_regret: Row
    draws: int

    @property
    def regret(self) -> str:
        """The rule, in words."""
        return f"a missed goal is regretted as {MISSED:g} times the design that would have kept it"


def outlook(workload: Workload, likely: Design | None = None) -> Outlook:
    """Compare the designs for several points of the ranges over draws from them.

    Args:
        workload: whose ranges.
        likely: the design of its likely values, when there is one already.

    Raises:
        Infeasible: the workload has no design at its likely values.
        InputError: nothing of its blueprint is sized by the load.
    """
    usual = workload.model_copy(update={"sizing": "likely"})
    likely = likely or design(usual, reasons=False)
    if not likely.plan.sizes:
        raise InputError(f"nothing of {workload.blueprint} is sized by its load", where=workload.where())
    found = regrets(usual, likely.demand, likely.plan, likely.wish)
    return Outlook(found.rows, found.least, DRAWS)
