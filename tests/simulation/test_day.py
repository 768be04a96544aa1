"""A design under its traffic: what comes out is counted, can be repeated, and does not hang on workers."""

from __future__ import annotations

import csv
import dataclasses
import io

import numpy as np
import pytest

from groma.errors import Infeasible, InputError
from groma.simulation import day
from groma.simulation.answer import Simulated
from groma.simulation.asking import Asked, simulated
from groma.simulation.certify import certify
from groma.simulation.day import Loss, Setting, simulate
from groma.simulation.disturbed import Rolled
from groma.simulation.network import Behaviour
from groma.simulation.regions import RegionLoss, simulate_all
from groma.simulation.replications import Effort
from groma.simulation.scene import Assumed, scenes_of
from groma.simulation.seen import Seen, added
from groma.simulation.traffic import Traffic, of_days, steady
from groma.workload import load
from workloads import ROOT, designed_example

MADE = designed_example("social-50k")
SCENE = scenes_of(MADE, Assumed())[0]
PEAK = MADE.demand.peak_per_s.likely


def on(*_: object) -> bool:
    return True


def evening(seed: int = 1) -> Traffic:
    """From eight o'clock to nine, with the burst."""
    rates = of_days(MADE.workload, MADE.demand, seed).rates[20 * 360 : 21 * 360]
    return Traffic(rates, seed, begins_s=20 * 3600)


def test_every_request_that_comes_is_answered_or_still_inside():
    seen = simulate(SCENE, 0, evening(), Setting(), on)
    assert seen.asked == sum(seen.outcomes.values()) + seen.minutes[-1].inside
    assert seen.failed == 0
    assert seen.asked == pytest.approx(evening().rates.sum() * 10, rel=0.02)
    assert seen.felt.sum() == seen.outcomes["good"]


def test_the_same_seed_gives_the_same_to_the_last_bit_and_another_does_not():
    traffic = steady(PEAK, 300, 1)
    first, again, other = (simulate(SCENE, 0, traffic, Setting(seed=seed), on) for seed in (1, 1, 2))
    assert np.array_equal(first.felt, again.felt)
    assert [minute.cpu for minute in first.minutes] == [minute.cpu for minute in again.minutes]
    assert not np.array_equal(first.felt, other.felt)


def test_cpu_is_what_the_work_of_the_requests_comes_to():
    seen = simulate(SCENE, 0, steady(PEAK, 600, 1), Setting(held=True), on)
    for number, tier in enumerate(("web", "app")):
        counted = float(np.mean([minute.cpu[number] for minute in seen.minutes]))
        assert counted == pytest.approx(MADE.plan.of(tier).utilisation_at_peak, rel=0.05)


def test_a_lost_zone_fails_what_was_inside_and_the_rest_goes_on():
    loss = Loss(0, 1500.0, SCENE.region)
    seen = simulate(SCENE, 0, evening(), Setting(losses=(loss,)), on)
    assert 0 < seen.outcomes["lost"] < 0.05 * seen.asked
    assert seen.failed_by_minute[:25].sum() == 0
    assert seen.failed_by_minute[27:40].sum() > 0, "writes fail until the replica is promoted by hand"
    assert seen.failed_by_minute[41:].sum() == 0
    assert any("lost" in text for _, text in seen.told)


def test_retries_turn_most_errors_of_a_lost_zone_into_answers():
    setting = Setting(Behaviour(timeout_s=10, retries=6), losses=(Loss(1, 90.0, SCENE.region),))
    traffic = steady(PEAK, 240, 1)
    seen = simulate(SCENE, 0, traffic, setting, on)
    without = simulate(SCENE, 0, traffic, dataclasses.replace(setting, behaviour=Behaviour()), on)
    assert seen.retried > without.failed
    assert 0 < seen.failed < without.failed / 2


def test_a_stopped_simulation_has_the_minutes_until_then():
    seen = simulate(SCENE, 0, evening(), Setting(), lambda at_s, _: at_s < 600)
    assert len(seen.minutes) == 10


def test_minutes_that_are_left_out_change_little():
    whole = simulate(SCENE, 0, evening(), Setting(), on)
    part = simulate(SCENE, 0, evening(), Setting(every=8), on)
    assert part.quantile_s(0.99) == pytest.approx(whole.quantile_s(0.99), rel=0.1)
    assert part.asked == pytest.approx(whole.asked, rel=0.1)


