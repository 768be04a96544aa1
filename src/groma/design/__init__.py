"""From a workload to a design: the architecture, the sizes, what they come to, and what was decided.

making.py     the cheapest design that keeps the goals, and a wish
spent.py      what can be bought, and what a budget went to: values
spot.py       what Spot servers save, and what they do to the goals
steps.py      what money can buy beyond it, each thing with what it is for
outlined.py   a design as far as its bill, its p99 and its availability go
elsewhere.py  what a design would come to if a quantity turned out otherwise
spending.py   a budget spent on these, in the order of the workload's `spend`
"""

from groma.design.making import (
    Design,
    bought,
    cases,
    cheapest,
    of_purchase,
    rebuilt,
    regrets,
    server_tiers,
)
from groma.design.spending import spend
from groma.design.spent import Spent, Taken
from groma.sizing.values import NO_WISH, Wish
from groma.workload import Workload

__all__ = [
    "Design",
    "Spent",
    "Taken",
    "bought",
    "cases",
    "cheapest",
    "design",
    "of_purchase",
    "rebuilt",
    "regrets",
    "server_tiers",
]


def design(workload: Workload, wish: Wish = NO_WISH, *, reasons: bool = True) -> Design:
    """Design the architecture of the workload's blueprint: the cheapest that meets its goals, and the wish;
    and where the file says `spend`, the best that its budget pays for.

    Args:
        workload: what the user states.
        wish: what is asked beyond the goals, for alternatives and growth; nothing is spent beside it.
        reasons: whether to list what was rejected.

    Raises:
        WorkloadError: a region or another value of the workload does not exist.
        Infeasible: no design meets the goals, or none within the budget that is to be spent; the message
            names the goal and how close one comes.
    """
    if workload.spend is not None and wish == NO_WISH:
        return spend(workload, reasons=reasons)
    return cheapest(workload, wish, reasons=reasons)
