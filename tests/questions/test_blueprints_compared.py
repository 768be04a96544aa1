"""Two blueprints for one load."""

from __future__ import annotations

import pytest

from groma.bill import bill
from groma.design import design
from groma.errors import InputError, WorkloadError
from groma.questions.blueprints import Comparison, Crossing, compare
from groma.questions.growth import at_users
from groma.report.plots import plot_comparison
from groma.workload import Workload, load, parse
from told import must_be_told
from workloads import MINIMAL, ROOT

pytestmark = pytest.mark.slow

NAMES = ("three-tier", "serverless")
OWN = "application: {image: acme/shop:1.4, port: 8000, health: /up}\n"
SERVERLESS = ROOT / "examples" / "social-serverless.yaml"


@pytest.fixture(scope="module")
def workload() -> Workload:
    return load(SERVERLESS)


@pytest.fixture(scope="module")
def found(workload: Workload) -> Comparison:
    return compare(workload, "three-tier", "serverless", between=(1_000, 100_000), points=3)


def test_each_side_is_the_design_of_its_blueprint(found: Comparison, workload: Workload):
    own = bill(design(workload, reasons=False).architecture).monthly_usd
    assert [side.blueprint for side in found.sides] == ["three-tier", "serverless"]
    assert found.sides[1].usd == own
    assert found.sides[0].usd != own


def test_both_sides_hold_the_same_to_the_goal(found: Comparison, workload: Workload):
    """Each class where the file says so, else all requests together; the table says which."""
    goal_ms = workload.slo.p99_ms
    for side in found.sides:
        plan = side.design.plan
        assert plan.latency_ms["p99"] == max(own["p99"] for own in plan.latency_by_class_ms.values())
        assert plan.latency_ms["p99"] <= goal_ms
        assert "each class" in side.cells()[2]
    together = workload.slo.model_copy(update={"p99_of": "all"})
    for name in NAMES:
        given = workload.model_copy(update={"blueprint": name, "slo": together})
        plan = design(given, reasons=False).plan
        assert plan.latency_ms["p99"] < max(own["p99"] for own in plan.latency_by_class_ms.values())


def test_a_load_without_servers_costs_little_when_it_is_small(found: Comparison):
    first, last = found.points[0], next(p for p in reversed(found.points) if None not in p.usd)
    assert found.cheaper(first) == "serverless"
    assert found.cheaper(last) == "three-tier"


def test_where_they_cross_another_one_is_cheaper_on_either_side(found: Comparison, workload: Workload):
    (cross,) = found.crossings
    assert isinstance(cross, Crossing)

    def usd(blueprint: str, users: float) -> float:
        own = at_users(workload.model_copy(update={"blueprint": blueprint}), round(users))
        return bill(design(own, reasons=False).architecture).monthly_usd.likely

    for users, expected in (
        (cross.users * 0.97, cross.cheaper_below),
        (cross.users * 1.03, cross.cheaper_above),
    ):
        costs = {name: usd(name, users) for name in ("three-tier", "serverless")}
        assert min(costs, key=lambda name: costs[name]) == expected


def test_a_bill_grows_with_the_users(found: Comparison):
    for number in (0, 1):
        known = [p.usd[number] for p in found.points if p.usd[number] is not None]
        assert known == sorted(known)


def test_what_has_no_price_is_said(found: Comparison):
    assert any("monthly active users from" in line for line in found.words().lines)


def test_a_goal_that_no_money_buys_is_named_and_does_not_end_the_comparison(workload: Workload):
    strict = workload.slo.model_copy(update={"availability": 0.9995})
    found = compare(workload.model_copy(update={"slo": strict}), *NAMES, between=(10_000, 50_000), points=2)
    assert found.sides[0].misses == ""
    assert found.sides[1].misses.startswith("availability 99.8")


@pytest.mark.parametrize(
    "names", [("three-tier", "three-tier"), ("starter", "serverless"), ("moon", "serverless")]
)
def test_what_cannot_be_compared_is_refused(workload: Workload, names: tuple[str, str]):
    with pytest.raises(InputError):
        compare(workload, *names)


def test_the_plot_is_a_picture(found: Comparison):
    assert plot_comparison(found, ".png").startswith(b"\x89PNG")


def test_both_designs_are_told_beside_each_other_and_then_their_costs(found: Comparison):
    must_be_told(found)
    designs, costs = found.words().tables
    assert designs.columns[1:] == costs.columns[1:3] == NAMES
    assert len(costs.rows) == len(found.points)
    assert found.words().lines[0].startswith(f"they cross at about {found.crossings[0].users:,} users")
    document = found.document()
    assert [each["blueprint"] for each in document["designs"]] == [*NAMES]
    assert document["crossings"][0]["cheaper_below"] == "serverless"


def test_an_application_of_ones_own_is_not_priced_as_if_it_were_the_sample():
    own = parse(MINIMAL + "application: {image: 'acme/shop:1.4'}\n", source="groma.yaml")
    with pytest.raises(WorkloadError) as caught:
        compare(own, "three-tier", "serverless")
    assert str(caught.value).startswith("groma.yaml:4: application: cannot be run by serverless: ")


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ("", "containers runs container images, and none is named"),
        (f"{OWN}database: {{engine: mysql}}\n", "takes no database of MySQL"),
        (f"{OWN}network: {{nat: none}}\n", "takes no network without a way out"),
    ],
)
def test_what_one_of_the_two_cannot_run_is_refused_and_not_designed(more: str, why: str) -> None:
    workload = parse(f"name: shop\nblueprint: three-tier\nusers: {{total: 50_000}}\n{more}")
    with pytest.raises(WorkloadError, match=why):
        compare(workload, "three-tier", "containers")