def test_what_is_left_out_says_how_far_off_that_may_be():
    whole, part = (
        Simulated("chirp", "an evening", (seen,), 1, Assumed(), every)
        for every, seen in ((n, simulate(SCENE, 0, evening(), Setting(every=n), on)) for n in (1, 8))
    )
    assert (whole.simulated, whole.off) == (whole.asked, {0.5: 0, 0.95: 0, 0.99: 0})
    assert 0.1 < part.simulated / part.asked < 0.5
    for share, off in part.off.items():
        true = part.regions[0].quantile_s(share) / whole.regions[0].quantile_s(share) - 1
        assert 0 < off < 0.05
        assert abs(true) < 3 * off + 0.02
    assert any("would change p50 by" in line for line in part.words().lines)
    assert not any("would change" in line for line in whole.words().lines)


def test_a_minute_that_is_left_out_may_be_taken_as_the_one_behind_it():
    minutes = simulate(SCENE, 0, steady(PEAK, 240, 1), Setting(), on).minutes
    left_out = [minutes[0], dataclasses.replace(minutes[0], simulated=0), minutes[2]]
    last = dataclasses.replace(minutes[2], simulated=0)
    seen = Seen(SCENE.cast, (*left_out, last), ())
    assert np.array_equal(seen.felt, added([m.felt for m in (*[minutes[0]] * 2, *[minutes[2]] * 2)], 3))
    assert np.array_equal(seen.felt_otherwise, added([m.felt for m in (minutes[0], *[minutes[2]] * 3)], 3))
    assert seen.simulated == minutes[0].asked.sum() + minutes[2].asked.sum()


def test_of_a_calm_minute_with_many_requests_a_part_stands_for_all(monkeypatch: pytest.MonkeyPatch):
    reached: list[int] = []

    def count(_: float, requests: int) -> bool:
        reached.append(requests)
        return True

    whole = simulate(SCENE, 0, evening(), Setting(every=8), count)
    in_full = reached[-1]
    monkeypatch.setattr(day, "ENOUGH_REQUESTS", PEAK * 5)
    part = simulate(SCENE, 0, evening(), Setting(every=8), count)
    assert reached[-1] < 0.6 * in_full
    assert part.asked == pytest.approx(whole.asked, rel=0.05)
    assert part.quantile_s(0.99) == pytest.approx(whole.quantile_s(0.99), rel=0.1)
    mean, before = (np.mean([each.cpu for each in seen.minutes], axis=0) for seen in (part, whole))
    assert mean == pytest.approx(before, rel=0.05)


def test_what_waits_when_a_minute_is_over_waits_in_the_next():
    seen = simulate(SCENE, 0, steady(4 * PEAK, 300, 1), Setting(held=True, every=8), on)
    inside = [minute.inside for minute in seen.minutes]
    assert inside == sorted(inside)
    assert seen.asked == sum(seen.outcomes.values()) + inside[-1]


def test_minutes_in_which_a_few_of_many_servers_come_and_go_are_left_out_and_counted():
    many = dataclasses.replace(SCENE.rows[0].size, desired=40, min=40, max=60)
    rows = (dataclasses.replace(SCENE.rows[0], size=many), *SCENE.rows[1:])
    scene = dataclasses.replace(SCENE, rows=rows)
    rolled = Rolled(scene.rows[0].name, 60.0, servers=4)
    reached: list[int] = []
    seen, unchanged = (
        simulate(
            scene,
            0,
            steady(PEAK / 2, 3600, 1),
            Setting(every=60, held=True, disturbances=disturbances),
            lambda _, requests: reached.append(requests) or True,
        )
        for disturbances in ((rolled,), ())
    )
    assert reached[59] == reached[-1], "no minute more for four that boot and four that drain"
    assert {minute.serving[0] for minute in seen.minutes} == {40, 41}
    assert seen.failed == unchanged.failed == 0


def test_regions_come_out_the_same_with_any_number_of_workers_and_take_over_from_a_lost_one():
    scenes = [
        dataclasses.replace(SCENE, region=name, share=share) for name, share in (("a", 0.7), ("b", 0.3))
    ]
    lost = RegionLoss("b", 600.0)
    one, two = (
        simulate_all(scenes, evening(), Setting(), on, lost=lost, workers=workers) for workers in (1, 2)
    )
    assert all(np.array_equal(first.felt, second.felt) for first, second in zip(one, two, strict=True))
    assert one[1].rate_per_s[15:].sum() == 0
    assert one[0].rate_per_s[15:].sum() == pytest.approx(evening().rates[90:].sum() / 6, rel=0.05)
    assert one[1].outcomes["no target"] > 0
    assert one[0].failed == 0


