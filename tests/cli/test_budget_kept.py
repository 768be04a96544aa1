"""A stack that `up --budget` made is looked at as what it is, as long as its file says the same otherwise."""

from __future__ import annotations

from pathlib import Path

import pytest

from groma.bill import bill
from groma.cli.designs import accept, billed
from groma.cli.options import spending
from groma.cli.provisioning import _as_spent
from groma.design import design
from groma.errors import Infeasible
from groma.live.stack import Stack
from groma.terms import ASPECTS
from groma.workload import load, parse, with_budget
from workloads import EXAMPLE, MINIMAL


@pytest.fixture
def stack(tmp_path: Path) -> Stack:
    found = Stack("chirp", "embedded", tmp_path)
    found.directory.mkdir(parents=True)
    return found


def test_verify_and_status_look_at_what_the_budget_bought(stack: Stack):
    workload = load(EXAMPLE)
    stack.keep(with_budget(workload, 6_500).text)
    found = _as_spent(workload, stack)
    assert (found.budget_usd_per_month, found.spend) == (6_500, ASPECTS)


def test_a_stack_that_spent_nothing_is_what_the_file_says(stack: Stack):
    workload = load(EXAMPLE)
    assert _as_spent(workload, stack) is workload
    stack.keep(workload.text)
    assert _as_spent(workload, stack) is workload


def test_a_file_that_has_changed_or_spends_itself_is_what_it_says(stack: Stack):
    workload = parse(MINIMAL)
    stack.keep(with_budget(workload, 6_500).text)
    other = parse(MINIMAL + "waf: off\n")
    assert _as_spent(other, stack) is other
    own = parse(MINIMAL + "budget_usd_per_month: 2000\nspend: [security]\n")
    assert _as_spent(own, stack) is own
    assert with_budget(own, 9_000).spend == ("security",)


def test_a_record_that_no_longer_reads_is_passed_over(stack: Stack):
    workload = load(EXAMPLE)
    stack.keep("name: chirp\nblueprint: of old\n")
    assert _as_spent(workload, stack) is workload


@pytest.mark.slow
def test_a_budget_that_was_spent_is_not_overrun_by_a_longer_month():
    usd = bill(design(with_budget(load(EXAMPLE), 1_350), reasons=False).architecture).monthly_usd.likely
    spending = with_budget(load(EXAMPLE), usd + 0.01)
    made = billed(design(spending, reasons=False), "2026-10")
    assert bill(made.architecture).monthly_usd.likely > usd + 1
    accept(made)
    limited = spending.model_copy(update={"spend": None, "budget_usd_per_month": 100.0})
    with pytest.raises(Infeasible, match="budget"):
        accept(design(limited, reasons=False))


def test_a_budget_is_typed_again_as_it_was():
    assert (spending(None), spending(6_500), spending(99.5)) == ("", " --budget 6500", " --budget 99.5")
