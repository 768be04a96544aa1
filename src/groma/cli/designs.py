"""From a workload file to a design, billed as it is asked for and found fit to be built."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from groma.cli.environments import chosen
from groma.errors import Infeasible
from groma.terms import DOLLARS

if TYPE_CHECKING:
    from groma.design import Design
    from groma.terms import Buying
    from groma.workload import Workload


def loaded(file: Path, purchase: Buying | None = None, budget: float | None = None) -> Workload:
    """The workload of a file, of the environment that was asked for; its machines bought in another way, or a
    budget spent, when that is asked.
    """
    from groma.workload import load, with_budget

    workload = load(file, chosen())
    if purchase is not None:
        workload = workload.model_copy(update={"purchase": purchase})
    return workload if budget is None else with_budget(workload, budget)


def designed(
    file: Path, purchase: Buying | None = None, budget: float | None = None, *, reasons: bool = True
) -> Design:
    """The design of that workload, with what was rejected for it where reasons are asked for."""
    return built(loaded(file, purchase, budget), reasons=reasons)


def built(workload: Workload, *, reasons: bool = True) -> Design:
    """The design of a workload as it is planned, built and provisioned: certified where its file asks for it,
    which is told step by step.
    """
    if workload.sizing != "certified":
        from groma.design import design

        return design(workload, reasons=reasons)
    from groma.cli.console import steps
    from groma.simulation.certified import design as certified

    return certified(workload, reasons=reasons, step=steps(quiet=False))


def billed(design: Design, month: str, *, no_free_tier: bool = False, currency: str = DOLLARS.code) -> Design:
    """The same design, billed for another month, in another currency, or without what every account has."""
    from groma.design import bought
    from groma.terms import Month, Terms

    book = design.workload.book
    terms = Terms(
        Month.parse(month), design.workload.purchase, not no_free_tier, book, book.currency(currency)
    )
    return bought(design, terms)


def accept(design: Design) -> None:
    """Refuse a design that breaks its own rules or its budget. Raises Infeasible.

    A budget that was spent has been kept, for a month of 730 hours; a longer one may cost a little more.
    """
    from groma.bill import bill, within_budget
    from groma.questions.review import review

    findings = list(review(design))
    budget = design.workload.budget_usd_per_month
    if budget is not None and design.spent is None:
        findings.append(within_budget(bill(design.architecture), budget))
    for finding in findings:
        if not finding.ok and finding.severity == "error":
            field = "budget_usd_per_month" if finding.id == "budget" else ""
            raise Infeasible(
                f"{finding.what}: expected {finding.expected}, found {finding.actual}",
                where=design.workload.where(field) if field else design.workload.where(),
                hint=finding.hint,
            )