@pytest.mark.parametrize(
    ("changes", "where", "hint"),
    [
        ({"days": 0}, "--days", "from 1 to 31"),
        ({"seed": -1}, "--seed", "from 0"),
        ({"retries": 11}, "--retries", "from 0 to 10"),
        ({"timeout_s": 0.0}, "--timeout", "above 0"),
        ({"timeout_s": float("nan")}, "--timeout", "above 0"),
        ({"shape": "normal"}, "--service-times", "lognormal"),
        ({"routing": "by-role"}, "--routing", "least-outstanding"),
        ({"lost": "us-east-1c@20:00"}, "--lose", "us-east-1a, us-east-1b"),
        ({"lost": "eu-west-1a@20:00"}, "--lose", "one of us-east-1"),
        ({"lost": "us-east-1@20:00"}, "--lose", "us-east-1a@20:00"),
        ({"lost": "tomorrow"}, "--lose", "us-east-1a@20:25"),
        ({"flashes": ("much",)}, "--flash", "3x@14:00/60s"),
    ],
)
def test_what_cannot_be_simulated_is_refused_with_what_can(changes: dict[str, object], where: str, hint: str):
    with pytest.raises(InputError) as refused:
        simulated(MADE, dataclasses.replace(Asked(), **changes), on)  # type: ignore[arg-type]
    assert refused.value.where == where
    assert hint in refused.value.hint


def test_a_design_without_traffic_says_so():
    with pytest.raises(Infeasible, match="starter has no traffic"):
        simulated(designed_example("starter"), Asked(), on)


@pytest.mark.slow
def test_a_plan_that_misses_its_goal_is_not_signed_and_the_referee_buys_another():
    workload = load(ROOT / "examples" / "social-50k.yaml")
    strict = workload.model_copy(update={"slo": workload.slo.model_copy(update={"p99_ms": 200.0})})
    said: list[str] = []
    found = certify(
        dataclasses.replace(MADE, workload=strict), 1, said.append, effort=Effort(1e6, within=0.05)
    )
    assert not found.plan.keeps
    assert found.signed
    assert found.bought is not None
    assert found.bought.keeps
    assert found.bought.usd > found.plan.usd
    assert found.plan.p99_s.half < 0.05 * found.plan.p99_s.value
    words = found.words()
    assert "does not confirm" in words.heading
    assert any("the referee buys" in line and "a month more" in line for line in words.lines)


@pytest.mark.slow
def test_a_serverless_plan_is_tried_class_by_class():
    found = certify(designed_example("social-serverless"), 1, lambda _: None, effort=Effort(1e6))
    held = found.plan.held_s.high <= 0.4 and found.plan.burst_s.value <= 0.4
    assert found.plan.keeps == held
    assert found.plan.held_s == max(found.plan.by_class_s, key=lambda interval: interval.value)
    assert found.plan.held_s.value * 1000 == pytest.approx(found.plan.design.plan.latency_ms["p99"], rel=0.1)
    table = found.words().tables[0]
    assert table.title == "the busiest five minutes, at peak, each class"
    assert [row[0] for row in table.rows] == list(found.plan.design.plan.latency_by_class_ms)


def test_nothing_is_certified_that_answers_nobody():
    with pytest.raises(Infeasible, match="starter has no traffic"):
        certify(designed_example("starter"), 1, lambda _: None)


def test_every_minute_is_written_with_what_each_tier_did():
    found = simulated(MADE, Asked(), lambda at_s, _: at_s < 300)
    rows = list(csv.DictReader(io.StringIO(found.minutes_csv())))
    assert [row["minute"] for row in rows] == ["0", "1", "2", "3", "4"]
    assert sum(float(row["requests_per_s"]) * 60 for row in rows) == pytest.approx(found.asked)
    assert all(float(row["p50_ms"]) < float(row["p99_ms"]) < float(row["p99.9_ms"]) for row in rows)
    assert all(
        float(row["web_p99_ms"]) > float(row["app_p99_ms"]) > float(row["database_p99_ms"]) for row in rows
    )
    assert {row["app_serving"] for row in rows} == {"2"}
