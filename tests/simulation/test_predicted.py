"""What the formulas of sizing predict is what the simulation sees, in small and large groups."""

from __future__ import annotations

import importlib.util
import sys
from types import ModuleType

import pytest

from groma.design import Design, design
from groma.workload import parse
from workloads import ROOT, designed_example

LOW, HIGH = 0.95, 1.15
"""Predicted over simulated p99, as `docs/background/sizing.md` promises it."""


def benchmark() -> ModuleType:
    """`benchmarks/formulas.py`, which makes the long table of the same figures."""
    spec = importlib.util.spec_from_file_location("formulas", ROOT / "benchmarks" / "formulas.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["formulas"] = module
    spec.loader.exec_module(module)
    return module


FORMULAS = benchmark()


def tight(users: int, requests: int, scv: float, goal_ms: int) -> Design:
    """A design whose goal binds."""
    text = f"{{total: {users}, requests_per_active_day: {requests}}}\nslo: {{p99_ms: {goal_ms}}}"
    return design(
        parse(f"name: tight\nblueprint: three-tier\nload: {{scv: {scv}}}\nusers: {text}\n"), reasons=False
    )


DESIGNS = {
    "two servers of two processors": lambda: designed_example("social-50k"),
    "an application of one's own": lambda: designed_example("shop"),
    "one processor a server, times that vary much": lambda: tight(42_600, 101, 4, 189),
    "eight servers": lambda: tight(60_400, 281, 1, 207),
    "functions": lambda: designed_example("social-serverless"),
}


@pytest.mark.parametrize("which", DESIGNS)
def test_the_predicted_p99_is_the_simulated_one(which: str):
    """Within the band, and what chance adds to so short a simulation; classes a little further."""
    compared = FORMULAS.compare(DESIGNS[which](), 2e5)
    chance = compared.half_s / compared.seen_s
    assert chance < 0.15
    assert LOW - chance <= compared.ratio <= HIGH + chance
    assert LOW - 2 * chance <= min(compared.by_class)
    assert max(compared.by_class) <= HIGH + 2 * chance


def test_a_server_is_one_queue_where_the_file_says_that_its_processors_share_one():
    """Then a request waits for the first processor that is free, not for one of its own."""
    text = "name: one\nblueprint: three-tier\nusers: {total: 50_000}\n"
    apart, one = (
        design(parse(f"{text}load: {{discipline: {{app: {how}}}}}\n"), reasons=False)
        for how in ("processor-sharing", "fifo")
    )
    assert one.plan.of("app").choice == apart.plan.of("app").choice
    assert one.plan.latency_ms["p99"] < 0.8 * apart.plan.latency_ms["p99"]
