"""Where few ask, and where a margin is small, chance is large: faults are told, and quiet weeks are not."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from groma.components.chance import share_surely
from groma.design import design
from groma.monitoring.evaluate.metric_math import result
from groma.monitoring.evaluate.metric_math.values import Series
from groma.questions.drills.answer import Drill
from groma.questions.drills.drilling import drill, normal_week
from groma.questions.drills.felt import Hurt
from groma.questions.drills.published import Key
from groma.questions.drills.reading import built_in
from groma.questions.drills.stage import Stage, stage_of
from groma.questions.drills.watching import guards_of
from groma.workload import parse

KNOWN = {each.name: each for each in built_in()}
FEW = ("api", 500, "{p99_ms: 500, availability: 0.9995}")
TIGHT = ("saas", 60_000, "{p99_ms: 300, availability: 0.999}")


@cache
def stage(profile: str, daily: int, goals: str) -> Stage:
    text = f"name: few\nblueprint: three-tier\nprofile: {profile}\nusers: {{daily: {daily}}}\nslo: {goals}\n"
    made = design(parse(text), reasons=False)
    return stage_of(made, guards_of(made.architecture), seed=1)


@cache
def tried(name: str) -> Drill:
    return drill(stage(*FEW), KNOWN[name])


@pytest.mark.parametrize("name", ["slow-burn", "zone-loss", "database-failover", "bad-deployment-errors"])
def test_a_fault_that_few_requests_meet_is_told_as_promised(name: str) -> None:
    assert tried(name).wrong == ()
    assert tried(name).caught is not None


def test_what_burns_slowly_is_told_once_or_twice_however_few_fail_in_half_an_hour() -> None:
    slow_burn = tried("slow-burn")
    assert {each.guard.id for each in slow_burn.calls} == {"web-5xx-slow"}
    assert slow_burn.mails["ticket"] <= 2


def test_of_few_requests_as_many_fail_in_the_long_run_as_of_many() -> None:
    """A quarter of a request fails each minute: rounded, none ever would."""
    found = tried("slow-burn")
    during = slice(found.when.first, found.when.last)

    def published(name: str) -> float:
        key = next(
            k for k in found.series if isinstance(k, Key) and (k.component, k.name) == ("web-lb", name)
        )
        return sum(value * n for minute in found.series[key].minutes[during] for value, n in minute)

    failed, asked = published("HTTPCode_Target_5XX_Count"), published("RequestCount")
    expected = 9 * 0.0005 * asked
    assert abs(failed - expected) < 4 * expected**0.5
    assert asked / (found.when.last - found.when.first) < 1 / (9 * 0.0005)


def test_four_of_a_handful_that_fail_owe_no_page_and_five_owe_a_ticket() -> None:
    found = tried("zone-loss")
    nobody = found.told_by((), found.courses)
    assert nobody.wrong == ("no page told of it",)
    vars(nobody)["felt"] = _Unsure()
    for failed, is_owed in ((4, False), (5, True)):
        vars(nobody)["hurt"] = Hurt(asked=100, failed=failed, slow=0, users=failed, errors=failed)
        assert nobody.is_owed is is_owed
        assert nobody.due_s == float("inf")
        vars(nobody).pop("wrong", None)
        assert nobody.wrong == (("no ticket told of it",) if is_owed else ())
        assert "fewer than 100 ask in five minutes: a ticket is owed if 5 fail" in nobody._lines()


class _Unsure:
    """What no alarm can be sure of."""

    missed_s, asked_in_a_window = 0.0, 30.0

    def used_s(self, _: float) -> float:
        return float("inf")


@pytest.mark.slow
def test_a_design_that_hardly_keeps_its_goal_is_quiet_in_a_normal_week() -> None:
    tight = stage(*TIGHT)
    assert tight.design.plan.latency_ms["p99"] > 0.95 * 300
    found = normal_week(tight)
    assert found.scenes.regions[0].simulated < 0.2 * found.hurt.asked, "most minutes are left out"
    assert found.wrong == ()


@pytest.mark.parametrize("requests", [20, 100, 300, 1_000, 10_000, 100_000])
def test_as_many_slow_as_may_be_are_chance_and_three_times_as_many_are_not(requests: int) -> None:
    draw, expression = np.random.default_rng(1), share_surely("FILL(slow, 0)", "FILL(requests, 0)")

    def breaching(share: float) -> np.ndarray:
        counts = draw.binomial(requests, share, 20_000).astype(float)
        series = {
            "slow": Series(tuple(counts), 300), "requests": Series((float(requests),) * counts.size, 300)
        }  # fmt: skip
        return np.array([bool(each > 1) for each in result(expression, range(0, 300 * 20_000, 300), series)])

    def in_a_row(those: np.ndarray) -> float:
        return float((those[:-2] & those[1:-1] & those[2:]).mean())

    assert in_a_row(breaching(0.01)) < 1 / 5_000
    if requests >= 1_000:
        assert in_a_row(breaching(0.03)) > 0.9
    assert in_a_row(breaching(0.5)) > 0.9
