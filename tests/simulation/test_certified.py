"""`sizing: certified`: what is built is what the referee signs, and everybody gets the same."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import pytest

import groma
from groma.design import design as sized
from groma.errors import Infeasible, WorkloadError
from groma.simulation import certified, certify
from groma.simulation.day import Setting, simulate
from groma.simulation.histogram import quantile_s
from groma.simulation.replications import _felt
from groma.simulation.scene import Assumed, scenes_of
from groma.simulation.traffic import steady
from groma.simulation.trials import Interval, Trial
from groma.sizing.values import Wish
from groma.workload import parse
from workloads import ROOT

sys.path.insert(0, str(ROOT / "benchmarks"))
from referee import judged, ratio

TEXT = """name: chirp
blueprint: three-tier
sizing: certified
users: {{total: 20_000}}
slo: {{p99_ms: {}}}
"""


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(certified, "cache_directory", lambda: tmp_path)


def trials(monkeypatch: pytest.MonkeyPatch, kept_from_ms: float) -> list[str]:
    """Let a referee sign what the formulas buy for goals up to some ms; what it tried is told."""
    tried: list[str] = []

    def try_out(made: groma.design, *_: object) -> Trial:
        goal_ms = made.wish.p99_ms or made.workload.slo.p99_ms
        tried.append(made.plan.machines)
        seen_s = 0.99 * made.workload.slo.p99_ms / 1000 * (1 if goal_ms <= kept_from_ms else 2)
        seen = Interval(seen_s, 0.0)
        return Trial(made, seen, (seen,) * len(made.plan.latency_by_class_ms), seen, 0.0, (6, 6))

    monkeypatch.setattr(certify, "try_out", try_out)
    return tried


@pytest.mark.slow
def test_what_is_built_is_what_the_referee_signs(monkeypatch: pytest.MonkeyPatch):
    tried = trials(monkeypatch, kept_from_ms=170)
    workload = parse(TEXT.format(250))
    made = groma.design(workload)
    plain = sized(workload)
    assert made.wish.p99_ms is not None
    assert made.wish.p99_ms <= 170
    assert made.plan.machines != plain.plan.machines
    assert made.plan.machines == sized(workload, Wish(made.wish.p99_ms)).plan.machines
    decision = next(each for each in made.decisions if each.about == "sizing")
    assert decision.decided == "certified"
    assert f"the formulas would buy {plain.plan.machines}" in decision.because
    assert "with seed 1" in decision.because
    again, before = groma.design(workload), len(tried)
    assert (again.plan, again.decisions) == (made.plan, made.decisions)
    assert len(tried) == before, "a certificate that is kept is not made again"
    groma.design(parse(TEXT.format(251)))
    assert len(tried) > before, "another workload has a certificate of its own"


def test_a_plan_that_keeps_its_goal_is_built_as_it_is(monkeypatch: pytest.MonkeyPatch):
    trials(monkeypatch, kept_from_ms=1000)
    workload = parse(TEXT.format(250))
    made = groma.design(workload)
    assert made.plan == sized(workload).plan
    assert "the formulas buy the same" in made.decisions[-1].because


def test_what_nobody_signs_is_not_built(monkeypatch: pytest.MonkeyPatch):
    trials(monkeypatch, kept_from_ms=0)
    with pytest.raises(Infeasible, match="signs no design") as refused:
        groma.design(parse(TEXT.format(250), source="groma.yaml"))
    assert refused.value.where == "groma.yaml:5: slo.p99_ms"
    assert "raise slo.p99_ms" in refused.value.hint


def test_a_broken_certificate_is_made_again(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    trials(monkeypatch, kept_from_ms=1000)
    workload = parse(TEXT.format(250))
    groma.design(workload)
    (kept,) = (tmp_path / "certificates").iterdir()
    for broken in ("", "{}", "[1]"):
        kept.write_text(broken)
        assert groma.design(workload).decisions[-1].decided == "certified"
        assert kept.read_text().startswith('{"goal_ms"')


def test_a_budget_is_not_spent_beside_it():
    with pytest.raises(WorkloadError, match="leave out `spend`"):
        parse(TEXT.format(250) + "budget_usd_per_month: 9000\nspend: [headroom]\n")


def test_what_people_are_shown_is_the_design_that_is_built():
    """No command takes a design past its certificate, but for the one place that tells both apart."""
    for path in (ROOT / "src" / "groma" / "cli").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module == "groma.design" and path.stem != "designs":
                assert "design" not in {each.name for each in node.names}, path


def test_a_certificate_asks_for_the_whole_interval(example):
    made = sized(example, reasons=False)
    goal_s = example.slo.p99_ms / 1000
    near = Interval(goal_s * 0.99, goal_s * 0.02)
    inside = Interval(goal_s * 0.97, goal_s * 0.02)
    assert not Trial(made, near, (), inside, 0.0, (6, 6)).keeps
    assert Trial(made, inside, (), near, 0.0, (6, 6)).keeps
    assert not Trial(made, inside, (), Interval(goal_s * 1.01, 0.0), 0.0, (6, 6)).keeps


def test_what_fails_is_no_answer_in_time(example):
    """Where a region is lost nobody waits long, and nobody is answered."""
    scene = scenes_of(sized(example, reasons=False), Assumed())[0]
    seen = simulate(scene, 0, steady(50, 120, 1), Setting(dark_s=30.0), lambda *_: True)
    times = _felt(seen.minutes, len(scene.kinds))
    assert times.sum() == seen.ended.sum()
    assert quantile_s(times.sum(axis=0), 0.99) > 1000
    assert quantile_s(seen.felt.sum(axis=0), 0.99) < 1


@pytest.mark.slow
@pytest.mark.parametrize("number", [4, 11])
def test_a_certified_plan_keeps_its_goal_under_other_seeds(number: int):
    """A sample of what `benchmarks/referee.py` does for 200 workloads."""
    row = judged(number)
    assert row["signed"]
    assert row["kept"]
    assert 0.95 <= ratio(row) <= 1.15
