"""Terraform's apply: what comes before it, and the plan that is shown and approved."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from groma.live.beside import Added, take_away, with_added
from groma.live.earlier import Earlier
from groma.live.interrupting import interruptions
from groma.live.reporting import Reporter
from groma.live.stack import Stack
from groma.live.target import Target
from groma.live.terraform_cli import ApplySummary, PlanSummary, Terraform

PLAN_FILE = "up.tfplan"


@dataclass(frozen=True)
class Before:
    """What comes before all else: nothing stays that was added beside Terraform, and the zone is made."""

    extra: tuple[Added, ...]
    target: Target
    report: Reporter
    zone: Callable[[], int]
    refused: Callable[[], None] = lambda: None

    def shown(self, plan: PlanSummary) -> PlanSummary:
        """A plan with what is taken away before it."""
        return with_added(plan, self.extra)

    def make(self) -> int:
        """Do it; returns how many resources Terraform made."""
        for each in self.extra:
            self.report.step(f"taking away what was added: {each}")
        take_away(self.extra, self.target)
        return self.zone()


def apply(
    terraform: Terraform,
    stack: Stack,
    report: Reporter,
    approve: Callable[[PlanSummary], None] | None,
    before: Before,
    renewed: Sequence[str],
) -> ApplySummary:
    """Apply at once, or what was planned and approved.

    Args:
        before: what is done before.
        renewed: what is made anew.
    """
    if approve is None:
        made = before.make()
        with report.progress(f"Provisioning {stack.name}") as on_event:
            done = terraform.apply(on_event, replace=renewed)
        return replace(done, added=done.added + made)
    try:
        return _approved(terraform, stack, report, approve, before, renewed)
    finally:
        # A plan holds what the state does, secrets included.
        (stack.terraform / PLAN_FILE).unlink(missing_ok=True)


def _approved(
    terraform: Terraform,
    stack: Stack,
    report: Reporter,
    approve: Callable[[PlanSummary], None],
    before: Before,
    renewed: Sequence[str],
) -> ApplySummary:
    report.step("planning")
    plan_file = Path(PLAN_FILE)
    planned = terraform.plan(save_as=plan_file, replace=renewed)
    # To look through a plan takes Terraform seconds: what is only made interrupts nobody.
    effects = interruptions(terraform.shown(plan_file)) if planned.touches_what_stands else ()
    shown = before.shown(replace(planned, effects=effects))
    try:
        approve(shown)
    except BaseException:
        before.refused()
        raise
    made = before.make()
    rest = terraform.plan(save_as=plan_file, replace=renewed) if made else shown
    if not _changes(rest) <= _changes(shown):
        approve(rest)
    if rest.finds_all_as_it_is:
        return ApplySummary(made, 0, 0, rest.warnings, rest.log)
    with report.progress(f"Provisioning {stack.name}") as on_event:
        done = terraform.apply(on_event, plan_file=plan_file)
    return replace(done, added=done.added + made)


def put_back(earlier: Earlier, terraform: Terraform) -> None:
    """Put the root back as it was: what was refused is neither drift nor applied by the next."""
    earlier.put_back()
    if earlier.files:
        terraform.init()


def _changes(plan: PlanSummary) -> set[tuple[str, str]]:
    return {(change.address, change.action) for change in plan.changes}
